/* inn-event-view.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_EVENT_VIEW (inn_event_view_get_type ())

G_DECLARE_FINAL_TYPE (InnEventView, inn_event_view, INN, EVENT_VIEW, GtkWidget)

GtkWidget *inn_event_view_new (InnInventory *inventory, const char *host_id, const char *vm_uuid);

G_END_DECLS

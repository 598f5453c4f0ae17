/* inn-event-row.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-event.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_EVENT_ROW (inn_event_row_get_type ())

G_DECLARE_FINAL_TYPE (InnEventRow, inn_event_row, INN, EVENT_ROW, GtkWidget)

GtkWidget *inn_event_row_new (void);
void inn_event_row_set_event (InnEventRow *self, InnEvent *event);
void inn_event_row_update_age (InnEventRow *self);

G_END_DECLS

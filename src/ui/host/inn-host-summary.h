/* inn-host-summary.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_HOST_SUMMARY (inn_host_summary_get_type ())

G_DECLARE_FINAL_TYPE (InnHostSummary, inn_host_summary, INN, HOST_SUMMARY, GtkWidget)

void inn_host_summary_set_host (InnHostSummary *self, InnHost *host);

G_END_DECLS

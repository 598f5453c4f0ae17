/* inn-sidebar-row.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_SIDEBAR_ROW (inn_sidebar_row_get_type ())

G_DECLARE_FINAL_TYPE (InnSidebarRow, inn_sidebar_row, INN, SIDEBAR_ROW, GtkWidget)

GtkWidget *inn_sidebar_row_new (void);
void inn_sidebar_row_set_item (InnSidebarRow *self, gpointer item);
gpointer inn_sidebar_row_get_item (InnSidebarRow *self);

G_END_DECLS

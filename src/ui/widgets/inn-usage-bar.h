/* inn-usage-bar.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_USAGE_BAR (inn_usage_bar_get_type ())

G_DECLARE_FINAL_TYPE (InnUsageBar, inn_usage_bar, INN, USAGE_BAR, GtkWidget)
void inn_usage_bar_set_label (InnUsageBar *self, const char *label);
void inn_usage_bar_set_fraction (InnUsageBar *self, double fraction);

G_END_DECLS

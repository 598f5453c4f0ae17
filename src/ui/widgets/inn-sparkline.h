/* inn-sparkline.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_SPARKLINE (inn_sparkline_get_type ())

G_DECLARE_FINAL_TYPE (InnSparkline, inn_sparkline, INN, SPARKLINE, GtkWidget)
void inn_sparkline_set_label (InnSparkline *self, const char *label);
void inn_sparkline_set_maximum (InnSparkline *self, double maximum);
void inn_sparkline_push (InnSparkline *self, double value);

G_END_DECLS

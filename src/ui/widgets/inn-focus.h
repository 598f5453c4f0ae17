/* inn-focus.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean inn_focus_drop (GtkWidget *widget);
gboolean inn_focus_is_free (GtkWidget *widget);

G_END_DECLS

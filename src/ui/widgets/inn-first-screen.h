/* inn-first-screen.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GListModel *inn_first_screen_new (GListModel *model, GtkWidget *widget);

G_END_DECLS

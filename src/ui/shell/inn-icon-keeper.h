/* inn-icon-keeper.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_ICON_KEEPER (inn_icon_keeper_get_type ())

G_DECLARE_FINAL_TYPE (InnIconKeeper, inn_icon_keeper, INN, ICON_KEEPER, GObject)

InnIconKeeper *inn_icon_keeper_new (void);
void inn_icon_keeper_follow (InnIconKeeper *self, GtkWidget *window);

G_END_DECLS

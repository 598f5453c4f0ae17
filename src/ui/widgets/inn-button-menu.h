/* inn-button-menu.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

void inn_button_menu_set (GtkWidget *button, GMenuModel *menu);

G_END_DECLS

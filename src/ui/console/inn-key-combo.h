/* inn-key-combo.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INN_KEY_COMBO_MAX 4

guint inn_key_combo_parse (const char *text, guint codes[INN_KEY_COMBO_MAX]);
void inn_key_combo_fill_menu (GMenu *menu);

G_END_DECLS

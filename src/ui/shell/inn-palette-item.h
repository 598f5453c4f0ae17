/* inn-palette-item.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_PALETTE_ITEM (inn_palette_item_get_type ())

G_DECLARE_FINAL_TYPE (InnPaletteItem, inn_palette_item, INN, PALETTE_ITEM, GObject)

InnPaletteItem *inn_palette_item_new (
    const char *icon, const char *title, const char *where, const char *action, GVariant *target);
const char *inn_palette_item_get_icon (InnPaletteItem *self);
const char *inn_palette_item_get_title (InnPaletteItem *self);
const char *inn_palette_item_get_where (InnPaletteItem *self);
gboolean inn_palette_item_is_same (InnPaletteItem *self, InnPaletteItem *other);
void inn_palette_item_run_soon (InnPaletteItem *self, GtkWidget *target, GtkWidget *window);

G_END_DECLS

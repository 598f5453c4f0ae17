/* inn-palette-row.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-palette-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_PALETTE_ROW (inn_palette_row_get_type ())

G_DECLARE_FINAL_TYPE (InnPaletteRow, inn_palette_row, INN, PALETTE_ROW, GtkWidget)

GtkWidget *inn_palette_row_new (void);
void inn_palette_row_set_item (InnPaletteRow *self, InnPaletteItem *item);

G_END_DECLS

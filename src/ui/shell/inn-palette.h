/* inn-palette.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_PALETTE (inn_palette_get_type ())

G_DECLARE_FINAL_TYPE (InnPalette, inn_palette, INN, PALETTE, AdwDialog)

AdwDialog *inn_palette_new (InnAppContext *context, GtkWidget *target);
void inn_palette_add_action (InnPalette *self,
                             const char *icon,
                             const char *title,
                             const char *where,
                             const char *action,
                             GVariant *target);

G_END_DECLS

/* inn-cards.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_CARDS (inn_cards_get_type ())
G_DECLARE_FINAL_TYPE (InnCards, inn_cards, INN, CARDS, GtkWidget)

G_END_DECLS

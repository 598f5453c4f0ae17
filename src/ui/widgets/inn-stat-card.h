/* inn-stat-card.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/widgets/inn-cards.h"
#include "ui/widgets/inn-sparkline.h"

G_BEGIN_DECLS

#define INN_TYPE_STAT_CARD (inn_stat_card_get_type ())

G_DECLARE_FINAL_TYPE (InnStatCard, inn_stat_card, INN, STAT_CARD, GtkWidget)

GtkWidget *inn_stat_card_new (const char *title);
InnStatCard *inn_stat_card_append (InnCards *cards, const char *title, double maximum);
void inn_stat_card_set_value (InnStatCard *self, const char *value, const char *hint);
void inn_stat_card_push (InnStatCard *self, double value, const char *text, const char *hint);
InnSparkline *inn_stat_card_get_sparkline (InnStatCard *self);

G_END_DECLS

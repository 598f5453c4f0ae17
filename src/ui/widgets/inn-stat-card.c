/* inn-stat-card.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-stat-card.h"

#include "ui/widgets/inn-format.h"

/**
 * InnStatCard:
 *
 * One figure with its name, a word about it and its recent history.
 */
struct _InnStatCard
{
  GtkWidget parent_instance;

  GtkLabel *title_label;
  GtkLabel *value_label;
  GtkLabel *hint_label;
  InnSparkline *sparkline;
};

G_DEFINE_FINAL_TYPE (InnStatCard, inn_stat_card, GTK_TYPE_WIDGET)

static void
inn_stat_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_STAT_CARD);
  inn_widget_unparent_children (GTK_WIDGET (object));

  G_OBJECT_CLASS (inn_stat_card_parent_class)->dispose (object);
}

static void
inn_stat_card_class_init (InnStatCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_stat_card_dispose;
  g_type_ensure (INN_TYPE_SPARKLINE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/widgets/inn-stat-card.ui");
  gtk_widget_class_bind_template_child (widget_class, InnStatCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, InnStatCard, value_label);
  gtk_widget_class_bind_template_child (widget_class, InnStatCard, hint_label);
  gtk_widget_class_bind_template_child (widget_class, InnStatCard, sparkline);
}

static void
inn_stat_card_init (InnStatCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_stat_card_new:
 * @title: name of the figure
 *
 * Returns: (transfer floating): a card
 */
GtkWidget *
inn_stat_card_new (const char *title)
{
  InnStatCard *self = g_object_new (INN_TYPE_STAT_CARD, NULL);

  gtk_label_set_text (self->title_label, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  inn_sparkline_set_label (self->sparkline, title);

  return GTK_WIDGET (self);
}

/**
 * inn_stat_card_append:
 * @cards: gets it
 * @title: name of the figure
 * @maximum: the value at the top of its chart; 0 for the highest one that is shown
 *
 * Returns: (transfer none): a card that was added to @cards
 */
InnStatCard *
inn_stat_card_append (InnCards *cards, const char *title, double maximum)
{
  GtkWidget *card = inn_stat_card_new (title);

  g_return_val_if_fail (INN_IS_CARDS (cards), NULL);

  inn_sparkline_set_maximum (INN_STAT_CARD (card)->sparkline, maximum);
  gtk_widget_set_parent (card, GTK_WIDGET (cards));

  return INN_STAT_CARD (card);
}

/**
 * inn_stat_card_set_value:
 * @self: a card
 * @value: the figure with its unit
 * @hint: (nullable): a word about it
 */
void
inn_stat_card_set_value (InnStatCard *self, const char *value, const char *hint)
{
  g_return_if_fail (INN_IS_STAT_CARD (self));

  gtk_label_set_text (self->value_label, value);
  gtk_label_set_text (self->hint_label, hint != NULL ? hint : "");
}

/**
 * inn_stat_card_get_sparkline:
 * @self: a card
 *
 * Returns: (transfer none): its history
 */
InnSparkline *
inn_stat_card_get_sparkline (InnStatCard *self)
{
  g_return_val_if_fail (INN_IS_STAT_CARD (self), NULL);

  return self->sparkline;
}

/**
 * inn_stat_card_push:
 * @self: a card
 * @value: the newest value of its chart; negative for unknown
 * @text: the same for people, with its unit
 * @hint: (nullable): a word about it
 */
void
inn_stat_card_push (InnStatCard *self, double value, const char *text, const char *hint)
{
  g_return_if_fail (INN_IS_STAT_CARD (self));

  inn_stat_card_set_value (self, text, hint);
  inn_sparkline_push (self->sparkline, value);
}

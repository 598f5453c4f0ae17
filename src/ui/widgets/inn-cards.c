/* inn-cards.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-cards.h"

#include "ui/widgets/inn-format.h"

/**
 * InnCards:
 *
 * Cards or groups side by side, in as many lines as they need. All lines are full: of three cards
 * for which there is room for two in a line, the third has its line to itself.
 */
struct _InnCards
{
  GtkWidget parent_instance;

  int columns;
  int card_width;
  int spacing;
};

enum
{
  PROP_0,
  PROP_COLUMNS,
  PROP_CARD_WIDTH,
  PROP_SPACING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InnCards, inn_cards, GTK_TYPE_WIDGET)

static GtkWidget *
skip_hidden (GtkWidget *card)
{
  while (card != NULL && !gtk_widget_should_layout (card))
    card = gtk_widget_get_next_sibling (card);

  return card;
}

static GtkWidget *
get_first (InnCards *self)
{
  return skip_hidden (gtk_widget_get_first_child (GTK_WIDGET (self)));
}

static GtkWidget *
get_next (GtkWidget *card)
{
  return skip_hidden (gtk_widget_get_next_sibling (card));
}

static int
count_cards (InnCards *self)
{
  int n = 0;

  for (GtkWidget *card = get_first (self); card != NULL; card = get_next (card))
    n++;

  return n;
}

static int
count_lines (InnCards *self, int n_cards, int width)
{
  int fit = (width + self->spacing) / (self->card_width + self->spacing);
  int columns = CLAMP (fit, 1, self->columns);

  return (n_cards + columns - 1) / columns;
}

/* The first lines have one card more where they cannot all have as many. */
static int
count_in_line (int n_cards, int n_lines, int line)
{
  return n_cards / n_lines + (line < n_cards % n_lines ? 1 : 0);
}

/* All cards of a line are as high as the highest, and as wide as each other. */
typedef struct
{
  int n;
  int width;
  int height;
} Line;

static Line
measure_line (InnCards *self, GtkWidget *card, int n, int width)
{
  Line line = { .n = n, .width = MAX ((width - (n - 1) * self->spacing) / n, 0) };

  for (int i = 0; i < n; i++, card = get_next (card))
    {
      int minimum;
      int natural;

      gtk_widget_measure (card, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      gtk_widget_measure (card, GTK_ORIENTATION_VERTICAL, MAX (minimum, line.width), NULL, &natural,
                          NULL, NULL);
      line.height = MAX (line.height, natural);
    }

  return line;
}

static void
allocate_line (InnCards *self, GtkWidget *card, const Line *line, int y)
{
  gboolean reverse = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  for (int i = 0; i < line->n; i++, card = get_next (card))
    {
      int column = reverse ? line->n - 1 - i : i;
      GtkAllocation place = { column * (line->width + self->spacing), y, line->width,
                              line->height };

      gtk_widget_size_allocate (card, &place, -1);
    }
}

/* Puts the cards in their places, or only finds how high they are together. */
static int
go_through (InnCards *self, int width, gboolean allocate)
{
  GtkWidget *card = get_first (self);
  int n_cards = count_cards (self);
  int n_lines = count_lines (self, n_cards, width);
  int y = 0;

  for (int i = 0; i < n_lines; i++)
    {
      Line line = measure_line (self, card, count_in_line (n_cards, n_lines, i), width);

      if (allocate)
        allocate_line (self, card, &line, y);
      for (int k = 0; k < line.n; k++)
        card = get_next (card);
      y += line.height + self->spacing;
    }

  return MAX (y - self->spacing, 0);
}

static GtkSizeRequestMode
inn_cards_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
measure_minimum_width (InnCards *self)
{
  int width = 0;

  for (GtkWidget *card = get_first (self); card != NULL; card = get_next (card))
    {
      int minimum;

      gtk_widget_measure (card, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      width = MAX (width, minimum);
    }

  return width;
}

static void
inn_cards_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  InnCards *self = INN_CARDS (widget);
  int columns = MIN (count_cards (self), self->columns);
  int wide = columns * (self->card_width + self->spacing) - self->spacing;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = measure_minimum_width (self);
      *natural = MAX (wide, *minimum);
    }
  else
    *minimum = *natural = go_through (self, for_size < 0 ? wide : for_size, FALSE);
}

static void
inn_cards_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  go_through (INN_CARDS (widget), width, TRUE);
}

static void
inn_cards_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnCards *self = INN_CARDS (object);

  switch (prop_id)
    {
    case PROP_COLUMNS:
      g_value_set_int (value, self->columns);
      break;
    case PROP_CARD_WIDTH:
      g_value_set_int (value, self->card_width);
      break;
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_cards_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  InnCards *self = INN_CARDS (object);

  switch (prop_id)
    {
    case PROP_COLUMNS:
      self->columns = g_value_get_int (value);
      break;
    case PROP_CARD_WIDTH:
      self->card_width = g_value_get_int (value);
      break;
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_cards_dispose (GObject *object)
{
  inn_widget_unparent_children (GTK_WIDGET (object));

  G_OBJECT_CLASS (inn_cards_parent_class)->dispose (object);
}

static void
inn_cards_class_init (InnCardsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = inn_cards_get_property;
  object_class->set_property = inn_cards_set_property;
  object_class->dispose = inn_cards_dispose;
  widget_class->get_request_mode = inn_cards_get_request_mode;
  widget_class->measure = inn_cards_measure;
  widget_class->size_allocate = inn_cards_size_allocate;

  /* How many there are side by side at most, how wide one wants to be at least, and what is between
   * them. The text in them has no say: they would jump when it changes. */
  properties[PROP_COLUMNS] = g_param_spec_int ("columns", NULL, NULL, 1, 16, 2, once);
  properties[PROP_CARD_WIDTH] = g_param_spec_int ("card-width", NULL, NULL, 1, 1000, 150, once);
  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, 100, 12, once);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
inn_cards_init (InnCards *self)
{
}

/* inn-palette-row.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-palette-row.h"

#include "ui/widgets/inn-format.h"

/**
 * InnPaletteRow:
 *
 * How an [class@PaletteItem] looks in the list.
 */
struct _InnPaletteRow
{
  GtkWidget parent_instance;

  GtkImage *icon;
  GtkLabel *title_label;
  GtkLabel *where_label;
};

G_DEFINE_FINAL_TYPE (InnPaletteRow, inn_palette_row, GTK_TYPE_WIDGET)

static void
inn_palette_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_PALETTE_ROW);
  inn_widget_unparent_children (GTK_WIDGET (object));

  G_OBJECT_CLASS (inn_palette_row_parent_class)->dispose (object);
}

static void
inn_palette_row_class_init (InnPaletteRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_palette_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-palette-row.ui");
  gtk_widget_class_bind_template_child (widget_class, InnPaletteRow, icon);
  gtk_widget_class_bind_template_child (widget_class, InnPaletteRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, InnPaletteRow, where_label);
}

static void
inn_palette_row_init (InnPaletteRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_palette_row_new:
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
inn_palette_row_new (void)
{
  return g_object_new (INN_TYPE_PALETTE_ROW, NULL);
}

/**
 * inn_palette_row_set_item:
 * @self: a row
 * @item: what to show; not kept
 */
void
inn_palette_row_set_item (InnPaletteRow *self, InnPaletteItem *item)
{
  const char *where = inn_palette_item_get_where (item);

  g_return_if_fail (INN_IS_PALETTE_ROW (self));

  gtk_image_set_from_icon_name (self->icon, inn_palette_item_get_icon (item));
  gtk_label_set_text (self->title_label, inn_palette_item_get_title (item));
  gtk_label_set_text (self->where_label, where != NULL ? where : "");
}

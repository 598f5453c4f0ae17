/* inn-vm-cell.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-cell.h"

#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnVmCell:
 *
 * One cell of the list of guests: a text, and an icon in the column of names. A list keeps some 200
 * rows of these, seen or not, so a cell is one widget that shapes its text when it is drawn, with
 * the font of the list; a label in each would cost a style and a font context before anybody sees
 * it. It follows the guest of its row and draws only when it says something else.
 */
struct _InnVmCell
{
  GtkWidget parent_instance;

  const InnVmColumn *column;
  InnInventory *inventory;
  GtkWidget *list; /* borrowed: the cell is in it; has the font */
  InnVmRow *row;

  char *text;
  GtkWidget *icon; /* NULL but for names */
};

G_DEFINE_FINAL_TYPE (InnVmCell, inn_vm_cell, GTK_TYPE_WIDGET)

#define ICON_SIZE 16
#define SPACING 6
#define NATURAL_WIDTH 60

static int
get_indent (InnVmCell *self)
{
  return self->icon != NULL ? ICON_SIZE + SPACING : 0;
}

static int
get_text_height (InnVmCell *self)
{
  PangoContext *context = gtk_widget_get_pango_context (self->list);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int height = pango_font_metrics_get_height (metrics);

  if (height <= 0)
    height = pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics);
  pango_font_metrics_unref (metrics);

  return PANGO_PIXELS_CEIL (height);
}

static void
inn_vm_cell_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  InnVmCell *self = INN_VM_CELL (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = get_indent (self);
      *natural = get_indent (self) + NATURAL_WIDTH;
    }
  else
    *minimum = *natural = MAX (get_text_height (self), self->icon != NULL ? ICON_SIZE : 0);
}

static void
inn_vm_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  InnVmCell *self = INN_VM_CELL (widget);
  gboolean backwards = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  if (self->icon != NULL)
    gtk_widget_size_allocate (self->icon,
                              &(GtkAllocation) { backwards ? MAX (width - ICON_SIZE, 0) : 0,
                                                 (height - ICON_SIZE) / 2, ICON_SIZE, ICON_SIZE },
                              -1);
}

static PangoLayout *
create_layout (InnVmCell *self, int width)
{
  PangoLayout *layout = pango_layout_new (gtk_widget_get_pango_context (self->list));
  gboolean backwards = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  pango_layout_set_text (layout, self->text, -1);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  /* A Hebrew name in an English window stays where the other names are. */
  pango_layout_set_auto_dir (layout, FALSE);
  pango_layout_set_alignment (layout, self->column->numeric != backwards ? PANGO_ALIGN_RIGHT
                                                                         : PANGO_ALIGN_LEFT);
  if (self->column->numeric)
    {
      PangoAttrList *attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
      pango_attr_list_unref (attributes);
    }

  return layout;
}

static void
inn_vm_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  InnVmCell *self = INN_VM_CELL (widget);
  int width = gtk_widget_get_width (widget) - get_indent (self);
  gboolean backwards = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_autoptr (PangoLayout) layout = NULL;
  GdkRGBA color;
  int text_height;

  if (self->icon != NULL)
    gtk_widget_snapshot_child (widget, self->icon, snapshot);
  if (self->text == NULL || *self->text == '\0' || width <= 0)
    return;

  layout = create_layout (self, width);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  gtk_widget_get_color (widget, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT (backwards ? 0 : get_indent (self),
                                      (gtk_widget_get_height (widget) - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
update_icon (InnVmCell *self, InnVm *vm)
{
  InnVmState state = inn_vm_get_state (vm);

  inn_image_set_icon_name (GTK_IMAGE (self->icon), inn_vm_state_get_icon (state));
  inn_widget_set_state_class (self->icon, inn_vm_state_get_class (state));
}

static void
update_stale (InnVmCell *self, InnVm *vm)
{
  if (vm != NULL && inn_vm_get_stale (vm))
    gtk_widget_add_css_class (GTK_WIDGET (self), "stale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "stale");
}

/* The text at length; NULL where it is that already. */
static char *
dup_explained (InnVmCell *self, InnVm *vm)
{
  return vm != NULL && self->column->explain != NULL ? self->column->explain (vm) : NULL;
}

/* Whether the text is longer than what is seen of it. */
static gboolean
is_cut (InnVmCell *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self)) - get_indent (self);
  g_autoptr (PangoLayout) layout = width > 0 ? create_layout (self, width) : NULL;

  return layout == NULL || pango_layout_is_ellipsized (layout);
}

static void
update_text (InnVmCell *self, InnVm *vm)
{
  g_autofree char *text = vm != NULL ? self->column->format (vm, self->inventory) : NULL;
  g_autofree char *explained = NULL;

  if (!g_set_str (&self->text, text) && self->column->explain == NULL)
    return;

  explained = dup_explained (self, vm);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  explained != NULL ? explained
                                  : text != NULL    ? text
                                                    : "",
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
inn_vm_cell_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  InnVmCell *self = INN_VM_CELL (widget);
  InnVm *vm = inn_vm_cell_get_vm (self);
  InnHost *host = vm != NULL ? inn_vm_get_host (vm) : NULL;
  g_autofree char *ago = NULL;
  g_autofree char *seen = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *text = NULL;

  if (vm == NULL || self->text == NULL)
    return FALSE;

  if (inn_vm_get_stale (vm) && host != NULL)
    {
      ago = inn_format_ago (inn_host_get_last_seen (host));
      /* Translators: the name of a host, and "3 min ago" */
      seen = g_strdup_printf (_ ("As %s was last seen, %s"), inn_host_get_name (host), ago);
    }
  /* Only what the cell does not say. */
  whole = dup_explained (self, vm);
  if (g_strcmp0 (whole, self->text) == 0)
    g_clear_pointer (&whole, g_free);
  if (whole == NULL && *self->text != '\0' && is_cut (self))
    whole = g_strdup (self->text);
  if (whole == NULL && seen == NULL)
    return FALSE;

  text = whole != NULL && seen != NULL ? g_strconcat (whole, "\n", seen, NULL)
                                       : g_strdup (whole != NULL ? whole : seen);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
inn_vm_cell_dispose (GObject *object)
{
  InnVmCell *self = INN_VM_CELL (object);

  inn_vm_cell_set_row (self, NULL);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->inventory);

  G_OBJECT_CLASS (inn_vm_cell_parent_class)->dispose (object);
}

static void
inn_vm_cell_class_init (InnVmCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_vm_cell_dispose;
  widget_class->measure = inn_vm_cell_measure;
  widget_class->size_allocate = inn_vm_cell_size_allocate;
  widget_class->snapshot = inn_vm_cell_snapshot;
  widget_class->query_tooltip = inn_vm_cell_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "vmcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
inn_vm_cell_init (InnVmCell *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * inn_vm_cell_new:
 * @column: what it shows
 * @inventory: where hosts and clusters are looked up
 * @list: the list it will be in
 *
 * Returns: (transfer floating): an empty cell
 */
GtkWidget *
inn_vm_cell_new (const InnVmColumn *column, InnInventory *inventory, GtkWidget *list)
{
  InnVmCell *self = g_object_new (INN_TYPE_VM_CELL, NULL);

  self->column = column;
  self->inventory = g_object_ref (inventory);
  self->list = list;
  if (g_str_equal (column->id, "name"))
    {
      self->icon = gtk_image_new ();
      gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
    }

  return GTK_WIDGET (self);
}

/**
 * inn_vm_cell_set_row:
 * @self: a cell
 * @row: (nullable): the row it is in
 */
void
inn_vm_cell_set_row (InnVmCell *self, InnVmRow *row)
{
  g_return_if_fail (INN_IS_VM_CELL (self));

  if (self->row == row)
    return;

  if (self->row != NULL)
    inn_vm_row_remove_listener (self->row, self);
  g_set_object (&self->row, row);
  if (row == NULL)
    return;

  inn_vm_row_add_listener (row, self);
  inn_vm_cell_changed (self, NULL);
}

/**
 * inn_vm_cell_get_row:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): the row it is in
 */
InnVmRow *
inn_vm_cell_get_row (InnVmCell *self)
{
  g_return_val_if_fail (INN_IS_VM_CELL (self), NULL);

  return self->row;
}

/**
 * inn_vm_cell_get_vm:
 * @self: a cell
 *
 * Returns: (transfer none) (nullable): the guest of its row
 */
InnVm *
inn_vm_cell_get_vm (InnVmCell *self)
{
  g_return_val_if_fail (INN_IS_VM_CELL (self), NULL);

  return self->row != NULL ? inn_vm_row_get_vm (self->row) : NULL;
}

/**
 * inn_vm_cell_changed:
 * @self: a cell in a row
 * @property: (nullable): what changed of the guest of its row; %NULL when it is another guest;
 *   "time" for what the clock changes
 *
 * Shows what there is to show now. An [callback@VmRowFunc].
 */
void
inn_vm_cell_changed (InnVmCell *self, const char *property)
{
  InnVm *vm = inn_vm_cell_get_vm (self);

  if (property == NULL || g_str_equal (property, "stale"))
    update_stale (self, vm);
  if (property != NULL && !inn_vm_column_depends_on (self->column, property))
    return;

  update_text (self, vm);
  if (self->icon == NULL)
    return;

  gtk_widget_set_child_visible (self->icon, vm != NULL);
  if (vm != NULL)
    update_icon (self, vm);
}

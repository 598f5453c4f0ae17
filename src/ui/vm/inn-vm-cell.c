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
 * One cell of the list of guests: a text, and an icon in the column of names. It follows its guest
 * while it is bound and writes only what differs.
 *
 * A list keeps some 200 rows of these, ten and more in each, and makes them anew for each filter.
 * So a cell draws its text itself, with the Pango context of the list: a label or an inscription
 * would bring a style, a context and a layout manager for each. The size is fixed by the style, so
 * a new figure costs no layout.
 */
struct _InnVmCell
{
  GtkWidget parent_instance;

  const InnVmColumn *column;
  InnInventory *inventory;
  InnVm *vm;
  gulong notify_id;

  GtkWidget *icon; /* NULL but for names */
  char *text;
};

G_DEFINE_FINAL_TYPE (InnVmCell, inn_vm_cell, GTK_TYPE_WIDGET)

static void
update_icon (InnVmCell *self)
{
  InnVmState state = inn_vm_get_state (self->vm);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), inn_vm_state_get_icon (state));
  inn_widget_set_state_class (self->icon, inn_vm_state_get_class (state));
}

static void
update_stale (InnVmCell *self)
{
  if (inn_vm_get_stale (self->vm))
    gtk_widget_add_css_class (GTK_WIDGET (self), "stale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "stale");
}

static void
on_notify (InnVm *vm, GParamSpec *pspec, InnVmCell *self)
{
  if (g_str_equal (pspec->name, "stale"))
    update_stale (self);
  else if (inn_vm_column_depends_on (self->column, pspec->name))
    inn_vm_cell_update (self);
}

static gboolean
on_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, gpointer data)
{
  InnVmCell *self = INN_VM_CELL (widget);
  g_autofree char *text = NULL;
  InnHost *host;

  if (self->vm == NULL)
    return FALSE;

  host = inn_vm_get_host (self->vm);
  text = self->column->format (self->vm, self->inventory);
  if (inn_vm_get_stale (self->vm) && host != NULL)
    {
      g_autofree char *ago = inn_format_ago (inn_host_get_last_seen (host));
      g_autofree char *whole = NULL;

      /* Translators: the text of a cell, the name of a host, and "3 min ago" */
      whole =
          g_strdup_printf (_ ("%s\nAs %s was last seen, %s"), text, inn_host_get_name (host), ago);
      gtk_tooltip_set_text (tooltip, whole);
      return TRUE;
    }

  gtk_tooltip_set_text (tooltip, text);
  return *text != '\0';
}

static void
inn_vm_cell_dispose (GObject *object)
{
  InnVmCell *self = INN_VM_CELL (object);

  inn_vm_cell_set_vm (self, NULL);
  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->text, g_free);
  g_clear_object (&self->inventory);

  G_OBJECT_CLASS (inn_vm_cell_parent_class)->dispose (object);
}

/* The text has no size of its own: min-height in style.css makes room for one line of it. */
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

  if (self->icon != NULL)
    gtk_widget_measure (self->icon, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *natural = *minimum + 48;
}

static void
inn_vm_cell_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  InnVmCell *self = INN_VM_CELL (widget);
  int size;

  if (self->icon == NULL)
    return;

  gtk_widget_measure (self->icon, GTK_ORIENTATION_HORIZONTAL, -1, &size, NULL, NULL, NULL);
  gtk_widget_size_allocate (
      self->icon,
      &(GtkAllocation) { gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? width - size : 0,
                         0, size, height },
      -1);
}

static PangoLayout *
create_layout (InnVmCell *self, int width)
{
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_COLUMN_VIEW);
  PangoLayout *layout =
      pango_layout_new (gtk_widget_get_pango_context (list != NULL ? list : GTK_WIDGET (self)));

  pango_layout_set_text (layout, self->text, -1);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  if (self->column->numeric)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
      pango_layout_set_auto_dir (layout, FALSE);
      pango_layout_set_alignment (layout,
                                  gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
                                      ? PANGO_ALIGN_LEFT
                                      : PANGO_ALIGN_RIGHT);
    }

  return layout;
}

static void
inn_vm_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  InnVmCell *self = INN_VM_CELL (widget);
  int width = gtk_widget_get_width (widget);
  int indent = self->icon != NULL ? gtk_widget_get_width (self->icon) + 6 : 0;
  g_autoptr (PangoLayout) layout = NULL;
  GdkRGBA color;
  int text_height;

  if (self->icon != NULL)
    gtk_widget_snapshot_child (widget, self->icon, snapshot);
  if (self->text == NULL || *self->text == '\0' || width <= indent)
    return;

  layout = create_layout (self, width - indent);
  pango_layout_get_pixel_size (layout, NULL, &text_height);
  gtk_widget_get_color (widget, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot,
      &GRAPHENE_POINT_INIT (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? 0 : indent,
                            (gtk_widget_get_height (widget) - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
inn_vm_cell_class_init (InnVmCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_vm_cell_dispose;
  widget_class->measure = inn_vm_cell_measure;
  widget_class->size_allocate = inn_vm_cell_size_allocate;
  widget_class->snapshot = inn_vm_cell_snapshot;
  gtk_widget_class_set_css_name (widget_class, "vmcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
inn_vm_cell_init (InnVmCell *self)
{
}

/**
 * inn_vm_cell_new:
 * @column: what it shows
 * @inventory: where hosts and clusters are looked up
 *
 * Returns: (transfer floating): an empty cell
 */
GtkWidget *
inn_vm_cell_new (const InnVmColumn *column, InnInventory *inventory)
{
  InnVmCell *self = g_object_new (INN_TYPE_VM_CELL, NULL);

  self->column = column;
  self->inventory = g_object_ref (inventory);
  if (g_str_equal (column->id, "name"))
    {
      self->icon = gtk_image_new ();
      gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
    }

  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);

  return GTK_WIDGET (self);
}

/**
 * inn_vm_cell_set_vm:
 * @self: a cell
 * @vm: (nullable): the guest of its row
 */
void
inn_vm_cell_set_vm (InnVmCell *self, InnVm *vm)
{
  g_return_if_fail (INN_IS_VM_CELL (self));

  if (self->vm == vm)
    return;

  /* The cell holds the guest and lets go of the handler here: cheaper than a closure that watches
   * both, for thousands of cells while scrolling. */
  if (self->vm != NULL)
    g_clear_signal_handler (&self->notify_id, self->vm);
  g_set_object (&self->vm, vm);
  if (vm == NULL)
    return;

  self->notify_id = g_signal_connect (vm, "notify", G_CALLBACK (on_notify), self);
  inn_vm_cell_update (self);
  update_stale (self);
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

  return self->vm;
}

/**
 * inn_vm_cell_update:
 * @self: a cell
 *
 * Writes what the cell shows now: for columns that change with the clock.
 */
void
inn_vm_cell_update (InnVmCell *self)
{
  g_autofree char *text = NULL;

  if (self->vm == NULL)
    return;

  text = self->column->format (self->vm, self->inventory);
  if (g_set_str (&self->text, text))
    {
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      self->text, -1);
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
  if (self->icon != NULL)
    update_icon (self);
}

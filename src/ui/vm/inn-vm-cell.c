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
 * One cell of the list of guests: a text, and an icon in the columns of names and states. It
 * follows its guest while it is bound and writes only what differs; an inscription has a fixed
 * size, so a new figure costs no layout.
 */
struct _InnVmCell
{
  GtkWidget parent_instance;

  const InnVmColumn *column;
  InnInventory *inventory;
  InnVm *vm;
  gulong notify_id;

  GtkWidget *icon; /* NULL but for names */
  GtkWidget *text;
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
  g_clear_pointer (&self->text, gtk_widget_unparent);
  g_clear_object (&self->inventory);

  G_OBJECT_CLASS (inn_vm_cell_parent_class)->dispose (object);
}

static void
inn_vm_cell_class_init (InnVmCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_vm_cell_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "vmcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
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
  GtkInscription *text;

  self->column = column;
  self->inventory = g_object_ref (inventory);
  if (g_str_equal (column->id, "name"))
    {
      self->icon = gtk_image_new ();
      gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
    }

  self->text = gtk_inscription_new (NULL);
  text = GTK_INSCRIPTION (self->text);
  gtk_inscription_set_text_overflow (text, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (text, column->numeric ? 1 : 0);
  gtk_inscription_set_min_chars (text, 0);
  gtk_inscription_set_nat_chars (text, 6);
  gtk_widget_set_hexpand (self->text, TRUE);
  if (column->numeric)
    gtk_widget_add_css_class (self->text, "numeric");
  gtk_widget_set_parent (self->text, GTK_WIDGET (self));

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
  gtk_inscription_set_text (GTK_INSCRIPTION (self->text), text);
  if (self->icon != NULL)
    update_icon (self);
}

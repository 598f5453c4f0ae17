/* inn-vm-row.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-row.h"

/**
 * InnVmRow:
 *
 * A place in the list of guests, and the guest that is there now. The place stays when the guest
 * changes: a filter then costs its cells a new text, and the view no new widgets. The one handler
 * of a row on its guest serves all its cells.
 */
struct _InnVmRow
{
  GObject parent_instance;

  InnVm *vm;
  gulong notify_id;
  guint position;
  InnVmRowFunc func;
  GPtrArray *listeners; /* borrowed: each takes itself away */
};

G_DEFINE_FINAL_TYPE (InnVmRow, inn_vm_row, G_TYPE_OBJECT)

static void
on_notify (InnVm *vm, GParamSpec *pspec, InnVmRow *self)
{
  inn_vm_row_tell (self, pspec->name);
}

static void
inn_vm_row_dispose (GObject *object)
{
  inn_vm_row_set_vm (INN_VM_ROW (object), NULL);

  G_OBJECT_CLASS (inn_vm_row_parent_class)->dispose (object);
}

static void
inn_vm_row_finalize (GObject *object)
{
  g_ptr_array_unref (INN_VM_ROW (object)->listeners);

  G_OBJECT_CLASS (inn_vm_row_parent_class)->finalize (object);
}

static void
inn_vm_row_class_init (InnVmRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_vm_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = inn_vm_row_finalize;
}

static void
inn_vm_row_init (InnVmRow *self)
{
  self->listeners = g_ptr_array_new ();
}

/**
 * inn_vm_row_new:
 * @position: where it is in the list, from 0
 * @func: what tells a listener
 *
 * Returns: (transfer full): a place without a guest
 */
InnVmRow *
inn_vm_row_new (guint position, InnVmRowFunc func)
{
  InnVmRow *self = g_object_new (INN_TYPE_VM_ROW, NULL);

  self->position = position;
  self->func = func;

  return self;
}

/**
 * inn_vm_row_get_position:
 * @self: a row
 *
 * Returns: where it is in the list, from 0
 */
guint
inn_vm_row_get_position (InnVmRow *self)
{
  g_return_val_if_fail (INN_IS_VM_ROW (self), 0);

  return self->position;
}

/**
 * inn_vm_row_get_vm:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the guest there; %NULL behind the last one, for the moment
 *   until the view has taken the row away
 */
InnVm *
inn_vm_row_get_vm (InnVmRow *self)
{
  g_return_val_if_fail (INN_IS_VM_ROW (self), NULL);

  return self->vm;
}

/**
 * inn_vm_row_set_vm:
 * @self: a row
 * @vm: (nullable): the guest that is there from now on
 */
void
inn_vm_row_set_vm (InnVmRow *self, InnVm *vm)
{
  g_return_if_fail (INN_IS_VM_ROW (self));

  if (self->vm == vm)
    return;

  /* The row holds the guest and lets go of the handler here: cheaper than a closure that watches
   * both, for hundreds of rows at each letter of a filter. */
  if (self->vm != NULL)
    g_clear_signal_handler (&self->notify_id, self->vm);
  g_set_object (&self->vm, vm);
  if (vm != NULL)
    self->notify_id = g_signal_connect (vm, "notify", G_CALLBACK (on_notify), self);
  inn_vm_row_tell (self, NULL);
}

/**
 * inn_vm_row_add_listener:
 * @self: a row
 * @listener: who wants to be told; borrowed until it is removed
 */
void
inn_vm_row_add_listener (InnVmRow *self, gpointer listener)
{
  g_return_if_fail (INN_IS_VM_ROW (self));

  g_ptr_array_add (self->listeners, listener);
}

/**
 * inn_vm_row_remove_listener:
 * @self: a row
 * @listener: who was added
 */
void
inn_vm_row_remove_listener (InnVmRow *self, gpointer listener)
{
  g_return_if_fail (INN_IS_VM_ROW (self));

  g_ptr_array_remove_fast (self->listeners, listener);
}

/**
 * inn_vm_row_tell:
 * @self: a row
 * @property: (nullable): what changed; %NULL for everything
 *
 * Tells all listeners.
 */
void
inn_vm_row_tell (InnVmRow *self, const char *property)
{
  g_return_if_fail (INN_IS_VM_ROW (self));

  for (guint i = 0; i < self->listeners->len; i++)
    self->func (g_ptr_array_index (self->listeners, i), property);
}

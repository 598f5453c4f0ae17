/* inn-vm-list.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-vm-list.h"

/**
 * InnVmList:
 *
 * The guests of all hosts of a list of hosts, host after host, as one list model. Follows both.
 */
struct _InnVmList
{
  GObject parent_instance;

  GListModel *hosts;
  GPtrArray *parts;  /* of Part, as the hosts are ordered */
  GHashTable *known; /* hash of each UUID that was ever there */
  guint n_items;
};

typedef struct
{
  InnVmList *list;
  GListModel *vms;
  guint offset;
  guint n_items;
} Part;

static void
on_part_changed (GListModel *vms, guint position, guint removed, guint added, Part *part);

static void
part_free (Part *part)
{
  g_signal_handlers_disconnect_by_func (part->vms, on_part_changed, part);
  g_object_unref (part->vms);
  g_free (part);
}

static GType
inn_vm_list_get_item_type (GListModel *model)
{
  return INN_TYPE_VM;
}

static guint
inn_vm_list_get_n_items (GListModel *model)
{
  return INN_VM_LIST (model)->n_items;
}

static gpointer
inn_vm_list_get_item (GListModel *model, guint position)
{
  InnVmList *self = INN_VM_LIST (model);
  guint low = 0;
  guint high = self->parts->len;

  if (position >= self->n_items)
    return NULL;

  /* The last part that begins at or before the position; empty parts begin where the next does. */
  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;
      Part *part = g_ptr_array_index (self->parts, middle);

      if (part->offset <= position)
        low = middle;
      else
        high = middle;
    }

  return g_list_model_get_item (((Part *) g_ptr_array_index (self->parts, low))->vms,
                                position - ((Part *) g_ptr_array_index (self->parts, low))->offset);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = inn_vm_list_get_item_type;
  iface->get_n_items = inn_vm_list_get_n_items;
  iface->get_item = inn_vm_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnVmList,
                               inn_vm_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
update_offsets (InnVmList *self)
{
  guint offset = 0;

  for (guint i = 0; i < self->parts->len; i++)
    {
      Part *part = g_ptr_array_index (self->parts, i);

      part->offset = offset;
      offset += part->n_items;
    }
  self->n_items = offset;
}

static void
remember (InnVmList *self, GListModel *vms, guint position, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, position + i);

      g_hash_table_add (self->known, GUINT_TO_POINTER (g_str_hash (inn_vm_get_uuid (vm))));
    }
}

static void
on_part_changed (GListModel *vms, guint position, guint removed, guint added, Part *part)
{
  InnVmList *self = part->list;

  remember (self, vms, position, added);
  part->n_items = part->n_items - removed + added;
  update_offsets (self);
  g_list_model_items_changed (G_LIST_MODEL (self), part->offset + position, removed, added);
}

static void
on_hosts_changed (InnVmList *self, guint position, guint removed, guint added, GListModel *hosts)
{
  guint n_removed = 0;
  guint n_added = 0;
  guint offset;

  for (guint i = 0; i < removed; i++)
    n_removed += ((Part *) g_ptr_array_index (self->parts, position + i))->n_items;
  offset = position < self->parts->len
               ? ((Part *) g_ptr_array_index (self->parts, position))->offset
               : self->n_items;
  if (removed > 0)
    g_ptr_array_remove_range (self->parts, position, removed);

  for (guint i = 0; i < added; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, position + i);
      Part *part = g_new0 (Part, 1);

      part->list = self;
      part->vms = g_object_ref (inn_host_get_vms (host));
      part->n_items = g_list_model_get_n_items (part->vms);
      /* Disconnected in part_free(), which dispose runs. */
      g_signal_connect (part->vms, "items-changed", G_CALLBACK (on_part_changed), part);
      g_ptr_array_insert (self->parts, (int) (position + i), part);
      remember (self, part->vms, 0, part->n_items);
      n_added += part->n_items;
    }

  update_offsets (self);
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), offset, n_removed, n_added);
}

static void
inn_vm_list_dispose (GObject *object)
{
  InnVmList *self = INN_VM_LIST (object);

  g_ptr_array_set_size (self->parts, 0);
  self->n_items = 0;
  g_clear_object (&self->hosts);

  G_OBJECT_CLASS (inn_vm_list_parent_class)->dispose (object);
}

static void
inn_vm_list_finalize (GObject *object)
{
  InnVmList *self = INN_VM_LIST (object);

  g_clear_pointer (&self->parts, g_ptr_array_unref);
  g_clear_pointer (&self->known, g_hash_table_unref);

  G_OBJECT_CLASS (inn_vm_list_parent_class)->finalize (object);
}

static void
inn_vm_list_class_init (InnVmListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_vm_list_dispose;
  object_class->finalize = inn_vm_list_finalize;
}

static void
inn_vm_list_init (InnVmList *self)
{
  self->parts = g_ptr_array_new_with_free_func ((GDestroyNotify) part_free);
  self->known = g_hash_table_new (NULL, NULL);
}

/**
 * inn_vm_list_new:
 * @hosts: a model of [class@Host]
 *
 * Returns: (transfer full): a model of [class@Vm]
 */
InnVmList *
inn_vm_list_new (GListModel *hosts)
{
  InnVmList *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (hosts), NULL);

  self = g_object_new (INN_TYPE_VM_LIST, NULL);
  self->hosts = g_object_ref (hosts);
  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (on_hosts_changed), self,
                           G_CONNECT_SWAPPED);
  on_hosts_changed (self, 0, 0, g_list_model_get_n_items (hosts), hosts);

  return self;
}

/**
 * inn_vm_list_may_have:
 * @self: a list
 * @uuid: of a guest
 *
 * Saves whoever looks for a guest on each of many hosts the search for one that nobody has.
 *
 * Returns: %FALSE when no host of the list has a guest with that UUID
 */
gboolean
inn_vm_list_may_have (InnVmList *self, const char *uuid)
{
  g_return_val_if_fail (INN_IS_VM_LIST (self), FALSE);
  g_return_val_if_fail (uuid != NULL, FALSE);

  return g_hash_table_contains (self->known, GUINT_TO_POINTER (g_str_hash (uuid)));
}

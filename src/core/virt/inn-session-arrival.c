/* inn-session-arrival.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include <glib/gi18n.h>

/* A guest that migrates stays the same object. Its two hosts tell in any order that it left and
 * that it came, so the one that loses it keeps it for a while, and the one that gains it waits for
 * the other to let go. */

#define LEAVE_GRACE (10 * G_USEC_PER_SEC)

/* A guest that is held, and the one it waits for. */
typedef struct
{
  InnRow row;
  InnSession *session; /* which holds it */
  GWeakRef twin;
} Held;

static gboolean
has_migrated_away (InnVm *vm)
{
  return inn_vm_get_state (vm) == INN_VM_SHUTOFF &&
         inn_vm_get_reason (vm) == VIR_DOMAIN_SHUTOFF_MIGRATED;
}

static gboolean
is_same_machine (InnHost *a, InnHost *b)
{
  return g_strcmp0 (inn_host_get_facts (a)->uuid, inn_host_get_facts (b)->uuid) == 0;
}

/* The guest of that UUID on another host of the cluster; one that migrated away goes first, an
 * active one second. */
static InnVm *
find_twin (InnSession *self, const char *uuid)
{
  GListModel *hosts = inn_inventory_get_hosts (self->inventory);
  const char *cluster = inn_host_get_cluster_id (self->host);
  guint n = g_list_model_get_n_items (hosts);
  InnVm *found = NULL;

  if (!inn_inventory_may_have_vm (self->inventory, uuid))
    return NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) other = g_list_model_get_item (hosts, i);
      InnVm *vm;

      if (other == self->host || inn_host_get_n_vms (other) == 0 ||
          g_strcmp0 (inn_host_get_cluster_id (other), cluster) != 0)
        continue;
      vm = inn_host_find_vm (other, uuid);
      if (vm == NULL || is_same_machine (self->host, other))
        continue;
      if (has_migrated_away (vm))
        return vm;
      if (inn_vm_is_active (vm))
        found = vm;
    }

  return found;
}

static void
move_here (InnSession *self, InnVm *vm, const InnRow *row)
{
  g_autoptr (InnVm) keep = g_object_ref (vm);
  g_autoptr (InnHost) from =
      inn_vm_get_host (vm) != NULL ? g_object_ref (inn_vm_get_host (vm)) : NULL;
  g_autoptr (GPtrArray) arrived = g_ptr_array_new ();
  InnVmInfo info;

  g_ptr_array_add (arrived, vm);
  inn_host_add_vms (self->host, arrived);
  _inn_session_fill_info (&info, row, vm);
  inn_vm_apply_info (vm, &info);
  inn_vm_apply_sample (vm, &row->sample);
  g_hash_table_remove (self->incoming, row->uuid);
  inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "vm.migrated", self->host, vm,
                        _ ("“%s” migrated from “%s” to “%s”"), inn_vm_get_name (vm),
                        from != NULL ? inn_host_get_name (from) : "?",
                        inn_host_get_name (self->host));
}

static gboolean
check_idle (gpointer data)
{
  InnSession *self = data;

  self->held_id = 0;
  _inn_session_check_arrivals (self);
  return G_SOURCE_REMOVE;
}

/* Not in the middle of what the other session does to the guest. */
static void
on_twin_state (InnSession *self)
{
  if (self->held_id == 0 && g_hash_table_size (self->held) > 0)
    self->held_id = g_idle_add_full (G_PRIORITY_DEFAULT, check_idle, self, NULL);
}

static void
hold (InnSession *self, InnVm *twin, const InnRow *row)
{
  Held *held = g_new0 (Held, 1);

  inn_row_copy (row, &held->row);
  held->session = self;
  g_weak_ref_init (&held->twin, twin);
  g_hash_table_replace (self->held, held->row.uuid, held);
  g_signal_connect_object (twin, "notify::state", G_CALLBACK (on_twin_state), self,
                           G_CONNECT_SWAPPED);
}

/* Ends the wait. */
void
_inn_session_held_free (gpointer data)
{
  Held *held = data;
  g_autoptr (InnVm) twin = g_weak_ref_get (&held->twin);

  if (twin != NULL)
    g_signal_handlers_disconnect_by_func (twin, on_twin_state, held->session);
  g_weak_ref_clear (&held->twin);
  inn_row_clear (&held->row);
  g_free (held);
}

static gboolean
is_arriving (InnSession *self, const InnRow *row)
{
  return row->state == VIR_DOMAIN_PAUSED || g_hash_table_contains (self->incoming, row->uuid);
}

/* Whether a guest that is new here came from another host, or is on its way from it: then it is no
 * new object. */
gboolean
_inn_session_arrive (InnSession *self, const InnRow *row)
{
  InnVm *twin;
  InnHost *from;

  if (!inn_vm_state_is_active ((InnVmState) row->state))
    {
      g_hash_table_remove (self->held, row->uuid);
      return FALSE;
    }

  twin = find_twin (self, row->uuid);
  from = twin != NULL ? inn_vm_get_host (twin) : NULL;
  if (from == NULL)
    {
      g_hash_table_remove (self->held, row->uuid);
      return FALSE;
    }

  /* Where nobody answers, the view is old: it ran there once, it runs here now. */
  if (has_migrated_away (twin) || !inn_host_is_online (from))
    {
      move_here (self, twin, row);
      g_hash_table_remove (self->held, row->uuid);
      return TRUE;
    }
  if (!is_arriving (self, row))
    {
      g_hash_table_remove (self->held, row->uuid);
      return FALSE;
    }

  hold (self, twin, row);
  return TRUE;
}

/* Whether a guest that is gone from here is kept for the host it went to. */
gboolean
_inn_session_depart (InnSession *self, InnVm *vm)
{
  gint64 *until;

  if (!has_migrated_away (vm))
    return FALSE;

  until = g_new (gint64, 1);
  *until = g_get_monotonic_time () + LEAVE_GRACE;
  g_hash_table_replace (self->leaving, g_strdup (inn_vm_get_uuid (vm)), until);
  return TRUE;
}

static void
check_leaving (InnSession *self)
{
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  const char *uuid;
  gint64 *until;

  g_hash_table_iter_init (&iter, self->leaving);
  while (g_hash_table_iter_next (&iter, (gpointer *) &uuid, (gpointer *) &until))
    {
      InnVm *vm = inn_host_find_vm (self->host, uuid);

      if (vm != NULL && has_migrated_away (vm) && now < *until)
        continue;
      if (vm != NULL && has_migrated_away (vm))
        inn_host_remove_vm (self->host, vm);
      g_hash_table_iter_remove (&iter);
    }
}

static void
admit (InnSession *self, const InnRow *row)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  InnVmInfo info;

  _inn_session_fill_info (&info, row, NULL);
  g_ptr_array_add (fresh, inn_vm_new (&info));
  inn_host_add_vms (self->host, fresh);
}

/* Looks again at guests that are on their way. */
void
_inn_session_check_arrivals (InnSession *self)
{
  g_autoptr (GPtrArray) rows = NULL;

  check_leaving (self);
  if (g_hash_table_size (self->held) == 0)
    return;

  rows = g_hash_table_get_values_as_ptr_array (self->held);
  for (guint i = 0; i < rows->len; i++)
    {
      InnRow row;

      /* The answer may free the one that is held. */
      inn_row_copy (&((Held *) g_ptr_array_index (rows, i))->row, &row);
      if (inn_host_find_vm (self->host, row.uuid) != NULL)
        g_hash_table_remove (self->held, row.uuid);
      else if (!_inn_session_arrive (self, &row))
        admit (self, &row);
      inn_row_clear (&row);
    }
}

/* Forgets who was on the way: the next first list tells anew. */
void
_inn_session_drop_arrivals (InnSession *self)
{
  g_clear_handle_id (&self->held_id, g_source_remove);
  g_hash_table_remove_all (self->held);
  g_hash_table_remove_all (self->leaving);
  g_hash_table_remove_all (self->incoming);
}

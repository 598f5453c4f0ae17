/* inn-session-model.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* What was seen becomes the model. Main thread only; a long list is spread over several turns. */

#define ROWS_A_TURN 400

/* Facts of a row over what is already known of the guest; borrows from both. */
void
_inn_session_fill_info (InnVmInfo *info, const InnRow *row, InnVm *vm)
{
  *info = (InnVmInfo) {
    .uuid = (char *) row->uuid,
    .name = row->name,
    .domain_id = row->domain_id,
    .state = (InnVmState) row->state,
    .reason = row->reason,
    .persistent = row->persistent,
    .autostart = row->autostart,
    .managed_save = row->managed_save,
    .vcpus = row->vcpus,
    .max_memory_kib = row->max_memory_kib,
    .memory_kib = row->memory_kib,
  };
  if (vm == NULL)
    return;

  info->title = (char *) inn_vm_get_title (vm);
  info->description = (char *) inn_vm_get_description (vm);
  info->os = (char *) inn_vm_get_os (vm);
}

/* What was seen waits a moment before it is shown, and an event does not. */
static gboolean
is_overtaken (InnSession *self, InnDelta *delta, const InnRow *row)
{
  return !delta->first && inn_host_find_vm (self->host, row->uuid) != NULL &&
         inn_sampler_is_overtaken (self->sampler, row->uuid, delta->serial);
}

/* Seconds in which a host takes a saved state away from which its guest was started. */
#define RESTORING_SECONDS 30

static gboolean
is_restoring (InnSession *self, InnVm *vm)
{
  return inn_vm_get_managed_save (vm) && inn_vm_is_active (vm) &&
         inn_clock_get_real (self->clock) / G_USEC_PER_SEC - inn_vm_get_started_at (vm) <
             RESTORING_SECONDS;
}

static void
apply_row (InnSession *self, const InnRow *row, GPtrArray *fresh)
{
  InnVm *vm = inn_host_find_vm (self->host, row->uuid);
  InnVmInfo info;

  if (row->flags & INN_ROW_GONE)
    {
      g_hash_table_remove (self->held, row->uuid);
      if (vm != NULL && !_inn_session_depart (self, vm))
        inn_host_remove_vm (self->host, vm);
      return;
    }

  if (self->seen != NULL)
    g_hash_table_add (self->seen, (gpointer) row->uuid);
  if (row->flags & INN_ROW_NEW && self->has_definitions)
    _inn_session_want_description (self, row->uuid);
  if (vm == NULL && _inn_session_arrive (self, row))
    return;

  _inn_session_fill_info (&info, row, vm);
  if (vm == NULL)
    {
      vm = inn_vm_new (&info);
      g_ptr_array_add (fresh, vm);
    }
  else if (inn_vm_apply_info (vm, &info))
    inn_host_mark_dirty (self->host);
  inn_vm_apply_sample (vm, &row->sample);
  _inn_session_follow_addresses (self, vm);
  /* No event says that it is gone: the next look does. */
  self->soon_full |= is_restoring (self, vm);
}

static gboolean
is_twin (InnHost *a, InnHost *b)
{
  const char *uuid = inn_host_get_facts (a)->uuid;

  return a != b && uuid != NULL && g_strcmp0 (uuid, inn_host_get_facts (b)->uuid) == 0;
}

static void
check_duplicate (InnSession *self)
{
  GListModel *hosts = inn_inventory_get_hosts (self->inventory);
  gboolean was = inn_host_get_duplicate (self->host);
  gboolean duplicate = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) other = g_list_model_get_item (hosts, i);

      if (!is_twin (self->host, other))
        continue;
      inn_host_set_duplicate (other, TRUE);
      if (!was && !duplicate)
        inn_inventory_report (self->inventory, INN_SEVERITY_WARNING, "host.duplicate", self->host,
                              NULL,
                              _ ("“%s” and “%s” report the same UUID: they are one machine, or "
                                 "one is a clone that needs a host_uuid of its own in "
                                 "libvirtd.conf"),
                              inn_host_get_name (self->host), inn_host_get_name (other));
      duplicate = TRUE;
    }
  inn_host_set_duplicate (self->host, duplicate);
}

static void
take_facts (InnSession *self, const InnHostFacts *facts)
{
  InnHostFacts known = *facts;

  /* The name comes later, and the last one still holds. */
  known.hostname = g_strdup (inn_host_get_facts (self->host)->hostname);
  if (inn_host_apply_facts (self->host, &known))
    check_duplicate (self);
  g_free (known.hostname);
}

static void
begin_delta (InnSession *self, InnDelta *delta)
{
  if (delta->have_facts)
    self->has_definitions = g_strcmp0 (delta->facts.hypervisor, "TEST") != 0;
  if (delta->have_facts)
    take_facts (self, &delta->facts);
  if (delta->have_host)
    inn_host_apply_sample (self->host, delta->cpu_percent, delta->memory_used_kib);
  if (delta->first && inn_host_get_n_vms (self->host) > 0)
    self->seen = g_hash_table_new (g_str_hash, g_str_equal);
}

/* What the cached view had and the host no longer has. */
static void
drop_unseen (InnSession *self)
{
  GListModel *vms = inn_host_get_vms (self->host);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (vms); i++)
    {
      InnVm *vm = g_list_model_get_item (vms, i);

      if (g_hash_table_contains (self->seen, inn_vm_get_uuid (vm)))
        g_object_unref (vm);
      else
        g_ptr_array_add (gone, vm);
    }
  for (guint i = 0; i < gone->len; i++)
    inn_host_remove_vm (self->host, g_ptr_array_index (gone, i));
  g_clear_pointer (&self->seen, g_hash_table_unref);
}

static void
settle_waiting (InnSession *self, const GError *error)
{
  DexPromise *promise;

  while ((promise = g_queue_pop_head (&self->waiting)) != NULL)
    {
      if (error != NULL)
        dex_promise_reject (promise, g_error_copy (error));
      else
        dex_promise_resolve_boolean (promise, TRUE);
      dex_unref (promise);
    }
}

/* Returns whether the first delta of the queue is done. */
static gboolean
apply_some (InnSession *self)
{
  InnDelta *delta = g_queue_peek_head (&self->deltas);
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  guint end;

  if (self->delta_row == 0)
    begin_delta (self, delta);

  end = MIN (self->delta_row + ROWS_A_TURN, delta->rows->len);
  for (; self->delta_row < end; self->delta_row++)
    {
      const InnRow *row = &g_array_index (delta->rows, InnRow, self->delta_row);

      if (!is_overtaken (self, delta, row))
        apply_row (self, row, fresh);
    }
  if (fresh->len > 0)
    inn_host_add_vms (self->host, fresh);
  if (end < delta->rows->len)
    return FALSE;

  if (self->seen != NULL)
    drop_unseen (self);
  inn_delta_unref (g_queue_pop_head (&self->deltas));
  self->delta_row = 0;
  return TRUE;
}

static gboolean
on_apply (gpointer data)
{
  InnSession *self = data;

  apply_some (self);
  if (!g_queue_is_empty (&self->deltas))
    return G_SOURCE_CONTINUE;

  self->apply_id = 0;
  settle_waiting (self, NULL);
  return G_SOURCE_REMOVE;
}

/* Applies a delta after those that came before it: at once when it is short. */
void
_inn_session_queue_delta (InnSession *self, InnDelta *delta)
{
  g_queue_push_tail (&self->deltas, inn_delta_ref (delta));
  if (self->apply_id != 0)
    return;

  if (apply_some (self))
    settle_waiting (self, NULL);
  else
    self->apply_id = g_idle_add_full (self->apply_priority, on_apply, self, NULL);
}

/* Forgets what was not applied yet; whoever waits for it learns that it will not come. */
void
_inn_session_drop_deltas (InnSession *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->first_id, g_source_remove);
  g_clear_pointer (&self->first, inn_delta_unref);
  g_clear_handle_id (&self->apply_id, g_source_remove);
  g_queue_clear_full (&self->deltas, (GDestroyNotify) inn_delta_unref);
  g_clear_pointer (&self->seen, g_hash_table_unref);
  self->delta_row = 0;

  if (g_queue_is_empty (&self->waiting))
    return;

  error = inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                         _ ("“%s” was disconnected before its guests were read"),
                         inn_host_get_name (self->host));
  settle_waiting (self, error);
}

/**
 * inn_session_wait_first_list:
 * @self: a session
 *
 * Returns: (transfer full): resolves when the model shows the guests of the host; rejects when the
 *   attempt to connect fails
 */
DexFuture *
inn_session_wait_first_list (InnSession *self)
{
  DexPromise *promise;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);

  if (self->online && g_queue_is_empty (&self->deltas))
    return dex_future_new_true ();
  if (!self->online && self->connecting == NULL)
    return inn_reject (_inn_session_not_connected (self));

  promise = dex_promise_new ();
  g_queue_push_tail (&self->waiting, dex_ref (promise));
  return DEX_FUTURE (promise);
}

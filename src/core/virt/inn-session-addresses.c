/* inn-session-addresses.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-dex.h"
#include "virt/inn-ask.h"

/* The addresses of guests: neither events nor statistics tell them, and a guest that boots has none
 * yet. Those that run are asked a few at a time, at first often and then seldom. Made-up hosts are
 * many, and so are their made-up addresses: they are asked for one guest only. */

#define GUESTS_A_BATCH 10
/* A guest has its address some seconds after its kernel starts, or never. */
#define FIRST_WAIT (5 * G_USEC_PER_SEC)
#define LONGEST_WAIT G_TIME_SPAN_MINUTE
/* A lease may change, and an address be added. */
#define KNOWN_WAIT (5 * G_TIME_SPAN_MINUTE)

/* What is done about one guest */
typedef struct
{
  gint64 due;  /* monotonic */
  gint64 wait; /* until it is asked once more */
  /* Its agent did not answer in time, and is left alone until it says that it is there. */
  gboolean deaf;
} Search;

void
_inn_session_show_addresses (InnSession *self, const char *uuid, const char *const *addresses)
{
  InnVm *vm = inn_host_find_vm (self->host, uuid);

  if (vm == NULL || !inn_vm_is_active (vm))
    return;

  inn_vm_set_addresses (vm, addresses);
  inn_host_mark_dirty (self->host);
}

/* Follows a guest as long as it runs. */
void
_inn_session_follow_addresses (InnSession *self, InnVm *vm)
{
  Search *search;
  const char *uuid = inn_vm_get_uuid (vm);

  if (inn_vm_get_state (vm) != INN_VM_RUNNING)
    {
      g_hash_table_remove (self->searches, uuid);
      return;
    }
  if (!self->has_definitions || g_hash_table_contains (self->searches, uuid))
    return;

  search = g_new0 (Search, 1);
  search->wait = FIRST_WAIT;
  g_hash_table_insert (self->searches, g_strdup (uuid), search);
}

/* Begins again: the guest was rebooted, or its agent has come. */
void
_inn_session_renew_addresses (InnSession *self, const char *uuid)
{
  Search *search = g_hash_table_lookup (self->searches, uuid);

  if (search == NULL)
    return;

  search->due = 0;
  search->wait = FIRST_WAIT;
  search->deaf = FALSE;
}

static void
settle_waiting (InnSession *self)
{
  DexPromise *promise;

  while ((promise = g_queue_pop_head (&self->address_waiting)) != NULL)
    {
      dex_promise_resolve_boolean (promise, TRUE);
      dex_unref (promise);
    }
}

static void
apply_found (InnSession *self, const InnFound *found)
{
  Search *search = g_hash_table_lookup (self->searches, found->uuid);
  gboolean known = found->addresses != NULL && found->addresses[0] != NULL;

  if (search == NULL)
    return;

  search->deaf |= found->deaf;
  search->due = g_get_monotonic_time () + (known ? KNOWN_WAIT : search->wait);
  search->wait = MIN (2 * search->wait, LONGEST_WAIT);
  /* A guest that hangs, or whose agent does, has those it had. */
  if (known || (found->addresses != NULL && !search->deaf))
    _inn_session_show_addresses (self, found->uuid, (const char *const *) found->addresses);
}

static DexFuture *
found_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnSession) self = inn_weak_get (data);
  const GValue *value = dex_future_get_value (completed, NULL);
  GPtrArray *found;

  if (self == NULL)
    return dex_future_new_true ();

  self->searching = FALSE;
  if (value == NULL || !self->online)
    {
      settle_waiting (self);
      return dex_future_new_true ();
    }

  found = g_value_get_boxed (value);
  for (guint i = 0; i < found->len; i++)
    apply_found (self, g_ptr_array_index (found, i));
  _inn_session_ask_addresses (self);

  return dex_future_new_true ();
}

static GPtrArray *
list_due (InnSession *self)
{
  g_autoptr (GPtrArray) due = g_ptr_array_new_with_free_func (inn_found_free);
  gboolean may_ask_agent = !inn_host_get_read_only (self->host);
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  const char *uuid;
  Search *search;

  g_hash_table_iter_init (&iter, self->searches);
  while (g_hash_table_iter_next (&iter, (gpointer *) &uuid, (gpointer *) &search))
    if (search->due <= now && due->len < GUESTS_A_BATCH)
      g_ptr_array_add (due, inn_found_new (uuid, may_ask_agent && !search->deaf));

  return g_steal_pointer (&due);
}

/* Asks some of those that are due. One batch at a time, so that a guest that hangs holds up one
 * thread. */
void
_inn_session_ask_addresses (InnSession *self)
{
  g_autoptr (GPtrArray) due = NULL;

  if (self->searching)
    return;

  due = list_due (self);
  if (due->len == 0)
    {
      settle_waiting (self);
      return;
    }

  self->searching = TRUE;
  dex_future_disown (dex_future_finally (
      inn_connection_run (self->connection, INN_LANE_QUESTION, inn_ask_found_thread,
                          g_steal_pointer (&due), (GDestroyNotify) g_ptr_array_unref, NULL),
      found_cb, inn_weak_new (self), inn_weak_unref));
}

void
_inn_session_drop_addresses (InnSession *self)
{
  g_hash_table_remove_all (self->searches);
  settle_waiting (self);
}

/**
 * inn_session_wait_addresses:
 * @self: a session
 *
 * The addresses of the guests that run come after the first list, since guests have to be asked for
 * them.
 *
 * Returns: (transfer full): resolves when each was asked once, or none can be asked any more;
 *   rejects as inn_session_run() when the host is not connected
 */
DexFuture *
inn_session_wait_addresses (InnSession *self)
{
  DexPromise *promise;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);

  if (!self->online)
    return inn_reject (_inn_session_not_connected (self));

  promise = dex_promise_new ();
  g_queue_push_tail (&self->address_waiting, dex_ref (promise));
  _inn_session_ask_addresses (self);

  return DEX_FUTURE (promise);
}

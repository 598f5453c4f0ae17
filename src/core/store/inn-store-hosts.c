/* inn-store-hosts.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-private.h"

/* What the disk knows of hosts comes into the inventory. */

/* Building objects pauses this often, so that the window draws in between. */
#define SLICE_USEC 8000

static InnHost *
find_host (InnStore *self, const InnHostView *seen)
{
  InnHost *host = inn_inventory_find_host (self->inventory, seen->host_id);

  return host != NULL && inn_store_writer_may_load (self->writer, host) ? host : NULL;
}

static void
breathe (gint64 *begun)
{
  if (g_get_monotonic_time () - *begun < SLICE_USEC)
    return;

  dex_await (inn_future_delay (0), NULL);
  *begun = g_get_monotonic_time ();
}

/*
 * _inn_store_show_first:
 * @view: hosts with their first guests
 *
 * Before any host is connected. What comes with _inn_store_show_hosts() completes it.
 */
void
_inn_store_show_first (InnStore *self, InnStoreView *view)
{
  g_autoptr (GHashTable) left = g_hash_table_new (g_str_hash, g_str_equal);

  INN_ASSERT_MAIN ();

  self->in_part = TRUE;
  for (guint i = 0; i < view->hosts->len; i++)
    {
      const InnHostView *seen = g_ptr_array_index (view->hosts, i);
      InnHost *host = find_host (self, seen);

      if (host == NULL)
        continue;
      inn_store_view_apply_host (seen, host, left);
      inn_host_set_n_known (host, seen->n_vms);
    }
}

/*
 * _inn_store_show_hosts:
 * @view: hosts as they are on disk
 *
 * In a fiber. A guest that went from one of the hosts to another stays the same object.
 */
void
_inn_store_show_hosts (InnStore *self, InnStoreView *view)
{
  g_autoptr (GHashTable) left =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  gint64 begun = g_get_monotonic_time ();

  INN_ASSERT_MAIN ();

  self->hosts_revision = MAX (self->hosts_revision, view->revision);
  for (guint i = 0; i < view->hosts->len; i++)
    {
      const InnHostView *seen = g_ptr_array_index (view->hosts, i);
      InnHost *host = find_host (self, seen);

      if (host != NULL)
        inn_store_writer_take_gone (self->writer, seen, host, left);
      breathe (&begun);
    }
  for (guint i = 0; i < view->hosts->len; i++)
    {
      const InnHostView *seen = g_ptr_array_index (view->hosts, i);
      InnHost *host = find_host (self, seen);

      if (host != NULL)
        inn_store_writer_load (self->writer, view, seen, host, left);
      breathe (&begun);
    }
}

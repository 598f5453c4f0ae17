/* inn-store-query.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-private.h"

static gboolean
query_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  InnEventRows *rows = inn_event_rows_read (db, data, error);

  if (rows == NULL)
    return FALSE;

  g_value_init (result, INN_TYPE_EVENT_ROWS);
  g_value_take_boxed (result, rows);
  return TRUE;
}

static DexFuture *
make_events_cb (DexFuture *completed, gpointer data)
{
  InnEventRows *rows = g_value_get_boxed (dex_future_get_value (completed, NULL));

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, inn_event_rows_to_events (rows, 0));
}

/**
 * inn_store_query_events:
 * @self: an open store
 * @after_serial: only events after this one; 0 for all
 * @host_id: (nullable): only of this host
 * @vm_uuid: (nullable): only of this guest
 * @limit: the newest so many; 0 for all that are kept
 *
 * What was reported but is not written yet is not found; inn_store_flush() writes it.
 *
 * Returns: (transfer full): resolves with a #GPtrArray (boxed) of [class@Event], oldest first;
 *   rejects because the disk cannot be read
 */
DexFuture *
inn_store_query_events (
    InnStore *self, gint64 after_serial, const char *host_id, const char *vm_uuid, guint limit)
{
  InnEventQuery *query;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  query = g_new0 (InnEventQuery, 1);
  query->after_serial = MAX (after_serial, 0);
  query->host_id = g_strdup (host_id);
  query->vm_uuid = g_strdup (vm_uuid);
  query->limit = limit;

  return dex_future_then (_inn_store_run (self, query_thread, query, inn_event_query_free),
                          make_events_cb, NULL, NULL);
}

/* inn-store-events.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-events.h"

#include "store/inn-behind.h"
#include "store/inn-store-private.h"

/**
 * InnStoreEvents:
 *
 * Writes what the inventory reports, many events in one transaction, and shows what other
 * processes wrote.
 */
struct _InnStoreEvents
{
  GObject parent_instance;

  InnStore *store; /* unowned: it owns us */
  InnBehind *behind;
  GPtrArray *waiting; /* of InnEvent, oldest first */
  gint64 shown;       /* serial of the newest that was read */
};

G_DEFINE_FINAL_TYPE (InnStoreEvents, inn_store_events, G_TYPE_OBJECT)

#define WAIT_MSEC 250
#define MAX_ROWS 2000
/* With a disk that stays full the oldest that wait are given up: they are in the window still. */
#define MAX_WAITING 100000

typedef struct
{
  InnStoreEvents *owner;
  GPtrArray *events;
} Batch;

typedef struct
{
  InnEventRows *rows;
  gint64 writer;
} WriteJob;

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_ptr_array_unref (batch->events);
  g_object_unref (batch->owner);
  g_free (batch);
}

static void
write_job_free (gpointer data)
{
  WriteJob *job = data;

  inn_event_rows_unref (job->rows);
  g_free (job);
}

static gboolean
write_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  WriteJob *job = data;

  if (!inn_event_rows_write (db, job->rows, job->writer, error))
    return FALSE;

  g_value_init (result, INN_TYPE_EVENT_ROWS);
  g_value_set_boxed (result, job->rows);
  return TRUE;
}

static DexFuture *
written_cb (DexFuture *completed, gpointer data)
{
  Batch *batch = data;
  InnStoreEvents *self = batch->owner;
  const GValue *value = dex_future_get_value (completed, NULL);

  if (value == NULL)
    {
      guint excess;

      /* Back to the front of the queue. */
      g_ptr_array_extend_and_steal (batch->events, g_steal_pointer (&self->waiting));
      self->waiting = g_ptr_array_ref (batch->events);
      excess = self->waiting->len > MAX_WAITING ? self->waiting->len - MAX_WAITING : 0;
      if (excess > 0)
        g_ptr_array_remove_range (self->waiting, 0, excess);
      return NULL;
    }

  for (guint i = 0; i < batch->events->len; i++)
    inn_event_set_serial (g_ptr_array_index (batch->events, i),
                          inn_event_rows_get_serial (g_value_get_boxed (value), i));
  return NULL;
}

static DexFuture *
write_some (gpointer owner)
{
  InnStoreEvents *self = owner;
  guint n;
  WriteJob *job;
  Batch *batch;

  if (self->store->read_only)
    g_ptr_array_set_size (self->waiting, 0);
  n = MIN (self->waiting->len, MAX_ROWS);
  if (n == 0)
    return NULL;

  job = g_new0 (WriteJob, 1);
  job->rows = inn_event_rows_new ();
  job->writer = self->store->writer_id;
  batch = g_new0 (Batch, 1);
  batch->owner = g_object_ref (self);
  batch->events = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n; i++)
    {
      InnEvent *event = g_ptr_array_index (self->waiting, i);

      inn_event_rows_add (job->rows, event);
      g_ptr_array_add (batch->events, g_object_ref (event));
    }
  g_ptr_array_remove_range (self->waiting, 0, n);

  return dex_future_finally (_inn_store_run (self->store, write_thread, job, write_job_free),
                             written_cb, batch, batch_free);
}

static void
on_event_reported (InnStoreEvents *self, InnEvent *event)
{
  if (self->store == NULL || self->store->read_only)
    return;

  g_ptr_array_add (self->waiting, g_object_ref (event));
  inn_behind_schedule (self->behind, WAIT_MSEC);
}

static void
inn_store_events_dispose (GObject *object)
{
  inn_store_events_stop (INN_STORE_EVENTS (object));

  G_OBJECT_CLASS (inn_store_events_parent_class)->dispose (object);
}

static void
inn_store_events_finalize (GObject *object)
{
  InnStoreEvents *self = INN_STORE_EVENTS (object);

  g_clear_object (&self->behind);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);

  G_OBJECT_CLASS (inn_store_events_parent_class)->finalize (object);
}

static void
inn_store_events_class_init (InnStoreEventsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_store_events_dispose;
  object_class->finalize = inn_store_events_finalize;
}

static void
inn_store_events_init (InnStoreEvents *self)
{
  self->behind = inn_behind_new ("Events in the local view", write_some, self);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * inn_store_events_new:
 * @store: (transfer none): calls inn_store_events_stop() before it goes
 *
 * Returns: (transfer full): listens to the store's inventory
 */
InnStoreEvents *
inn_store_events_new (InnStore *store)
{
  InnStoreEvents *self = g_object_new (INN_TYPE_STORE_EVENTS, NULL);

  self->store = store;
  _inn_store_follow_behind (store, self->behind);
  g_signal_connect_object (store->inventory, "event-reported", G_CALLBACK (on_event_reported), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/* How far back our own word for it is looked for. */
#define SAME_EVENTS 500

/* We may have seen what another program wrote ourselves. */
static gboolean
is_known (GListModel *events, InnEvent *event)
{
  guint n = g_list_model_get_n_items (events);

  for (guint i = n; i > 0 && i + SAME_EVENTS > n; i--)
    {
      g_autoptr (InnEvent) known = g_list_model_get_item (events, i - 1);

      if (inn_event_rows_is_same (known, event))
        return TRUE;
    }

  return FALSE;
}

/**
 * inn_store_events_show:
 * @self: the events
 * @rows: read after inn_store_events_get_shown()
 *
 * Shows what others wrote. What this run wrote is shown already.
 */
void
inn_store_events_show (InnStoreEvents *self, InnEventRows *rows)
{
  g_autoptr (GPtrArray) events = NULL;

  if (self->store == NULL || inn_event_rows_get_last_serial (rows) <= self->shown)
    return;

  self->shown = inn_event_rows_get_last_serial (rows);
  events = inn_event_rows_to_events (rows, self->store->writer_id);
  for (guint i = events->len; i > 0; i--)
    if (is_known (inn_inventory_get_events (self->store->inventory),
                  g_ptr_array_index (events, i - 1)))
      g_ptr_array_remove_index (events, i - 1);
  if (events->len > 0)
    inn_inventory_add_events (self->store->inventory, events);
}

/**
 * inn_store_events_get_shown:
 * @self: the events
 *
 * Returns: the serial number up to which all is shown
 */
gint64
inn_store_events_get_shown (InnStoreEvents *self)
{
  return self->shown;
}

/**
 * inn_store_events_forget:
 * @self: the events
 *
 * Another file has other serial numbers.
 */
void
inn_store_events_forget (InnStoreEvents *self)
{
  self->shown = 0;
}

/**
 * inn_store_events_flush:
 * @self: the events
 *
 * Returns: (transfer full): resolves when all are written; rejects when a write fails
 */
DexFuture *
inn_store_events_flush (InnStoreEvents *self)
{
  return inn_behind_flush (self->behind);
}

/**
 * inn_store_events_stop:
 * @self: the events
 *
 * Writes no more.
 */
void
inn_store_events_stop (InnStoreEvents *self)
{
  if (self->behind != NULL)
    inn_behind_stop (self->behind);
  self->store = NULL;
}

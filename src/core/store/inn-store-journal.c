/* inn-store-journal.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-journal.h"

#include "base/inn-dex.h"
#include "store/inn-behind.h"
#include "store/inn-operation-rows.h"
#include "store/inn-process.h"
#include "store/inn-store-private.h"

#include <unistd.h>

/**
 * InnStoreJournal:
 *
 * Writes down the operations of this process, lists those of others as foreign ones, and passes
 * the wish to cancel on, both ways.
 */
struct _InnStoreJournal
{
  GObject parent_instance;

  InnStore *store; /* unowned: it owns us */
  InnBehind *behind;
  GHashTable *dirty; /* set of InnOperation */
  GHashTable *left;  /* ids of what is left behind and not ours to offer */
  char *owner_mark;
  gint64 shown; /* revision of the newest that was read */
  guint n_foreign;
};

G_DEFINE_FINAL_TYPE (InnStoreJournal, inn_store_journal, G_TYPE_OBJECT)

/* Beginning and end are news; progress may wait. */
#define NEWS_MSEC 0
#define PROGRESS_MSEC 500

typedef struct
{
  InnStoreJournal *journal;
  GPtrArray *operations;
} Batch;

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_ptr_array_unref (batch->operations);
  g_object_unref (batch->journal);
  g_free (batch);
}

static gboolean
write_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  return inn_operation_rows_write (db, data, error);
}

static DexFuture *
take_back_cb (DexFuture *completed, gpointer data)
{
  Batch *batch = data;

  for (guint i = 0; i < batch->operations->len; i++)
    g_hash_table_add (batch->journal->dirty,
                      g_object_ref (g_ptr_array_index (batch->operations, i)));

  return NULL;
}

static DexFuture *
write_some (gpointer owner)
{
  InnStoreJournal *self = owner;
  GPtrArray *rows;
  GHashTableIter iter;
  gpointer operation;
  Batch *batch;

  if (self->store->read_only)
    g_hash_table_remove_all (self->dirty);
  if (g_hash_table_size (self->dirty) == 0)
    return NULL;

  rows = g_ptr_array_new_with_free_func (inn_operation_row_free);
  batch = g_new0 (Batch, 1);
  batch->journal = g_object_ref (self);
  batch->operations = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &operation, NULL))
    {
      InnOperationRow *row = inn_operation_row_from_operation (operation);

      row->writer = self->store->writer_id;
      row->owner_pid = getpid ();
      row->owner_mark = g_strdup (self->owner_mark);
      g_ptr_array_add (rows, row);
      g_ptr_array_add (batch->operations, g_object_ref (operation));
      g_hash_table_iter_remove (&iter);
    }

  return dex_future_catch (
      _inn_store_run (self->store, write_thread, rows, (GDestroyNotify) g_ptr_array_unref),
      take_back_cb, batch, batch_free);
}

static void
mark (InnStoreJournal *self, InnOperation *operation, guint msec)
{
  if (self->store == NULL || self->store->read_only)
    return;

  if (!g_hash_table_contains (self->dirty, operation))
    g_hash_table_add (self->dirty, g_object_ref (operation));
  inn_behind_schedule (self->behind, msec);
}

static void
on_own_state (InnStoreJournal *self, GParamSpec *pspec, InnOperation *operation)
{
  mark (self, operation, NEWS_MSEC);
}

static void
on_own_progress (InnStoreJournal *self, GParamSpec *pspec, InnOperation *operation)
{
  mark (self, operation, PROGRESS_MSEC);
}

static void
on_foreign_state (InnStoreJournal *self, GParamSpec *pspec, InnOperation *operation)
{
  self->n_foreign--;
}

static gboolean
cancel_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  return inn_operation_rows_request_cancel (db, data, error);
}

static void
on_foreign_cancel (InnStoreJournal *self, InnOperation *operation)
{
  if (self->store == NULL || inn_operation_is_ended (operation))
    return;

  inn_future_forget (_inn_store_run (self->store, cancel_thread,
                                     g_strdup (inn_operation_get_id (operation)), g_free),
                     "Cancelling an operation of another program");
}

static gboolean
settle_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  gboolean settled;

  /* Another program may have been quicker. */
  return inn_operation_rows_settle (db, data, &settled, error);
}

static void
on_dismissed (InnStoreJournal *self, InnOperation *operation)
{
  if (self->store == NULL)
    return;

  inn_future_forget (_inn_store_run (self->store, settle_thread,
                                     g_strdup (inn_operation_get_id (operation)), g_free),
                     "Dismissing an operation that was left behind");
}

static void
watch_own (InnStoreJournal *self, InnOperation *operation)
{
  g_signal_connect_object (operation, "notify::state", G_CALLBACK (on_own_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "notify::progress", G_CALLBACK (on_own_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "notify::detail", G_CALLBACK (on_own_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "notify::no-cancel-reason", G_CALLBACK (on_own_progress),
                           self, G_CONNECT_SWAPPED);
  mark (self, operation, NEWS_MSEC);
}

static void
on_operations_changed (
    InnStoreJournal *self, guint position, guint removed, guint added, GListModel *operations)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, position + i);

      if (!inn_operation_is_foreign (operation))
        watch_own (self, operation);
    }
}

static void
inn_store_journal_dispose (GObject *object)
{
  inn_store_journal_stop (INN_STORE_JOURNAL (object));

  G_OBJECT_CLASS (inn_store_journal_parent_class)->dispose (object);
}

static void
inn_store_journal_finalize (GObject *object)
{
  InnStoreJournal *self = INN_STORE_JOURNAL (object);

  g_clear_object (&self->behind);
  g_clear_pointer (&self->dirty, g_hash_table_unref);
  g_clear_pointer (&self->left, g_hash_table_unref);
  g_free (self->owner_mark);

  G_OBJECT_CLASS (inn_store_journal_parent_class)->finalize (object);
}

static void
inn_store_journal_class_init (InnStoreJournalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_store_journal_dispose;
  object_class->finalize = inn_store_journal_finalize;
}

static void
inn_store_journal_init (InnStoreJournal *self)
{
  self->behind = inn_behind_new ("Operations in the local view", write_some, self);
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->owner_mark = inn_process_get_mark (getpid ());
  if (self->owner_mark == NULL)
    self->owner_mark = g_strdup ("");
}

/**
 * inn_store_journal_new:
 * @store: (transfer none): calls inn_store_journal_stop() before it goes
 *
 * Returns: (transfer full): writes down what the store's list of operations gets
 */
InnStoreJournal *
inn_store_journal_new (InnStore *store)
{
  InnStoreJournal *self = g_object_new (INN_TYPE_STORE_JOURNAL, NULL);
  GListModel *operations = G_LIST_MODEL (store->operations);

  self->store = store;
  _inn_store_follow_behind (store, self->behind);
  g_signal_connect_object (operations, "items-changed", G_CALLBACK (on_operations_changed), self,
                           G_CONNECT_SWAPPED);
  on_operations_changed (self, 0, 0, g_list_model_get_n_items (operations), operations);

  return self;
}

static gboolean
is_ours_to_offer (InnStoreJournal *self, const InnOperationRow *row)
{
  return inn_operation_row_is_left (row) && row->writer == self->store->writer_id;
}

/* The program that offers it may die, too. */
static void
note_left (InnStoreJournal *self, const InnOperationRow *row)
{
  if (inn_operation_row_is_left (row) && row->writer != self->store->writer_id)
    g_hash_table_add (self->left, g_strdup (row->id));
  else
    g_hash_table_remove (self->left, row->id);
}

static void
show_row (InnStoreJournal *self, const InnOperationRow *row)
{
  InnOperation *known = inn_operation_manager_find (self->store->operations, row->id);
  g_autoptr (InnOperation) fresh = NULL;

  if (known != NULL && !inn_operation_is_foreign (known))
    {
      if (row->cancel_requested && !inn_operation_is_ended (known) &&
          !inn_operation_is_cancelled (known))
        inn_operation_cancel (known);
      return;
    }
  note_left (self, row);
  if (known != NULL)
    {
      inn_operation_row_apply (row, known);
      inn_operation_set_offered (known, is_ours_to_offer (self, row));
      return;
    }
  /* One of ours that was taken out of the list. */
  if (row->writer == self->store->writer_id && !inn_operation_row_is_left (row))
    return;

  fresh = inn_operation_row_to_operation (row);
  inn_operation_set_offered (fresh, is_ours_to_offer (self, row));
  g_signal_connect_object (fresh, "dismissed", G_CALLBACK (on_dismissed), self, G_CONNECT_SWAPPED);
  if (!inn_operation_is_ended (fresh))
    {
      self->n_foreign++;
      g_signal_connect_object (fresh, "notify::state", G_CALLBACK (on_foreign_state), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (fresh, "cancel-requested", G_CALLBACK (on_foreign_cancel), self,
                               G_CONNECT_SWAPPED);
    }
  inn_operation_manager_add (self->store->operations, fresh);
}

/**
 * inn_store_journal_show:
 * @self: the journal
 * @rows: (element-type InnOperationRow): what changed on disk after
 *   inn_store_journal_get_shown()
 * @revision: up to where that is all
 *
 * Brings the list of operations up to date with what other processes wrote.
 */
void
inn_store_journal_show (InnStoreJournal *self, GPtrArray *rows, gint64 revision)
{
  if (self->store == NULL)
    return;

  self->shown = MAX (self->shown, revision);
  for (guint i = 0; i < rows->len; i++)
    show_row (self, g_ptr_array_index (rows, i));
}

/**
 * inn_store_journal_get_shown:
 * @self: the journal
 *
 * Returns: the revision up to which all is shown
 */
gint64
inn_store_journal_get_shown (InnStoreJournal *self)
{
  return self->shown;
}

/**
 * inn_store_journal_forget:
 * @self: the journal
 *
 * Another file has other numbers.
 */
void
inn_store_journal_forget (InnStoreJournal *self)
{
  self->shown = 0;
}

/**
 * inn_store_journal_has_foreign:
 * @self: the journal
 *
 * Returns: whether an operation of another process runs, or is left to another to offer, as far as
 *   is known
 */
gboolean
inn_store_journal_has_foreign (InnStoreJournal *self)
{
  return self->n_foreign > 0 || (self->store->offers && g_hash_table_size (self->left) > 0);
}

/**
 * inn_store_journal_get_owner_mark:
 * @self: the journal
 *
 * Returns: the mark of this process
 */
const char *
inn_store_journal_get_owner_mark (InnStoreJournal *self)
{
  return self->owner_mark;
}

/**
 * inn_store_journal_flush:
 * @self: the journal
 *
 * Returns: (transfer full): resolves when all is written; rejects when a write fails
 */
DexFuture *
inn_store_journal_flush (InnStoreJournal *self)
{
  return inn_behind_flush (self->behind);
}

/**
 * inn_store_journal_stop:
 * @self: the journal
 *
 * Writes no more.
 */
void
inn_store_journal_stop (InnStoreJournal *self)
{
  if (self->behind != NULL)
    inn_behind_stop (self->behind);
  self->store = NULL;
}

/* inn-store.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-private.h"

#include "base/inn-error.h"
#include "store/inn-operation-rows.h"

#include <glib/gi18n.h>

/**
 * InnStore:
 *
 * The view on disk. Writes what the administrator records before the inventory shows it, writes
 * what hosts say behind, and shows what other processes wrote within a second. Main thread only;
 * all SQL runs on its one worker. “notice-changed” tells that inn_store_get_notice() says something
 * else now.
 */
G_DEFINE_FINAL_TYPE (InnStore, inn_store, G_TYPE_OBJECT)

enum
{
  NOTICE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
stop (InnStore *self)
{
  _inn_store_stop_ticking (self);
  if (self->writer != NULL)
    inn_store_writer_stop (self->writer);
  if (self->events != NULL)
    inn_store_events_stop (self->events);
  if (self->journal != NULL)
    inn_store_journal_stop (self->journal);
}

static void
inn_store_dispose (GObject *object)
{
  InnStore *self = INN_STORE (object);

  stop (self);
  if (self->worker != NULL)
    inn_worker_close (self->worker);
  g_clear_object (&self->worker);

  G_OBJECT_CLASS (inn_store_parent_class)->dispose (object);
}

static void
inn_store_finalize (GObject *object)
{
  InnStore *self = INN_STORE (object);

  g_clear_object (&self->writer);
  g_clear_object (&self->events);
  g_clear_object (&self->journal);
  g_clear_object (&self->inventory);
  g_clear_object (&self->operations);
  g_clear_pointer (&self->db, inn_database_unref);
  g_free (self->directory);
  g_free (self->notice);
  g_free (self->trouble);
  g_ptr_array_unref (self->behinds);

  G_OBJECT_CLASS (inn_store_parent_class)->finalize (object);
}

static void
inn_store_class_init (InnStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_store_dispose;
  object_class->finalize = inn_store_finalize;

  signals[NOTICE_CHANGED] =
      g_signal_new ("notice-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    g_cclosure_marshal_VOID__VOID, G_TYPE_NONE, 0);
}

static void
inn_store_init (InnStore *self)
{
  self->worker = inn_worker_new ("inn-store", 1);
  self->behinds = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * inn_store_new:
 * @directory: the folder of view.db; made when it is missing
 * @inventory: shows what is stored
 * @operations: lists the operations of all processes that share the folder
 *
 * Touches no disk; that is for inn_store_open().
 *
 * Returns: (transfer full): a store that is not open
 */
InnStore *
inn_store_new (const char *directory, InnInventory *inventory, InnOperationManager *operations)
{
  InnStore *self;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (INN_IS_INVENTORY (inventory), NULL);
  g_return_val_if_fail (INN_IS_OPERATION_MANAGER (operations), NULL);

  self = g_object_new (INN_TYPE_STORE, NULL);
  self->directory = g_strdup (directory);
  self->inventory = g_object_ref (inventory);
  self->operations = g_object_ref (operations);
  self->db = inn_database_new (directory);
  /* Positive, and never 0. */
  self->writer_id = ((gint64) (g_random_int () >> 1) << 32 | g_random_int ()) | 1;
  self->writer = inn_store_writer_new (self);
  self->events = inn_store_events_new (self);
  self->journal = inn_store_journal_new (self);

  return self;
}

/**
 * inn_store_get_default_directory:
 *
 * Returns: (transfer full): where the view of this user lives
 */
char *
inn_store_get_default_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "innkeeper", NULL);
}

typedef struct
{
  InnDatabase *db;
  InnStoreFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->destroy != NULL)
    job->destroy (job->data);
  inn_database_unref (job->db);
  g_free (job);
}

static gboolean
job_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Job *job = data;

  return job->func (job->db, job->data, result, error);
}

/*
 * _inn_store_run:
 * @data: (transfer full): for @func, freed on the worker
 *
 * Returns: (transfer full): resolves with the result of @func
 */
DexFuture *
_inn_store_run (InnStore *self, InnStoreFunc func, gpointer data, GDestroyNotify destroy)
{
  Job *job = g_new0 (Job, 1);

  job->db = inn_database_ref (self->db);
  job->func = func;
  job->data = data;
  job->destroy = destroy;

  return inn_worker_run (self->worker, job_thread, job, job_free, NULL);
}

void
_inn_store_show_config (InnStore *self, InnViewConfig *config, gint64 revision)
{
  INN_ASSERT_MAIN ();

  if (revision < self->config_revision)
    return;

  self->config_revision = revision;
  inn_inventory_apply_config (self->inventory, config);
}

static const GError *
find_failure (InnStore *self)
{
  for (guint i = 0; i < self->behinds->len; i++)
    {
      const GError *failure = inn_behind_get_failure (g_ptr_array_index (self->behinds, i));

      if (failure != NULL)
        return failure;
    }

  return NULL;
}

static void
on_failure_changed (InnStore *self)
{
  const GError *failure = find_failure (self);
  g_autofree char *trouble =
      failure != NULL ? g_strdup_printf (_ ("%s What is new is kept in memory until it can be "
                                            "written."),
                                         failure->message)
                      : NULL;

  if (g_set_str (&self->trouble, trouble))
    g_signal_emit (self, signals[NOTICE_CHANGED], 0);
}

void
_inn_store_follow_behind (InnStore *self, InnBehind *behind)
{
  g_ptr_array_add (self->behinds, g_object_ref (behind));
  g_signal_connect_object (behind, "failure-changed", G_CALLBACK (on_failure_changed), self,
                           G_CONNECT_SWAPPED);
}

void
_inn_store_take_notice (InnStore *self, const char *notice, gboolean read_only)
{
  self->read_only = read_only;
  if (g_set_str (&self->notice, notice))
    g_signal_emit (self, signals[NOTICE_CHANGED], 0);
}

/* All three, even when one fails; the first failure is told. */
static DexFuture *
flush_fiber (gpointer data)
{
  InnStore *self = data;
  g_autoptr (GError) of_hosts = NULL;
  g_autoptr (GError) of_events = NULL;
  g_autoptr (GError) of_journal = NULL;

  dex_await (inn_store_writer_flush (self->writer), &of_hosts);
  dex_await (inn_store_events_flush (self->events), &of_events);
  dex_await (inn_store_journal_flush (self->journal), &of_journal);

  if (of_hosts != NULL)
    return inn_reject (g_steal_pointer (&of_hosts));
  if (of_events != NULL)
    return inn_reject (g_steal_pointer (&of_events));
  if (of_journal != NULL)
    return inn_reject (g_steal_pointer (&of_journal));
  return dex_future_new_true ();
}

/**
 * inn_store_flush:
 * @self: an open store
 *
 * Returns: (transfer full): resolves when all that is behind is written; rejects with
 *   %INN_ERROR_NO_SPACE, %INN_ERROR_DENIED or %INN_ERROR_STORE
 */
DexFuture *
inn_store_flush (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return inn_spawn ("flush_fiber", flush_fiber, g_object_ref (self), g_object_unref);
}

static gboolean
close_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  inn_database_close (db);
  return TRUE;
}

static DexFuture *
close_fiber (gpointer data)
{
  InnStore *self = data;
  g_autoptr (GError) error = NULL;

  self->closed = TRUE;
  _inn_store_stop_ticking (self);
  dex_await (inn_store_flush (self), &error);
  stop (self);
  dex_await (_inn_store_run (self, close_thread, NULL, NULL), NULL);

  return error != NULL ? inn_reject (g_steal_pointer (&error)) : dex_future_new_true ();
}

/**
 * inn_store_close:
 * @self: a store
 *
 * Writes what is behind and closes the file.
 *
 * Returns: (transfer full): resolves when it is closed; rejects when something could not be
 *   written, and is closed all the same
 */
DexFuture *
inn_store_close (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return inn_spawn ("close_fiber", close_fiber, g_object_ref (self), g_object_unref);
}

/**
 * inn_store_get_notice:
 * @self: an open store
 *
 * “notice-changed” is emitted when there is another one.
 *
 * Returns: (nullable): a translated sentence for the administrator: that a file was kept aside,
 *   that nothing can be written, that writing fails at the moment
 */
const char *
inn_store_get_notice (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return self->trouble != NULL ? self->trouble : self->notice;
}

/**
 * inn_store_get_directory:
 * @self: a store
 *
 * Returns: (transfer none): the folder of its files
 */
const char *
inn_store_get_directory (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return self->directory;
}

/**
 * inn_store_dup_short_notice:
 * @self: a store
 *
 * Returns: (transfer full) (nullable): as inn_store_get_notice(), with the names of files alone
 *   instead of their whole paths
 */
char *
inn_store_dup_short_notice (InnStore *self)
{
  g_autofree char *folder = NULL;
  GString *text;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  if (inn_store_get_notice (self) == NULL)
    return NULL;

  folder = g_strconcat (self->directory, G_DIR_SEPARATOR_S, NULL);
  text = g_string_new (inn_store_get_notice (self));
  g_string_replace (text, folder, "", 0);

  return g_string_free_and_steal (text);
}

/**
 * inn_store_is_read_only:
 * @self: an open store
 *
 * Returns: whether every write is refused with %INN_ERROR_DENIED
 */
gboolean
inn_store_is_read_only (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), FALSE);

  return self->read_only;
}

/**
 * inn_store_set_offers:
 * @self: a store
 * @offers: whether a person sees the operations here, and stays for a while
 *
 * Operations whose program died are then made ours to take up or dismiss, see
 * inn_operation_is_offered(): of all programs that say so, each is offered by one.
 */
void
inn_store_set_offers (InnStore *self, gboolean offers)
{
  g_return_if_fail (INN_IS_STORE (self));

  self->offers = !!offers;
}

static gboolean
take_thread (InnDatabase *db, gpointer id, GValue *result, GError **error)
{
  gboolean taken;

  if (!inn_operation_rows_settle (db, id, &taken, error))
    return FALSE;
  if (taken)
    return TRUE;

  inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                 _ ("The operation was resumed or dismissed already; there is nothing left to do"));
  return FALSE;
}

/**
 * inn_store_take_operation:
 * @self: a store that is open
 * @id: an operation whose program died
 *
 * For who is asked by name to resume or dismiss it, whichever program offers it.
 *
 * Returns: (transfer full): resolves when it is ours, for one of all who ask; rejects with
 *   %INN_ERROR_CONFLICT for the others
 */
DexFuture *
inn_store_take_operation (InnStore *self, const char *id)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  return _inn_store_run (self, take_thread, g_strdup (id), g_free);
}

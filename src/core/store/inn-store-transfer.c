/* inn-store-transfer.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-private.h"

#include "base/inn-error.h"
#include "store/inn-store-view.h"
#include "store/inn-view-json.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

/* Files may lie on a slow share: they are read and written on a thread of their own, so that the
 * store goes on meanwhile. */

/* Whatever this large is no view. */
#define MAX_FILE_BYTES (64 * 1024 * 1024)

typedef struct
{
  InnStore *store;
  GFile *file;
} Transfer;

typedef struct
{
  GFile *file;
  char *text;
} FileJob;

static Transfer *
transfer_new (InnStore *store, GFile *file)
{
  Transfer *self = g_new0 (Transfer, 1);

  self->store = g_object_ref (store);
  self->file = g_object_ref (file);
  return self;
}

static void
transfer_free (gpointer data)
{
  Transfer *self = data;

  g_object_unref (self->store);
  g_object_unref (self->file);
  g_free (self);
}

static void
file_job_free (gpointer data)
{
  FileJob *job = data;

  g_object_unref (job->file);
  g_free (job->text);
  g_free (job);
}

static InnError
get_code (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return INN_ERROR_NO_SPACE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return INN_ERROR_NOT_FOUND;
  return INN_ERROR_DENIED;
}

static gboolean
describe_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  g_autoptr (InnViewConfig) config = NULL;
  gint64 revision = 0;

  if (!inn_database_run (db, error, "BEGIN", ""))
    return FALSE;
  config = inn_store_read_config (db, &revision, error);
  if (!inn_database_end (db, config != NULL, error))
    return FALSE;

  g_value_init (result, G_TYPE_STRING);
  g_value_take_string (result, inn_view_json_write (config));
  return TRUE;
}

static gboolean
write_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  FileJob *job = data;
  g_autoptr (GError) failure = NULL;

  /* Where hosts are is nobody else's business. */
  if (g_file_replace_contents (job->file, job->text, strlen (job->text), NULL, FALSE,
                               G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                               cancellable, &failure))
    return TRUE;

  inn_error_set (error, get_code (failure), failure->message,
                 _ ("The view could not be exported to “%s”. Choose another place."),
                 g_file_peek_path (job->file) != NULL ? g_file_peek_path (job->file) : "?");
  return FALSE;
}

static DexFuture *
export_fiber (gpointer data)
{
  Transfer *transfer = data;
  g_autoptr (GError) error = NULL;
  FileJob *job;
  char *text;

  text = dex_await_string (_inn_store_run (transfer->store, describe_thread, NULL, NULL), &error);
  if (text == NULL)
    return inn_reject (g_steal_pointer (&error));

  job = g_new0 (FileJob, 1);
  job->file = g_object_ref (transfer->file);
  job->text = text;
  return inn_thread_run ("inn-export", write_thread, job, file_job_free, NULL);
}

/**
 * inn_store_export:
 * @self: an open store
 * @file: made or replaced; only its owner can read it
 *
 * Writes data centers, clusters and hosts down, without secrets.
 *
 * Returns: (transfer full): resolves when the file is there; rejects with %INN_ERROR_NO_SPACE,
 *   %INN_ERROR_NOT_FOUND or %INN_ERROR_DENIED, naming the file
 */
DexFuture *
inn_store_export (InnStore *self, GFile *file)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return inn_spawn ("export_fiber", export_fiber, transfer_new (self, file), transfer_free);
}

static gboolean
check_size (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                         G_FILE_QUERY_INFO_NONE, NULL, error);

  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR &&
      g_file_info_get_size (info) <= MAX_FILE_BYTES)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "size or type");
  return FALSE;
}

static gboolean
read_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  FileJob *job = data;
  g_autoptr (GError) failure = NULL;
  InnViewConfig *config;
  gsize length = 0;

  if (!check_size (job->file, &failure) ||
      !g_file_load_contents (job->file, cancellable, &job->text, &length, NULL, &failure))
    {
      gboolean odd = g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);

      inn_error_set (error, odd ? INN_ERROR_INVALID : get_code (failure), failure->message,
                     _ ("The file “%s” cannot be read. Nothing was changed."),
                     g_file_peek_path (job->file) != NULL ? g_file_peek_path (job->file) : "?");
      return FALSE;
    }

  config = inn_view_json_parse (job->text, length, error);
  if (config == NULL)
    return FALSE;

  g_value_init (result, INN_TYPE_VIEW_CONFIG);
  g_value_take_boxed (result, config);
  return TRUE;
}

static DexFuture *
import_fiber (gpointer data)
{
  Transfer *transfer = data;
  FileJob *job = g_new0 (FileJob, 1);
  InnStoreChange *change;
  InnViewConfig *view;
  g_autoptr (GError) error = NULL;
  g_autofree char *counts = NULL;
  g_autoptr (InnImportReport) report = NULL;

  job->file = g_object_ref (transfer->file);
  view = dex_await_boxed (inn_thread_run ("inn-import", read_thread, job, file_job_free, NULL),
                          &error);
  if (view == NULL)
    return inn_reject (g_steal_pointer (&error));

  change = g_new0 (InnStoreChange, 1);
  change->view = view;
  counts =
      dex_await_string (_inn_store_change (transfer->store, inn_store_import_sql, change), &error);
  if (counts == NULL)
    return inn_reject (g_steal_pointer (&error));

  report = inn_import_report_new ();
  if (sscanf (counts, INN_STORE_IMPORT_COUNTS, &report->n_data_centers, &report->n_clusters,
              &report->n_added, &report->n_present) != 4)
    g_warning ("What was imported is not counted: %s", counts);

  return dex_future_new_take_boxed (INN_TYPE_IMPORT_REPORT, g_steal_pointer (&report));
}

/**
 * inn_store_import:
 * @self: an open store
 * @file: what inn_store_export() wrote, here or elsewhere
 *
 * Adds what is not there yet. What is there stays as it is: a host is known by its id or its URI, a
 * group by its id or its name.
 *
 * Returns: (transfer full): resolves with an InnImportReport (boxed); rejects with
 *   %INN_ERROR_INVALID when the file is not as it should be, then nothing was changed, or because
 *   a disk cannot be read or written
 */
DexFuture *
inn_store_import (InnStore *self, GFile *file)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return inn_spawn ("import_fiber", import_fiber, transfer_new (self, file), transfer_free);
}

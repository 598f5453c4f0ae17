/* inn-store-config.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-config.h"

#include "base/inn-error.h"
#include "store/inn-store-private.h"
#include "store/inn-store-uri.h"
#include "store/inn-store-view.h"

#include <glib/gi18n.h>
#include <string.h>

/* What the administrator records: each call is one transaction, and the inventory follows. */

typedef struct
{
  InnStoreChangeFunc func;
  InnStoreChange *change;
} ConfigJob;

/* What a change leaves behind, on its way to the main thread. */
typedef struct
{
  gatomicrefcount ref_count;
  InnViewConfig *config;
  gint64 revision;
  char *id;
} ConfigResult;

static ConfigResult *
config_result_ref (ConfigResult *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
config_result_unref (ConfigResult *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->config, inn_view_config_unref);
  g_free (self->id);
  g_free (self);
}

#define CONFIG_TYPE_RESULT (config_result_get_type ())
static GType config_result_get_type (void);
G_DEFINE_BOXED_TYPE (ConfigResult, config_result, config_result_ref, config_result_unref)

static void
config_job_free (gpointer data)
{
  ConfigJob *job = data;

  inn_store_change_free (job->change);
  g_free (job);
}

static gboolean
bump_config (InnDatabase *db, GError **error)
{
  gint64 revision = inn_store_next_revision (db, error);

  return revision > 0 &&
         inn_database_run (db, error, "UPDATE meta SET value = ?1 WHERE key = 'config-revision'",
                           "i", revision);
}

/* A change that changed nothing, such as asking for the default cluster, is no news to others. */
static gboolean
change_and_read (InnDatabase *db, ConfigJob *job, ConfigResult *result, GError **error)
{
  int before = sqlite3_total_changes (inn_database_get_handle (db));

  if (!job->func (db, job->change, &result->id, error))
    return FALSE;
  if (sqlite3_total_changes (inn_database_get_handle (db)) != before && !bump_config (db, error))
    return FALSE;

  result->config = inn_store_read_config (db, &result->revision, error);
  return result->config != NULL;
}

static gboolean
config_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  ConfigResult *outcome;
  gboolean ok;

  if (!inn_database_begin (db, TRUE, error))
    return FALSE;

  outcome = g_new0 (ConfigResult, 1);
  g_atomic_ref_count_init (&outcome->ref_count);
  ok = change_and_read (db, data, outcome, error);
  if (!inn_database_end (db, ok, error))
    {
      config_result_unref (outcome);
      return FALSE;
    }

  g_value_init (result, CONFIG_TYPE_RESULT);
  g_value_take_boxed (result, outcome);
  return TRUE;
}

static DexFuture *
show_change_cb (DexFuture *completed, gpointer data)
{
  InnStore *self = data;
  const GValue *value = dex_future_get_value (completed, NULL);
  ConfigResult *outcome = g_value_get_boxed (value);

  _inn_store_show_config (self, outcome->config, outcome->revision);
  return outcome->id != NULL ? dex_future_new_for_string (outcome->id) : dex_future_new_true ();
}

/*
 * _inn_store_change:
 * @change: (transfer full): for @func
 *
 * Returns: (transfer full): resolves, with the id that @func set if any, when the change is
 *   committed and the inventory shows it
 */
DexFuture *
_inn_store_change (InnStore *self, InnStoreChangeFunc func, InnStoreChange *change)
{
  ConfigJob *job = g_new0 (ConfigJob, 1);

  job->func = func;
  job->change = change;
  return dex_future_then (_inn_store_run (self, config_thread, job, config_job_free),
                          show_change_cb, g_object_ref (self), g_object_unref);
}

/* Trims what people type; a name of nothing but space is none. */
static char *
dup_name (const char *name)
{
  g_autofree char *trimmed = NULL;
  const char *c;

  if (name == NULL || !g_utf8_validate (name, -1, NULL))
    return NULL;

  for (c = name; *c != '\0' && g_unichar_isspace (g_utf8_get_char (c));)
    c = g_utf8_next_char (c);
  trimmed = g_strdup (c);
  for (char *end = trimmed + strlen (trimmed); end > trimmed; end = g_utf8_prev_char (end))
    {
      if (!g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (end))))
        break;
      *g_utf8_prev_char (end) = '\0';
    }

  return *trimmed != '\0' ? g_steal_pointer (&trimmed) : NULL;
}

static DexFuture *
reject_name (void)
{
  return inn_reject (
      inn_error_new (INN_ERROR_INVALID, NULL, _ ("The name is empty or not text. Type a name.")));
}

/**
 * inn_store_create_data_center:
 * @self: an open store
 * @name: its name, unlike those of the others
 * @demo: whether it holds made-up hosts
 *
 * Returns: (transfer full): resolves with the new record id (string); rejects with
 *   %INN_ERROR_INVALID, %INN_ERROR_CONFLICT, or because the disk cannot be written
 */
DexFuture *
inn_store_create_data_center (InnStore *self, const char *name, gboolean demo)
{
  g_autofree char *trimmed = dup_name (name);
  InnStoreChange *change;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  if (trimmed == NULL)
    return reject_name ();

  change = g_new0 (InnStoreChange, 1);
  change->name = g_steal_pointer (&trimmed);
  change->flag = !!demo;
  return _inn_store_change (self, inn_store_create_data_center_sql, change);
}

static DexFuture *
rename_group (InnStore *self, InnStoreChangeFunc func, const char *id, const char *name)
{
  g_autofree char *trimmed = dup_name (name);
  InnStoreChange *change;

  if (trimmed == NULL)
    return reject_name ();

  change = g_new0 (InnStoreChange, 1);
  change->id = g_strdup (id);
  change->name = g_steal_pointer (&trimmed);
  return _inn_store_change (self, func, change);
}

/**
 * inn_store_rename_data_center:
 * @self: an open store
 * @id: its record id
 * @name: its new name
 *
 * Returns: (transfer full): resolves when it is committed; rejects with %INN_ERROR_INVALID,
 *   %INN_ERROR_CONFLICT, %INN_ERROR_NOT_FOUND, or because the disk cannot be written
 */
DexFuture *
inn_store_rename_data_center (InnStore *self, const char *id, const char *name)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return rename_group (self, inn_store_rename_data_center_sql, id, name);
}

/**
 * inn_store_delete_data_center:
 * @self: an open store
 * @id: its record id
 * @with_contents: whether its clusters and their hosts go too; their guests are not touched
 *
 * Returns: (transfer full): resolves when it is committed; rejects with %INN_ERROR_CONFLICT when
 *   it is not empty, %INN_ERROR_NOT_FOUND, or because the disk cannot be written
 */
DexFuture *
inn_store_delete_data_center (InnStore *self, const char *id, gboolean with_contents)
{
  InnStoreChange *change;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  change = g_new0 (InnStoreChange, 1);
  change->id = g_strdup (id);
  change->flag = !!with_contents;
  return _inn_store_change (self, inn_store_delete_data_center_sql, change);
}

/**
 * inn_store_create_cluster:
 * @self: an open store
 * @data_center_id: record id of its data center
 * @name: its name, unlike those of the others in the data center
 *
 * Returns: (transfer full): resolves with the new record id (string); rejects with
 *   %INN_ERROR_INVALID, %INN_ERROR_CONFLICT, %INN_ERROR_NOT_FOUND, or because the disk cannot be
 *   written
 */
DexFuture *
inn_store_create_cluster (InnStore *self, const char *data_center_id, const char *name)
{
  g_autofree char *trimmed = dup_name (name);
  InnStoreChange *change;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  if (trimmed == NULL)
    return reject_name ();

  change = g_new0 (InnStoreChange, 1);
  change->parent_id = g_strdup (data_center_id);
  change->name = g_steal_pointer (&trimmed);
  return _inn_store_change (self, inn_store_create_cluster_sql, change);
}

/**
 * inn_store_rename_cluster:
 * @self: an open store
 * @id: its record id
 * @name: its new name
 *
 * Returns: (transfer full): resolves when it is committed; rejects as
 *   inn_store_rename_data_center() does
 */
DexFuture *
inn_store_rename_cluster (InnStore *self, const char *id, const char *name)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return rename_group (self, inn_store_rename_cluster_sql, id, name);
}

/**
 * inn_store_delete_cluster:
 * @self: an open store
 * @id: its record id
 *
 * Returns: (transfer full): resolves when it is committed; rejects with %INN_ERROR_CONFLICT while
 *   it has hosts, %INN_ERROR_NOT_FOUND, or because the disk cannot be written
 */
DexFuture *
inn_store_delete_cluster (InnStore *self, const char *id)
{
  InnStoreChange *change;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  change = g_new0 (InnStoreChange, 1);
  change->id = g_strdup (id);
  return _inn_store_change (self, inn_store_delete_cluster_sql, change);
}

/* Copies a record in the form it is kept in: trimmed, and without a password in its URI. */
static GError *
take_host (InnStoreChange *change, const InnHostConfig *config)
{
  g_autofree char *name = dup_name (config->name);
  g_autofree char *uri = dup_name (config->uri);

  if (name == NULL)
    return inn_error_new (INN_ERROR_INVALID, NULL,
                          _ ("The name of the host is empty or not text. Type a name."));
  if (uri == NULL)
    return inn_error_new (INN_ERROR_INVALID, NULL,
                          _ ("The address of the host “%s” is empty. Type a libvirt URI such as "
                             "qemu+ssh://root@host/system."),
                          name);

  change->host = *config;
  change->host.id = g_strdup (config->id);
  change->host.cluster_id = g_strdup (config->cluster_id);
  change->host.name = g_steal_pointer (&name);
  change->host.uri = inn_store_uri_without_password (uri);
  change->host.read_only = !!config->read_only;
  change->host.autoconnect = !!config->autoconnect;
  return NULL;
}

static DexFuture *
write_host (InnStore *self, InnStoreChangeFunc func, const InnHostConfig *config)
{
  InnStoreChange *change = g_new0 (InnStoreChange, 1);
  GError *error = take_host (change, config);

  if (error == NULL)
    return _inn_store_change (self, func, change);

  inn_store_change_free (change);
  return inn_reject (error);
}

/**
 * inn_store_add_host:
 * @self: an open store
 * @config: the record; a %NULL id makes one, a %NULL cluster is the default one; a password in
 *   the URI is dropped
 *
 * Returns: (transfer full): resolves with the record id (string); rejects with %INN_ERROR_INVALID,
 *   %INN_ERROR_CONFLICT, %INN_ERROR_NOT_FOUND for the cluster, or because the disk cannot be
 *   written
 */
DexFuture *
inn_store_add_host (InnStore *self, const InnHostConfig *config)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);
  g_return_val_if_fail (config != NULL, NULL);

  return write_host (self, inn_store_add_host_sql, config);
}

/**
 * inn_store_update_host:
 * @self: an open store
 * @config: the record as it shall be; a %NULL cluster leaves it where it is
 *
 * Returns: (transfer full): resolves when it is committed; rejects as inn_store_add_host() does
 */
DexFuture *
inn_store_update_host (InnStore *self, const InnHostConfig *config)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);
  g_return_val_if_fail (config != NULL && config->id != NULL, NULL);

  return write_host (self, inn_store_update_host_sql, config);
}

/**
 * inn_store_move_host:
 * @self: an open store
 * @id: record id of the host
 * @cluster_id: record id of the cluster it shall be in
 *
 * Returns: (transfer full): resolves when it is committed; rejects with %INN_ERROR_NOT_FOUND, or
 *   because the disk cannot be written
 */
DexFuture *
inn_store_move_host (InnStore *self, const char *id, const char *cluster_id)
{
  InnStoreChange *change;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  change = g_new0 (InnStoreChange, 1);
  change->id = g_strdup (id);
  change->parent_id = g_strdup (cluster_id);
  return _inn_store_change (self, inn_store_move_host_sql, change);
}

/**
 * inn_store_remove_host:
 * @self: an open store
 * @id: record id of the host
 *
 * Forgets the host and what it said; its events stay. The host itself is not touched.
 *
 * Returns: (transfer full): resolves when it is committed; rejects with %INN_ERROR_NOT_FOUND, or
 *   because the disk cannot be written
 */
DexFuture *
inn_store_remove_host (InnStore *self, const char *id)
{
  InnStoreChange *change;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  change = g_new0 (InnStoreChange, 1);
  change->id = g_strdup (id);
  return _inn_store_change (self, inn_store_remove_host_sql, change);
}

/**
 * inn_store_get_default_cluster:
 * @self: an open store
 *
 * The cluster that hosts go to unless the administrator says otherwise; made at first use.
 *
 * Returns: (transfer full): resolves with its record id (string); rejects because the disk cannot
 *   be written
 */
DexFuture *
inn_store_get_default_cluster (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return _inn_store_change (self, inn_store_default_cluster_sql, g_new0 (InnStoreChange, 1));
}

/* inn-store-config-sql.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-config.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>

/**
 * inn_store_change_free:
 * @self: (transfer full): a change
 */
void
inn_store_change_free (InnStoreChange *self)
{
  g_free (self->id);
  g_free (self->parent_id);
  g_free (self->name);
  inn_host_config_clear (&self->host);
  g_clear_pointer (&self->view, inn_view_config_unref);
  g_free (self);
}

/**
 * inn_store_next_revision:
 * @db: a database in a transaction
 * @error: return location
 *
 * Returns: the next number of a change that other processes must see; 0 on failure
 */
gint64
inn_store_next_revision (InnDatabase *db, GError **error)
{
  gint64 revision = 0;

  if (!inn_database_get_int (db, &revision, error,
                             "UPDATE meta SET value = value + 1 WHERE key = 'revision' "
                             "RETURNING value",
                             ""))
    return 0;

  return revision;
}

/* Refuses with @failure when there is one, else with @code and @message. */
static gboolean
refuse (GError *failure, GError **error, InnError code, const char *details, const char *message)
{
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    inn_error_set (error, code, details, "%s", message);
  return FALSE;
}

/* Looks up the name of a record that must be there; @gone is what to say otherwise. */
static gboolean
find_name (
    InnDatabase *db, const char *sql, const char *id, char **name, const char *gone, GError **error)
{
  GError *failure = NULL;

  return inn_database_get_text (db, name, &failure, sql, "s", id) ||
         refuse (failure, error, INN_ERROR_NOT_FOUND, id, gone);
}

/* Fails with @taken when a query that counts finds something. */
static gboolean
check_none (InnDatabase *db,
            const char *sql,
            const char *first,
            const char *second,
            const char *taken,
            GError **error)
{
  GError *failure = NULL;
  gint64 n = 1;

  if (inn_database_get_int (db, &n, &failure, sql, second != NULL ? "ss" : "s", first, second) &&
      n == 0)
    return TRUE;

  return refuse (failure, error, INN_ERROR_CONFLICT, NULL, taken);
}

static gboolean
find_data_center (InnDatabase *db, const char *id, char **name, GError **error)
{
  return find_name (db, "SELECT name FROM data_center WHERE id = ?1", id, name,
                    _ ("The data center is not there any more. Someone may have deleted it."),
                    error);
}

static gboolean
find_cluster (InnDatabase *db, const char *id, char **name, GError **error)
{
  return find_name (db, "SELECT name FROM cluster WHERE id = ?1", id, name,
                    _ ("The cluster is not there any more. Someone may have deleted it."), error);
}

static gboolean
find_host (InnDatabase *db, const char *id, GError **error)
{
  g_autofree char *name = NULL;

  return find_name (db, "SELECT name FROM host WHERE id = ?1", id, &name,
                    _ ("The host is not there any more. Someone may have removed it."), error);
}

static gboolean
check_data_center_name (InnDatabase *db, const char *id, const char *name, GError **error)
{
  g_autofree char *taken =
      g_strdup_printf (_ ("There is a data center “%s” already. Choose another name."), name);

  return check_none (db, "SELECT count(*) FROM data_center WHERE id IS NOT ?1 AND name = ?2",
                     id != NULL ? id : "", name, taken, error);
}

static gboolean
check_cluster_name (
    InnDatabase *db, const char *id, const char *data_center_id, const char *name, GError **error)
{
  gint64 n = 1;

  if (!inn_database_get_int (db, &n, error,
                             "SELECT count(*) FROM cluster WHERE id IS NOT ?1 AND "
                             "data_center_id = ?2 AND name = ?3",
                             "sss", id != NULL ? id : "", data_center_id, name))
    return FALSE;
  if (n == 0)
    return TRUE;

  inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                 _ ("There is a cluster “%s” in this data center already. Choose another name."),
                 name);
  return FALSE;
}

static gboolean
check_host_name (InnDatabase *db, const char *id, const char *name, GError **error)
{
  g_autofree char *taken =
      g_strdup_printf (_ ("There is a host “%s” already. Choose another name."), name);

  return check_none (db, "SELECT count(*) FROM host WHERE id IS NOT ?1 AND name = ?2",
                     id != NULL ? id : "", name, taken, error);
}

gboolean
inn_store_create_data_center_sql (InnDatabase *db,
                                  InnStoreChange *change,
                                  char **ret_id,
                                  GError **error)
{
  g_autofree char *id = g_uuid_string_random ();

  if (!check_data_center_name (db, NULL, change->name, error) ||
      !inn_database_run (db, error, "INSERT INTO data_center (id, name, demo) VALUES (?1, ?2, ?3)",
                         "ssi", id, change->name, (gint64) change->flag))
    return FALSE;

  *ret_id = g_steal_pointer (&id);
  return TRUE;
}

gboolean
inn_store_rename_data_center_sql (InnDatabase *db,
                                  InnStoreChange *change,
                                  char **ret_id,
                                  GError **error)
{
  g_autofree char *name = NULL;

  return find_data_center (db, change->id, &name, error) &&
         check_data_center_name (db, change->id, change->name, error) &&
         inn_database_run (db, error, "UPDATE data_center SET name = ?2 WHERE id = ?1", "ss",
                           change->id, change->name);
}

gboolean
inn_store_delete_data_center_sql (InnDatabase *db,
                                  InnStoreChange *change,
                                  char **ret_id,
                                  GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *full = NULL;

  if (!find_data_center (db, change->id, &name, error))
    return FALSE;

  full = g_strdup_printf (_ ("The data center “%s” is not empty. Delete its clusters first, or "
                             "delete it with all that is in it."),
                          name);
  if (!change->flag && !check_none (db, "SELECT count(*) FROM cluster WHERE data_center_id = ?1",
                                    change->id, NULL, full, error))
    return FALSE;

  return inn_database_run (db, error,
                           "DELETE FROM host WHERE cluster_id IN (SELECT id FROM cluster WHERE "
                           "data_center_id = ?1)",
                           "s", change->id) &&
         inn_database_run (db, error, "DELETE FROM cluster WHERE data_center_id = ?1", "s",
                           change->id) &&
         inn_database_run (db, error, "DELETE FROM data_center WHERE id = ?1", "s", change->id);
}

gboolean
inn_store_create_cluster_sql (InnDatabase *db,
                              InnStoreChange *change,
                              char **ret_id,
                              GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *data_center = NULL;

  if (!find_data_center (db, change->parent_id, &data_center, error) ||
      !check_cluster_name (db, NULL, change->parent_id, change->name, error) ||
      !inn_database_run (db, error,
                         "INSERT INTO cluster (id, data_center_id, name) VALUES (?1, ?2, ?3)",
                         "sss", id, change->parent_id, change->name))
    return FALSE;

  *ret_id = g_steal_pointer (&id);
  return TRUE;
}

gboolean
inn_store_rename_cluster_sql (InnDatabase *db,
                              InnStoreChange *change,
                              char **ret_id,
                              GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *parent_id = NULL;

  return find_cluster (db, change->id, &name, error) &&
         inn_database_get_text (db, &parent_id, error,
                                "SELECT data_center_id FROM cluster WHERE id = ?1", "s",
                                change->id) &&
         check_cluster_name (db, change->id, parent_id, change->name, error) &&
         inn_database_run (db, error, "UPDATE cluster SET name = ?2 WHERE id = ?1", "ss",
                           change->id, change->name);
}

gboolean
inn_store_delete_cluster_sql (InnDatabase *db,
                              InnStoreChange *change,
                              char **ret_id,
                              GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *full = NULL;

  if (!find_cluster (db, change->id, &name, error))
    return FALSE;

  full =
      g_strdup_printf (_ ("The cluster “%s” is not empty. Move or remove its hosts first."), name);
  if (!check_none (db, "SELECT count(*) FROM host WHERE cluster_id = ?1", change->id, NULL, full,
                   error))
    return FALSE;

  return inn_database_run (db, error, "DELETE FROM cluster WHERE id = ?1", "s", change->id);
}

static gboolean
make_default_data_center (InnDatabase *db, char **ret_id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  InnStoreChange change = { .name = (char *) _ ("Default") };

  if (inn_database_get_text (db, ret_id, &failure, "SELECT id FROM data_center WHERE name = ?1",
                             "s", change.name))
    return TRUE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return inn_store_create_data_center_sql (db, &change, ret_id, error);
}

gboolean
inn_store_default_cluster_sql (InnDatabase *db,
                               InnStoreChange *change,
                               char **ret_id,
                               GError **error)
{
  g_autofree char *parent_id = NULL;
  g_autoptr (GError) failure = NULL;
  InnStoreChange made = { .name = (char *) _ ("Default") };

  if (inn_database_get_text (db, ret_id, &failure,
                             "SELECT id FROM cluster JOIN meta ON id = value WHERE meta.key = "
                             "'default-cluster'",
                             ""))
    return TRUE;
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (!make_default_data_center (db, &parent_id, error))
    return FALSE;

  made.parent_id = parent_id;
  if (!inn_database_get_text (db, ret_id, &failure,
                              "SELECT id FROM cluster WHERE data_center_id = ?1 AND name = ?2",
                              "ss", parent_id, made.name) &&
      failure == NULL)
    inn_store_create_cluster_sql (db, &made, ret_id, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return inn_database_run (
      db, error, "INSERT OR REPLACE INTO meta (key, value) VALUES ('default-cluster', ?1)", "s",
      *ret_id);
}

/* The cluster a host shall be in; %NULL means the default one. */
static gboolean
settle_cluster (InnDatabase *db, InnHostConfig *host, GError **error)
{
  g_autofree char *name = NULL;

  if (host->cluster_id == NULL)
    return inn_store_default_cluster_sql (db, NULL, &host->cluster_id, error);

  return find_cluster (db, host->cluster_id, &name, error);
}

gboolean
inn_store_add_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error)
{
  InnHostConfig *host = &change->host;
  g_autofree char *recorded =
      g_strdup_printf (_ ("The host “%s” is recorded already."), host->name);

  if (host->id == NULL)
    host->id = g_uuid_string_random ();

  if (!check_none (db, "SELECT count(*) FROM host WHERE id = ?1", host->id, NULL, recorded, error))
    return FALSE;
  if (!settle_cluster (db, host, error) || !check_host_name (db, NULL, host->name, error) ||
      !inn_database_run (db, error,
                         "INSERT INTO host (id, cluster_id, name, uri, read_only, autoconnect) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                         "ssssii", host->id, host->cluster_id, host->name, host->uri,
                         (gint64) host->read_only, (gint64) host->autoconnect))
    return FALSE;

  *ret_id = g_strdup (host->id);
  return TRUE;
}

gboolean
inn_store_update_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error)
{
  InnHostConfig *host = &change->host;
  g_autofree char *cluster = NULL;

  if (!find_host (db, host->id, error) || !check_host_name (db, host->id, host->name, error) ||
      (host->cluster_id != NULL && !find_cluster (db, host->cluster_id, &cluster, error)))
    return FALSE;

  return inn_database_run (db, error,
                           "UPDATE host SET name = ?2, uri = ?3, read_only = ?4, autoconnect = ?5, "
                           "cluster_id = coalesce(?6, cluster_id) WHERE id = ?1",
                           "sssiis", host->id, host->name, host->uri, (gint64) host->read_only,
                           (gint64) host->autoconnect, host->cluster_id);
}

gboolean
inn_store_move_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error)
{
  g_autofree char *cluster = NULL;

  return find_host (db, change->id, error) &&
         find_cluster (db, change->parent_id, &cluster, error) &&
         inn_database_run (db, error, "UPDATE host SET cluster_id = ?2 WHERE id = ?1", "ss",
                           change->id, change->parent_id);
}

gboolean
inn_store_remove_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error)
{
  return find_host (db, change->id, error) &&
         inn_database_run (db, error, "DELETE FROM host WHERE id = ?1", "s", change->id);
}

/* inn-store-import-sql.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-config.h"

/* What is there already stays as it is; groups are found by id, else by name, hosts by id, else by
 * URI. */

typedef struct
{
  guint n_data_centers;
  guint n_clusters;
  guint n_hosts;
  guint n_present;
} Counts;

/* The id of a group that is there. */
static gboolean
find_group (InnDatabase *db,
            char **id,
            GError **error,
            const char *sql,
            const char *first,
            const char *second,
            const char *third)
{
  return inn_database_get_text (db, id, error, sql, "sss", first, second, third);
}

static gboolean
import_data_center (
    InnDatabase *db, const InnGroupConfig *group, GHashTable *ids, guint *n_added, GError **error)
{
  g_autoptr (GError) failure = NULL;
  char *id = NULL;

  if (!find_group (db, &id, &failure,
                   "SELECT id FROM data_center WHERE id = ?1 OR (name = ?2 AND ?3 IS NULL) ORDER "
                   "BY id <> ?1",
                   group->id, group->name, NULL) &&
      failure == NULL &&
      inn_database_run (db, &failure,
                        "INSERT INTO data_center (id, name, demo) VALUES (?1, ?2, "
                        "?3)",
                        "ssi", group->id, group->name, (gint64) group->demo))
    {
      id = g_strdup (group->id);
      (*n_added)++;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  g_hash_table_insert (ids, group->id, id);
  return TRUE;
}

static gboolean
import_cluster (
    InnDatabase *db, const InnGroupConfig *group, GHashTable *ids, guint *n_added, GError **error)
{
  const char *parent_id = g_hash_table_lookup (ids, group->parent_id);
  g_autoptr (GError) failure = NULL;
  char *id = NULL;

  if (!find_group (db, &id, &failure,
                   "SELECT id FROM cluster WHERE id = ?1 OR (name = ?2 AND data_center_id = ?3) "
                   "ORDER BY id <> ?1",
                   group->id, group->name, parent_id) &&
      failure == NULL &&
      inn_database_run (db, &failure,
                        "INSERT INTO cluster (id, data_center_id, name) VALUES (?1, ?2, ?3)", "sss",
                        group->id, parent_id, group->name))
    {
      id = g_strdup (group->id);
      (*n_added)++;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  g_hash_table_insert (ids, group->id, id);
  return TRUE;
}

/* Another host may have the name: then "name (2)". */
static char *
make_name (InnDatabase *db, const char *wanted, GError **error)
{
  g_autofree char *name = g_strdup (wanted);

  for (guint i = 2;; i++)
    {
      gint64 n = 1;

      if (!inn_database_get_int (db, &n, error, "SELECT count(*) FROM host WHERE name = ?1", "s",
                                 name))
        return NULL;
      if (n == 0)
        return g_steal_pointer (&name);
      g_free (name);
      name = g_strdup_printf ("%s (%u)", wanted, i);
    }
}

static gboolean
import_host (
    InnDatabase *db, const InnHostConfig *host, GHashTable *ids, Counts *counts, GError **error)
{
  const char *cluster_id = g_hash_table_lookup (ids, host->cluster_id);
  g_autofree char *name = NULL;
  gint64 n = 1;

  if (!inn_database_get_int (db, &n, error, "SELECT count(*) FROM host WHERE id = ?1 OR uri = ?2",
                             "ss", host->id, host->uri))
    return FALSE;
  if (n > 0)
    {
      counts->n_present++;
      return TRUE;
    }

  name = make_name (db, host->name, error);
  if (name == NULL ||
      !inn_database_run (db, error,
                         "INSERT INTO host (id, cluster_id, name, uri, read_only, autoconnect) "
                         "VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                         "ssssii", host->id, cluster_id, name, host->uri, (gint64) host->read_only,
                         (gint64) host->autoconnect))
    return FALSE;

  counts->n_hosts++;
  return TRUE;
}

gboolean
inn_store_import_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error)
{
  /* id in the file -> id in the view */
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  InnViewConfig *view = change->view;
  Counts counts = { 0 };

  for (guint i = 0; i < view->data_centers->len; i++)
    if (!import_data_center (db, g_ptr_array_index (view->data_centers, i), ids,
                             &counts.n_data_centers, error))
      return FALSE;
  for (guint i = 0; i < view->clusters->len; i++)
    if (!import_cluster (db, g_ptr_array_index (view->clusters, i), ids, &counts.n_clusters, error))
      return FALSE;
  for (guint i = 0; i < view->hosts->len; i++)
    if (!import_host (db, g_ptr_array_index (view->hosts, i), ids, &counts, error))
      return FALSE;

  *ret_id = g_strdup_printf (INN_STORE_IMPORT_COUNTS, counts.n_data_centers, counts.n_clusters,
                             counts.n_hosts, counts.n_present);
  return TRUE;
}

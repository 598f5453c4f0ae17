/* inn-cli-cluster.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>

static GPtrArray *
collect (InnCliRun *run)
{
  GListModel *data_centers = inn_inventory_get_data_centers (inn_cli_run_get_inventory (run));
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (data_centers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);
      GListModel *clusters = inn_data_center_get_clusters (data_center);
      guint n_clusters = g_list_model_get_n_items (clusters);

      for (guint c = 0; c < n_clusters; c++)
        g_ptr_array_add (all, g_list_model_get_item (clusters, c));
    }

  return all;
}

static void
print_json_list (InnCliRun *run, GPtrArray *clusters)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < clusters->len; i++)
    inn_cli_json_add_cluster (builder, inn_cli_run_get_inventory (run),
                              g_ptr_array_index (clusters, i));
  json_builder_end_array (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static int
list (InnCliRun *run, GError **error)
{
  const char *const headings[] = { _ ("NAME"), _ ("DATA CENTER"), _ (">HOSTS"), _ ("ID"), NULL };
  g_autoptr (GPtrArray) clusters = collect (run);
  g_autoptr (InnCliTable) table = inn_cli_table_new (headings);

  if (inn_cli_run_get_json (run))
    {
      print_json_list (run, clusters);
      return INN_CLI_DONE;
    }

  for (guint i = 0; i < clusters->len; i++)
    {
      InnCluster *cluster = g_ptr_array_index (clusters, i);
      InnDataCenter *data_center =
          inn_inventory_get_data_center_of (inn_cli_run_get_inventory (run), cluster);
      GStrv row = g_new0 (char *, G_N_ELEMENTS (headings));

      row[0] = g_strdup (inn_cluster_get_name (cluster));
      row[1] = g_strdup (data_center != NULL ? inn_data_center_get_name (data_center) : "–");
      row[2] = g_strdup_printf ("%u", g_list_model_get_n_items (inn_cluster_get_hosts (cluster)));
      row[3] = g_strdup (inn_cluster_get_id (cluster));
      inn_cli_table_take_row (table, row);
    }
  inn_cli_print_table (table);

  return INN_CLI_DONE;
}

static int
create (InnCliRun *run, GError **error)
{
  g_autoptr (InnDataCenter) data_center =
      inn_cli_run_find_data_center (run, inn_cli_run_get_argument (run, 0), error);
  g_autofree char *id = NULL;

  if (data_center == NULL)
    return INN_CLI_FAILED;

  id = dex_await_string (inn_store_create_cluster (inn_cli_run_get_store (run),
                                                   inn_data_center_get_id (data_center),
                                                   inn_cli_run_get_argument (run, 1)),
                         error);
  return id != NULL ? inn_cli_print_id (run, id) : INN_CLI_FAILED;
}

static int
rename_it (InnCliRun *run, GError **error)
{
  g_autoptr (InnCluster) cluster =
      inn_cli_run_find_cluster (run, inn_cli_run_get_argument (run, 0), error);

  if (cluster == NULL)
    return INN_CLI_FAILED;

  return inn_cli_finish (inn_store_rename_cluster (inn_cli_run_get_store (run),
                                                   inn_cluster_get_id (cluster),
                                                   inn_cli_run_get_argument (run, 1)),
                         error);
}

static int
delete_it (InnCliRun *run, GError **error)
{
  g_autoptr (InnCluster) cluster =
      inn_cli_run_find_cluster (run, inn_cli_run_get_argument (run, 0), error);

  if (cluster == NULL)
    return INN_CLI_FAILED;

  return inn_cli_finish (
      inn_store_delete_cluster (inn_cli_run_get_store (run), inn_cluster_get_id (cluster)), error);
}

const InnCliCommand inn_cli_cluster_commands[] = {
  { "cluster", "list", "", N_ ("List the clusters"), NULL, 0, 0, list, { { NULL } } },
  { "cluster",
    "create",
    "DATACENTER NAME",
    N_ ("Make a cluster in a data center"),
    N_ ("Prints its id."),
    2,
    2,
    create,
    { { NULL } } },
  { "cluster",
    "rename",
    "CLUSTER NEW-NAME",
    N_ ("Give a cluster another name"),
    N_ ("A cluster is named by its name, its id, or as DATACENTER/CLUSTER."),
    2,
    2,
    rename_it,
    { { NULL } } },
  { "cluster",
    "delete",
    "CLUSTER",
    N_ ("Forget a cluster"),
    N_ ("It has to be empty: move or remove its hosts first. Only this view forgets: nothing is "
        "changed on any host."),
    1,
    1,
    delete_it,
    { { NULL } } },
  { NULL },
};

/* inn-cli-datacenter.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>

static void
print_json_list (GListModel *data_centers)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n = g_list_model_get_n_items (data_centers);

  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);

      inn_cli_json_add_data_center (builder, data_center);
    }
  json_builder_end_array (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static int
list (InnCliRun *run, GError **error)
{
  const char *const headings[] = { _ ("NAME"), _ (">CLUSTERS"), _ ("DEMO"), _ ("ID"), NULL };
  GListModel *data_centers = inn_inventory_get_data_centers (inn_cli_run_get_inventory (run));
  g_autoptr (InnCliTable) table = inn_cli_table_new (headings);
  guint n = g_list_model_get_n_items (data_centers);

  if (inn_cli_run_get_json (run))
    {
      print_json_list (data_centers);
      return INN_CLI_DONE;
    }

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);
      GStrv row = g_new0 (char *, G_N_ELEMENTS (headings));

      row[0] = g_strdup (inn_data_center_get_name (data_center));
      row[1] = g_strdup_printf (
          "%u", g_list_model_get_n_items (inn_data_center_get_clusters (data_center)));
      row[2] = g_strdup (inn_data_center_get_demo (data_center) ? _ ("yes") : _ ("no"));
      row[3] = g_strdup (inn_data_center_get_id (data_center));
      inn_cli_table_take_row (table, row);
    }
  inn_cli_print_table (table);

  return INN_CLI_DONE;
}

static int
create (InnCliRun *run, GError **error)
{
  g_autofree char *id = dex_await_string (
      inn_store_create_data_center (inn_cli_run_get_store (run), inn_cli_run_get_argument (run, 0),
                                    inn_cli_run_has_option (run, "demo")),
      error);

  return id != NULL ? inn_cli_print_id (run, id) : INN_CLI_FAILED;
}

static int
rename_it (InnCliRun *run, GError **error)
{
  g_autoptr (InnDataCenter) data_center =
      inn_cli_run_find_data_center (run, inn_cli_run_get_argument (run, 0), error);

  if (data_center == NULL)
    return INN_CLI_FAILED;

  return inn_cli_finish (inn_store_rename_data_center (inn_cli_run_get_store (run),
                                                       inn_data_center_get_id (data_center),
                                                       inn_cli_run_get_argument (run, 1)),
                         error);
}

static int
delete_it (InnCliRun *run, GError **error)
{
  gboolean with_contents = inn_cli_run_has_option (run, "with-contents");
  g_autoptr (InnDataCenter) data_center =
      inn_cli_run_find_data_center (run, inn_cli_run_get_argument (run, 0), error);
  g_autofree char *question = NULL;

  if (data_center == NULL)
    return INN_CLI_FAILED;

  question = g_strdup_printf (_ ("Forget the data center %s and all hosts in it?"),
                              inn_data_center_get_name (data_center));
  if (with_contents && !inn_cli_run_confirm (run, question, error))
    return INN_CLI_FAILED;

  return inn_cli_finish (inn_store_delete_data_center (inn_cli_run_get_store (run),
                                                       inn_data_center_get_id (data_center),
                                                       with_contents),
                         error);
}

const InnCliCommand inn_cli_datacenter_commands[] = {
  { "datacenter", "list", "", N_ ("List the data centers"), NULL, 0, 0, list, { { NULL } } },
  { "datacenter",
    "create",
    "NAME",
    N_ ("Make a data center"),
    N_ ("Prints its id."),
    1,
    1,
    create,
    { { "demo", NULL, N_ ("It is for made-up hosts and can go with one click") }, { NULL } } },
  { "datacenter",
    "rename",
    "NAME NEW-NAME",
    N_ ("Give a data center another name"),
    NULL,
    2,
    2,
    rename_it,
    { { NULL } } },
  { "datacenter",
    "delete",
    "NAME",
    N_ ("Forget a data center"),
    N_ ("It has to be empty, unless its contents may go too. Only this view forgets: nothing is "
        "changed on any host."),
    1,
    1,
    delete_it,
    { { "with-contents", NULL, N_ ("Forget its clusters and hosts as well") }, { NULL } } },
  { NULL },
};

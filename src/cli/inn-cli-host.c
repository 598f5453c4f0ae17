/* inn-cli-host.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>

static char *
format_number (double value, const char *unit)
{
  return value >= 0 ? g_strdup_printf ("%.0f%s", value, unit) : g_strdup ("–");
}

static char *
format_mib (guint64 kib)
{
  return kib > 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT " MiB", kib / 1024) : g_strdup ("–");
}

static GPtrArray *
collect (InnCliRun *run)
{
  GListModel *hosts = inn_inventory_get_hosts (inn_cli_run_get_inventory (run));
  GPtrArray *all = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (all, g_list_model_get_item (hosts, i));

  return all;
}

static void
print_json_list (InnCliRun *run, GPtrArray *hosts)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < hosts->len; i++)
    inn_cli_json_add_host (builder, inn_cli_run_get_inventory (run), g_ptr_array_index (hosts, i));
  json_builder_end_array (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static GStrv
make_row (InnCliRun *run, InnHost *host)
{
  InnCluster *cluster = inn_inventory_get_cluster_of (inn_cli_run_get_inventory (run), host);
  g_autofree char *version = inn_host_format_version (inn_host_get_facts (host)->libvirt_version);
  GStrv row = g_new0 (char *, 9);

  row[0] = g_strdup (inn_host_get_name (host));
  row[1] = g_strdup (inn_host_state_get_label (inn_host_get_state (host)));
  row[2] = g_strdup (cluster != NULL ? inn_cluster_get_name (cluster) : "–");
  row[3] = format_number (inn_host_get_cpu_percent (host), " %");
  row[4] = format_mib (inn_host_get_facts (host)->memory_kib);
  row[5] = g_strdup_printf ("%u/%u", inn_host_get_n_running (host), inn_host_get_n_vms (host));
  row[6] = g_strdup (version != NULL ? version : "–");
  row[7] = g_strdup (inn_host_get_uri (host));

  return row;
}

static int
list (InnCliRun *run, GError **error)
{
  const char *const headings[] = { _ ("NAME"),    _ ("STATE"),   _ ("CLUSTER"),
                                   _ (">CPU"),    _ (">MEMORY"), _ (">RUNNING"),
                                   _ ("LIBVIRT"), _ ("ADDRESS"), NULL };
  g_autoptr (GPtrArray) automatic = inn_cli_run_list_autoconnect (run);
  g_autoptr (GPtrArray) hosts = collect (run);
  g_autoptr (InnCliTable) table = inn_cli_table_new (headings);
  guint n_failed = 0;

  if (!inn_cli_run_has_option (run, "cached"))
    n_failed = inn_cli_run_connect (run, automatic);

  if (inn_cli_run_get_json (run))
    print_json_list (run, hosts);
  else
    {
      for (guint i = 0; i < hosts->len; i++)
        inn_cli_table_take_row (table, make_row (run, g_ptr_array_index (hosts, i)));
      inn_cli_print_table (table);
    }

  return n_failed > 0 ? INN_CLI_PARTLY : INN_CLI_DONE;
}

static void
print_fact (const char *name, const char *value)
{
  g_autofree char *escaped = inn_cli_escape (value != NULL && *value != 0 ? value : "–");

  inn_cli_print ("%-20s %s", name, escaped);
}

static void
print_host (InnCliRun *run, InnHost *host)
{
  const InnHostFacts *facts = inn_host_get_facts (host);
  const GError *problem = inn_host_get_error (host);
  InnCluster *cluster = inn_inventory_get_cluster_of (inn_cli_run_get_inventory (run), host);
  g_autofree char *libvirt = inn_host_format_version (facts->libvirt_version);
  g_autofree char *hypervisor = inn_host_format_version (facts->hypervisor_version);
  g_autofree char *memory = format_mib (facts->memory_kib);
  g_autofree char *cpus = g_strdup_printf ("%u", facts->cpus);
  g_autofree char *vms =
      g_strdup_printf ("%u/%u", inn_host_get_n_running (host), inn_host_get_n_vms (host));
  g_autofree char *seen = inn_cli_format_time (inn_host_get_last_seen (host) * G_TIME_SPAN_SECOND);

  print_fact (_ ("Name"), inn_host_get_name (host));
  print_fact (_ ("Address"), inn_host_get_uri (host));
  print_fact (_ ("State"), inn_host_state_get_label (inn_host_get_state (host)));
  if (problem != NULL)
    print_fact (_ ("Problem"), problem->message);
  print_fact (_ ("Cluster"), cluster != NULL ? inn_cluster_get_name (cluster) : NULL);
  print_fact (_ ("Read-only"), inn_host_get_read_only (host) ? _ ("yes") : _ ("no"));
  print_fact (_ ("Connects by itself"), inn_host_get_autoconnect (host) ? _ ("yes") : _ ("no"));
  print_fact (_ ("Last seen"), seen);
  print_fact (_ ("Host name"), facts->hostname);
  print_fact (_ ("UUID"), facts->uuid);
  print_fact (_ ("Processor"), facts->cpu_model);
  print_fact (_ ("Logical CPUs"), facts->cpus > 0 ? cpus : NULL);
  print_fact (_ ("Memory"), memory);
  print_fact (_ ("libvirt"), libvirt);
  print_fact (facts->hypervisor != NULL ? facts->hypervisor : _ ("Hypervisor"), hypervisor);
  print_fact (_ ("Guests running"), vms);
  print_fact (_ ("Id"), inn_host_get_id (host));
}

static void
print_one (InnCliRun *run, InnHost *host)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!inn_cli_run_get_json (run))
    {
      print_host (run, host);
      return;
    }

  builder = json_builder_new ();
  inn_cli_json_add_host (builder, inn_cli_run_get_inventory (run), host);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static GPtrArray *
just (InnHost *host)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (hosts, g_object_ref (host));
  return hosts;
}

static int
show (InnCliRun *run, GError **error)
{
  g_autoptr (InnHost) host = inn_cli_run_find_host (run, inn_cli_run_get_argument (run, 0), error);
  g_autoptr (GPtrArray) hosts = NULL;
  guint n_failed = 0;

  if (host == NULL)
    return INN_CLI_FAILED;

  hosts = just (host);
  if (!inn_cli_run_has_option (run, "cached"))
    n_failed = inn_cli_run_connect (run, hosts);
  print_one (run, host);

  return n_failed > 0 ? INN_CLI_PARTLY : INN_CLI_DONE;
}

static int
connect_it (InnCliRun *run, GError **error)
{
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_object_unref);
  const char *const *words = inn_cli_run_get_arguments (run);
  guint n_failed;

  for (guint i = 0; words[i] != NULL; i++)
    {
      InnHost *host = inn_cli_run_find_host (run, words[i], error);

      if (host == NULL)
        return INN_CLI_FAILED;
      g_ptr_array_add (hosts, host);
    }

  n_failed = inn_cli_run_connect (run, hosts);
  if (inn_cli_run_get_json (run))
    print_json_list (run, hosts);
  for (guint i = 0; i < hosts->len && !inn_cli_run_get_json (run); i++)
    {
      InnHost *host = g_ptr_array_index (hosts, i);

      print_fact (inn_host_get_name (host), inn_host_state_get_label (inn_host_get_state (host)));
    }

  return n_failed == 0 ? INN_CLI_DONE : n_failed < hosts->len ? INN_CLI_PARTLY : INN_CLI_FAILED;
}

/* The name of a host that was given none: that of the machine in its address; made-up hosts of the
 * test driver have only their address. */
static char *
make_name (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS, NULL);
  const char *host = parsed != NULL ? g_uri_get_host (parsed) : NULL;

  if (host != NULL && *host != 0)
    return g_strdup (host);

  return g_strdup (g_str_has_prefix (uri, "test:") ? uri : "localhost");
}

static int
add (InnCliRun *run, GError **error)
{
  const char *uri = inn_cli_run_get_argument (run, 0);
  const char *name = inn_cli_run_get_option (run, "name");
  const char *word = inn_cli_run_get_option (run, "cluster");
  g_autoptr (InnCluster) cluster = NULL;
  g_autofree char *made = make_name (uri);
  g_autofree char *id = NULL;
  InnHostConfig config = { 0 };

  if (!inn_app_context_check_uri (uri, error))
    return INN_CLI_FAILED;
  if (word != NULL)
    {
      cluster = inn_cli_run_find_cluster (run, word, error);
      if (cluster == NULL)
        return INN_CLI_FAILED;
      config.cluster_id = (char *) inn_cluster_get_id (cluster);
    }

  config.name = (char *) (name != NULL ? name : made);
  config.uri = (char *) uri;
  config.read_only = inn_cli_run_has_option (run, "read-only");
  config.autoconnect = !inn_cli_run_has_option (run, "no-autoconnect");
  id = dex_await_string (inn_store_add_host (inn_cli_run_get_store (run), &config), error);

  return id != NULL ? inn_cli_print_id (run, id) : INN_CLI_FAILED;
}

/* "yes" and "no" of an option; FALSE for anything else. */
static gboolean
read_yes_no (InnCliRun *run, const char *option, gboolean *value, GError **error)
{
  const char *text = inn_cli_run_get_option (run, option);

  if (text == NULL)
    return TRUE;

  if (g_strcmp0 (text, "yes") != 0 && g_strcmp0 (text, "no") != 0)
    {
      inn_cli_usage_error (error, _ ("--%s takes yes or no"), option);
      return FALSE;
    }

  *value = g_str_equal (text, "yes");
  return TRUE;
}

static int
edit (InnCliRun *run, GError **error)
{
  g_autoptr (InnHost) host = inn_cli_run_find_host (run, inn_cli_run_get_argument (run, 0), error);
  const char *name = inn_cli_run_get_option (run, "name");
  const char *uri = inn_cli_run_get_option (run, "uri");
  InnHostConfig config;

  if (host == NULL)
    return INN_CLI_FAILED;

  config = *inn_host_get_config (host);
  if (name != NULL)
    config.name = (char *) name;
  if (uri != NULL)
    config.uri = (char *) uri;
  if (!read_yes_no (run, "read-only", &config.read_only, error) ||
      !read_yes_no (run, "autoconnect", &config.autoconnect, error))
    return INN_CLI_USAGE;
  if (uri != NULL && !inn_app_context_check_uri (uri, error))
    return INN_CLI_FAILED;

  return inn_cli_finish (inn_store_update_host (inn_cli_run_get_store (run), &config), error);
}

static int
remove_it (InnCliRun *run, GError **error)
{
  g_autoptr (InnHost) host = inn_cli_run_find_host (run, inn_cli_run_get_argument (run, 0), error);
  g_autofree char *question = NULL;

  if (host == NULL)
    return INN_CLI_FAILED;

  question = g_strdup_printf (_ ("Forget the host %s? Nothing is changed on it."),
                              inn_host_get_name (host));
  if (!inn_cli_run_confirm (run, question, error))
    return INN_CLI_FAILED;

  return inn_cli_finish (
      inn_store_remove_host (inn_cli_run_get_store (run), inn_host_get_id (host)), error);
}

static int
move (InnCliRun *run, GError **error)
{
  g_autoptr (InnHost) host = inn_cli_run_find_host (run, inn_cli_run_get_argument (run, 0), error);
  g_autoptr (InnCluster) cluster = NULL;

  if (host == NULL)
    return INN_CLI_FAILED;
  cluster = inn_cli_run_find_cluster (run, inn_cli_run_get_argument (run, 1), error);
  if (cluster == NULL)
    return INN_CLI_FAILED;

  return inn_cli_finish (inn_store_move_host (inn_cli_run_get_store (run), inn_host_get_id (host),
                                              inn_cluster_get_id (cluster)),
                         error);
}

static int
print_report (InnCliRun *run, const InnImportReport *report, const char *nothing)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *summary = NULL;

  if (!inn_cli_run_get_json (run))
    {
      summary = inn_import_report_summarize (report, nothing);
      inn_cli_print ("%s", summary);
      return INN_CLI_DONE;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  inn_cli_json_int (builder, "added", report->n_added);
  json_builder_end_object (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
  return INN_CLI_DONE;
}

static int
import_virt_manager (InnCliRun *run, GError **error)
{
  g_autoptr (GError) failed = NULL;
  g_autoptr (InnImportReport) report = dex_await_boxed (
      inn_app_context_import_virt_manager (inn_cli_run_get_context (run)), &failed);

  if (report == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return INN_CLI_FAILED;
    }

  for (guint i = 0; i < report->skipped->len; i++)
    inn_cli_note (_ ("Left out: %s"), (const char *) g_ptr_array_index (report->skipped, i));

  return print_report (run, report, _ ("No connections of virt-manager were found"));
}

static int
import_file (InnCliRun *run, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (inn_cli_run_get_argument (run, 0));
  g_autoptr (GError) failed = NULL;
  g_autoptr (InnImportReport) report =
      dex_await_boxed (inn_store_import (inn_cli_run_get_store (run), file), &failed);

  if (report == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return INN_CLI_FAILED;
    }

  return print_report (run, report, _ ("Nothing is new in that view"));
}

static int
export_file (InnCliRun *run, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (inn_cli_run_get_argument (run, 0));

  return inn_cli_finish (inn_store_export (inn_cli_run_get_store (run), file), error);
}

#define CACHED { "cached", NULL, N_ ("Show what was last seen and connect to nothing") }

const InnCliCommand inn_cli_host_commands[] = {
  { "host",
    "list",
    "",
    N_ ("List the hosts"),
    N_ ("Connects those that connect by themselves. Exits with 3 when some of them could not be "
        "reached; they are listed with what was last seen."),
    0,
    0,
    list,
    { CACHED, { NULL } } },
  { "host",
    "show",
    "HOST",
    N_ ("Show what is known of a host"),
    N_ ("A host is named by its name, its id or its address."),
    1,
    1,
    show,
    { CACHED, { NULL } } },
  { "host",
    "add",
    "URI",
    N_ ("Add a host"),
    N_ ("URI is what libvirt takes: qemu:///system, qemu+ssh://user@host/system, "
        "qemu+tls://host/system … Prints its id. Does not connect: “host connect” does."),
    1,
    1,
    add,
    { { "name", N_ ("NAME"), N_ ("What to call it, instead of its address") },
      { "cluster", N_ ("CLUSTER"), N_ ("The cluster it is to be in") },
      { "read-only", NULL, N_ ("Connect without the right to change anything") },
      { "no-autoconnect", NULL, N_ ("Connect only when asked to") },
      { NULL } } },
  { "host",
    "edit",
    "HOST",
    N_ ("Change what is recorded of a host"),
    NULL,
    1,
    1,
    edit,
    { { "name", N_ ("NAME"), N_ ("What to call it") },
      { "uri", N_ ("URI"), N_ ("Its address") },
      { "read-only", "yes|no", N_ ("Whether to connect without the right to change anything") },
      { "autoconnect", "yes|no", N_ ("Whether to connect without being asked to") },
      { NULL } } },
  { "host",
    "remove",
    "HOST",
    N_ ("Forget a host"),
    N_ ("Nothing is changed on the host itself."),
    1,
    1,
    remove_it,
    { { NULL } } },
  { "host",
    "connect",
    "HOST…",
    N_ ("Try whether hosts can be connected"),
    N_ ("Exits with 0 when all could, 1 when none could, 3 else, and says why."),
    1,
    -1,
    connect_it,
    { { NULL } } },
  { "host",
    "move",
    "HOST CLUSTER",
    N_ ("Put a host into another cluster"),
    NULL,
    2,
    2,
    move,
    { { NULL } } },
  { "host",
    "import-virt-manager",
    "",
    N_ ("Add the hosts that virt-manager knows"),
    NULL,
    0,
    0,
    import_virt_manager,
    { { NULL } } },
  { "host",
    "import",
    "FILE",
    N_ ("Add the hosts and groups of an exported file"),
    NULL,
    1,
    1,
    import_file,
    { { NULL } } },
  { "host",
    "export",
    "FILE",
    N_ ("Write hosts and groups to a file"),
    N_ ("The file holds no passwords."),
    1,
    1,
    export_file,
    { { NULL } } },
  { NULL },
};

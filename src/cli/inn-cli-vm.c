/* inn-cli-vm.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>
#include <string.h>

/* Between the two samples that a processor load is measured with. */
#define MEASURE_USEC (1 * G_TIME_SPAN_SECOND)
/* How long a list waits for the addresses of guests. */
#define ADDRESSES_USEC (3 * G_TIME_SPAN_SECOND)

/* What a list is narrowed to. */
typedef struct
{
  InnHost *host;
  GStrv states;
  char *filter;
} Narrow;

static void
narrow_clear (Narrow *narrow)
{
  g_clear_object (&narrow->host);
  g_strfreev (narrow->states);
  g_free (narrow->filter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Narrow, narrow_clear)

static gboolean
read_narrow (InnCliRun *run, Narrow *narrow, GError **error)
{
  const char *host = inn_cli_run_get_option (run, "host");
  const char *states = inn_cli_run_get_option (run, "state");
  const char *filter = inn_cli_run_get_argument (run, 0);

  if (host != NULL)
    {
      narrow->host = inn_cli_run_find_host (run, host, error);
      if (narrow->host == NULL)
        return FALSE;
    }
  if (states != NULL)
    narrow->states = g_strsplit (states, ",", -1);
  for (guint i = 0; narrow->states != NULL && narrow->states[i] != NULL; i++)
    if (!g_str_equal (inn_vm_state_to_nick (inn_vm_state_from_nick (narrow->states[i])),
                      narrow->states[i]))
      {
        inn_cli_usage_error (error,
                             _ ("No guest has a state called “%s”: running, paused, shutoff, "
                                "crashed, pmsuspended, shutdown, blocked and nostate are states"),
                             narrow->states[i]);
        return FALSE;
      }
  narrow->filter = filter != NULL ? g_utf8_casefold (filter, -1) : NULL;

  return TRUE;
}

static gboolean
contains (const char *text, const char *needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, needle) != NULL;
}

static gboolean
contains_any (const char *const *texts, const char *needle)
{
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (contains (texts[i], needle))
      return TRUE;

  return FALSE;
}

static gboolean
matches (InnVm *vm, const Narrow *narrow)
{
  const char *state = inn_vm_state_to_nick (inn_vm_get_state (vm));

  if (narrow->host != NULL && inn_vm_get_host (vm) != narrow->host)
    return FALSE;
  if (narrow->states != NULL && !g_strv_contains ((const char *const *) narrow->states, state))
    return FALSE;
  if (narrow->filter == NULL)
    return TRUE;

  return contains (inn_vm_get_name (vm), narrow->filter) ||
         contains (inn_vm_get_title (vm), narrow->filter) ||
         contains (inn_vm_get_uuid (vm), narrow->filter) ||
         contains_any (inn_vm_get_addresses (vm), narrow->filter) ||
         contains_any (inn_vm_get_tags (vm), narrow->filter);
}

static const char *
get_host_name (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);

  return host != NULL ? inn_host_get_name (host) : NULL;
}

static int
compare_vms (gconstpointer a, gconstpointer b)
{
  InnVm *left = *(InnVm *const *) a;
  InnVm *right = *(InnVm *const *) b;
  int order = g_strcmp0 (inn_vm_get_name_key (left), inn_vm_get_name_key (right));

  if (order == 0)
    order = g_strcmp0 (get_host_name (left), get_host_name (right));
  return order != 0 ? order : g_strcmp0 (inn_vm_get_uuid (left), inn_vm_get_uuid (right));
}

static GPtrArray *
collect (InnCliRun *run, const Narrow *narrow)
{
  GListModel *vms = inn_inventory_get_vms (inn_cli_run_get_inventory (run));
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      if (matches (vm, narrow))
        g_ptr_array_add (found, g_steal_pointer (&vm));
    }
  g_ptr_array_sort (found, compare_vms);

  return found;
}

/* A host that is named is asked even when it does not connect by itself. */
static GPtrArray *
list_hosts (InnCliRun *run, const Narrow *narrow)
{
  GPtrArray *hosts;

  if (narrow->host == NULL)
    return inn_cli_run_list_autoconnect (run);

  hosts = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (hosts, g_object_ref (narrow->host));
  return hosts;
}

static InnSession *
get_session (InnCliRun *run, InnHost *host)
{
  return inn_session_manager_get (inn_app_context_get_sessions (inn_cli_run_get_context (run)),
                                  host);
}

/* Asks all hosts that are online at once. */
static void
ask_hosts (InnCliRun *run, GPtrArray *hosts, DexFuture *(*question) (InnSession *), gint64 usec)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < hosts->len; i++)
    {
      InnHost *host = g_ptr_array_index (hosts, i);

      if (inn_host_is_online (host))
        g_ptr_array_add (futures, inn_future_timeout (question (get_session (run, host)), usec));
    }
  for (guint i = 0; i < futures->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!dex_await (dex_ref (g_ptr_array_index (futures, i)), &error))
        inn_cli_run_report (run, error);
    }
}

/* A load is the difference of two samples. */
static void
measure (InnCliRun *run, GPtrArray *hosts)
{
  dex_await (inn_future_delay (MEASURE_USEC), NULL);
  ask_hosts (run, hosts, inn_session_refresh, inn_cli_run_get_timeout (run));
}

static DexFuture *
no_matter_cb (DexFuture *completed, gpointer data)
{
  return dex_future_new_true ();
}

/* Agents that do not answer are not waited for: their guests have the addresses last seen. */
static DexFuture *
wait_addresses (InnSession *session)
{
  return dex_future_finally (
      inn_future_timeout (inn_session_wait_addresses (session), ADDRESSES_USEC), no_matter_cb, NULL,
      NULL);
}

static GStrv
make_row (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  const InnVmSample *sample = inn_vm_get_sample (vm);
  g_autofree char *state = inn_vm_dup_state_text (vm);
  GStrv row = g_new0 (char *, 8);

  row[0] = g_strdup (inn_vm_get_name (vm));
  /* Translators: the state that a guest had when its host was last seen */
  row[1] =
      inn_cli_vm_is_stale (vm) ? g_strdup_printf (_ ("(%s)"), state) : g_steal_pointer (&state);
  row[2] = g_strdup (host != NULL ? inn_host_get_name (host) : "–");
  row[3] = g_strdup_printf ("%u", inn_vm_get_vcpus (vm));
  row[4] = g_strdup_printf ("%" G_GUINT64_FORMAT " MiB", inn_vm_get_max_memory_kib (vm) / 1024);
  row[5] =
      sample->cpu_percent >= 0 ? g_strdup_printf ("%.0f %%", sample->cpu_percent) : g_strdup ("–");
  row[6] = g_strdup (inn_vm_get_uuid (vm));

  return row;
}

static void
print_list (InnCliRun *run, GPtrArray *vms)
{
  const char *const headings[] = { _ ("NAME"),    _ ("STATE"), _ ("HOST"), _ (">VCPUS"),
                                   _ (">MEMORY"), _ (">CPU"),  _ ("UUID"), NULL };
  g_autoptr (InnCliTable) table = NULL;
  g_autoptr (JsonBuilder) builder = NULL;

  if (!inn_cli_run_get_json (run))
    {
      table = inn_cli_table_new (headings);
      for (guint i = 0; i < vms->len; i++)
        inn_cli_table_take_row (table, make_row (g_ptr_array_index (vms, i)));
      inn_cli_print_table (table);
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < vms->len; i++)
    inn_cli_json_add_vm (builder, inn_cli_run_get_inventory (run), g_ptr_array_index (vms, i));
  json_builder_end_array (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static int
list (InnCliRun *run, GError **error)
{
  g_auto (Narrow) narrow = { 0 };
  g_autoptr (GPtrArray) hosts = NULL;
  g_autoptr (GPtrArray) vms = NULL;
  guint n_failed = 0;

  if (!read_narrow (run, &narrow, error))
    return INN_CLI_FAILED;

  hosts = list_hosts (run, &narrow);
  if (!inn_cli_run_has_option (run, "cached"))
    n_failed = inn_cli_run_connect (run, hosts);
  if (inn_cli_run_has_option (run, "measure"))
    measure (run, hosts);
  if (!inn_cli_run_has_option (run, "cached") &&
      (inn_cli_run_get_json (run) || narrow.filter != NULL))
    ask_hosts (run, hosts, wait_addresses, inn_cli_run_get_timeout (run));

  vms = collect (run, &narrow);
  print_list (run, vms);

  return n_failed > 0 ? INN_CLI_PARTLY : INN_CLI_DONE;
}

static InnVm *
find_one (InnCliRun *run)
{
  const char *const words[] = { inn_cli_run_get_argument (run, 0), NULL };
  g_autoptr (GPtrArray) vms = inn_cli_run_find_vms (run, words);

  return g_ptr_array_steal_index (vms, 0);
}

static void
print_fact (const char *name, const char *value)
{
  g_autofree char *escaped = inn_cli_escape (value != NULL && *value != 0 ? value : "–");

  inn_cli_print ("%-16s %s", name, escaped);
}

static void
print_vm (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  g_autofree char *state = inn_vm_dup_state_text (vm);
  g_autofree char *vcpus = g_strdup_printf ("%u", inn_vm_get_vcpus (vm));
  g_autofree char *memory =
      g_strdup_printf ("%" G_GUINT64_FORMAT " MiB", inn_vm_get_max_memory_kib (vm) / 1024);
  g_autofree char *started = inn_cli_format_time (inn_vm_get_started_at (vm) * G_TIME_SPAN_SECOND);
  g_autofree char *addresses = inn_vm_get_addresses (vm) != NULL
                                   ? g_strjoinv (", ", (char **) inn_vm_get_addresses (vm))
                                   : NULL;

  print_fact (_ ("Name"), inn_vm_get_name (vm));
  print_fact (_ ("Title"), inn_vm_get_title (vm));
  print_fact (_ ("State"), state);
  print_fact (_ ("Host"), host != NULL ? inn_host_get_name (host) : NULL);
  if (inn_cli_vm_is_stale (vm))
    print_fact (_ ("Note"), _ ("as last seen; its host is not connected"));
  print_fact (_ ("Virtual CPUs"), vcpus);
  print_fact (_ ("Memory"), memory);
  print_fact (_ ("Started"), started);
  print_fact (_ ("Addresses"), addresses);
  print_fact (_ ("System"), inn_vm_get_os (vm));
  print_fact (_ ("Starts with host"), inn_vm_get_autostart (vm) ? _ ("yes") : _ ("no"));
  print_fact (_ ("Persistent"), inn_vm_get_persistent (vm) ? _ ("yes") : _ ("no"));
  print_fact (_ ("Saved state"), inn_vm_get_managed_save (vm) ? _ ("yes") : _ ("no"));
  print_fact (_ ("UUID"), inn_vm_get_uuid (vm));
}

static void
print_json_vm (InnCliRun *run, InnVm *vm)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  inn_cli_json_add_vm (builder, inn_cli_run_get_inventory (run), vm);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static int
show (InnCliRun *run, GError **error)
{
  g_autoptr (InnVm) vm = find_one (run);

  if (vm == NULL)
    return INN_CLI_FAILED;

  if (!inn_cli_vm_is_stale (vm) && inn_vm_is_active (vm))
    dex_await (
        inn_future_timeout (inn_session_fetch_addresses (get_session (run, inn_vm_get_host (vm)),
                                                         inn_vm_get_uuid (vm)),
                            ADDRESSES_USEC),
        NULL);
  if (inn_cli_run_get_json (run))
    print_json_vm (run, vm);
  else
    print_vm (vm);

  return inn_cli_vm_is_stale (vm) ? INN_CLI_PARTLY : INN_CLI_DONE;
}

#define NAMES                                                                                      \
  N_ ("A guest is named by its name, its UUID, or as HOST/NAME where several have that name.")

const InnCliCommand inn_cli_vm_commands[] = {
  { "vm",
    "list",
    "[FILTER]",
    N_ ("List the guests"),
    N_ ("FILTER is a part of a name, title, tag, address or UUID. Connects the hosts that connect "
        "by themselves; of the others it lists what was last seen. Exits with 3 when a host could "
        "not be reached; its guests are listed as they were last seen, in JSON with “stale”."),
    0,
    1,
    list,
    { { "host", N_ ("HOST"), N_ ("Only those of this host") },
      { "state", N_ ("STATE"),
        N_ ("Only those in this state, or in one of several: running,paused") },
      { "measure", NULL, N_ ("Take a second to measure what the processors do") },
      { "cached", NULL, N_ ("List what was last seen and connect to nothing") },
      { NULL } } },
  { "vm", "show", "VM", N_ ("Show what is known of a guest"), NAMES, 1, 1, show, { { NULL } } },
  { NULL },
};

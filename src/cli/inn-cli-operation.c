/* inn-cli-operation.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-log-line.h"
#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>
#include <string.h>

/* Operations of all processes on the same view: the desktop application's as well. */

static const char *
get_state_label (InnOperationState state)
{
  switch (state)
    {
    case INN_OPERATION_RUNNING:
      return _ ("running");
    case INN_OPERATION_SUCCEEDED:
      return _ ("done");
    case INN_OPERATION_FAILED:
      return _ ("failed");
    case INN_OPERATION_CANCELLED:
      return _ ("cancelled");
    case INN_OPERATION_ABANDONED:
      return _ ("abandoned");
    default:
      return "?";
    }
}

static InnOperationManager *
get_manager (InnCliRun *run)
{
  return inn_app_context_get_operations (inn_cli_run_get_context (run));
}

static GStrv
make_row (InnOperation *operation)
{
  double progress = inn_operation_get_progress (operation);
  const GError *problem = inn_operation_get_error (operation);
  GStrv row = g_new0 (char *, 7);

  row[0] = g_strdup (inn_operation_get_title (operation));
  row[1] = g_strdup (get_state_label (inn_operation_get_state (operation)));
  row[2] = progress >= 0 ? g_strdup_printf ("%.0f %%", progress * 100) : g_strdup ("–");
  row[3] = inn_cli_format_time (inn_operation_get_started_at (operation));
  row[4] = g_strdup (inn_operation_get_id (operation));
  row[5] = g_strdup (problem != NULL ? problem->message : "");

  return row;
}

static int
list (InnCliRun *run, GError **error)
{
  const char *const headings[] = {
    _ ("OPERATION"), _ ("STATE"), _ (">PROGRESS"), _ ("STARTED"), _ ("ID"), _ ("ERROR"), NULL
  };
  GListModel *operations = G_LIST_MODEL (get_manager (run));
  gboolean running_only = inn_cli_run_has_option (run, "running");
  g_autoptr (InnCliTable) table = inn_cli_table_new (headings);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint n = g_list_model_get_n_items (operations);

  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, i);

      if (running_only && inn_operation_is_ended (operation))
        continue;
      inn_cli_json_add_operation (builder, operation);
      inn_cli_table_take_row (table, make_row (operation));
    }
  json_builder_end_array (builder);

  if (inn_cli_run_get_json (run))
    inn_cli_print_json (json_builder_get_root (builder), TRUE);
  else
    inn_cli_print_table (table);
  return INN_CLI_DONE;
}

/* By id, or by its beginning when that is enough. Returns: (transfer full) */
static InnOperation *
find (InnCliRun *run, GError **error)
{
  const char *word = inn_cli_run_get_argument (run, 0);
  GListModel *operations = G_LIST_MODEL (get_manager (run));
  g_autoptr (InnOperation) found = NULL;
  guint n = g_list_model_get_n_items (operations);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, i);

      if (!g_str_has_prefix (inn_operation_get_id (operation), word))
        continue;
      if (found != NULL)
        {
          inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                         _ ("Several operations begin with %s: write more of the id"), word);
          return NULL;
        }
      found = g_steal_pointer (&operation);
    }

  if (found == NULL)
    inn_error_set (error, INN_ERROR_NOT_FOUND, NULL,
                   _ ("There is no operation %s; innctl operation list shows all"), word);
  return g_steal_pointer (&found);
}

static void
print_fact (const char *name, const char *value)
{
  g_autofree char *escaped = inn_cli_escape (value != NULL && *value != 0 ? value : "–");

  inn_cli_print ("%-12s %s", name, escaped);
}

static void
print_operation (InnOperation *operation)
{
  const GError *problem = inn_operation_get_error (operation);
  const char *details = problem != NULL ? inn_error_get_details (problem) : NULL;
  GListModel *log = inn_operation_get_log (operation);
  g_autofree char *started = inn_cli_format_time (inn_operation_get_started_at (operation));
  g_autofree char *ended = inn_cli_format_time (inn_operation_get_ended_at (operation));
  guint n = g_list_model_get_n_items (log);

  print_fact (_ ("Operation"), inn_operation_get_title (operation));
  print_fact (_ ("State"), get_state_label (inn_operation_get_state (operation)));
  print_fact (_ ("Now"), inn_operation_get_detail (operation));
  print_fact (_ ("Started"), started);
  print_fact (_ ("Ended"), ended);
  if (problem != NULL)
    print_fact (_ ("Error"), problem->message);
  if (details != NULL)
    print_fact (_ ("Details"), details);
  if (!inn_operation_is_ended (operation) && inn_operation_get_no_cancel_reason (operation) != NULL)
    print_fact (_ ("No cancel"), inn_operation_get_no_cancel_reason (operation));
  print_fact (_ ("Id"), inn_operation_get_id (operation));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnLogLine) line = g_list_model_get_item (log, i);

      print_fact (_ ("Log"), inn_log_line_get_text (line));
    }
}

static void
print_json (InnOperation *operation, gboolean pretty)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  inn_cli_json_add_operation (builder, operation);
  inn_cli_print_json (json_builder_get_root (builder), pretty);
}

static int
show (InnCliRun *run, GError **error)
{
  g_autoptr (InnOperation) operation = find (run, error);

  if (operation == NULL)
    return INN_CLI_FAILED;

  if (inn_cli_run_get_json (run))
    print_json (operation, TRUE);
  else
    print_operation (operation);
  return INN_CLI_DONE;
}

static int
cancel (InnCliRun *run, GError **error)
{
  g_autoptr (InnOperation) operation = find (run, error);
  g_autoptr (GError) ended = NULL;

  if (operation == NULL)
    return INN_CLI_FAILED;
  if (inn_operation_is_ended (operation))
    {
      inn_error_set (error, INN_ERROR_CONFLICT, NULL, _ ("“%s” is over already"),
                     inn_operation_get_title (operation));
      return INN_CLI_FAILED;
    }
  if (inn_operation_get_no_cancel_reason (operation) != NULL)
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL, _ ("“%s” cannot be cancelled: %s"),
                     inn_operation_get_title (operation),
                     inn_operation_get_no_cancel_reason (operation));
      return INN_CLI_FAILED;
    }

  inn_operation_cancel (operation);
  dex_await (inn_future_timeout (inn_operation_await (operation), inn_cli_run_get_timeout (run)),
             &ended);
  if (inn_operation_get_state (operation) == INN_OPERATION_CANCELLED)
    return INN_CLI_DONE;

  if (!inn_operation_is_ended (operation))
    inn_error_set (error, INN_ERROR_TIMED_OUT, NULL,
                   _ ("“%s” was asked to stop and has not stopped yet; it goes on trying"),
                   inn_operation_get_title (operation));
  else
    inn_error_set (error, INN_ERROR_CONFLICT, ended != NULL ? ended->message : NULL,
                   _ ("“%s” ended before it could be cancelled"),
                   inn_operation_get_title (operation));
  return INN_CLI_FAILED;
}

static void
show_change (InnCliRun *run, InnOperation *operation)
{
  g_autofree char *title = NULL;
  double progress = inn_operation_get_progress (operation);

  if (inn_cli_run_get_json (run))
    {
      print_json (operation, FALSE);
      return;
    }

  title = inn_cli_escape (inn_operation_get_title (operation));
  if (progress >= 0 && !inn_operation_is_ended (operation))
    inn_cli_print ("%s: %.0f %%", title, progress * 100);
  else
    inn_cli_print ("%s: %s", title, get_state_label (inn_operation_get_state (operation)));
}

static void
changed_cb (InnOperation *operation, GParamSpec *pspec, gpointer user_data)
{
  show_change (INN_CLI_RUN (user_data), operation);
}

static int
follow (InnCliRun *run, GError **error)
{
  g_autoptr (InnOperation) operation = find (run, error);

  if (operation == NULL)
    return INN_CLI_FAILED;

  show_change (run, operation);
  if (!inn_operation_is_ended (operation))
    {
      g_signal_connect_object (operation, "notify::progress", G_CALLBACK (changed_cb), run, 0);
      g_signal_connect_object (operation, "notify::state", G_CALLBACK (changed_cb), run, 0);
    }

  return dex_await (inn_operation_await (operation), error) ? INN_CLI_DONE : INN_CLI_FAILED;
}

/* Returns: (transfer full) (nullable): what its program left behind */
static InnOperation *
find_left (InnCliRun *run, GError **error)
{
  g_autoptr (InnOperation) operation = find (run, error);

  if (operation == NULL)
    return NULL;
  if (inn_operation_get_state (operation) == INN_OPERATION_ABANDONED)
    return g_steal_pointer (&operation);

  inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                 _ ("“%s” was not left behind: its program runs or has seen its end"),
                 inn_operation_get_title (operation));
  return NULL;
}

/* Returns: whether it makes sense now and whoever asked wants it */
static gboolean
may_resume (InnCliRun *run, InnOperation *left, InnVmAction action, InnVm *vm, GError **error)
{
  InnVmOps *ops = inn_app_context_get_vm_ops (inn_cli_run_get_context (run));
  g_autoptr (GError) refused = NULL;
  g_autofree char *question = NULL;

  if (!inn_vm_ops_check_act (ops, vm, action, &refused))
    {
      inn_error_set (error, INN_ERROR_CONFLICT, NULL, _ ("“%s” cannot be resumed: %s"),
                     inn_operation_get_title (left), refused->message);
      return FALSE;
    }
  if (!inn_vm_action_is_destructive (action))
    return TRUE;

  question = g_strdup_printf (_ ("%s: %s? What the guest has not written to disk can be lost."),
                              inn_vm_action_get_label (action), inn_vm_get_name (vm));
  return inn_cli_run_confirm (run, question, error);
}

static int
resume (InnCliRun *run, GError **error)
{
  InnAppContext *context = inn_cli_run_get_context (run);
  g_autoptr (InnOperation) left = find_left (run, error);
  g_autoptr (InnOperation) fresh = NULL;
  g_autoptr (GPtrArray) vms = NULL;
  InnVmAction action;
  InnVm *vm;
  gboolean ok;

  if (left == NULL)
    return INN_CLI_FAILED;
  if (!inn_vm_action_from_operation (left, &action))
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                     _ ("“%s” cannot be resumed: give its command again, and dismiss this one"),
                     inn_operation_get_title (left));
      return INN_CLI_FAILED;
    }

  vms = inn_cli_run_find_vms (run,
                              (const char *const[]) { inn_operation_get_object_id (left), NULL });
  vm = g_ptr_array_index (vms, 0);
  if (vm == NULL || !may_resume (run, left, action, vm, error) ||
      !dex_await (inn_store_take_operation (inn_app_context_get_store (context),
                                            inn_operation_get_id (left)),
                  error))
    return INN_CLI_FAILED;

  fresh = inn_vm_ops_act (inn_app_context_get_vm_ops (context), vm, action);
  ok = inn_cli_run_follow (run, fresh, error);
  if (inn_cli_run_get_json (run))
    print_json (fresh, TRUE);
  return ok ? INN_CLI_DONE : INN_CLI_FAILED;
}

static int
dismiss (InnCliRun *run, GError **error)
{
  g_autoptr (InnOperation) left = find_left (run, error);

  if (left == NULL)
    return INN_CLI_FAILED;

  return inn_cli_finish (
      inn_store_take_operation (inn_cli_run_get_store (run), inn_operation_get_id (left)), error);
}

#define ID N_ ("The beginning of an id is enough where no other operation begins with it.")

const InnCliCommand inn_cli_operation_commands[] = {
  { "operation",
    "list",
    "",
    N_ ("List operations, the newest first"),
    N_ ("Also those of other processes on the same view."),
    0,
    0,
    list,
    { { "running", NULL, N_ ("Only those that are not over") }, { NULL } } },
  { "operation",
    "show",
    "ID",
    N_ ("Show an operation with its log"),
    ID,
    1,
    1,
    show,
    { { NULL } } },
  { "operation",
    "cancel",
    "ID",
    N_ ("Cancel an operation and wait for its end"),
    ID,
    1,
    1,
    cancel,
    { { NULL } } },
  { "operation",
    "follow",
    "ID",
    N_ ("Show how an operation goes on, until it ends"),
    ID,
    1,
    1,
    follow,
    { { NULL } } },
  { "operation",
    "resume",
    "ID",
    N_ ("Do again what a program that died left behind"),
    N_ ("What was done to a guest is asked for once more, as a new operation. The beginning of an "
        "id is enough where no other operation begins with it. Of several that ask, the window "
        "included, one does it."),
    1,
    1,
    resume,
    { { NULL } } },
  { "operation",
    "dismiss",
    "ID",
    N_ ("Offer no more to resume what a program that died left behind"),
    ID,
    1,
    1,
    dismiss,
    { { NULL } } },
  { NULL },
};

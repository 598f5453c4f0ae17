/* inn-cli-vm-action.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>

/* Verbs that change guests: all named guests at once, each an operation of its own. */

/* How it went with one guest. */
typedef struct
{
  InnVm *vm;
  InnOperation *operation; /* NULL when there was nothing to do */
  GError *error;
} Outcome;

static void
outcome_free (Outcome *outcome)
{
  g_clear_object (&outcome->vm);
  g_clear_object (&outcome->operation);
  g_clear_error (&outcome->error);
  g_free (outcome);
}

static void
json_add_outcome (JsonBuilder *builder, const Outcome *outcome)
{
  InnHost *host = inn_vm_get_host (outcome->vm);
  const char *id = outcome->operation != NULL ? inn_operation_get_id (outcome->operation) : NULL;
  const char *state =
      outcome->operation == NULL
          ? "unchanged"
          : inn_operation_state_to_nick (inn_operation_get_state (outcome->operation));

  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "uuid", inn_vm_get_uuid (outcome->vm));
  inn_cli_json_string (builder, "name", inn_vm_get_name (outcome->vm));
  inn_cli_json_string (builder, "host", host != NULL ? inn_host_get_name (host) : NULL);
  inn_cli_json_string (builder, "operation", id);
  inn_cli_json_string (builder, "result", state);
  inn_cli_json_error (builder, "error", outcome->error);
  json_builder_end_object (builder);
}

static void
print_outcomes (InnCliRun *run, GPtrArray *outcomes)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!inn_cli_run_get_json (run))
    return;

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < outcomes->len; i++)
    json_add_outcome (builder, g_ptr_array_index (outcomes, i));
  json_builder_end_array (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

/* @n_missing: guests that were not found, and were reported. */
static int
finish (InnCliRun *run, GPtrArray *outcomes, guint n_missing)
{
  guint n_failed = n_missing;

  for (guint i = 0; i < outcomes->len; i++)
    {
      Outcome *outcome = g_ptr_array_index (outcomes, i);

      if (outcome->operation != NULL)
        inn_cli_run_follow (run, outcome->operation, &outcome->error);
      if (outcome->error == NULL)
        continue;
      n_failed++;
      inn_cli_run_report (run, outcome->error);
    }
  print_outcomes (run, outcomes);

  if (n_failed == 0)
    return INN_CLI_DONE;
  return n_failed < outcomes->len + n_missing ? INN_CLI_PARTLY : INN_CLI_FAILED;
}

static Outcome *
outcome_new (InnVm *vm, InnOperation *operation)
{
  Outcome *outcome = g_new0 (Outcome, 1);

  outcome->vm = g_object_ref (vm);
  outcome->operation = operation;
  return outcome;
}

/* What is so already is done: scripts ask for a state, not for a change. */
static gboolean
is_so_already (InnVm *vm, InnVmAction action)
{
  if (inn_cli_vm_is_stale (vm) || !inn_vm_get_persistent (vm))
    return FALSE;

  if (action == INN_VM_ACTION_AUTOSTART_ON)
    return inn_vm_get_autostart (vm);
  if (action == INN_VM_ACTION_AUTOSTART_OFF)
    return !inn_vm_get_autostart (vm);

  return FALSE;
}

static gboolean
confirm (InnCliRun *run, InnVmAction action, const char *const *words, GError **error)
{
  g_autofree char *names = NULL;
  g_autofree char *question = NULL;

  if (!inn_vm_action_is_destructive (action))
    return TRUE;

  names = g_strjoinv (", ", (char **) words);
  question = g_strdup_printf (_ ("%s: %s? What the guest has not written to disk can be lost."),
                              inn_vm_action_get_label (action), names);
  return inn_cli_run_confirm (run, question, error);
}

static int
act_on (InnCliRun *run, InnVmAction action, const char *const *words, GError **error)
{
  InnVmOps *ops = inn_app_context_get_vm_ops (inn_cli_run_get_context (run));
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) outcome_free);
  g_autoptr (GPtrArray) vms = NULL;
  guint n_missing = 0;

  if (!confirm (run, action, words, error))
    return INN_CLI_FAILED;

  vms = inn_cli_run_find_vms (run, words);
  for (guint i = 0; i < vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (vms, i);

      if (vm == NULL)
        n_missing++;
      else if (is_so_already (vm, action))
        g_ptr_array_add (outcomes, outcome_new (vm, NULL));
      else
        g_ptr_array_add (outcomes, outcome_new (vm, inn_vm_ops_act (ops, vm, action)));
    }

  return finish (run, outcomes, n_missing);
}

#define ACTION(function, ACTION_NAME)                                                              \
  static int function (InnCliRun *run, GError **error)                                             \
  {                                                                                                \
    return act_on (run, INN_VM_ACTION_##ACTION_NAME, inn_cli_run_get_arguments (run), error);      \
  }

ACTION (start, START)
ACTION (shut_down, SHUTDOWN)
ACTION (reboot, REBOOT)
ACTION (reset, RESET)
ACTION (power_off, POWER_OFF)
ACTION (pause_it, PAUSE)
ACTION (resume, RESUME)
ACTION (save, SAVE)
ACTION (nmi, NMI)
ACTION (drop_saved, DROP_SAVED)

static int
autostart (InnCliRun *run, GError **error)
{
  const char *const *words = inn_cli_run_get_arguments (run);

  if (g_str_equal (words[0], "on"))
    return act_on (run, INN_VM_ACTION_AUTOSTART_ON, words + 1, error);
  if (g_str_equal (words[0], "off"))
    return act_on (run, INN_VM_ACTION_AUTOSTART_OFF, words + 1, error);

  inn_cli_usage_error (error, _ ("Autostart is on or off: innctl vm autostart on VM…"));
  return INN_CLI_USAGE;
}

static int
rename_it (InnCliRun *run, GError **error)
{
  InnVmOps *ops = inn_app_context_get_vm_ops (inn_cli_run_get_context (run));
  const char *const words[] = { inn_cli_run_get_argument (run, 0), NULL };
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) outcome_free);
  g_autoptr (GPtrArray) vms = inn_cli_run_find_vms (run, words);
  InnVm *vm = g_ptr_array_index (vms, 0);

  if (vm == NULL)
    return INN_CLI_FAILED;

  g_ptr_array_add (
      outcomes, outcome_new (vm, inn_vm_ops_rename (ops, vm, inn_cli_run_get_argument (run, 1))));
  return finish (run, outcomes, 0);
}

static void
note_kept (const InnVmDisk *disk)
{
  if (disk->shared_with != NULL)
    inn_cli_note (_ ("%s is kept: %s uses it"), disk->source, disk->shared_with);
  else if (disk->unasked != NULL)
    inn_cli_note (_ ("%s is kept: it is on network storage, and %s could not be asked"),
                  disk->source, disk->unasked);
  else
    inn_cli_note (_ ("%s is kept: no pool of the host knows it"), disk->source);
}

/* With "all": whatever is this guest's own. */
static GStrv
pick_all (GPtrArray *disks)
{
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  for (guint i = 0; i < disks->len; i++)
    {
      const InnVmDisk *disk = g_ptr_array_index (disks, i);

      if (disk->deletable && disk->shared_with == NULL)
        g_strv_builder_add (paths, disk->source);
      else if (disk->source != NULL && g_strcmp0 (disk->device, "disk") == 0)
        note_kept (disk);
    }

  return g_strv_builder_end (paths);
}

/* Storage of another kind may be shared by other means; only the administrator knows. */
static void
note_unasked (GPtrArray *disks)
{
  for (guint i = 0; i < disks->len; i++)
    {
      const InnVmDisk *disk = g_ptr_array_index (disks, i);

      if (disk->unasked != NULL && disk->deletable)
        {
          inn_cli_note (_ ("%s could not be asked whether guests there use this storage, too"),
                        disk->unasked);
          return;
        }
    }
}

/* Returns: (transfer full) (nullable): the volumes that go, NULL with an error */
static GStrv
choose_storage (InnCliRun *run, InnVm *vm, GError **error)
{
  InnVmOps *ops = inn_app_context_get_vm_ops (inn_cli_run_get_context (run));
  const char *choice = inn_cli_run_get_option (run, "storage");
  g_autoptr (GPtrArray) others = inn_cli_run_list_autoconnect (run);
  g_autoptr (GPtrArray) disks = NULL;

  if (choice == NULL || g_str_equal (choice, "none"))
    return g_new0 (char *, 1);

  /* All hosts of the view are asked whether they use it. */
  inn_cli_run_connect (run, others);
  if (!g_str_equal (choice, "all"))
    return g_strsplit (choice, ",", -1);

  disks = dex_await_boxed (inn_vm_ops_list_storage (ops, vm), error);
  if (disks != NULL)
    note_unasked (disks);
  return disks != NULL ? pick_all (disks) : NULL;
}

static gboolean
confirm_delete (InnCliRun *run, InnVm *vm, const char *const *volumes, GError **error)
{
  g_autofree char *paths = g_strjoinv (", ", (char **) volumes);
  g_autofree char *question =
      *paths != 0
          ? g_strdup_printf (_ ("Delete %s for good, with %s?"), inn_vm_get_name (vm), paths)
          : g_strdup_printf (_ ("Delete %s for good, and keep its storage?"), inn_vm_get_name (vm));

  return inn_cli_run_confirm (run, question, error);
}

static int
delete_it (InnCliRun *run, GError **error)
{
  InnVmOps *ops = inn_app_context_get_vm_ops (inn_cli_run_get_context (run));
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new_with_free_func ((GDestroyNotify) outcome_free);
  g_autoptr (GPtrArray) vms = inn_cli_run_find_vms (run, inn_cli_run_get_arguments (run));
  guint n_missing = 0;

  for (guint i = 0; i < vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (vms, i);
      Outcome *outcome = vm != NULL ? outcome_new (vm, NULL) : NULL;
      g_auto (GStrv) volumes = NULL;

      if (outcome == NULL)
        {
          n_missing++;
          continue;
        }
      g_ptr_array_add (outcomes, outcome);
      volumes = choose_storage (run, vm, &outcome->error);
      if (volumes == NULL)
        continue;
      if (!confirm_delete (run, vm, (const char *const *) volumes, error))
        return INN_CLI_FAILED;
      outcome->operation = inn_vm_ops_delete (ops, vm, (const char *const *) volumes);
    }

  return finish (run, outcomes, n_missing);
}

#define NAMES                                                                                      \
  N_ ("A guest is named by its name, its UUID, or as HOST/NAME where several have that name. "     \
      "Exits "                                                                                     \
      "with 3 when it worked for some and not for others.")

#define VERB(verb, summary, func)                                                                  \
  {                                                                                                \
    "vm", verb, "VM…", summary, NAMES, 1, -1, func,                                                \
    {                                                                                              \
      {                                                                                            \
        NULL                                                                                       \
      }                                                                                            \
    }                                                                                              \
  }

const InnCliCommand inn_cli_vm_action_commands[] = {
  VERB ("start", N_ ("Start guests"), start),
  VERB ("shutdown", N_ ("Ask guests to shut down; done when the host took the request"), shut_down),
  VERB ("reboot", N_ ("Ask guests to reboot; done when the host took the request"), reboot),
  VERB ("reset", N_ ("Reset guests, as with the button"), reset),
  VERB ("poweroff", N_ ("Power guests off at once"), power_off),
  VERB ("pause", N_ ("Pause guests"), pause_it),
  VERB ("resume", N_ ("Resume guests that are paused or asleep"), resume),
  VERB (
      "save", N_ ("Save the state of guests to disk and stop them; the next start goes on"), save),
  VERB ("drop-saved", N_ ("Discard saved states"), drop_saved),
  VERB ("nmi", N_ ("Send a non-maskable interrupt"), nmi),
  { "vm",
    "autostart",
    "on|off VM…",
    N_ ("Let guests start with their host, or not"),
    NAMES,
    2,
    -1,
    autostart,
    { { NULL } } },
  { "vm",
    "rename",
    "VM NEW-NAME",
    N_ ("Give a guest that is shut off another name"),
    NULL,
    2,
    2,
    rename_it,
    { { NULL } } },
  { "vm",
    "delete",
    "VM…",
    N_ ("Delete guests that are shut off"),
    N_ ("Without --storage the disks are kept. What another guest of this or another host of the "
        "view uses, and what is merely inserted into a drive, is never deleted; nor is network "
        "storage while a host of the view cannot be asked. The definition goes first, the volumes "
        "last: a guest that is started in between loses nothing, and a volume that cannot be "
        "deleted is named."),
    1,
    -1,
    delete_it,
    { { "storage", N_ ("all|none|PATH,…"), N_ ("The storage that goes too") }, { NULL } } },
  { NULL },
};

/* inn-vm-action.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-ops-private.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  const char *nick;
  const char *label;  /* what a button says */
  const char *title;  /* what the operation is called, with the guest's name */
  const char *failed; /* the headline when the host refuses, with guest and host */
  gboolean destructive;
} ActionText;

/* In the order of InnVmAction. */
static const ActionText texts[INN_VM_N_ACTIONS] = {
  { "start", N_ ("Start"), N_ ("Starting %s"),
    N_ ("%s does not start on %s: the details say what it lacks; correct its definition or its "
        "storage, and try again"),
    FALSE },
  { "shutdown", N_ ("Shut Down"), N_ ("Shutting down %s"),
    N_ ("%s could not be asked to shut down on %s: see the details, or power it off"), FALSE },
  { "reboot", N_ ("Reboot"), N_ ("Rebooting %s"),
    N_ ("%s could not be asked to reboot on %s: see the details, or reset it"), FALSE },
  { "reset", N_ ("Reset"), N_ ("Resetting %s"),
    N_ ("%s could not be reset on %s: see the details, or power it off and start it again"), TRUE },
  { "poweroff", N_ ("Power Off"), N_ ("Powering off %s"),
    N_ ("%s could not be powered off on %s: the details say why; a host that is busy may need a "
        "moment, so try again"),
    TRUE },
  { "pause", N_ ("Pause"), N_ ("Pausing %s"),
    N_ ("%s could not be paused on %s: the details say why; wait for other work on it to end, and "
        "try again"),
    FALSE },
  { "resume", N_ ("Resume"), N_ ("Resuming %s"),
    N_ ("%s could not be resumed on %s: the details say why; see that its storage is there and has "
        "room, and try again"),
    FALSE },
  { "save", N_ ("Save State"), N_ ("Saving %s"),
    N_ ("The state of %s could not be saved on %s: the details say why; see that the host has room "
        "for its memory, or shut it down instead"),
    FALSE },
  { "nmi", N_ ("Send NMI"), N_ ("Sending an NMI to %s"),
    N_ ("%s was sent no NMI on %s: the details say why; not every kind of guest takes one"), TRUE },
  { "autostart-on", N_ ("Start with Host"), N_ ("Letting %s start with its host"),
    N_ ("%s will not start with %s: the details say why; only a guest whose definition the host "
        "keeps can do so"),
    FALSE },
  { "autostart-off", N_ ("Do Not Start with Host"), N_ ("Letting %s no longer start with its host"),
    N_ ("%s still starts with %s: the details say why; try again"), FALSE },
  { "drop-saved", N_ ("Discard Saved State"), N_ ("Discarding the saved state of %s"),
    N_ ("The saved state of %s could not be discarded on %s: the details say why; see whether it "
        "was started in the meantime"),
    TRUE },
};

/**
 * inn_vm_action_to_nick:
 * @action: an action
 *
 * Returns: its stable name, as in `innctl vm`
 */
const char *
inn_vm_action_to_nick (InnVmAction action)
{
  g_return_val_if_fail (action < INN_VM_N_ACTIONS, NULL);

  return texts[action].nick;
}

/**
 * inn_vm_action_from_nick:
 * @nick: a stable name
 * @action: (out): the action
 *
 * Returns: whether there is such an action
 */
gboolean
inn_vm_action_from_nick (const char *nick, InnVmAction *action)
{
  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    if (g_strcmp0 (texts[i].nick, nick) == 0)
      {
        *action = (InnVmAction) i;
        return TRUE;
      }

  return FALSE;
}

/**
 * inn_vm_action_from_operation:
 * @operation: what was done to something
 * @action: (out): the action that it was
 *
 * Returns: whether it was one, so that the same can be done again
 */
gboolean
inn_vm_action_from_operation (InnOperation *operation, InnVmAction *action)
{
  const char *kind = inn_operation_get_kind (operation);

  return g_str_has_prefix (kind, INN_VM_KIND_PREFIX) &&
         inn_vm_action_from_nick (kind + strlen (INN_VM_KIND_PREFIX), action);
}

/**
 * inn_vm_action_get_label:
 * @action: an action
 *
 * Returns: what a button for it says, translated
 */
const char *
inn_vm_action_get_label (InnVmAction action)
{
  g_return_val_if_fail (action < INN_VM_N_ACTIONS, NULL);

  return _ (texts[action].label);
}

/**
 * inn_vm_action_is_destructive:
 * @action: an action
 *
 * Returns: whether the guest can lose data by it, so that a person is asked first
 */
gboolean
inn_vm_action_is_destructive (InnVmAction action)
{
  g_return_val_if_fail (action < INN_VM_N_ACTIONS, FALSE);

  return texts[action].destructive;
}

/* The operation's title. */
char *
_inn_vm_action_format_title (InnVmAction action, const char *vm_name)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (_ (texts[action].title), vm_name);
#pragma GCC diagnostic pop
}

/* The headline of its failure. */
char *
_inn_vm_action_format_failure (InnVmAction action, const char *vm_name, const char *host_name)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return g_strdup_printf (_ (texts[action].failed), vm_name, host_name);
#pragma GCC diagnostic pop
}

/* Whether its host can be asked to change anything at all. */
gboolean
_inn_vm_check_host (InnVm *vm, GError **error)
{
  InnHost *host = inn_vm_get_host (vm);
  const char *name = inn_vm_get_name (vm);

  if (host == NULL)
    {
      inn_error_set (error, INN_ERROR_NOT_FOUND, NULL,
                     _ ("%s is no longer on a host of this view: refresh and try again"), name);
      return FALSE;
    }
  if (!inn_host_is_online (host))
    {
      inn_error_set (error, INN_ERROR_NOT_CONNECTED, NULL,
                     _ ("%s is on %s, which is not connected: connect the host first"), name,
                     inn_host_get_name (host));
      return FALSE;
    }
  if (inn_host_get_read_only (host))
    {
      inn_error_set (
          error, INN_ERROR_DENIED, NULL,
          _ ("%s is on %s, which is connected read-only: edit the host to allow changes"), name,
          inn_host_get_name (host));
      return FALSE;
    }

  return TRUE;
}

static gboolean
refuse (GError **error, const char *format, const char *name)
{
  g_autofree char *text = NULL;

  /* A menu asks for thousands of guests and wants no words. */
  if (error == NULL)
    return FALSE;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_printf (format, name);
#pragma GCC diagnostic pop

  inn_error_set (error, INN_ERROR_INVALID, NULL, "%s", text);
  return FALSE;
}

static gboolean
check_start (InnVm *vm, GError **error)
{
  const char *name = inn_vm_get_name (vm);

  switch (inn_vm_get_state (vm))
    {
    case INN_VM_PAUSED:
      return refuse (error, _ ("%s is paused: resume it instead"), name);
    case INN_VM_PMSUSPENDED:
      return refuse (error, _ ("%s sleeps: resume it instead"), name);
    case INN_VM_SHUTDOWN:
      return refuse (error, _ ("%s is shutting down: wait until it is off, then start it"), name);
    case INN_VM_CRASHED:
      if (inn_vm_get_domain_id (vm) >= 0)
        return refuse (error, _ ("%s has crashed: power it off or reset it first"), name);
      return TRUE;
    case INN_VM_RUNNING:
    case INN_VM_BLOCKED:
      return refuse (error, _ ("%s runs already"), name);
    case INN_VM_NOSTATE:
    case INN_VM_SHUTOFF:
    default:
      return TRUE;
    }
}

/* For what a guest's system answers itself, so it has to run. */
static gboolean
check_running (InnVm *vm, GError **error)
{
  const char *name = inn_vm_get_name (vm);

  switch (inn_vm_get_state (vm))
    {
    case INN_VM_PAUSED:
      return refuse (error, _ ("%s is paused and cannot answer: resume it first"), name);
    case INN_VM_PMSUSPENDED:
      return refuse (error, _ ("%s sleeps and cannot answer: resume it first"), name);
    case INN_VM_CRASHED:
      return refuse (error, _ ("%s has crashed and cannot answer: power it off or reset it"), name);
    case INN_VM_SHUTOFF:
      return refuse (error, _ ("%s is shut off: start it first"), name);
    case INN_VM_NOSTATE:
    case INN_VM_RUNNING:
    case INN_VM_BLOCKED:
    case INN_VM_SHUTDOWN:
    default:
      return TRUE;
    }
}

static gboolean
check_active (InnVm *vm, GError **error)
{
  if (inn_vm_is_active (vm) || inn_vm_get_domain_id (vm) >= 0)
    return TRUE;

  return refuse (error, _ ("%s is shut off already"), inn_vm_get_name (vm));
}

static gboolean
check_pause (InnVm *vm, GError **error)
{
  if (inn_vm_get_state (vm) == INN_VM_PAUSED)
    return refuse (error, _ ("%s is paused already"), inn_vm_get_name (vm));

  return check_running (vm, error);
}

static gboolean
check_resume (InnVm *vm, GError **error)
{
  InnVmState state = inn_vm_get_state (vm);

  if (state == INN_VM_PAUSED || state == INN_VM_PMSUSPENDED)
    return TRUE;
  if (state == INN_VM_SHUTOFF)
    return refuse (error, _ ("%s is shut off: start it instead"), inn_vm_get_name (vm));

  return refuse (error, _ ("%s is not paused"), inn_vm_get_name (vm));
}

static gboolean
check_save (InnVm *vm, GError **error)
{
  if (!inn_vm_get_persistent (vm))
    return refuse (error,
                   _ ("%s is transient: it has no definition on its host that a saved state could "
                      "be kept for"),
                   inn_vm_get_name (vm));
  if (inn_vm_get_state (vm) == INN_VM_PAUSED)
    return TRUE;

  return check_running (vm, error);
}

static gboolean
check_autostart (InnVm *vm, gboolean wanted, GError **error)
{
  if (!inn_vm_get_persistent (vm))
    return refuse (error, _ ("%s is transient: only a defined guest can start with its host"),
                   inn_vm_get_name (vm));
  if (inn_vm_get_autostart (vm) == wanted)
    return refuse (error,
                   wanted ? _ ("%s starts with its host already")
                          : _ ("%s does not start with its host"),
                   inn_vm_get_name (vm));

  return TRUE;
}

static gboolean
check_drop_saved (InnVm *vm, GError **error)
{
  if (inn_vm_get_managed_save (vm))
    return TRUE;

  return refuse (error, _ ("%s has no saved state"), inn_vm_get_name (vm));
}

/* Whether the guest is in a state for @action, and its host one that can be asked: INVALID for the
 * former, another code for the latter. */
gboolean
_inn_vm_action_check (InnVmAction action, InnVm *vm, GError **error)
{
  if (!_inn_vm_check_host (vm, error))
    return FALSE;

  switch (action)
    {
    case INN_VM_ACTION_START:
      return check_start (vm, error);
    case INN_VM_ACTION_SHUTDOWN:
    case INN_VM_ACTION_REBOOT:
    case INN_VM_ACTION_NMI:
      return check_running (vm, error);
    case INN_VM_ACTION_RESET:
    case INN_VM_ACTION_POWER_OFF:
      return check_active (vm, error);
    case INN_VM_ACTION_PAUSE:
      return check_pause (vm, error);
    case INN_VM_ACTION_RESUME:
      return check_resume (vm, error);
    case INN_VM_ACTION_SAVE:
      return check_save (vm, error);
    case INN_VM_ACTION_AUTOSTART_ON:
      return check_autostart (vm, TRUE, error);
    case INN_VM_ACTION_AUTOSTART_OFF:
      return check_autostart (vm, FALSE, error);
    case INN_VM_ACTION_DROP_SAVED:
      return check_drop_saved (vm, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

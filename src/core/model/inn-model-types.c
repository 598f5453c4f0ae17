/* inn-model-types.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-model-types.h"

#include <glib/gi18n.h>

/* Each enumeration is one table: nick for machines, label for people. */
typedef struct
{
  const char *nick;
  const char *label;
} Word;

static const Word host_words[] = {
  [INN_HOST_OFFLINE] = { "offline", NC_ ("host state", "Disconnected") },
  [INN_HOST_CONNECTING] = { "connecting", NC_ ("host state", "Connecting") },
  [INN_HOST_ONLINE] = { "online", NC_ ("host state", "Connected") },
  [INN_HOST_LOST] = { "lost", NC_ ("host state", "Lost") },
  [INN_HOST_AUTH_REQUIRED] = { "auth-required", NC_ ("host state", "Login needed") },
  [INN_HOST_FAILED] = { "failed", NC_ ("host state", "Failed") },
};

static const Word vm_words[] = {
  [INN_VM_NOSTATE] = { "nostate", NC_ ("guest state", "No state") },
  [INN_VM_RUNNING] = { "running", NC_ ("guest state", "Running") },
  [INN_VM_BLOCKED] = { "blocked", NC_ ("guest state", "Blocked") },
  [INN_VM_PAUSED] = { "paused", NC_ ("guest state", "Paused") },
  [INN_VM_SHUTDOWN] = { "shutdown", NC_ ("guest state", "Shutting down") },
  [INN_VM_SHUTOFF] = { "shutoff", NC_ ("guest state", "Shut off") },
  [INN_VM_CRASHED] = { "crashed", NC_ ("guest state", "Crashed") },
  [INN_VM_PMSUSPENDED] = { "pmsuspended", NC_ ("guest state", "Suspended") },
};

static const Word severity_words[] = {
  [INN_SEVERITY_INFO] = { "info", NC_ ("severity", "Information") },
  [INN_SEVERITY_WARNING] = { "warning", NC_ ("severity", "Warning") },
  [INN_SEVERITY_ERROR] = { "error", NC_ ("severity", "Error") },
};

static GType
register_words (gsize *type_id, const char *name, const Word *words, guint n)
{
  if (g_once_init_enter (type_id))
    {
      GEnumValue *values = g_new0 (GEnumValue, n + 1);

      for (guint i = 0; i < n; i++)
        values[i] = (GEnumValue) { (int) i, words[i].nick, words[i].nick };
      g_once_init_leave (type_id, g_enum_register_static (name, values));
    }

  return *type_id;
}

GType
inn_host_state_get_type (void)
{
  static gsize type_id;

  return register_words (&type_id, "InnHostState", host_words, G_N_ELEMENTS (host_words));
}

GType
inn_vm_state_get_type (void)
{
  static gsize type_id;

  return register_words (&type_id, "InnVmState", vm_words, G_N_ELEMENTS (vm_words));
}

GType
inn_severity_get_type (void)
{
  static gsize type_id;

  return register_words (&type_id, "InnSeverity", severity_words, G_N_ELEMENTS (severity_words));
}

/**
 * inn_host_state_to_nick:
 * @state: a state
 *
 * Returns: its stable name, for the store and `--json`
 */
const char *
inn_host_state_to_nick (InnHostState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (host_words), "failed");

  return host_words[state].nick;
}

/**
 * inn_vm_state_to_nick:
 * @state: a state
 *
 * Returns: libvirt's name of it
 */
const char *
inn_vm_state_to_nick (InnVmState state)
{
  if ((guint) state >= G_N_ELEMENTS (vm_words))
    return vm_words[INN_VM_NOSTATE].nick;

  return vm_words[state].nick;
}

/**
 * inn_vm_state_from_nick:
 * @nick: (nullable): libvirt's name of a state
 *
 * Returns: the state, %INN_VM_NOSTATE for an unknown name
 */
InnVmState
inn_vm_state_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (vm_words); i++)
    if (g_strcmp0 (nick, vm_words[i].nick) == 0)
      return i;

  return INN_VM_NOSTATE;
}

/**
 * inn_severity_to_nick:
 * @severity: a severity
 *
 * Returns: its stable name
 */
const char *
inn_severity_to_nick (InnSeverity severity)
{
  g_return_val_if_fail ((guint) severity < G_N_ELEMENTS (severity_words), "error");

  return severity_words[severity].nick;
}

/**
 * inn_host_state_get_label:
 * @state: a state
 *
 * Returns: its translated name
 */
const char *
inn_host_state_get_label (InnHostState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (host_words), "");

  return g_dpgettext2 (NULL, "host state", host_words[state].label);
}

/**
 * inn_vm_state_get_label:
 * @state: a state
 *
 * Returns: its translated name
 */
const char *
inn_vm_state_get_label (InnVmState state)
{
  if ((guint) state >= G_N_ELEMENTS (vm_words))
    state = INN_VM_NOSTATE;

  return g_dpgettext2 (NULL, "guest state", vm_words[state].label);
}

/**
 * inn_vm_state_is_active:
 * @state: a state
 *
 * Returns: whether the guest has a hypervisor process now (running, paused …)
 */
gboolean
inn_vm_state_is_active (InnVmState state)
{
  return state == INN_VM_RUNNING || state == INN_VM_BLOCKED || state == INN_VM_PAUSED ||
         state == INN_VM_SHUTDOWN || state == INN_VM_PMSUSPENDED;
}

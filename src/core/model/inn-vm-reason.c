/* inn-vm-reason.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-vm.h"

#include <glib/gi18n.h>

/* Why a guest is in its state, by libvirt's numbers: this room does not know libvirt. */
typedef struct
{
  InnVmState state;
  int reason;
  const char *nick;
  const char *label; /* NULL: the state says it all */
  const char *word;  /* by itself, beside the icon of the state */
} Reason;

static const Reason reasons[] = {
  { INN_VM_PAUSED, 1, "user", NULL, NULL },
  { INN_VM_PAUSED, 2, "migration", NC_ ("reason of a state", "migrating"),
    NC_ ("guest state", "Migrating") },
  { INN_VM_PAUSED, 3, "save", NC_ ("reason of a state", "saving"), NC_ ("guest state", "Saving") },
  { INN_VM_PAUSED, 4, "dump", NC_ ("reason of a state", "dumping"),
    NC_ ("guest state", "Dumping") },
  { INN_VM_PAUSED, 5, "ioerror", NC_ ("reason of a state", "I/O error"),
    NC_ ("guest state", "I/O error") },
  { INN_VM_PAUSED, 6, "watchdog", NC_ ("reason of a state", "watchdog"),
    NC_ ("guest state", "Watchdog") },
  { INN_VM_PAUSED, 7, "from-snapshot", NULL, NULL },
  { INN_VM_PAUSED, 8, "shutting-down", NC_ ("reason of a state", "shutting down"),
    NC_ ("guest state", "Shutting down") },
  { INN_VM_PAUSED, 9, "snapshot", NC_ ("reason of a state", "snapshot"),
    NC_ ("guest state", "Snapshot") },
  { INN_VM_PAUSED, 10, "crashed", NC_ ("reason of a state", "crashed"),
    NC_ ("guest state", "Crashed") },
  { INN_VM_PAUSED, 11, "starting-up", NC_ ("reason of a state", "starting"),
    NC_ ("guest state", "Starting") },
  { INN_VM_PAUSED, 12, "postcopy", NC_ ("reason of a state", "migrating"),
    NC_ ("guest state", "Migrating") },
  { INN_VM_PAUSED, 13, "postcopy-failed", NC_ ("reason of a state", "migration failed"),
    NC_ ("guest state", "Migration failed") },
  { INN_VM_PAUSED, 14, "api-error", NC_ ("reason of a state", "not resumed"),
    NC_ ("guest state", "Not resumed") },
  { INN_VM_SHUTOFF, 1, "shutdown", NULL, NULL },
  { INN_VM_SHUTOFF, 2, "destroyed", NULL, NULL },
  { INN_VM_SHUTOFF, 3, "crashed", NC_ ("reason of a state", "crashed"),
    NC_ ("guest state", "Crashed") },
  { INN_VM_SHUTOFF, 4, "migrated", NULL, NULL },
  { INN_VM_SHUTOFF, 5, "saved", NULL, NULL },
  { INN_VM_SHUTOFF, 6, "failed", NC_ ("reason of a state", "failed"),
    NC_ ("guest state", "Failed") },
  { INN_VM_SHUTOFF, 7, "from-snapshot", NULL, NULL },
  { INN_VM_SHUTOFF, 8, "daemon", NULL, NULL },
  { INN_VM_CRASHED, 1, "panicked", NULL, NULL },
};

static const Reason *
find_reason (InnVm *vm)
{
  InnVmState state = inn_vm_get_state (vm);
  int reason = inn_vm_get_reason (vm);

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].state == state && reasons[i].reason == reason)
      return &reasons[i];

  return NULL;
}

/**
 * inn_vm_get_reason_nick:
 * @self: a guest
 *
 * Returns: (nullable): libvirt's name of why it is paused, shut off or crashed
 */
const char *
inn_vm_get_reason_nick (InnVm *self)
{
  const Reason *reason;

  g_return_val_if_fail (INN_IS_VM (self), NULL);

  reason = find_reason (self);
  return reason != NULL ? reason->nick : NULL;
}

/**
 * inn_vm_has_io_error:
 * @self: a guest
 *
 * Returns: whether its host paused it because its storage failed
 */
gboolean
inn_vm_has_io_error (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), FALSE);

  return inn_vm_get_state (self) == INN_VM_PAUSED &&
         g_strcmp0 (inn_vm_get_reason_nick (self), "ioerror") == 0;
}

/**
 * inn_vm_dup_state_text:
 * @self: a guest
 *
 * Returns: (transfer full): its state, with why when that is not what somebody wanted, translated
 */
char *
inn_vm_dup_state_text (InnVm *self)
{
  const Reason *reason;
  const char *label;

  g_return_val_if_fail (INN_IS_VM (self), NULL);

  reason = find_reason (self);
  label = inn_vm_state_get_label (inn_vm_get_state (self));
  if (reason == NULL || reason->label == NULL)
    return g_strdup (label);

  /* Translators: the state of a guest and why it is in it: "Paused (I/O error)" */
  return g_strdup_printf (_ ("%s (%s)"), label,
                          g_dpgettext2 (NULL, "reason of a state", reason->label));
}

/**
 * inn_vm_get_state_word:
 * @self: a guest
 *
 * For a narrow place beside the icon of its state.
 *
 * Returns: its state or, when that is not what somebody wanted, why it is in it; translated
 */
const char *
inn_vm_get_state_word (InnVm *self)
{
  const Reason *reason;

  g_return_val_if_fail (INN_IS_VM (self), "");

  reason = find_reason (self);
  if (reason == NULL || reason->word == NULL)
    return inn_vm_state_get_label (inn_vm_get_state (self));

  return g_dpgettext2 (NULL, "guest state", reason->word);
}

/**
 * inn_vm_list_state_words:
 *
 * Returns: (transfer container) (element-type utf8): all that inn_vm_get_state_word() says
 */
GPtrArray *
inn_vm_list_state_words (void)
{
  GPtrArray *words = g_ptr_array_new ();

  for (InnVmState state = INN_VM_NOSTATE; state <= INN_VM_PMSUSPENDED; state++)
    g_ptr_array_add (words, (gpointer) inn_vm_state_get_label (state));
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].word != NULL)
      g_ptr_array_add (words, (gpointer) g_dpgettext2 (NULL, "guest state", reasons[i].word));

  return words;
}

/* inn-vm-ops.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation-manager.h"
#include "virt/inn-session-manager.h"

G_BEGIN_DECLS

/**
 * InnVmAction:
 *
 * What can be done to a guest with one call. Nicks are the verbs of `innctl vm`: start, shutdown,
 * reboot, reset, poweroff, pause, resume, save, nmi, autostart-on, autostart-off, drop-saved.
 */
typedef enum
{
  INN_VM_ACTION_START,
  INN_VM_ACTION_SHUTDOWN,
  INN_VM_ACTION_REBOOT,
  INN_VM_ACTION_RESET,
  INN_VM_ACTION_POWER_OFF,
  INN_VM_ACTION_PAUSE,
  INN_VM_ACTION_RESUME,
  INN_VM_ACTION_SAVE,
  INN_VM_ACTION_NMI,
  INN_VM_ACTION_AUTOSTART_ON,
  INN_VM_ACTION_AUTOSTART_OFF,
  INN_VM_ACTION_DROP_SAVED,
} InnVmAction;

#define INN_VM_N_ACTIONS (INN_VM_ACTION_DROP_SAVED + 1)

const char *inn_vm_action_to_nick (InnVmAction action);
gboolean inn_vm_action_from_nick (const char *nick, InnVmAction *action);
gboolean inn_vm_action_from_operation (InnOperation *operation, InnVmAction *action);
const char *inn_vm_action_get_label (InnVmAction action);
gboolean inn_vm_action_is_destructive (InnVmAction action);

#define INN_TYPE_VM_OPS (inn_vm_ops_get_type ())

G_DECLARE_FINAL_TYPE (InnVmOps, inn_vm_ops, INN, VM_OPS, GObject)

InnVmOps *inn_vm_ops_new (InnSessionManager *sessions, InnOperationManager *operations);

/* Whether it makes sense now, as far as this view knows; the error says why not. */
gboolean inn_vm_ops_check_act (InnVmOps *self, InnVm *vm, InnVmAction action, GError **error);
gboolean inn_vm_ops_check_rename (InnVmOps *self, InnVm *vm, GError **error);
gboolean inn_vm_ops_check_delete (InnVmOps *self, InnVm *vm, GError **error);

/* Each starts at once, is added to the operations and returned (transfer full): await it with
 * inn_operation_await(). Precondition failures end the operation with an error; the model changes
 * only when the host's event says so. */
InnOperation *inn_vm_ops_act (InnVmOps *self, InnVm *vm, InnVmAction action);
InnOperation *inn_vm_ops_rename (InnVmOps *self, InnVm *vm, const char *new_name);
/* @volumes: (nullable): paths of storage to delete too, from inn_vm_ops_list_storage() */
InnOperation *inn_vm_ops_delete (InnVmOps *self, InnVm *vm, const char *const *volumes);
/* Resolves with a GPtrArray (boxed) of InnVmDisk: what deleting could take along. */
DexFuture *inn_vm_ops_list_storage (InnVmOps *self, InnVm *vm) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _InnVmPlace InnVmPlace;

/**
 * InnVmDisk:
 * @target: "vda"
 * @device: "disk", "cdrom"
 * @source: path or volume
 * @deletable: whether it is a volume of a pool, or a file that pools see
 * @shared_with: (nullable): who else uses it; then it is never deleted
 * @unasked: (nullable): names of hosts of the view that could not be asked whether they use it
 * @capacity_bytes: its size, 0 for unknown
 */
typedef struct
{
  char *target;
  char *device;
  char *source;
  gboolean deletable;
  char *shared_with;
  char *unasked;
  guint64 capacity_bytes;
  /*< private >*/
  InnVmPlace *place;
} InnVmDisk;

G_END_DECLS

/* inn-vm-ops.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-ops-private.h"

#include "base/inn-dex.h"

#include <glib/gi18n.h>
#include <string.h>

#define JOB_POLL_USEC (250 * G_TIME_SPAN_MILLISECOND)
#define JOB_PATIENCE_USEC (5 * G_TIME_SPAN_SECOND)
/* The name becomes a file name of the host ("NAME.xml", and longer ones beside it). */
#define MAX_NAME_BYTES 200

/**
 * InnVmOps:
 *
 * What can be done to a guest. Each verb is an [class@Operation]; it checks what can be known here,
 * lets a worker of the host make the call, and ends as the call ends. The model is left alone: it
 * follows the host's events.
 */
struct _InnVmOps
{
  GObject parent_instance;

  InnSessionManager *sessions;
  InnOperationManager *operations;
};

G_DEFINE_FINAL_TYPE (InnVmOps, inn_vm_ops, G_TYPE_OBJECT)

static void
inn_vm_ops_dispose (GObject *object)
{
  InnVmOps *self = INN_VM_OPS (object);

  g_clear_object (&self->sessions);
  g_clear_object (&self->operations);

  G_OBJECT_CLASS (inn_vm_ops_parent_class)->dispose (object);
}

static void
inn_vm_ops_class_init (InnVmOpsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_vm_ops_dispose;
}

static void
inn_vm_ops_init (InnVmOps *self)
{
}

/**
 * inn_vm_ops_new:
 * @sessions: the sessions of the hosts
 * @operations: where operations are listed
 *
 * Returns: (transfer full): the verbs
 */
InnVmOps *
inn_vm_ops_new (InnSessionManager *sessions, InnOperationManager *operations)
{
  InnVmOps *self;

  g_return_val_if_fail (INN_IS_SESSION_MANAGER (sessions), NULL);
  g_return_val_if_fail (INN_IS_OPERATION_MANAGER (operations), NULL);

  self = g_object_new (INN_TYPE_VM_OPS, NULL);
  self->sessions = g_object_ref (sessions);
  self->operations = g_object_ref (operations);

  return self;
}

static InnOperation *
begin (InnVmOps *self, InnVm *vm, const char *verb, const char *title)
{
  g_autofree char *kind = g_strconcat (INN_VM_KIND_PREFIX, verb, NULL);
  InnOperation *operation =
      inn_operation_new (kind, inn_vm_get_uuid (vm), inn_vm_get_name (vm), title);

  inn_operation_manager_add (self->operations, operation);
  return operation;
}

static InnOperation *
end_with (InnOperation *operation, const GError *error)
{
  inn_operation_fail (operation, error);
  return operation;
}

static InnSession *
get_session (InnVmOps *self, InnVm *vm, GError **error)
{
  InnSession *session = inn_session_manager_get_for_vm (self->sessions, vm);

  if (session == NULL)
    inn_error_set (error, INN_ERROR_NOT_CONNECTED, NULL,
                   _ ("The host of %s is not connected: connect it first"), inn_vm_get_name (vm));

  return session;
}

static const char *
feature_of (InnVmAction action)
{
  if (action == INN_VM_ACTION_RESET)
    return "reset";
  if (action == INN_VM_ACTION_NMI)
    return "nmi";
  if (action == INN_VM_ACTION_SAVE || action == INN_VM_ACTION_DROP_SAVED)
    return "managed-save";

  return NULL;
}

/* Whether the host that is connected knows the call behind a verb at all. */
static gboolean
check_feature (InnSession *session, InnVm *vm, const char *feature, GError **error)
{
  const InnHostFacts *facts = inn_host_get_facts (inn_vm_get_host (vm));
  guint64 version = facts->libvirt_version;

  if (feature == NULL || inn_session_supports (session, feature))
    return TRUE;

  inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                 _ ("%s cannot do that with its guests: it runs %s and libvirt "
                    "%u.%u.%u. A newer libvirt may be able to."),
                 inn_host_get_name (inn_vm_get_host (vm)),
                 facts->hypervisor != NULL ? facts->hypervisor : "?", (guint) (version / 1000000),
                 (guint) (version / 1000 % 1000), (guint) (version % 1000));
  return FALSE;
}

/* Hands the call to the host's worker. Its failure is the operation's, which shows it. */
static void
run (InnOperation *operation, InnSession *session, InnConnectionFunc func, InnVmCall *call)
{
  DexFuture *future =
      inn_session_run (session, func, call, (GDestroyNotify) _inn_vm_call_free, NULL);

  dex_future_disown (inn_operation_follow (operation, future));
}

typedef struct
{
  InnOperation *operation;
  InnSession *session;
  InnVm *vm;
  gint64 since;
} JobClosure;

static void
job_closure_free (JobClosure *closure)
{
  g_object_unref (closure->operation);
  g_object_unref (closure->session);
  g_object_unref (closure->vm);
  g_free (closure);
}

/* While the one call blocks, a second thread of the host is asked how far it is, and tells it to
 * stop. A cancelled job ends through that call, not before: only then is the guest as it was. */
static DexFuture *
watch_job_fiber (gpointer user_data)
{
  JobClosure *closure = user_data;

  while (!inn_operation_is_ended (closure->operation))
    {
      g_autoptr (GError) error = NULL;
      InnConnectionFunc func = _inn_vm_job_progress_thread;
      double progress;

      dex_await (inn_future_delay (JOB_POLL_USEC), NULL);
      if (inn_operation_is_ended (closure->operation))
        break;

      if (inn_operation_is_cancelled (closure->operation))
        {
          InnVmCall *call = _inn_vm_call_new (closure->vm);

          call->since = closure->since;
          dex_await (inn_session_run (closure->session, _inn_vm_job_abort_thread, call,
                                      (GDestroyNotify) _inn_vm_call_free, NULL),
                     &error);
          if (error != NULL)
            g_debug ("Not cancelled yet: %s", error->message);
          continue;
        }

      progress = dex_await_double (
          inn_future_timeout (inn_session_ask (closure->session, func,
                                               _inn_vm_call_new (closure->vm),
                                               (GDestroyNotify) _inn_vm_call_free, NULL),
                              JOB_PATIENCE_USEC),
          &error);
      if (error == NULL && !inn_operation_is_ended (closure->operation))
        inn_operation_set_progress (closure->operation, progress);
    }

  return dex_future_new_true ();
}

static void
watch_job (InnOperation *operation, InnSession *session, InnVm *vm)
{
  JobClosure *closure = g_new0 (JobClosure, 1);

  closure->operation = g_object_ref (operation);
  closure->session = g_object_ref (session);
  closure->vm = g_object_ref (vm);
  closure->since = g_get_monotonic_time ();
  inn_future_forget (
      inn_spawn ("watch_job_fiber", watch_job_fiber, closure, (GDestroyNotify) job_closure_free),
      "Watching a job");
}

/**
 * inn_vm_ops_check_act:
 * @self: the verbs
 * @vm: a guest
 * @action: what would be done
 * @error: (nullable): why not: %INN_ERROR_INVALID when the guest is in no state for it, another
 *   code when its host cannot do that or cannot be asked
 *
 * As far as this view knows: the host has the last word.
 *
 * Returns: whether @action makes sense now
 */
gboolean
inn_vm_ops_check_act (InnVmOps *self, InnVm *vm, InnVmAction action, GError **error)
{
  InnSession *session;

  g_return_val_if_fail (INN_IS_VM_OPS (self), FALSE);
  g_return_val_if_fail (INN_IS_VM (vm), FALSE);
  g_return_val_if_fail (action < INN_VM_N_ACTIONS, FALSE);

  if (!_inn_vm_action_check (action, vm, error))
    return FALSE;
  session = get_session (self, vm, error);

  return session != NULL && check_feature (session, vm, feature_of (action), error);
}

/**
 * inn_vm_ops_act:
 * @self: the verbs
 * @vm: a guest
 * @action: what to do
 *
 * The operation succeeds when the host has done it; for a shutdown and a reboot when the host has
 * taken the request: whether and when the guest's system follows is its own affair, and its events
 * tell. Only a save can be cancelled.
 *
 * Returns: (transfer full): the operation, at work or ended already
 */
InnOperation *
inn_vm_ops_act (InnVmOps *self, InnVm *vm, InnVmAction action)
{
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;
  InnOperation *operation;
  InnSession *session;
  InnVmCall *call;

  g_return_val_if_fail (INN_IS_VM_OPS (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);
  g_return_val_if_fail (action < INN_VM_N_ACTIONS, NULL);

  title = _inn_vm_action_format_title (action, inn_vm_get_name (vm));
  operation = begin (self, vm, inn_vm_action_to_nick (action), title);

  if (!inn_vm_ops_check_act (self, vm, action, &error))
    return end_with (operation, error);
  session = get_session (self, vm, &error);
  if (session == NULL)
    return end_with (operation, error);

  if (action == INN_VM_ACTION_SAVE)
    watch_job (operation, session, vm);
  else
    inn_operation_set_no_cancel_reason (operation,
                                        _ ("The host does it in one go and cannot be stopped"));

  if (action == INN_VM_ACTION_SHUTDOWN || action == INN_VM_ACTION_REBOOT)
    {
      dex_future_disown (
          inn_operation_follow (operation, _inn_vm_request (session, vm, action, operation)));
      return operation;
    }

  call = _inn_vm_call_new (vm);
  call->action = action;
  run (operation, session, _inn_vm_act_thread, call);

  return operation;
}

static gboolean
has_name (InnHost *host, const char *name)
{
  GListModel *vms = inn_host_get_vms (host);
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      if (g_strcmp0 (inn_vm_get_name (vm), name) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_name (const char *name, GError **error)
{
  const char *problem = NULL;

  if (name[0] == 0)
    problem = _ ("A guest needs a name");
  else if (!g_utf8_validate (name, -1, NULL))
    problem = _ ("The new name is not valid UTF-8");
  else if (strlen (name) > MAX_NAME_BYTES)
    problem = _ ("The new name is too long: 200 bytes is the most");
  else if (strchr (name, '/') != NULL || g_str_equal (name, ".") || g_str_equal (name, ".."))
    problem = _ ("The new name must be none of “.” and “..” and have no slash: it becomes the name "
                 "of a file on the host");
  else if (g_unichar_isspace (g_utf8_get_char (name)) ||
           g_unichar_isspace (g_utf8_get_char (g_utf8_find_prev_char (name, name + strlen (name)))))
    problem = _ ("The new name must not begin or end with a space");
  for (const char *at = name; problem == NULL && *at != 0; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      problem = _ ("The new name must not have control characters such as a line break");

  if (problem != NULL)
    inn_error_set (error, INN_ERROR_INVALID, NULL, "%s", problem);
  return problem == NULL;
}

static gboolean
check_new_name (InnVm *vm, const char *new_name, GError **error)
{
  const char *name = inn_vm_get_name (vm);

  if (!check_name (new_name, error))
    return FALSE;

  if (g_str_equal (name, new_name))
    inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("%s has that name already"), name);
  else if (has_name (inn_vm_get_host (vm), new_name))
    inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                   _ ("%s cannot be renamed: %s has a guest called %s already; choose another "
                      "name"),
                   name, inn_host_get_name (inn_vm_get_host (vm)), new_name);
  else
    return TRUE;

  return FALSE;
}

/**
 * inn_vm_ops_check_rename:
 * @self: the verbs
 * @vm: a guest
 * @error: (nullable): why not, as for [method@VmOps.check_act]
 *
 * Returns: whether @vm can be given another name now
 */
gboolean
inn_vm_ops_check_rename (InnVmOps *self, InnVm *vm, GError **error)
{
  InnSession *session;

  g_return_val_if_fail (INN_IS_VM_OPS (self), FALSE);
  g_return_val_if_fail (INN_IS_VM (vm), FALSE);

  if (!_inn_vm_check_host (vm, error))
    return FALSE;
  if (inn_vm_is_active (vm))
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("%s is not shut off, and only then can its host rename it: shut it down "
                        "first"),
                     inn_vm_get_name (vm));
      return FALSE;
    }
  session = get_session (self, vm, error);

  return session != NULL && check_feature (session, vm, "rename", error);
}

/**
 * inn_vm_ops_rename:
 * @self: the verbs
 * @vm: a guest that is shut off
 * @new_name: its new name, at most 200 bytes
 *
 * Returns: (transfer full): the operation, at work or ended already
 */
InnOperation *
inn_vm_ops_rename (InnVmOps *self, InnVm *vm, const char *new_name)
{
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;
  InnOperation *operation;
  InnSession *session;
  InnVmCall *call;

  g_return_val_if_fail (INN_IS_VM_OPS (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);
  g_return_val_if_fail (new_name != NULL, NULL);

  title = g_strdup_printf (_ ("Renaming %s"), inn_vm_get_name (vm));
  operation = begin (self, vm, "rename", title);

  if (!inn_vm_ops_check_rename (self, vm, &error) || !check_new_name (vm, new_name, &error))
    return end_with (operation, error);
  session = get_session (self, vm, &error);
  if (session == NULL)
    return end_with (operation, error);

  inn_operation_set_no_cancel_reason (operation,
                                      _ ("The host does it in one go and cannot be stopped"));
  call = _inn_vm_call_new (vm);
  call->new_name = g_strdup (new_name);
  run (operation, session, _inn_vm_rename_thread, call);

  return operation;
}

/**
 * inn_vm_ops_check_delete:
 * @self: the verbs
 * @vm: a guest
 * @error: (nullable): why not, as for [method@VmOps.check_act]
 *
 * Returns: whether @vm can be deleted now
 */
gboolean
inn_vm_ops_check_delete (InnVmOps *self, InnVm *vm, GError **error)
{
  g_return_val_if_fail (INN_IS_VM_OPS (self), FALSE);
  g_return_val_if_fail (INN_IS_VM (vm), FALSE);

  if (!_inn_vm_check_host (vm, error))
    return FALSE;
  if (!inn_vm_is_active (vm))
    return get_session (self, vm, error) != NULL;

  inn_error_set (error, INN_ERROR_INVALID, NULL,
                 _ ("%s is not shut off: shut it down or power it off before you delete it"),
                 inn_vm_get_name (vm));
  return FALSE;
}

/**
 * inn_vm_ops_delete:
 * @self: the verbs
 * @vm: a guest that is shut off
 * @volumes: (nullable): paths of storage to delete too
 *
 * Deletes the definition with what belongs to it alone (saved state, firmware variables, the host's
 * records of its snapshots), then @volumes: a guest that is started in between keeps everything.
 * What another guest of this or another host of the view uses, what may be used where nobody could
 * be asked, and what is merely inserted into a drive, is refused before anything is deleted. When a
 * volume cannot be deleted the error says which ones stayed.
 *
 * Returns: (transfer full): the operation, at work or ended already
 */
InnOperation *
inn_vm_ops_delete (InnVmOps *self, InnVm *vm, const char *const *volumes)
{
  g_autofree char *title = NULL;
  g_autoptr (GError) error = NULL;
  InnOperation *operation;

  g_return_val_if_fail (INN_IS_VM_OPS (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);

  title = g_strdup_printf (_ ("Deleting %s"), inn_vm_get_name (vm));
  operation = begin (self, vm, "delete", title);

  if (!inn_vm_ops_check_delete (self, vm, &error))
    return end_with (operation, error);

  inn_operation_set_no_cancel_reason (operation, _ ("What is deleted cannot be brought back"));
  dex_future_disown (
      inn_operation_follow (operation, _inn_vm_storage_delete (self->sessions, vm, volumes)));

  return operation;
}

/**
 * inn_vm_ops_list_storage:
 * @self: the verbs
 * @vm: a guest on a connected host
 *
 * Looks up the disks of a guest, whether its host's pools know them, and who else uses them: all
 * connected hosts of the view are asked, and those that cannot be are named.
 *
 * Returns: (transfer full): resolves with a #GPtrArray (boxed) of [struct@VmDisk]
 */
DexFuture *
inn_vm_ops_list_storage (InnVmOps *self, InnVm *vm)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (INN_IS_VM_OPS (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);

  if (get_session (self, vm, &error) == NULL)
    return inn_reject (g_steal_pointer (&error));

  return _inn_vm_storage_list (self->sessions, vm);
}

/* inn-vm-calls.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-ops-private.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>
#include <libvirt/virterror.h>

/* The libvirt calls behind the actions. All of it runs on the host's own threads. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)

/* Must be called on the main thread. */
InnVmCall *
_inn_vm_call_new (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  InnVmCall *call = g_new0 (InnVmCall, 1);

  call->uuid = g_strdup (inn_vm_get_uuid (vm));
  call->name = g_strdup (inn_vm_get_name (vm));
  call->host_name = g_strdup (host != NULL ? inn_host_get_name (host) : "?");

  return call;
}

void
_inn_vm_call_free (InnVmCall *call)
{
  g_free (call->uuid);
  g_free (call->name);
  g_free (call->host_name);
  g_free (call->new_name);
  g_strfreev (call->volumes);
  g_free (call);
}

virDomainPtr
_inn_vm_call_lookup (InnVmCall *call, virConnectPtr conn, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (conn, call->uuid);

  if (domain == NULL)
    inn_virt_set_error (error, _ ("%s is not on %s any more: look where it went, or refresh"),
                        call->name, call->host_name);

  return domain;
}

static int
resume (virDomainPtr domain)
{
  int state = VIR_DOMAIN_NOSTATE;

  if (virDomainGetState (domain, &state, NULL, 0) == 0 && state == VIR_DOMAIN_PMSUSPENDED)
    return virDomainPMWakeup (domain, 0);

  return virDomainResume (domain);
}

static int
act (virDomainPtr domain, InnVmAction action)
{
  switch (action)
    {
    case INN_VM_ACTION_START:
      return virDomainCreate (domain);
    case INN_VM_ACTION_RESET:
      return virDomainReset (domain, 0);
    case INN_VM_ACTION_POWER_OFF:
      return virDomainDestroy (domain);
    case INN_VM_ACTION_PAUSE:
      return virDomainSuspend (domain);
    case INN_VM_ACTION_RESUME:
      return resume (domain);
    case INN_VM_ACTION_SAVE:
      return virDomainManagedSave (domain, 0);
    case INN_VM_ACTION_NMI:
      return virDomainInjectNMI (domain, 0);
    case INN_VM_ACTION_AUTOSTART_ON:
      return virDomainSetAutostart (domain, 1);
    case INN_VM_ACTION_AUTOSTART_OFF:
      return virDomainSetAutostart (domain, 0);
    case INN_VM_ACTION_DROP_SAVED:
      return virDomainManagedSaveRemove (domain, 0);
    case INN_VM_ACTION_SHUTDOWN:
    case INN_VM_ACTION_REBOOT:
    default:
      g_return_val_if_reached (-1);
    }
}

/* Whether the guest's emulator has to answer for it. */
static gboolean
needs_answer (InnVmAction action)
{
  return action == INN_VM_ACTION_RESET || action == INN_VM_ACTION_PAUSE ||
         action == INN_VM_ACTION_RESUME || action == INN_VM_ACTION_SAVE ||
         action == INN_VM_ACTION_NMI;
}

gboolean
_inn_vm_act_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);

  if (domain == NULL || (needs_answer (call->action) &&
                         !inn_virt_check_answers (domain, call->name, INN_VM_PATIENCE, error)))
    return FALSE;

  if (act (domain, call->action) < 0)
    {
      g_autofree char *headline =
          _inn_vm_action_format_failure (call->action, call->name, call->host_name);

      if (virGetLastErrorCode () == VIR_ERR_OPERATION_ABORTED)
        inn_error_set (error, INN_ERROR_CANCELLED, virGetLastErrorMessage (),
                       _ ("It was cancelled; %s goes on as before"), call->name);
      else
        inn_virt_set_error (error, "%s", headline);
      return FALSE;
    }

  return TRUE;
}

/* libvirt refuses these too, in words that do not say what to do. */
static gboolean
check_rename (InnVmCall *call, virDomainPtr domain, GError **error)
{
  if (virDomainSnapshotNum (domain, 0) > 0)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("%s has snapshots, and its host cannot rename a guest with snapshots: "
                        "delete them first"),
                     call->name);
      return FALSE;
    }
  if (virDomainHasManagedSaveImage (domain, 0) > 0)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("%s has a saved state that belongs to its name: start it and shut it "
                        "down, or discard the saved state first"),
                     call->name);
      return FALSE;
    }

  return TRUE;
}

gboolean
_inn_vm_rename_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);

  if (domain == NULL || !check_rename (call, domain, error))
    return FALSE;

  if (virDomainRename (domain, call->new_name, 0) < 0)
    {
      inn_virt_set_error (error, _ ("Could not rename %s on %s to %s"), call->name, call->host_name,
                          call->new_name);
      return FALSE;
    }

  return TRUE;
}

/* Milliseconds by which a job may seem to be older than the operation that began it. */
#define CLOCK_SLACK 500

static double
fraction (virTypedParameterPtr params, int n, const char *done_key, const char *total_key)
{
  unsigned long long done = 0;
  unsigned long long total = 0;

  if (virTypedParamsGetULLong (params, n, done_key, &done) <= 0 ||
      virTypedParamsGetULLong (params, n, total_key, &total) <= 0 || total == 0)
    return -1;

  return MIN (1.0, (double) done / (double) total);
}

gboolean
_inn_vm_job_progress_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (data, conn, error);
  virTypedParameterPtr params = NULL;
  double progress = -1;
  int type = 0;
  int n = 0;

  if (domain == NULL)
    return FALSE;

  /* No job yet, none any more, or a driver without jobs: simply unknown. */
  if (virDomainGetJobStats (domain, &type, &params, &n, 0) == 0 && type != VIR_DOMAIN_JOB_NONE)
    {
      progress = fraction (params, n, VIR_DOMAIN_JOB_DATA_PROCESSED, VIR_DOMAIN_JOB_DATA_TOTAL);
      if (progress < 0)
        progress =
            fraction (params, n, VIR_DOMAIN_JOB_MEMORY_PROCESSED, VIR_DOMAIN_JOB_MEMORY_TOTAL);
    }
  virTypedParamsFree (params, n);

  g_value_init (result, G_TYPE_DOUBLE);
  g_value_set_double (result, progress);
  return TRUE;
}

/* Whether the job that the guest has now is the save that the caller began: not a backup or a
 * migration of somebody else, for whose end our save waits, and not a save that ran before. */
static gboolean
has_our_save (virDomainPtr domain, gint64 since)
{
  virTypedParameterPtr params = NULL;
  unsigned long long msec = 0;
  int operation = 0;
  int type = 0;
  int n = 0;
  gboolean ours = FALSE;

  if (virDomainGetJobStats (domain, &type, &params, &n, 0) == 0 && type != VIR_DOMAIN_JOB_NONE)
    {
      ours = virTypedParamsGetInt (params, n, VIR_DOMAIN_JOB_OPERATION, &operation) > 0 &&
             operation == VIR_DOMAIN_JOB_OPERATION_SAVE;
      if (virTypedParamsGetULLong (params, n, VIR_DOMAIN_JOB_TIME_ELAPSED, &msec) > 0)
        ours =
            ours && (gint64) msec <=
                        (g_get_monotonic_time () - since) / G_TIME_SPAN_MILLISECOND + CLOCK_SLACK;
    }
  virTypedParamsFree (params, n);

  return ours;
}

/* A save that has not begun, or is over, is nothing to abort. */
gboolean
_inn_vm_job_abort_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);

  if (domain == NULL)
    return FALSE;

  if (has_our_save (domain, call->since) && virDomainAbortJob (domain) < 0)
    {
      inn_virt_set_error (error, _ ("Could not cancel the job of %s on %s"), call->name,
                          call->host_name);
      return FALSE;
    }

  return TRUE;
}

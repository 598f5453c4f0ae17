/* inn-vm-request.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-ops-private.h"

#include "base/inn-dex.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>
#include <libvirt/virterror.h>

/* Asking a guest to shut down or to reboot: its agent, or, where there is none that answers, its
 * power button. libvirt can do both in one call, which waits for the agent for up to a minute. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)

/* ACPI or agent flags are refused by drivers that know neither (test, LXC). */
static gboolean
flags_were_refused (void)
{
  int code = virGetLastErrorCode ();

  return code == VIR_ERR_INVALID_ARG || code == VIR_ERR_ARGUMENT_UNSUPPORTED ||
         code == VIR_ERR_NO_SUPPORT || code == VIR_ERR_CONFIG_UNSUPPORTED;
}

/* Whether the guest's agent has its end of the channel open. */
static gboolean
has_agent (virDomainPtr domain)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, 0);

  return xml != NULL && _inn_vm_xml_has (xml, "/domain/devices/channel/target"
                                              "[@name='org.qemu.guest_agent.0']"
                                              "[@state='connected']");
}

static int
ask (virDomainPtr domain, InnVmAction action, gboolean agent)
{
  if (action == INN_VM_ACTION_REBOOT)
    return virDomainReboot (domain, agent ? VIR_DOMAIN_REBOOT_GUEST_AGENT
                                          : VIR_DOMAIN_REBOOT_ACPI_POWER_BTN);

  return virDomainShutdownFlags (domain, agent ? VIR_DOMAIN_SHUTDOWN_GUEST_AGENT
                                               : VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN);
}

static int
ask_plainly (virDomainPtr domain, InnVmAction action)
{
  if (action == INN_VM_ACTION_REBOOT)
    return virDomainReboot (domain, VIR_DOMAIN_REBOOT_DEFAULT);

  return virDomainShutdownFlags (domain, VIR_DOMAIN_SHUTDOWN_DEFAULT);
}

static gboolean
fail (InnVmCall *call, GError **error)
{
  g_autofree char *headline =
      _inn_vm_action_format_failure (call->action, call->name, call->host_name);

  inn_virt_set_error (error, "%s", headline);
  return FALSE;
}

/* The power button never waits for the guest. */
static gboolean
press (virDomainPtr domain, InnVmCall *call, GError **error)
{
  if (ask (domain, call->action, FALSE) == 0 ||
      (flags_were_refused () && ask_plainly (domain, call->action) == 0))
    return TRUE;

  return fail (call, error);
}

/* Result: whether it has been asked; else it has an agent, which waits for nobody here. */
static gboolean
first_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);
  gboolean agent;

  if (domain == NULL || !inn_virt_check_answers (domain, call->name, INN_VM_PATIENCE, error))
    return FALSE;

  agent = has_agent (domain);
  if (!agent && !press (domain, call, error))
    return FALSE;

  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, !agent);
  return TRUE;
}

/* Whether the guest is as it was wanted to be, whoever did it. */
static gboolean
is_off (virDomainPtr domain)
{
  int active = virDomainIsActive (domain);

  return active == 0 || (active < 0 && virGetLastErrorCode () == VIR_ERR_NO_DOMAIN);
}

static gboolean
agent_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);

  return domain != NULL && (ask (domain, call->action, TRUE) == 0 || fail (call, error));
}

/* After its agent has not answered, maybe for a minute. */
static gboolean
press_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);
  g_autoptr (GError) local = NULL;

  if (domain == NULL)
    return FALSE;
  if ((inn_virt_check_answers (domain, call->name, INN_VM_PATIENCE, &local) &&
       press (domain, call, &local)) ||
      (call->action == INN_VM_ACTION_SHUTDOWN && is_off (domain)))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

typedef struct
{
  InnSession *session;
  InnVm *vm;
  InnVmAction action;
  InnOperation *operation;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->session);
  g_object_unref (request->vm);
  g_object_unref (request->operation);
  g_free (request);
}

static InnVmCall *
make_call (Request *request)
{
  InnVmCall *call = _inn_vm_call_new (request->vm);

  call->action = request->action;
  return call;
}

static DexFuture *
request_fiber (gpointer data)
{
  Request *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unanswered = NULL;
  gboolean asked =
      dex_await_boolean (inn_session_run (request->session, first_thread, make_call (request),
                                          (GDestroyNotify) _inn_vm_call_free, NULL),
                         &error);

  if (error != NULL)
    return inn_reject (g_steal_pointer (&error));
  if (asked || dex_await (inn_session_request (request->session, agent_thread, make_call (request),
                                               (GDestroyNotify) _inn_vm_call_free),
                          &unanswered))
    return dex_future_new_true ();

  g_debug ("%s", unanswered->message);
  inn_operation_set_detail (
      request->operation, _ ("Its agent did not answer in time, so its power button was pressed"));
  return inn_session_run (request->session, press_thread, make_call (request),
                          (GDestroyNotify) _inn_vm_call_free, NULL);
}

DexFuture *
_inn_vm_request (InnSession *session, InnVm *vm, InnVmAction action, InnOperation *operation)
{
  Request *request = g_new0 (Request, 1);

  request->session = g_object_ref (session);
  request->vm = g_object_ref (vm);
  request->action = action;
  request->operation = g_object_ref (operation);
  return inn_spawn ("request_fiber", request_fiber, request, request_free);
}

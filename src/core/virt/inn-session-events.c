/* inn-session-events.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include <glib/gi18n.h>

/* What libvirt says happened: the state changes at once, the event log gets a line, and the next
 * look tells the rest. */

typedef struct
{
  int event;
  int detail; /* -1: any */
  InnVmState state;
  int reason;
  InnSeverity severity;
  const char *kind; /* NULL: nothing to report */
  const char *text;
} Change;

#define ANY (-1)

/* The first line that fits counts. */
static const Change changes[] = {
  { VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_MIGRATED, INN_VM_PAUSED,
    VIR_DOMAIN_PAUSED_STARTING_UP, INN_SEVERITY_INFO, NULL, NULL },
  { VIR_DOMAIN_EVENT_STARTED, VIR_DOMAIN_EVENT_STARTED_RESTORED, INN_VM_RUNNING,
    VIR_DOMAIN_RUNNING_RESTORED, INN_SEVERITY_INFO, "vm.started",
    N_ ("“%s” was resumed from its saved state") },
  { VIR_DOMAIN_EVENT_STARTED, ANY, INN_VM_RUNNING, VIR_DOMAIN_RUNNING_BOOTED, INN_SEVERITY_INFO,
    "vm.started", N_ ("“%s” was started") },
  { VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_MIGRATED, INN_VM_PAUSED,
    VIR_DOMAIN_PAUSED_MIGRATION, INN_SEVERITY_INFO, NULL, NULL },
  { VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_IOERROR, INN_VM_PAUSED,
    VIR_DOMAIN_PAUSED_IOERROR, INN_SEVERITY_WARNING, "vm.paused",
    N_ ("“%s” was paused because of an input/output error. Check its storage, then resume it.") },
  { VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_WATCHDOG, INN_VM_PAUSED,
    VIR_DOMAIN_PAUSED_WATCHDOG, INN_SEVERITY_WARNING, "vm.paused",
    N_ ("“%s” was paused by its watchdog") },
  { VIR_DOMAIN_EVENT_SUSPENDED, VIR_DOMAIN_EVENT_SUSPENDED_POSTCOPY_FAILED, INN_VM_PAUSED,
    VIR_DOMAIN_PAUSED_POSTCOPY_FAILED, INN_SEVERITY_ERROR, "vm.paused",
    N_ ("“%s” was paused because its migration failed half-way") },
  { VIR_DOMAIN_EVENT_SUSPENDED, ANY, INN_VM_PAUSED, VIR_DOMAIN_PAUSED_USER, INN_SEVERITY_INFO,
    "vm.paused", N_ ("“%s” was paused") },
  { VIR_DOMAIN_EVENT_RESUMED, VIR_DOMAIN_EVENT_RESUMED_MIGRATED, INN_VM_RUNNING,
    VIR_DOMAIN_RUNNING_MIGRATED, INN_SEVERITY_INFO, NULL, NULL },
  { VIR_DOMAIN_EVENT_RESUMED, ANY, INN_VM_RUNNING, VIR_DOMAIN_RUNNING_UNPAUSED, INN_SEVERITY_INFO,
    "vm.resumed", N_ ("“%s” was resumed") },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_MIGRATED, INN_VM_SHUTOFF,
    VIR_DOMAIN_SHUTOFF_MIGRATED, INN_SEVERITY_INFO, NULL, NULL },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_CRASHED, INN_VM_SHUTOFF,
    VIR_DOMAIN_SHUTOFF_CRASHED, INN_SEVERITY_ERROR, "vm.crashed", N_ ("“%s” crashed") },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_FAILED, INN_VM_SHUTOFF,
    VIR_DOMAIN_SHUTOFF_FAILED, INN_SEVERITY_ERROR, "vm.crashed",
    N_ ("“%s” ended because its emulator failed. Its log on the host says why.") },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_DESTROYED, INN_VM_SHUTOFF,
    VIR_DOMAIN_SHUTOFF_DESTROYED, INN_SEVERITY_INFO, "vm.stopped", N_ ("“%s” was powered off") },
  { VIR_DOMAIN_EVENT_STOPPED, VIR_DOMAIN_EVENT_STOPPED_SAVED, INN_VM_SHUTOFF,
    VIR_DOMAIN_SHUTOFF_SAVED, INN_SEVERITY_INFO, "vm.stopped", N_ ("“%s” was saved") },
  { VIR_DOMAIN_EVENT_STOPPED, ANY, INN_VM_SHUTOFF, VIR_DOMAIN_SHUTOFF_SHUTDOWN, INN_SEVERITY_INFO,
    "vm.stopped", N_ ("“%s” was shut down") },
  { VIR_DOMAIN_EVENT_SHUTDOWN, ANY, INN_VM_SHUTDOWN, VIR_DOMAIN_SHUTDOWN_UNKNOWN, INN_SEVERITY_INFO,
    NULL, NULL },
  { VIR_DOMAIN_EVENT_PMSUSPENDED, ANY, INN_VM_PMSUSPENDED, 0, INN_SEVERITY_INFO, "vm.suspended",
    N_ ("“%s” went to sleep") },
  { VIR_DOMAIN_EVENT_CRASHED, ANY, INN_VM_CRASHED, VIR_DOMAIN_CRASHED_PANICKED, INN_SEVERITY_ERROR,
    "vm.crashed", N_ ("The operating system of “%s” crashed") },
};

static const Change *
find_change (int event, int detail)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (changes[i].event == event && (changes[i].detail == ANY || changes[i].detail == detail))
      return &changes[i];

  return NULL;
}

static void
report (InnSession *self, InnSeverity severity, const char *kind, InnVm *vm, const char *text)
{
  inn_inventory_report (self->inventory, severity, kind, self->host, vm, "%s", text);
}

/* @format comes from the table above and takes one name. */
static void
report_change (InnSession *self, const Change *change, InnVm *vm)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *text = NULL;

  parts = g_strsplit (_ (change->text), "%s", 2);
  text = g_strjoinv (inn_vm_get_name (vm), parts);
  report (self, change->severity, change->kind, vm, text);
}

static void
apply_change (InnSession *self, const InnHappened *happened, InnVm *vm)
{
  const Change *change = find_change (happened->event, happened->detail);

  if (change == NULL || vm == NULL)
    return;

  inn_vm_apply_state (vm, change->state, change->reason,
                      inn_vm_state_is_active (change->state) ? happened->domain_id : -1);
  if (happened->event == VIR_DOMAIN_EVENT_STARTED)
    inn_vm_set_started_at (vm, inn_clock_get_real (self->clock) / G_USEC_PER_SEC);
  inn_host_mark_dirty (self->host);
  if (change->kind != NULL)
    report_change (self, change, vm);
}

/* A look may have found the guest before its event came. */
static void
on_defined (InnSession *self, const InnHappened *happened, InnVm *vm)
{
  if (vm == NULL || happened->detail == VIR_DOMAIN_EVENT_DEFINED_ADDED)
    inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "vm.defined", self->host, vm,
                          _ ("“%s” was defined"), happened->name);
  if (vm != NULL)
    _inn_session_want_description (self, happened->uuid);
}

static void
on_lifecycle (InnSession *self, const InnHappened *happened, InnVm *vm)
{
  if (happened->event == VIR_DOMAIN_EVENT_STARTED &&
      happened->detail == VIR_DOMAIN_EVENT_STARTED_MIGRATED)
    g_hash_table_add (self->incoming, g_strdup (happened->uuid));

  if (happened->event == VIR_DOMAIN_EVENT_UNDEFINED && vm != NULL && !inn_vm_is_active (vm))
    {
      inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "vm.removed", self->host, vm,
                            _ ("“%s” was removed"), inn_vm_get_name (vm));
      /* The look that follows takes it away. */
    }
  else if (happened->event == VIR_DOMAIN_EVENT_DEFINED)
    on_defined (self, happened, vm);
  else
    apply_change (self, happened, vm);

  _inn_session_look_soon (self, TRUE);
}

static void
on_agent (InnSession *self, const InnHappened *happened, InnVm *vm)
{
  gboolean connected = happened->event == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED;

  if (vm == NULL)
    return;

  if (connected)
    {
      inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "vm.agent-connected", self->host,
                            vm, _ ("The agent in “%s” answers"), inn_vm_get_name (vm));
      _inn_session_renew_addresses (self, happened->uuid);
    }
}

static void
on_io_error (InnSession *self, const InnHappened *happened, InnVm *vm)
{
  const char *disk = happened->text != NULL ? happened->text : "?";

  if (vm == NULL)
    return;

  if (happened->detail != 0)
    inn_inventory_report (self->inventory, INN_SEVERITY_WARNING, "vm.io-error", self->host, vm,
                          _ ("There is no space left for what “%s” writes to %s. Make room there."),
                          inn_vm_get_name (vm), disk);
  else
    inn_inventory_report (self->inventory, INN_SEVERITY_WARNING, "vm.io-error", self->host, vm,
                          _ ("A disk of “%s” failed to read or write (%s). Check its storage."),
                          inn_vm_get_name (vm), disk);
}

static void
on_other (InnSession *self, const InnHappened *happened, InnVm *vm)
{
  if (vm == NULL)
    return;

  switch (happened->kind)
    {
    case INN_HAPPENED_REBOOT:
      inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "vm.rebooted", self->host, vm,
                            _ ("“%s” was rebooted"), inn_vm_get_name (vm));
      _inn_session_renew_addresses (self, happened->uuid);
      break;
    case INN_HAPPENED_CONTROL_ERROR:
      inn_inventory_report (self->inventory, INN_SEVERITY_WARNING, "vm.control-error", self->host,
                            vm, _ ("libvirt lost control of “%s”. It may have to be powered off."),
                            inn_vm_get_name (vm));
      break;
    case INN_HAPPENED_DEVICE_ADDED:
      inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "vm.device-added", self->host, vm,
                            _ ("“%s” got the device “%s”"), inn_vm_get_name (vm),
                            happened->text != NULL ? happened->text : "?");
      break;
    case INN_HAPPENED_DEVICE_REMOVED:
      inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "vm.device-removed", self->host, vm,
                            _ ("“%s” lost the device “%s”"), inn_vm_get_name (vm),
                            happened->text != NULL ? happened->text : "?");
      break;
    case INN_HAPPENED_LIFECYCLE:
    case INN_HAPPENED_JOB_COMPLETED:
    case INN_HAPPENED_AGENT:
    case INN_HAPPENED_METADATA:
    case INN_HAPPENED_BALLOON:
    case INN_HAPPENED_IO_ERROR:
    default:
      break;
    }
}

/* Something happened to a guest, which this session may not know (yet). */
void
_inn_session_on_happened (InnSession *self, InnHappened *happened)
{
  InnVm *vm;

  inn_sampler_touch (self->sampler, happened->uuid);
  /* Until the first list is there, it tells all of this, or the look after it. */
  if (!self->online)
    {
      self->missed_event = TRUE;
      return;
    }

  vm = inn_host_find_vm (self->host, happened->uuid);
  switch (happened->kind)
    {
    case INN_HAPPENED_LIFECYCLE:
      on_lifecycle (self, happened, vm);
      break;
    case INN_HAPPENED_AGENT:
      on_agent (self, happened, vm);
      break;
    case INN_HAPPENED_IO_ERROR:
      on_io_error (self, happened, vm);
      _inn_session_look_soon (self, FALSE);
      break;
    case INN_HAPPENED_METADATA:
      _inn_session_want_description (self, happened->uuid);
      break;
    case INN_HAPPENED_REBOOT:
    case INN_HAPPENED_CONTROL_ERROR:
    case INN_HAPPENED_DEVICE_ADDED:
    case INN_HAPPENED_DEVICE_REMOVED:
    case INN_HAPPENED_JOB_COMPLETED:
    case INN_HAPPENED_BALLOON:
    default:
      on_other (self, happened, vm);
      _inn_session_look_soon (self, FALSE);
    }
}

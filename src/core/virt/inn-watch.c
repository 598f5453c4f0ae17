/* inn-watch.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-watch.h"

/* Handed to each callback; libvirt frees one reference a registration. */
typedef struct
{
  InnHappenedFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Hook;

/* Frees what happened. */
void
inn_happened_free (InnHappened *self)
{
  g_free (self->name);
  g_free (self->text);
  g_free (self);
}

static void
hook_clear (gpointer data)
{
  Hook *hook = data;

  hook->destroy (hook->data);
}

static void
hook_free (void *data)
{
  g_atomic_rc_box_release_full (data, hook_clear);
}

static void
say (Hook *hook,
     virDomainPtr domain,
     InnHappenedKind kind,
     int event,
     int detail,
     guint64 number,
     const char *text)
{
  InnHappened *happened = g_new0 (InnHappened, 1);
  const char *name = virDomainGetName (domain);

  happened->kind = kind;
  virDomainGetUUIDString (domain, happened->uuid);
  happened->name = g_utf8_make_valid (name != NULL ? name : "", -1);
  happened->domain_id = (int) virDomainGetID (domain);
  happened->event = event;
  happened->detail = detail;
  happened->number = number;
  happened->text = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
  hook->func (happened, hook->data);
}

static int
on_lifecycle (virConnectPtr conn, virDomainPtr domain, int event, int detail, void *hook)
{
  say (hook, domain, INN_HAPPENED_LIFECYCLE, event, detail, 0, NULL);
  return 0;
}

static void
on_reboot (virConnectPtr conn, virDomainPtr domain, void *hook)
{
  say (hook, domain, INN_HAPPENED_REBOOT, 0, 0, 0, NULL);
}

static void
on_device_added (virConnectPtr conn, virDomainPtr domain, const char *alias, void *hook)
{
  say (hook, domain, INN_HAPPENED_DEVICE_ADDED, 0, 0, 0, alias);
}

static void
on_device_removed (virConnectPtr conn, virDomainPtr domain, const char *alias, void *hook)
{
  say (hook, domain, INN_HAPPENED_DEVICE_REMOVED, 0, 0, 0, alias);
}

static void
on_job_completed (
    virConnectPtr conn, virDomainPtr domain, virTypedParameterPtr params, int n, void *hook)
{
  int operation = VIR_DOMAIN_JOB_OPERATION_UNKNOWN;

  virTypedParamsGetInt (params, n, VIR_DOMAIN_JOB_OPERATION, &operation);
  say (hook, domain, INN_HAPPENED_JOB_COMPLETED, operation, 0, 0, NULL);
}

static void
on_agent (virConnectPtr conn, virDomainPtr domain, int state, int reason, void *hook)
{
  say (hook, domain, INN_HAPPENED_AGENT, state, reason, 0, NULL);
}

static void
on_metadata (virConnectPtr conn, virDomainPtr domain, int type, const char *uri, void *hook)
{
  say (hook, domain, INN_HAPPENED_METADATA, type, 0, 0, uri);
}

static void
on_balloon (virConnectPtr conn, virDomainPtr domain, unsigned long long actual, void *hook)
{
  say (hook, domain, INN_HAPPENED_BALLOON, 0, 0, actual, NULL);
}

static void
on_io_error (virConnectPtr conn,
             virDomainPtr domain,
             const char *path,
             const char *alias,
             int action,
             const char *reason,
             void *hook)
{
  say (hook, domain, INN_HAPPENED_IO_ERROR, action, g_strcmp0 (reason, "enospc") == 0, 0,
       path != NULL && path[0] != '\0' ? path : alias);
}

static void
on_control_error (virConnectPtr conn, virDomainPtr domain, void *hook)
{
  say (hook, domain, INN_HAPPENED_CONTROL_ERROR, 0, 0, 0, NULL);
}

/* libvirt's own macro is a cast that clang warns about. */
#define CALLBACK(func) ((virConnectDomainEventGenericCallback) (void (*) (void)) (func))

static const struct
{
  int id;
  virConnectDomainEventGenericCallback func;
} callbacks[] = {
  { VIR_DOMAIN_EVENT_ID_LIFECYCLE, CALLBACK (on_lifecycle) },
  { VIR_DOMAIN_EVENT_ID_REBOOT, CALLBACK (on_reboot) },
  { VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, CALLBACK (on_device_added) },
  { VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, CALLBACK (on_device_removed) },
  { VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, CALLBACK (on_job_completed) },
  { VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, CALLBACK (on_agent) },
  { VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, CALLBACK (on_metadata) },
  { VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE, CALLBACK (on_balloon) },
  { VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON, CALLBACK (on_io_error) },
  { VIR_DOMAIN_EVENT_ID_CONTROL_ERROR, CALLBACK (on_control_error) },
};

/* Asks to be told what happens to guests. What a driver cannot tell is left out. Blocking, on a
 * worker; @func is called on the main thread. @data is referenced with @ref once and released with
 * @destroy when libvirt has let go of the last callback. */
void
inn_watch_start (InnWatch *self,
                 virConnectPtr conn,
                 InnHappenedFunc func,
                 gpointer (*ref) (gpointer data),
                 gpointer data,
                 GDestroyNotify destroy)
{
  Hook *hook = g_atomic_rc_box_new0 (Hook);

  hook->func = func;
  hook->data = ref (data);
  hook->destroy = destroy;

  self->ids = g_array_new (FALSE, FALSE, sizeof (int));
  for (guint i = 0; i < G_N_ELEMENTS (callbacks); i++)
    {
      int id = virConnectDomainEventRegisterAny (conn, NULL, callbacks[i].id, callbacks[i].func,
                                                 g_atomic_rc_box_acquire (hook), hook_free);

      if (id < 0)
        hook_free (hook);
      else
        g_array_append_val (self->ids, id);
    }
  hook_free (hook);
}

/* Blocking, on a worker. */
void
inn_watch_stop (InnWatch *self, virConnectPtr conn)
{
  if (self->ids == NULL)
    return;

  for (guint i = 0; i < self->ids->len; i++)
    virConnectDomainEventDeregisterAny (conn, g_array_index (self->ids, int, i));
  g_clear_pointer (&self->ids, g_array_unref);
}

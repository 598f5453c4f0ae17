/* inn-event.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-event.h"

/**
 * InnEvent:
 *
 * Something that happened, with its time: a line of the event log. Immutable but for the serial
 * number that the store gives it.
 */
struct _InnEvent
{
  GObject parent_instance;

  gint64 serial;
  gint64 time;
  InnSeverity severity;
  char *kind;
  char *host_id;
  char *host_name;
  char *vm_uuid;
  char *vm_name;
  char *text;
};

G_DEFINE_FINAL_TYPE (InnEvent, inn_event, G_TYPE_OBJECT)

static void
inn_event_finalize (GObject *object)
{
  InnEvent *self = INN_EVENT (object);

  g_free (self->kind);
  g_free (self->host_id);
  g_free (self->host_name);
  g_free (self->vm_uuid);
  g_free (self->vm_name);
  g_free (self->text);

  G_OBJECT_CLASS (inn_event_parent_class)->finalize (object);
}

static void
inn_event_class_init (InnEventClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_event_finalize;
}

static void
inn_event_init (InnEvent *self)
{
}

/**
 * inn_event_new:
 * @time: UNIX microseconds
 * @severity: how bad
 * @kind: stable name: "vm.started", "host.lost"
 * @host_id: (nullable): record id of the host
 * @host_name: (nullable): its name at that time
 * @vm_uuid: (nullable): UUID of the guest
 * @vm_name: (nullable): its name at that time
 * @text: what people read, translated, no markup
 *
 * Returns: (transfer full): an event
 */
InnEvent *
inn_event_new (gint64 time,
               InnSeverity severity,
               const char *kind,
               const char *host_id,
               const char *host_name,
               const char *vm_uuid,
               const char *vm_name,
               const char *text)
{
  InnEvent *self;

  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (INN_TYPE_EVENT, NULL);
  self->time = time;
  self->severity = severity;
  self->kind = g_strdup (kind);
  self->host_id = g_strdup (host_id);
  self->host_name = g_strdup (host_name);
  self->vm_uuid = g_strdup (vm_uuid);
  self->vm_name = g_strdup (vm_name);
  self->text = g_utf8_make_valid (text != NULL ? text : "", -1);

  return self;
}

/**
 * inn_event_set_serial:
 * @self: an event
 * @serial: the number the store gave it; grows with each event
 */
void
inn_event_set_serial (InnEvent *self, gint64 serial)
{
  g_return_if_fail (INN_IS_EVENT (self));

  self->serial = serial;
}

/**
 * inn_event_get_serial:
 * @self: an event
 *
 * Returns: the store's number of it, 0 before it is stored
 */
gint64
inn_event_get_serial (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), 0);

  return self->serial;
}

/**
 * inn_event_get_time:
 * @self: an event
 *
 * Returns: UNIX microseconds
 */
gint64
inn_event_get_time (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), 0);

  return self->time;
}

/**
 * inn_event_get_severity:
 * @self: an event
 *
 * Returns: how bad it is
 */
InnSeverity
inn_event_get_severity (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), INN_SEVERITY_INFO);

  return self->severity;
}

/**
 * inn_event_get_kind:
 * @self: an event
 *
 * Returns: its stable name
 */
const char *
inn_event_get_kind (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), NULL);

  return self->kind;
}

/**
 * inn_event_get_host_id:
 * @self: an event
 *
 * Returns: (nullable): record id of the host
 */
const char *
inn_event_get_host_id (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), NULL);

  return self->host_id;
}

/**
 * inn_event_get_host_name:
 * @self: an event
 *
 * Returns: (nullable): the host's name at that time
 */
const char *
inn_event_get_host_name (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), NULL);

  return self->host_name;
}

/**
 * inn_event_get_vm_uuid:
 * @self: an event
 *
 * Returns: (nullable): UUID of the guest
 */
const char *
inn_event_get_vm_uuid (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), NULL);

  return self->vm_uuid;
}

/**
 * inn_event_get_vm_name:
 * @self: an event
 *
 * Returns: (nullable): the guest's name at that time
 */
const char *
inn_event_get_vm_name (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), NULL);

  return self->vm_name;
}

/**
 * inn_event_get_text:
 * @self: an event
 *
 * Returns: what people read; no markup
 */
const char *
inn_event_get_text (InnEvent *self)
{
  g_return_val_if_fail (INN_IS_EVENT (self), NULL);

  return self->text;
}

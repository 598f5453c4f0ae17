/* inn-event.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-model-types.h"

G_BEGIN_DECLS

#define INN_TYPE_EVENT (inn_event_get_type ())

G_DECLARE_FINAL_TYPE (InnEvent, inn_event, INN, EVENT, GObject)

InnEvent *inn_event_new (gint64 time,
                         InnSeverity severity,
                         const char *kind,
                         const char *host_id,
                         const char *host_name,
                         const char *vm_uuid,
                         const char *vm_name,
                         const char *text);
gint64 inn_event_get_serial (InnEvent *self);
void inn_event_set_serial (InnEvent *self, gint64 serial);
gint64 inn_event_get_time (InnEvent *self);
InnSeverity inn_event_get_severity (InnEvent *self);
const char *inn_event_get_kind (InnEvent *self);
const char *inn_event_get_host_id (InnEvent *self);
const char *inn_event_get_host_name (InnEvent *self);
const char *inn_event_get_vm_uuid (InnEvent *self);
const char *inn_event_get_vm_name (InnEvent *self);
const char *inn_event_get_text (InnEvent *self);

G_END_DECLS

/* inn-event-rows.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-event.h"
#include "store/inn-database.h"

G_BEGIN_DECLS

#define INN_TYPE_EVENT_ROWS (inn_event_rows_get_type ())

/* Events as plain data, on their way to the worker or from it. Boxed, reference counted. */
typedef struct _InnEventRows InnEventRows;

/* Which events to read, oldest first; NULL and 0 mean no such limit. */
typedef struct
{
  gint64 after_serial;
  char *host_id;
  char *vm_uuid;
  guint limit; /* the newest so many */
} InnEventQuery;

void inn_event_query_free (gpointer query);

GType inn_event_rows_get_type (void);
InnEventRows *inn_event_rows_new (void);
InnEventRows *inn_event_rows_ref (InnEventRows *self);
void inn_event_rows_unref (InnEventRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnEventRows, inn_event_rows_unref)

void inn_event_rows_add (InnEventRows *self, InnEvent *event);
gint64 inn_event_rows_get_last_serial (InnEventRows *self);
gint64 inn_event_rows_get_serial (InnEventRows *self, guint index);
gboolean inn_event_rows_is_same (InnEvent *event, InnEvent *other);

/* On main: events but those of @writer (0 for none). */
GPtrArray *inn_event_rows_to_events (InnEventRows *self, gint64 writer);

/* On the worker. */
InnEventRows *inn_event_rows_read (InnDatabase *db, const InnEventQuery *query, GError **error);
gboolean inn_event_rows_write (InnDatabase *db, InnEventRows *self, gint64 writer, GError **error);

G_END_DECLS

/* inn-event-rows.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-event-rows.h"

typedef struct
{
  gint64 serial;
  gint64 writer;
  gint64 time;
  InnSeverity severity;
  const char *kind;
  const char *host_id;
  const char *host_name;
  const char *vm_uuid;
  const char *vm_name;
  const char *text;
} Row;

struct _InnEventRows
{
  gatomicrefcount ref_count;
  GArray *rows;
  GStringChunk *strings;
  gint64 last_serial;
};

G_DEFINE_BOXED_TYPE (InnEventRows, inn_event_rows, inn_event_rows_ref, inn_event_rows_unref)

#define STRING_CHUNK_BYTES 4096
/* What the disk keeps; the oldest go. */
#define MAX_EVENTS 100000
/* What two programs see of one host at the same time is one event. */
#define SAME_USEC (2 * G_USEC_PER_SEC)
/* How far back another program's word for it is looked for. */
#define SAME_ROWS 500

/**
 * inn_event_query_free:
 * @query: (transfer full): a query
 */
void
inn_event_query_free (gpointer query)
{
  InnEventQuery *self = query;

  g_free (self->host_id);
  g_free (self->vm_uuid);
  g_free (self);
}

/**
 * inn_event_rows_new:
 *
 * Returns: (transfer full): no events
 */
InnEventRows *
inn_event_rows_new (void)
{
  InnEventRows *self = g_new0 (InnEventRows, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  self->strings = g_string_chunk_new (STRING_CHUNK_BYTES);

  return self;
}

/**
 * inn_event_rows_ref:
 * @self: events
 *
 * Returns: (transfer full): @self
 */
InnEventRows *
inn_event_rows_ref (InnEventRows *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * inn_event_rows_unref:
 * @self: (transfer full): events
 */
void
inn_event_rows_unref (InnEventRows *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_array_unref (self->rows);
  g_string_chunk_free (self->strings);
  g_free (self);
}

static const char *
keep (InnEventRows *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert (self->strings, text) : NULL;
}

/**
 * inn_event_rows_add:
 * @self: events
 * @event: copied
 */
void
inn_event_rows_add (InnEventRows *self, InnEvent *event)
{
  const Row row = {
    .time = inn_event_get_time (event),
    .severity = inn_event_get_severity (event),
    .kind = keep (self, inn_event_get_kind (event)),
    .host_id = keep (self, inn_event_get_host_id (event)),
    .host_name = keep (self, inn_event_get_host_name (event)),
    .vm_uuid = keep (self, inn_event_get_vm_uuid (event)),
    .vm_name = keep (self, inn_event_get_vm_name (event)),
    .text = keep (self, inn_event_get_text (event)),
  };

  g_array_append_val (self->rows, row);
}

/**
 * inn_event_rows_get_last_serial:
 * @self: events that were read or written
 *
 * Returns: the serial number of the newest, or what they were read after
 */
gint64
inn_event_rows_get_last_serial (InnEventRows *self)
{
  return self->last_serial;
}

/**
 * inn_event_rows_get_serial:
 * @self: events that were read or written
 * @index: which
 *
 * Returns: its serial number
 */
gint64
inn_event_rows_get_serial (InnEventRows *self, guint index)
{
  g_return_val_if_fail (index < self->rows->len, 0);

  return g_array_index (self->rows, Row, index).serial;
}

/**
 * inn_event_rows_is_same:
 * @event: an event
 * @other: another one
 *
 * Returns: whether two programs saw the same thing happen
 */
gboolean
inn_event_rows_is_same (InnEvent *event, InnEvent *other)
{
  return ABS (inn_event_get_time (event) - inn_event_get_time (other)) < SAME_USEC &&
         g_strcmp0 (inn_event_get_kind (event), inn_event_get_kind (other)) == 0 &&
         g_strcmp0 (inn_event_get_host_id (event), inn_event_get_host_id (other)) == 0 &&
         g_strcmp0 (inn_event_get_vm_uuid (event), inn_event_get_vm_uuid (other)) == 0 &&
         g_strcmp0 (inn_event_get_text (event), inn_event_get_text (other)) == 0;
}

/**
 * inn_event_rows_to_events:
 * @self: events that were read
 * @writer: leaves out what this program run wrote itself; 0 for nobody
 *
 * Returns: (transfer full) (element-type InnEvent): oldest first
 */
GPtrArray *
inn_event_rows_to_events (InnEventRows *self, gint64 writer)
{
  GPtrArray *events = g_ptr_array_new_full (self->rows->len, g_object_unref);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      InnEvent *event;

      if (writer != 0 && row->writer == writer)
        continue;
      event = inn_event_new (row->time, row->severity, row->kind, row->host_id, row->host_name,
                             row->vm_uuid, row->vm_name, row->text);
      inn_event_set_serial (event, row->serial);
      g_ptr_array_add (events, event);
    }

  return events;
}

static sqlite3_stmt *
select_rows (InnDatabase *db, const InnEventQuery *query, GError **error)
{
  gint64 limit = query->limit > 0 ? (gint64) query->limit : -1;

/* Newest first, so that a limit keeps the newest; turned around below. */
#define SELECT                                                                                     \
  "SELECT serial, writer, time, severity, kind, host_id, host_name, vm_uuid, vm_name, text "       \
  "FROM event WHERE serial > ?1 "
#define NEWEST " ORDER BY serial DESC LIMIT ?2"
  if (query->host_id != NULL && query->vm_uuid != NULL)
    return inn_database_query (db, error, SELECT "AND vm_uuid = ?3 AND host_id = ?4" NEWEST, "iiss",
                               query->after_serial, limit, query->vm_uuid, query->host_id);
  if (query->vm_uuid != NULL)
    return inn_database_query (db, error, SELECT "AND vm_uuid = ?3" NEWEST, "iis",
                               query->after_serial, limit, query->vm_uuid);
  if (query->host_id != NULL)
    return inn_database_query (db, error, SELECT "AND host_id = ?3" NEWEST, "iis",
                               query->after_serial, limit, query->host_id);
  return inn_database_query (db, error, SELECT NEWEST, "ii", query->after_serial, limit);
#undef SELECT
#undef NEWEST
}

static void
turn_around (GArray *rows)
{
  for (guint i = 0; i < rows->len / 2; i++)
    {
      Row row = g_array_index (rows, Row, i);

      g_array_index (rows, Row, i) = g_array_index (rows, Row, rows->len - 1 - i);
      g_array_index (rows, Row, rows->len - 1 - i) = row;
    }
}

/**
 * inn_event_rows_read:
 * @db: an open database
 * @query: which
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the events, oldest first
 */
InnEventRows *
inn_event_rows_read (InnDatabase *db, const InnEventQuery *query, GError **error)
{
  g_autoptr (InnEventRows) self = inn_event_rows_new ();
  g_autoptr (GError) failure = NULL;
  sqlite3_stmt *row = select_rows (db, query, &failure);

  while (row != NULL && inn_database_next (db, row, &failure))
    {
      const Row event = {
        .serial = inn_row_int (row, 0),
        .writer = inn_row_int (row, 1),
        .time = inn_row_int (row, 2),
        .severity = (InnSeverity) CLAMP (inn_row_int (row, 3), 0, INN_SEVERITY_ERROR),
        .kind = keep (self, inn_row_text (row, 4)),
        .host_id = keep (self, inn_row_text (row, 5)),
        .host_name = keep (self, inn_row_text (row, 6)),
        .vm_uuid = keep (self, inn_row_text (row, 7)),
        .vm_name = keep (self, inn_row_text (row, 8)),
        .text = keep (self, inn_row_text (row, 9)),
      };

      g_array_append_val (self->rows, event);
    }
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  turn_around (self->rows);
  self->last_serial = self->rows->len > 0
                          ? g_array_index (self->rows, Row, self->rows->len - 1).serial
                          : query->after_serial;
  return g_steal_pointer (&self);
}

/* The serial number of what another program wrote of the same thing; 0 for none. */
static gboolean
find_same (InnDatabase *db, const Row *row, gint64 writer, gint64 *serial, GError **error)
{
  return inn_database_get_int (
      db, serial, error,
      "SELECT coalesce (max (serial), 0) FROM event "
      "WHERE serial > (SELECT coalesce (max (serial), 0) FROM event) - ?1 AND writer <> ?2 "
      "AND kind = ?3 AND host_id IS ?4 AND vm_uuid IS ?5 AND text = ?6 AND abs (time - ?7) < ?8",
      "iissssii", (gint64) SAME_ROWS, writer, row->kind, row->host_id, row->vm_uuid, row->text,
      row->time, (gint64) SAME_USEC);
}

static gboolean
write_row (InnDatabase *db, Row *row, gint64 writer, GError **error)
{
  if (!find_same (db, row, writer, &row->serial, error))
    return FALSE;
  if (row->serial != 0)
    return TRUE;

  if (!inn_database_run (
          db, error,
          "INSERT INTO event (writer, time, severity, kind, host_id, host_name, vm_uuid, vm_name, "
          "text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
          "iiissssss", writer, row->time, (gint64) row->severity, row->kind, row->host_id,
          row->host_name, row->vm_uuid, row->vm_name, row->text))
    return FALSE;

  row->serial = sqlite3_last_insert_rowid (inn_database_get_handle (db));
  return TRUE;
}

/**
 * inn_event_rows_write:
 * @db: an open database
 * @self: events
 * @writer: the number of this program run
 * @error: return location
 *
 * Writes all in one transaction, or nothing. What another program wrote already is not written
 * again and gets the serial number that it has.
 *
 * Returns: whether it is committed
 */
gboolean
inn_event_rows_write (InnDatabase *db, InnEventRows *self, gint64 writer, GError **error)
{
  gboolean ok = TRUE;

  if (!inn_database_begin (db, FALSE, error))
    return FALSE;

  for (guint i = 0; ok && i < self->rows->len; i++)
    {
      Row *row = &g_array_index (self->rows, Row, i);

      ok = write_row (db, row, writer, error);
      self->last_serial = MAX (self->last_serial, row->serial);
    }
  ok = ok && inn_database_run (db, error, "DELETE FROM event WHERE serial <= ?1", "i",
                               self->last_serial - MAX_EVENTS);

  return inn_database_end (db, ok, error);
}

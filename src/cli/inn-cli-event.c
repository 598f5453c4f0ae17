/* inn-cli-event.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>
#include <stdlib.h>

/* The store shows what other processes wrote within a second; more often is not worth a look. */
#define FOLLOW_USEC (500 * G_TIME_SPAN_MILLISECOND)
#define MOST_EVENTS 10000
#define DEFAULT_LIMIT 100

static const char *
or_dash (const char *text)
{
  return text != NULL ? text : "–";
}

static void
print_event_line (InnEvent *event)
{
  g_autofree char *time = inn_cli_format_time (inn_event_get_time (event));
  g_autofree char *host = inn_cli_escape (or_dash (inn_event_get_host_name (event)));
  g_autofree char *vm = inn_cli_escape (or_dash (inn_event_get_vm_name (event)));
  g_autofree char *text = inn_cli_escape (inn_event_get_text (event));

  inn_cli_print ("%s  %-7s  %s  %s  %s", time,
                 inn_severity_to_nick (inn_event_get_severity (event)), host, vm, text);
}

static void
print_event_json (InnEvent *event)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  inn_cli_json_add_event (builder, event);
  inn_cli_print_json (json_builder_get_root (builder), FALSE);
}

/* "10m", "2h", "3d", or a time as ISO 8601. */
static gboolean
read_since (const char *text, gint64 *since, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = NULL;
  char *end = NULL;
  gint64 amount = g_ascii_strtoll (text, &end, 10);
  gint64 unit = 0;

  if (end != text && end[0] != 0 && end[1] == 0 && amount >= 0 && amount < G_MAXINT32)
    unit = *end == 's'   ? G_TIME_SPAN_SECOND
           : *end == 'm' ? G_TIME_SPAN_MINUTE
           : *end == 'h' ? G_TIME_SPAN_HOUR
           : *end == 'd' ? G_TIME_SPAN_DAY
                         : 0;
  if (unit != 0)
    {
      *since = g_get_real_time () - amount * unit;
      return TRUE;
    }

  time = g_date_time_new_from_iso8601 (text, zone);
  if (time == NULL)
    {
      inn_cli_usage_error (error, _ ("“%s” is no time: write 30m, 2h, 3d or 2026-01-31T12:00:00"),
                           text);
      return FALSE;
    }

  *since = g_date_time_to_unix_usec (time);
  return TRUE;
}

/* What events are about; their ids as the store has them. */
static gboolean
read_objects (InnCliRun *run, char **host_id, char **vm_uuid, GError **error)
{
  const char *host_word = inn_cli_run_get_option (run, "host");
  const char *vm_word = inn_cli_run_get_option (run, "vm");
  g_autoptr (GError) unknown = NULL;

  if (host_word != NULL)
    {
      g_autoptr (InnHost) host = inn_cli_run_find_host (run, host_word, error);

      if (host == NULL)
        return FALSE;
      *host_id = g_strdup (inn_host_get_id (host));
    }
  if (vm_word != NULL)
    {
      g_autoptr (InnVm) vm = inn_cli_run_find_vm (run, vm_word, &unknown);

      /* A guest that is gone still has events, under its UUID. */
      if (vm == NULL && !g_uuid_string_is_valid (vm_word))
        {
          g_propagate_error (error, g_steal_pointer (&unknown));
          return FALSE;
        }
      *vm_uuid = vm != NULL ? g_strdup (inn_vm_get_uuid (vm)) : g_ascii_strdown (vm_word, -1);
    }

  return TRUE;
}

static GPtrArray *
keep_since (GPtrArray *events, gint64 since, guint limit)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = 0;

  for (guint i = 0; i < events->len; i++)
    n += inn_event_get_time (g_ptr_array_index (events, i)) >= since ? 1 : 0;
  for (guint i = 0; i < events->len; i++)
    {
      InnEvent *event = g_ptr_array_index (events, i);

      if (inn_event_get_time (event) < since)
        continue;
      if (n-- <= limit)
        g_ptr_array_add (kept, g_object_ref (event));
    }

  return kept;
}

static int
compare_serials (gconstpointer a, gconstpointer b)
{
  gint64 left = inn_event_get_serial (*(InnEvent *const *) a);
  gint64 right = inn_event_get_serial (*(InnEvent *const *) b);

  return left < right ? -1 : left > right ? 1 : 0;
}

static void
print_events (InnCliRun *run, GPtrArray *events)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!inn_cli_run_get_json (run))
    {
      for (guint i = 0; i < events->len; i++)
        print_event_line (g_ptr_array_index (events, i));
      return;
    }

  builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < events->len; i++)
    inn_cli_json_add_event (builder, g_ptr_array_index (events, i));
  json_builder_end_array (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static gboolean
read_limit (InnCliRun *run, guint *limit, GError **error)
{
  const char *text = inn_cli_run_get_option (run, "limit");
  guint64 number = DEFAULT_LIMIT;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, 1, MOST_EVENTS, &number, NULL))
    {
      inn_cli_usage_error (error, _ ("--limit takes 1 to %d"), MOST_EVENTS);
      return FALSE;
    }

  *limit = (guint) number;
  return TRUE;
}

static int
list (InnCliRun *run, GError **error)
{
  const char *since_text = inn_cli_run_get_option (run, "since");
  g_autofree char *host_id = NULL;
  g_autofree char *vm_uuid = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GPtrArray) kept = NULL;
  gint64 since = 0;
  guint limit = 0;

  if ((since_text != NULL && !read_since (since_text, &since, error)) ||
      !read_limit (run, &limit, error) || !read_objects (run, &host_id, &vm_uuid, error))
    return INN_CLI_FAILED;
  if (since_text != NULL && !inn_cli_run_has_option (run, "limit"))
    limit = MOST_EVENTS;

  events = dex_await_boxed (
      inn_store_query_events (inn_cli_run_get_store (run), 0, host_id, vm_uuid, MOST_EVENTS),
      error);
  if (events == NULL)
    return INN_CLI_FAILED;

  g_ptr_array_sort (events, compare_serials);
  kept = keep_since (events, since, limit);
  print_events (run, kept);
  return INN_CLI_DONE;
}

/* Prints what is newer than @serial; returns the newest serial. */
static gint64
print_newer (InnCliRun *run, gint64 serial, gboolean quiet)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = dex_await_boxed (
      inn_store_query_events (inn_cli_run_get_store (run), serial, NULL, NULL, MOST_EVENTS),
      &error);

  if (events == NULL)
    {
      inn_cli_run_report (run, error);
      return serial;
    }

  g_ptr_array_sort (events, compare_serials);
  for (guint i = 0; i < events->len; i++)
    {
      InnEvent *event = g_ptr_array_index (events, i);

      if (inn_event_get_serial (event) <= serial)
        continue;
      serial = inn_event_get_serial (event);
      if (quiet)
        continue;
      if (inn_cli_run_get_json (run))
        print_event_json (event);
      else
        print_event_line (event);
    }

  return serial;
}

/* Events of this run and of others alike come through the store, so each comes once. */
static int
follow (InnCliRun *run, GError **error)
{
  g_autoptr (GPtrArray) hosts = inn_cli_run_list_autoconnect (run);
  gint64 serial = print_newer (run, 0, TRUE);
  guint n_failed = inn_cli_run_connect (run, hosts);

  inn_cli_run_end_when_cancelled (run);
  while (!g_cancellable_is_cancelled (inn_cli_run_get_cancellable (run)) &&
         !inn_cli_output_is_gone ())
    {
      dex_await (inn_store_flush (inn_cli_run_get_store (run)), NULL);
      serial = print_newer (run, serial, FALSE);
      dex_await (inn_future_delay (FOLLOW_USEC), NULL);
    }

  return n_failed > 0 ? INN_CLI_PARTLY : INN_CLI_DONE;
}

const InnCliCommand inn_cli_event_commands[] = {
  { "event",
    "list",
    "",
    N_ ("List what happened"),
    N_ ("The newest come last. Without options the last 100."),
    0,
    0,
    list,
    { { "since", N_ ("TIME"), N_ ("Only from then on: 30m, 2h, 3d or 2026-01-31T12:00:00") },
      { "host", N_ ("HOST"), N_ ("Only what is about this host") },
      { "vm", N_ ("VM"), N_ ("Only what is about this guest") },
      { "limit", N_ ("NUMBER"), N_ ("At most so many, the newest") },
      { NULL } } },
  { "event",
    "follow",
    "",
    N_ ("Print what happens, until it is interrupted or nobody reads it"),
    N_ ("Connects the hosts that connect by themselves, and also shows what other processes on the "
        "same view see. With --json each line is an object."),
    0,
    0,
    follow,
    { { NULL } } },
  { NULL },
};

/* inn-cli-output.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-output.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

/**
 * inn_cli_write:
 * @text: what to print, with its newlines
 *
 * Writes to stdout, at once. What could not be written is told at the end, by
 * inn_cli_check_output().
 */
void
inn_cli_write (const char *text)
{
  fputs (text, stdout);
  fflush (stdout);
}

/**
 * inn_cli_output_is_gone:
 *
 * Returns: whether it is of no use to print any more: nobody reads the pipe, or the disk is full
 */
gboolean
inn_cli_output_is_gone (void)
{
  GPollFD output = { STDOUT_FILENO, 0, 0 };

  return ferror (stdout) != 0 ||
         (g_poll (&output, 1, 0) > 0 && (output.revents & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)) != 0);
}

/**
 * inn_cli_check_output:
 * @error: return location
 *
 * Called once, when nothing is printed any more.
 *
 * Returns: whether all that was printed could be written
 */
gboolean
inn_cli_check_output (GError **error)
{
  if (ferror (stdout) == 0)
    return TRUE;

  inn_error_set (
      error, INN_ERROR_FAILED, NULL,
      _ ("The output could not be written. See whether there is room where it goes; what "
         "was to be done has been done."));
  return FALSE;
}

/**
 * inn_cli_print:
 * @format: a line without its newline; data in it is escaped by the caller
 *
 * Prints a line to stdout.
 */
void
inn_cli_print (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  line = g_strconcat (text, "\n", NULL);
  inn_cli_write (line);
}

/**
 * inn_cli_print_table:
 * @table: a table
 *
 * Prints it to stdout.
 */
void
inn_cli_print_table (InnCliTable *table)
{
  g_autofree char *text = inn_cli_table_format (table);

  inn_cli_write (text);
}

/**
 * inn_cli_print_json:
 * @node: (transfer full): what to print
 * @pretty: over several lines; else on one, for a stream
 */
void
inn_cli_print_json (JsonNode *node, gboolean pretty)
{
  g_autofree char *text = json_to_string (node, pretty);

  json_node_unref (node);
  inn_cli_print ("%s", text);
}

/**
 * inn_cli_note:
 * @format: a line without its newline
 *
 * Tells a person something that is no result, on stderr. Escapes it as a whole.
 */
void
inn_cli_note (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  escaped = inn_cli_escape (text);
  fprintf (stderr, "%s\n", escaped);
}

/**
 * inn_cli_error_to_json:
 * @error: (nullable): an error
 *
 * Returns: (transfer full): `{"code", "message", "details"}`, or null
 */
JsonNode *
inn_cli_error_to_json (const GError *error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (error == NULL)
    return json_node_new (JSON_NODE_NULL);

  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "code",
                       error->domain == G_OPTION_ERROR ? "usage" : inn_error_get_nick (error));
  inn_cli_json_string (builder, "message", error->message);
  inn_cli_json_string (builder, "details", inn_error_get_details (error));
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

/**
 * inn_cli_print_error:
 * @error: what went wrong
 * @json: as `{"error": …}` on one line
 *
 * Prints it to stderr.
 */
void
inn_cli_print_error (const GError *error, gboolean json)
{
  const char *details = inn_error_get_details (error);

  if (json)
    {
      g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
      g_autofree char *text = NULL;

      json_node_take_object (node, json_object_new ());
      json_object_set_member (json_node_get_object (node), "error", inn_cli_error_to_json (error));
      text = json_to_string (node, FALSE);
      fprintf (stderr, "%s\n", text);
      return;
    }

  inn_cli_note (_ ("innctl: %s"), error->message);
  if (details != NULL && *details != 0)
    inn_cli_note ("  %s", details);
}

void
inn_cli_json_string (JsonBuilder *builder, const char *name, const char *value)
{
  g_autofree char *valid = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  json_builder_set_member_name (builder, name);
  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

void
inn_cli_json_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
inn_cli_json_double (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

void
inn_cli_json_boolean (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
inn_cli_json_null (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_null_value (builder);
}

/* @usec: UNIX microseconds; 0 is unknown. */
void
inn_cli_json_time (JsonBuilder *builder, const char *name, gint64 usec)
{
  g_autoptr (GDateTime) time = usec > 0 ? g_date_time_new_from_unix_utc_usec (usec) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;

  inn_cli_json_string (builder, name, text);
}

/* Returns: (transfer full): local time for people; "–" for 0 */
char *
inn_cli_format_time (gint64 usec)
{
  g_autoptr (GDateTime) time = usec > 0 ? g_date_time_new_from_unix_local_usec (usec) : NULL;

  return time != NULL ? g_date_time_format (time, "%F %T") : g_strdup ("–");
}

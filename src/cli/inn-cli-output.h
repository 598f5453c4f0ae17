/* inn-cli-output.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What goes to the terminal: tables for people, JSON for programs. Names of hosts and guests are
 * data, so nothing in them reaches the terminal as a command. */

/* A column that is shown to the right, such as one of numbers, has a heading that begins with ">".
 */
typedef struct _InnCliTable InnCliTable;

InnCliTable *inn_cli_table_new (const char *const *headings);
void inn_cli_table_free (InnCliTable *self);
void inn_cli_table_take_row (InnCliTable *self, GStrv cells);
char *inn_cli_table_format (InnCliTable *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnCliTable, inn_cli_table_free)

char *inn_cli_escape (const char *text);
guint inn_cli_width (const char *text);

void inn_cli_write (const char *text);
gboolean inn_cli_output_is_gone (void);
gboolean inn_cli_check_output (GError **error);
void inn_cli_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
void inn_cli_print_table (InnCliTable *table);
void inn_cli_print_json (JsonNode *node, gboolean pretty);
void inn_cli_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
void inn_cli_print_error (const GError *error, gboolean json);

JsonNode *inn_cli_error_to_json (const GError *error);
void inn_cli_json_string (JsonBuilder *builder, const char *name, const char *value);
void inn_cli_json_int (JsonBuilder *builder, const char *name, gint64 value);
void inn_cli_json_double (JsonBuilder *builder, const char *name, double value);
void inn_cli_json_boolean (JsonBuilder *builder, const char *name, gboolean value);
void inn_cli_json_null (JsonBuilder *builder, const char *name);
void inn_cli_json_time (JsonBuilder *builder, const char *name, gint64 usec);
char *inn_cli_format_time (gint64 usec);

G_END_DECLS

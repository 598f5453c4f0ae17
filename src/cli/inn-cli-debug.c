/* inn-cli-debug.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-command.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>

static int
report (InnCliRun *run, GError **error)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *text =
      dex_await_string (inn_app_context_debug_report (inn_cli_run_get_context (run)), error);

  if (text == NULL)
    return INN_CLI_FAILED;

  if (!inn_cli_run_get_json (run))
    {
      inn_cli_print ("%s", g_strchomp (text));
      return INN_CLI_DONE;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "report", text);
  json_builder_end_object (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
  return INN_CLI_DONE;
}

const InnCliCommand inn_cli_debug_commands[] = {
  { "debug",
    "report",
    "",
    N_ ("Print a report that can go with a bug report"),
    N_ ("Names, addresses, UUIDs and paths are masked. Read it before you send it all the same."),
    0,
    0,
    report,
    { { NULL } } },
  { NULL },
};

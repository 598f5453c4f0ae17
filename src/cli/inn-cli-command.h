/* inn-cli-command.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inn-cli-run.h"

G_BEGIN_DECLS

/* Exit codes. */
#define INN_CLI_DONE 0
#define INN_CLI_FAILED 1
#define INN_CLI_USAGE 2
#define INN_CLI_PARTLY 3

/**
 * InnCliOption:
 * @name: long name without dashes; %NULL ends a list
 * @argument: (nullable): what stands for its value in the help; %NULL for a flag
 * @help: what it does, to be translated
 */
typedef struct
{
  const char *name;
  const char *argument;
  const char *help;
} InnCliOption;

/* The body of a command, in a fiber. Returns an exit code; with @error set it is reported and at
 * least INN_CLI_FAILED. */
typedef int (*InnCliFunc) (InnCliRun *run, GError **error);

/**
 * InnCliCommand:
 * @noun: what it is about; %NULL ends a list
 * @verb: what is done
 * @arguments: their names in the help, ""
 * @summary: one line of help, to be translated
 * @description: (nullable): more help, to be translated
 * @min: fewest arguments
 * @max: most arguments, -1 for any number
 * @func: does it
 * @options: its own options
 */
typedef struct
{
  const char *noun;
  const char *verb;
  const char *arguments;
  const char *summary;
  const char *description;
  int min;
  int max;
  InnCliFunc func;
  InnCliOption options[8];
} InnCliCommand;

extern const InnCliCommand inn_cli_host_commands[];
extern const InnCliCommand inn_cli_cluster_commands[];
extern const InnCliCommand inn_cli_datacenter_commands[];
extern const InnCliCommand inn_cli_vm_commands[];
extern const InnCliCommand inn_cli_vm_look_commands[];
extern const InnCliCommand inn_cli_vm_console_commands[];
extern const InnCliCommand inn_cli_vm_action_commands[];
extern const InnCliCommand inn_cli_event_commands[];
extern const InnCliCommand inn_cli_operation_commands[];
extern const InnCliCommand inn_cli_debug_commands[];

/* What a command line asks for. */
typedef struct
{
  const InnCliCommand *command; /* NULL when only help or the version was asked for */
  char *text;                   /* that */
  char *store;
} InnCliRequest;

/* The end of commands that only record something: what it made, or that it is done. */
int inn_cli_print_id (InnCliRun *run, const char *id);
int inn_cli_finish (DexFuture *future, GError **error);

gboolean
inn_cli_parse (int argc, char **argv, InnCliRun *run, InnCliRequest *request, GError **error);
void inn_cli_request_clear (InnCliRequest *request);

G_END_DECLS

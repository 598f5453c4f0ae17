/* inn-cli-run.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

G_BEGIN_DECLS

#define INN_TYPE_CLI_RUN (inn_cli_run_get_type ())

G_DECLARE_FINAL_TYPE (InnCliRun, inn_cli_run, INN, CLI_RUN, GObject)

/* One run of innctl: what was asked, and the means to do it. Functions that await are called in
 * the fiber of the command. */
InnCliRun *inn_cli_run_new (void);

void inn_cli_run_set_context (InnCliRun *self, InnAppContext *context);
InnAppContext *inn_cli_run_get_context (InnCliRun *self);
InnInventory *inn_cli_run_get_inventory (InnCliRun *self);
InnStore *inn_cli_run_get_store (InnCliRun *self);

void inn_cli_run_set_json (InnCliRun *self, gboolean json);
gboolean inn_cli_run_get_json (InnCliRun *self);
void inn_cli_run_set_yes (InnCliRun *self, gboolean yes);
void inn_cli_run_set_timeout (InnCliRun *self, gint64 usec);
gint64 inn_cli_run_get_timeout (InnCliRun *self);
void inn_cli_run_take_arguments (InnCliRun *self, GStrv arguments);
const char *const *inn_cli_run_get_arguments (InnCliRun *self);
const char *inn_cli_run_get_argument (InnCliRun *self, guint index);
void inn_cli_run_set_option (InnCliRun *self, const char *name, const char *value);
const char *inn_cli_run_get_option (InnCliRun *self, const char *name);
gboolean inn_cli_run_has_option (InnCliRun *self, const char *name);

/* An error of the person at the keyboard: exit code 2. */
void inn_cli_usage_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Asks on the terminal; TRUE at once with -y. */
gboolean inn_cli_run_confirm (InnCliRun *self, const char *question, GError **error);

/* Reports an error beside the result and goes on. */
void inn_cli_run_report (InnCliRun *self, const GError *error);

/* Ctrl+C. Returns FALSE when there was nothing that could be cancelled. */
gboolean inn_cli_run_interrupt (InnCliRun *self);
void inn_cli_run_end_when_cancelled (InnCliRun *self);
gboolean inn_cli_run_was_interrupted (InnCliRun *self);
GCancellable *inn_cli_run_get_cancellable (InnCliRun *self);

/* Finding things by name, id or, for hosts, address. */
InnHost *inn_cli_run_find_host (InnCliRun *self, const char *word, GError **error);
InnCluster *inn_cli_run_find_cluster (InnCliRun *self, const char *word, GError **error);
InnDataCenter *inn_cli_run_find_data_center (InnCliRun *self, const char *word, GError **error);
InnVm *inn_cli_run_find_vm (InnCliRun *self, const char *word, GError **error);

/* Connects all of them at once, within the timeout; reports those that fail. Returns how many. */
guint inn_cli_run_connect (InnCliRun *self, GPtrArray *hosts);
GPtrArray *inn_cli_run_list_autoconnect (InnCliRun *self);

/* Connects what has to be connected to know them, then finds the guests of all words; an InnVm (or
 * NULL, with the error reported) for each. */
GPtrArray *inn_cli_run_find_vms (InnCliRun *self, const char *const *words);

/* Waits for an operation to end, showing how far it is. */
gboolean inn_cli_run_follow (InnCliRun *self, InnOperation *operation, GError **error);

G_END_DECLS

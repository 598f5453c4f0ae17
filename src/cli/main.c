/* main.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-thread.h"
#include "inn-cli-command.h"
#include "inn-cli-output.h"
#include "inn-cli-prompter.h"
#include "inn-cli-raw.h"
#include "virt/inn-virt-error.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <unistd.h>

/* How long a host that does not answer may hold up the end. */
#define CLOSE_USEC (5 * G_TIME_SPAN_SECOND)
/* As a shell tells the end by a signal. */
#define SIGNALLED 128

typedef struct
{
  InnCliRun *run;
  const InnCliCommand *command;
  GMainLoop *loop;
  int exit_code;
  int signal_number; /* that came first, or 0 */
} Main;

/* When it is opened, and at once when writing fails while the command goes on. */
static void
show_notice (InnStore *store)
{
  const char *notice = inn_store_get_notice (store);

  if (notice != NULL)
    inn_cli_note ("%s", notice);
}

static int
run_command (Main *state)
{
  g_autoptr (GError) error = NULL;
  InnAppContext *context = inn_cli_run_get_context (state->run);
  int code;

  if (!dex_await (inn_app_context_open (context), &error))
    {
      inn_cli_run_report (state->run, error);
      return INN_CLI_FAILED;
    }
  show_notice (inn_app_context_get_store (context));
  g_signal_connect (inn_app_context_get_store (context), "notice-changed", G_CALLBACK (show_notice),
                    NULL);

  code = state->command->func (state->run, &error);
  if (inn_cli_run_was_interrupted (state->run))
    return SIGNALLED + state->signal_number;
  if (error == NULL)
    return code;

  inn_cli_run_report (state->run, error);
  if (error->domain == G_OPTION_ERROR)
    return INN_CLI_USAGE;
  return code == INN_CLI_PARTLY ? code : INN_CLI_FAILED;
}

static DexFuture *
main_fiber (gpointer user_data)
{
  Main *state = user_data;
  InnAppContext *context = inn_cli_run_get_context (state->run);
  g_autoptr (GError) error = NULL;

  state->exit_code = run_command (state);

  /* What was done is on disk before a dead host is waited for. */
  if (!dex_await (inn_store_flush (inn_app_context_get_store (context)), NULL))
    inn_cli_note (_ ("What happened meanwhile is not recorded in the local view"));
  if (!dex_await (inn_future_timeout (inn_app_context_close (context), CLOSE_USEC), &error))
    g_debug ("Not closed cleanly: %s", error->message);

  g_main_loop_quit (state->loop);
  return dex_future_new_true ();
}

static gboolean
end (Main *state, int signal_number)
{
  gboolean first = state->signal_number == 0;

  state->signal_number = signal_number;
  if (first && inn_cli_run_interrupt (state->run))
    return G_SOURCE_CONTINUE;

  state->exit_code = SIGNALLED + signal_number;
  g_main_loop_quit (state->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
interrupt_cb (gpointer user_data)
{
  return end (user_data, SIGINT);
}

static gboolean
terminate_cb (gpointer user_data)
{
  return end (user_data, SIGTERM);
}

static int
run_request (InnCliRun *run, InnCliRequest *request)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (InnCliPrompter) prompter = inn_cli_prompter_new ();
  g_autoptr (InnAppContext) context = inn_app_context_new (request->store, INN_PROMPTER (prompter));
  Main state = { run, request->command, loop, INN_CLI_FAILED, 0 };
  guint interrupt = g_unix_signal_add (SIGINT, interrupt_cb, &state);
  guint terminate = g_unix_signal_add (SIGTERM, terminate_cb, &state);

  inn_cli_run_set_context (run, context);
  inn_future_forget (inn_spawn ("main_fiber", main_fiber, &state, NULL), "innctl");
  g_main_loop_run (loop);

  inn_cli_raw_restore ();
  inn_cli_prompter_restore (prompter);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  inn_cli_run_set_context (run, NULL);
  return state.exit_code;
}

/* A stream that the caller closed would give its number to a socket or the store, and what is
 * printed would go there. In its place comes one that fails. */
static void
keep_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 &&
        open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
      abort ();
}

int
main (int argc, char **argv)
{
  g_autoptr (InnCliRun) run = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unwritten = NULL;
  InnCliRequest request = { 0 };
  int exit_code = INN_CLI_DONE;

  keep_streams ();
  inn_init ();
  g_set_prgname ("innctl");
  run = inn_cli_run_new ();

  if (!inn_cli_parse (argc, argv, run, &request, &error))
    {
      inn_cli_run_report (run, error);
      exit_code = INN_CLI_USAGE;
    }
  else if (request.command == NULL)
    inn_cli_write (request.text);
  else
    {
      /* It sets an environment variable: before anything can start a thread. */
      inn_virt_init ();
      exit_code = run_request (run, &request);
    }

  if (!inn_cli_check_output (&unwritten))
    {
      inn_cli_run_report (run, unwritten);
      exit_code = INN_CLI_FAILED;
    }
  inn_cli_request_clear (&request);
  return inn_leave (exit_code);
}

/* inn-cli-vm-console.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-text.h"
#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-text-link.h"
#include "console/inn-text-log.h"
#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"
#include "inn-cli-raw.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A text console in the terminal, or through pipes. */

#define LEAVE 0x1d /* Ctrl+] */
#define CHUNK 4096
#define FINISH_SECONDS 2

typedef struct
{
  InnCliRun *run;
  InnVm *vm;
  const InnTextDevice *device;
  InnTextLink *link;
  gboolean interactive;
  gboolean force;
  gboolean was_ready;
  guint stdin_id;
  DexPromise *left;
} Visit;

static void
leave (Visit *visit, const GError *error)
{
  if (error != NULL)
    dex_promise_reject (visit->left, g_error_copy (error));
  else
    dex_promise_resolve_boolean (visit->left, TRUE);
}

/* Whoever is at the terminal is told beside what the guest writes. */
static void tell (Visit *visit, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
tell (Visit *visit, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  va_list args;

  if (!visit->interactive)
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  escaped = inn_cli_escape (text);
  /* The terminal is raw: a new line does not go back to the left. */
  fprintf (stderr, "\r\n[%s]\r\n", escaped);
}

static gboolean
stdin_cb (int fd, GIOCondition condition, gpointer data)
{
  Visit *visit = data;
  InnTextSource *source = inn_text_link_get_source (visit->link);
  char buffer[CHUNK];
  gssize n = read (fd, buffer, sizeof buffer);
  const char *end;

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n <= 0)
    {
      visit->stdin_id = 0;
      if (visit->interactive)
        leave (visit, NULL);
      return G_SOURCE_REMOVE;
    }

  end = visit->interactive ? memchr (buffer, LEAVE, (gsize) n) : NULL;
  if (end != NULL)
    n = end - buffer;
  if (!inn_text_source_write (source, buffer, (gsize) n) && n > 0)
    tell (visit, "%s", _ ("the guest takes nothing that is typed at the moment"));
  if (end != NULL)
    leave (visit, NULL);
  return G_SOURCE_CONTINUE;
}

static void
link_cb (InnTextLink *link, Visit *visit)
{
  InnLinkState state = inn_link_get_state (INN_LINK (link));
  const char *name = inn_vm_get_name (visit->vm);

  if (state == INN_LINK_FAILED)
    leave (visit, inn_link_get_error (INN_LINK (link)));
  else if (state == INN_LINK_OFF && !visit->interactive)
    leave (visit, NULL);
  else if (state == INN_LINK_OFF)
    tell (visit, _ ("%s is off; Ctrl+] leaves"), name);
  else if (state == INN_LINK_READY && visit->was_ready)
    tell (visit, _ ("%s is back"), name);
  else if (state == INN_LINK_RECONNECTING)
    tell (visit, _ ("connecting to %s again; Ctrl+] leaves"), name);

  if (state == INN_LINK_READY && visit->stdin_id == 0 && !visit->was_ready)
    visit->stdin_id = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, stdin_cb, visit);
  visit->was_ready |= state == INN_LINK_READY;
}

static DexFuture *
open_cb (GObject *subject, gboolean force, GCancellable *cancellable, gpointer data)
{
  Visit *visit = data;

  force = force || visit->force;
  visit->force = FALSE;
  return inn_app_context_open_text (inn_cli_run_get_context (visit->run), INN_VM (subject),
                                    visit->device, force, cancellable);
}

static void
failed_cb (InnTextLog *log, Visit *visit)
{
  leave (visit, inn_text_log_get_error (log));
}

static InnTextLog *
start_log (Visit *visit, GError **error)
{
  const char *path = inn_cli_run_get_option (visit->run, "log");
  g_autoptr (InnTextLog) log = NULL;

  if (path == NULL)
    return NULL;

  log = inn_text_log_new (inn_text_link_get_source (visit->link), path);
  if (!dex_await (inn_text_log_open (log), error))
    return NULL;

  g_signal_connect (log, "failed", G_CALLBACK (failed_cb), visit);
  return g_steal_pointer (&log);
}

static void
closed_cb (InnTextSource *source, DexPromise *closed)
{
  if (dex_future_is_pending (DEX_FUTURE (closed)))
    dex_promise_resolve_boolean (closed, TRUE);
}

/* What was typed before the key that leaves is still the guest's. */
static void
finish (Visit *visit)
{
  InnTextSource *source = inn_text_link_get_source (visit->link);
  g_autoptr (DexPromise) closed = dex_promise_new ();
  gulong handler;

  if (!inn_text_source_is_open (source))
    return;

  handler = g_signal_connect (source, "closed", G_CALLBACK (closed_cb), closed);
  inn_text_source_finish (source);
  dex_await (dex_future_first (dex_ref (DEX_FUTURE (closed)),
                               dex_timeout_new_seconds (FINISH_SECONDS), NULL),
             NULL);
  g_signal_handler_disconnect (source, handler);
}

static gboolean
stay (Visit *visit, GError **error)
{
  g_autoptr (InnCliRaw) raw = visit->interactive ? inn_cli_raw_begin (STDIN_FILENO) : NULL;
  gboolean ok;

  g_signal_connect (visit->link, "changed", G_CALLBACK (link_cb), visit);
  tell (visit, _ ("%s of %s; Ctrl+] leaves"), visit->device->alias, inn_vm_get_name (visit->vm));
  inn_link_set_wanted (INN_LINK (visit->link), TRUE);
  ok = dex_await (
      dex_future_first (
          dex_ref (DEX_FUTURE (visit->left)),
          dex_cancellable_new_from_cancellable (inn_cli_run_get_cancellable (visit->run)), NULL),
      error);
  g_signal_handlers_disconnect_by_data (visit->link, visit);
  g_clear_handle_id (&visit->stdin_id, g_source_remove);
  if (ok)
    finish (visit);
  inn_link_close (INN_LINK (visit->link));

  return ok;
}

/* A slow reader gets everything, unless somebody wants to be gone. */
static void
close_output (Visit *visit, InnTextLog *output)
{
  DexFuture *closed = inn_text_log_close (output);

  if (inn_cli_run_was_interrupted (visit->run))
    closed = inn_future_timeout (closed, FINISH_SECONDS * G_USEC_PER_SEC);
  dex_await (closed, NULL);
}

static int
visit_device (Visit *visit, GError **error)
{
  g_autoptr (InnTextLog) output = NULL;
  g_autoptr (InnTextLog) log = NULL;
  g_autoptr (GError) local = NULL;

  inn_cli_run_end_when_cancelled (visit->run);
  visit->left = dex_promise_new ();
  visit->link = inn_text_link_new (G_OBJECT (visit->vm), open_cb, visit, NULL);
  output = inn_text_log_new_for_fd (inn_text_link_get_source (visit->link),
                                    fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  log = start_log (visit, &local);
  if (local == NULL && dex_await (inn_text_log_open (output), &local))
    {
      g_signal_connect (output, "failed", G_CALLBACK (failed_cb), visit);
      stay (visit, &local);
      close_output (visit, output);
      if (log != NULL)
        dex_await (inn_text_log_close (log), NULL);
    }
  if (visit->interactive)
    inn_cli_note ("%s", "");
  g_clear_object (&visit->link);
  dex_clear (&visit->left);

  if (local == NULL)
    return INN_CLI_DONE;
  g_propagate_error (error, g_steal_pointer (&local));
  return INN_CLI_FAILED;
}

/* Something that can end, or that somebody can read later: not a terminal and not /dev/null. */
static gboolean
is_piped (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && !S_ISCHR (status.st_mode);
}

static void
print_devices (InnCliRun *run, GPtrArray *devices)
{
  const char *const headings[] = { _ ("DEVICE"), _ ("KIND"), _ ("TYPE"), _ ("TARGET"), NULL };
  g_autoptr (InnCliTable) table = inn_cli_table_new (headings);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < devices->len; i++)
    {
      const InnTextDevice *device = g_ptr_array_index (devices, i);
      const char *const cells[] = { device->alias, device->element, device->type,
                                    device->target != NULL ? device->target : "–", NULL };

      inn_cli_table_take_row (table, g_strdupv ((GStrv) cells));
      json_builder_begin_object (builder);
      inn_cli_json_string (builder, "device", device->alias);
      inn_cli_json_string (builder, "kind", device->element);
      inn_cli_json_string (builder, "type", device->type);
      inn_cli_json_string (builder, "target", device->target);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  if (inn_cli_run_get_json (run))
    inn_cli_print_json (json_builder_get_root (builder), TRUE);
  else
    inn_cli_print_table (table);
}

static gboolean
check_streams (InnCliRun *run, gboolean *interactive, GError **error)
{
  *interactive = isatty (STDIN_FILENO) && isatty (STDOUT_FILENO);
  if (inn_cli_run_has_option (run, "list") || *interactive || is_piped (STDIN_FILENO) ||
      is_piped (STDOUT_FILENO))
    return TRUE;

  inn_cli_usage_error (error, _ ("A console needs a terminal, or a pipe to write to or read from"));
  return FALSE;
}

static int
console (InnCliRun *run, GError **error)
{
  const char *const words[] = { inn_cli_run_get_argument (run, 0), NULL };
  const char *word = inn_cli_run_get_option (run, "device");
  g_autoptr (GPtrArray) vms = NULL;
  g_autoptr (InnVm) vm = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  Visit visit = { .run = run, .force = inn_cli_run_has_option (run, "force") };

  if (!check_streams (run, &visit.interactive, error))
    return INN_CLI_FAILED;

  vms = inn_cli_run_find_vms (run, words);
  vm = g_ptr_array_steal_index (vms, 0);
  if (vm == NULL)
    return INN_CLI_FAILED;

  devices = dex_await_boxed (
      inn_future_timeout (inn_app_context_list_text (inn_cli_run_get_context (run), vm),
                          inn_cli_run_get_timeout (run)),
      error);
  if (devices == NULL)
    return INN_CLI_FAILED;
  if (inn_cli_run_has_option (run, "list"))
    {
      print_devices (run, devices);
      return INN_CLI_DONE;
    }

  visit.vm = vm;
  visit.device = inn_text_devices_find (devices, word);
  if (visit.device != NULL)
    return visit_device (&visit, error);

  if (word != NULL)
    inn_error_set (error, INN_ERROR_NOT_FOUND, NULL,
                   _ ("%s has no text device “%s”: --list shows what it has"), inn_vm_get_name (vm),
                   word);
  else
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("%s has no serial port, console or channel: add a serial port to it"),
                   inn_vm_get_name (vm));
  return INN_CLI_FAILED;
}

const InnCliCommand inn_cli_vm_console_commands[] = {
  { "vm",
    "console",
    "VM",
    N_ ("Open a serial port, console or channel of a guest in the terminal"),
    N_ ("Ctrl+] leaves. The console stays while the guest restarts. What is typed goes to the "
        "guest "
        "as it is, and so does a pipe; without a terminal it ends when the guest is off. What the "
        "guest writes reaches the terminal as it is, too: open consoles of guests that you trust. "
        "A reader that is too slow misses some of it, and a line says so."),
    1,
    1,
    console,
    { { "device", N_ ("DEVICE"), N_ ("That device, or channel of that name; else the first one") },
      { "list", NULL, N_ ("List what there is and open nothing") },
      { "force", NULL, N_ ("Take it from whoever has it open") },
      { "log", N_ ("FILE"),
        N_ ("Write to this file, too, byte for byte; an old one is continued") },
      { NULL } } },
  { NULL },
};

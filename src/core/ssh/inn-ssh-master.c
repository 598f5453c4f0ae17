/* inn-ssh-master.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-login-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "ssh/inn-ssh-child.h"
#include "ssh/inn-ssh-error.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <signal.h>

/* The OpenSSH master of a login: a child that is started, waited for, explained and ended. */

#define MESSAGES_BYTES_MAX (16 * 1024)
#define EXIT_GRACE_USEC (3 * G_USEC_PER_SEC)
#define DEATH_USEC (G_USEC_PER_SEC / 2)

/* Drops everything of a master that has ended, or has been told to. */
void
_inn_ssh_login_drop_master (InnSshLogin *self)
{
  self->is_open = FALSE;
  _inn_ssh_login_fail_waiting (self);
  g_ptr_array_set_size (self->bridges, 0);
  g_hash_table_remove_all (self->forwards);
  if (self->askpass != NULL)
    inn_ssh_askpass_close (self->askpass);
  g_clear_object (&self->askpass);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_clear_object (&self->master);
  dex_clear (&self->exited);
  dex_clear (&self->messages_read);
  g_clear_pointer (&self->runtime, inn_ssh_runtime_free);
}

static void
take_line (InnSshLogin *self, const char *line)
{
  g_debug ("%s: %s", self->host_name, line);
  g_string_append_printf (self->messages, "%s\n", line);
  if (self->messages->len > MESSAGES_BYTES_MAX)
    g_string_erase (self->messages, 0, (gssize) self->messages->len - MESSAGES_BYTES_MAX);
}

static void
take_message (const char *line, gpointer data)
{
  g_autoptr (InnSshLogin) self = inn_weak_get (data);

  if (self != NULL)
    take_line (self, line);
}

gboolean
_inn_ssh_login_start_master (InnSshLogin *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *askpass_path = NULL;
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GFile) directory = NULL;

  self->runtime = inn_ssh_runtime_new (error);
  if (self->runtime == NULL)
    return FALSE;

  argv = _inn_ssh_login_master_argv (self, error);
  if (argv == NULL)
    return FALSE;

  self->askpass = inn_ssh_askpass_new (self->host_id, self->host_name, self->prompter);
  askpass_path = inn_ssh_runtime_dup_path (self->runtime, "a");
  if (!inn_ssh_askpass_listen (self->askpass, askpass_path, error))
    return FALSE;
  inn_ssh_askpass_prepare (self->askpass, launcher);

  directory = g_file_new_for_path (inn_ssh_runtime_get_directory (self->runtime));
  self->monitor = g_file_monitor_directory (directory, G_FILE_MONITOR_NONE, NULL, NULL);

  g_string_truncate (self->messages, 0);
  self->master = inn_ssh_child_spawn (launcher, (const char *const *) argv->pdata, error);
  if (self->master == NULL)
    return FALSE;

  self->exited = inn_ssh_child_wait (self->master);
  self->messages_read =
      inn_ssh_child_read (g_subprocess_get_stderr_pipe (self->master), take_message,
                          inn_weak_new (self), inn_weak_unref, NULL);
  return TRUE;
}

static void
on_monitor_changed (
    GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static void
unref_promise (gpointer data, GClosure *closure)
{
  dex_unref (data);
}

/* ssh makes its control socket under another name and renames it when it listens: that the name is
 * there is all there is to know. The delay is for file systems without notification. */
static DexFuture *
await_change (InnSshLogin *self)
{
  DexPromise *changed = dex_promise_new ();

  if (self->monitor != NULL)
    g_signal_connect_data (self->monitor, "changed", G_CALLBACK (on_monitor_changed),
                           dex_ref (changed), unref_promise, G_CONNECT_DEFAULT);

  return dex_future_first (DEX_FUTURE (changed), inn_future_delay (G_USEC_PER_SEC / 2), NULL);
}

static gboolean
is_master_ready (InnSshLogin *self)
{
  g_autofree char *control = inn_ssh_runtime_dup_path (self->runtime, "m");

  return g_file_test (control, G_FILE_TEST_EXISTS);
}

/* The old key is in a file of unknown length, so a worker reads it. */
static gboolean
read_known_key (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  const char *file = data;
  const char *colon = strrchr (file, ':');
  g_autofree char *path = g_strndup (file, (gsize) (colon - file));
  guint64 number = g_ascii_strtoull (colon + 1, NULL, 10);

  g_value_init (result, G_TYPE_STRING);
  if (!g_file_get_contents (path, &content, NULL, NULL))
    return TRUE;

  lines = g_strsplit (content, "\n", -1);
  if (number > 0 && number <= g_strv_length (lines))
    g_value_take_string (result, inn_ssh_fingerprint_of_line (lines[number - 1]));
  return TRUE;
}

/* In a fiber. */
static GError *
add_fingerprints (GError *error, const char *output)
{
  g_autofree char *file = NULL;
  g_autofree char *known = NULL;
  guint line;
  g_autofree char *offered = inn_ssh_error_dup_changed_key (output, &file, &line);
  g_autofree char *details = NULL;
  GError *complete;

  if (file != NULL)
    known = dex_await_string (inn_thread_run ("known-hosts", read_known_key,
                                              g_strdup_printf ("%s:%u", file, line), g_free, NULL),
                              NULL);

  details = g_strdup_printf (
      _ ("On record: %s (%s, line %u)\nOffered now: %s\n\n%s"),
      known != NULL ? known : _ ("unknown"), file != NULL ? file : _ ("unknown file"), line,
      offered != NULL ? offered : _ ("unknown"), inn_error_get_details (error));
  complete = inn_error_new (error->code, details, "%s", error->message);
  g_error_free (error);

  return complete;
}

/* In a fiber, after the master has ended: waits for its last words too. */
static GError *
explain_end (InnSshLogin *self)
{
  GError *error;

  dex_await (inn_future_timeout (dex_ref (self->messages_read), G_USEC_PER_SEC), NULL);
  error = inn_ssh_error_from_output (self->host_name, self->messages->str);
  if (g_error_matches (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED))
    error = add_fingerprints (error, self->messages->str);

  return error;
}

/* In a fiber: NULL when the master runs. */
GError *
_inn_ssh_login_await_master (InnSshLogin *self)
{
  g_autoptr (DexFuture) verdict = inn_ssh_askpass_await_verdict (self->askpass);
  g_autoptr (DexFuture) stopped = dex_cancellable_new_from_cancellable (self->stop);
  GError *error = NULL;

  while (!is_master_ready (self))
    {
      dex_await (dex_future_first (await_change (self), dex_ref (self->exited), dex_ref (verdict),
                                   dex_ref (stopped), NULL),
                 NULL);
      if (dex_future_is_rejected (verdict))
        {
          dex_future_get_value (verdict, &error);
          return error;
        }
      if (dex_future_is_rejected (stopped))
        return _inn_ssh_login_cancelled_error (self);
      if (!dex_future_is_pending (self->exited))
        return explain_end (self);
    }

  return NULL;
}

/* A dying process closes its sockets in the order it opened them, so its clients see their end
 * after nobody listens any more, but perhaps before we hear that it has ended. Never waits: a queue
 * that is full is a sign of life. */
static gboolean
is_deaf (InnSshLogin *self, GError **error)
{
  g_autofree char *control = inn_ssh_runtime_dup_path (self->runtime, "m");
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (control);
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);

  if (socket == NULL)
    return FALSE;

  g_socket_set_blocking (socket, FALSE);
  return !g_socket_connect (socket, address, NULL, error) &&
         (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
          g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND));
}

/* In a fiber: whether something that failed may be tried again. A master that was killed does not
 * answer, and when the private folder was deleted nobody can speak to it any more: it is ended, and
 * the login is lost as with any other end. */
gboolean
_inn_ssh_login_is_usable (InnSshLogin *self)
{
  g_autoptr (DexFuture) exited = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->is_open || self->exited == NULL || !dex_future_is_pending (self->exited))
    return FALSE;
  if (!is_deaf (self, &error))
    return TRUE;

  exited = dex_ref (self->exited);
  take_line (self, error->message);
  g_subprocess_send_signal (self->master, SIGTERM);
  dex_await (inn_future_timeout (dex_ref (exited), EXIT_GRACE_USEC), NULL);
  return FALSE;
}

/* In a fiber: clients of a master that dies may see their end before we hear of its own. */
void
_inn_ssh_login_await_death (InnSshLogin *self)
{
  g_autoptr (DexFuture) exited = self->exited != NULL ? dex_ref (self->exited) : NULL;

  if (exited != NULL)
    dex_await (inn_future_timeout (dex_ref (exited), DEATH_USEC), NULL);
}

/* In a fiber: asks the master to end, and sees to it. */
void
_inn_ssh_login_end_master (InnSshLogin *self)
{
  g_autoptr (GSubprocess) master = g_steal_pointer (&self->master);
  g_autoptr (DexFuture) exited = g_steal_pointer (&self->exited);

  if (master == NULL)
    return;

  g_subprocess_send_signal (master, SIGTERM);
  if (!dex_await (inn_future_timeout (dex_ref (exited), EXIT_GRACE_USEC), NULL))
    {
      g_subprocess_force_exit (master);
      dex_await (dex_ref (exited), NULL);
    }
}

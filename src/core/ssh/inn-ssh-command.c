/* inn-ssh-command.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-command-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-child.h"
#include "ssh/inn-ssh-error.h"
#include "ssh/inn-ssh-quote.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>

#define PROGRESS_USEC (G_USEC_PER_SEC / 5)
/* What ssh exits with when it fails itself; see ssh(1). A command may do so, too. */
#define SSH_FAILED 255

#define EXIT_GRACE_USEC (2 * G_USEC_PER_SEC)

InnSshCommand *
_inn_ssh_command_new (InnSshLogin *login, const char *const *argv, GCancellable *cancellable)
{
  InnSshCommand *self = g_new0 (InnSshCommand, 1);

  self->login = g_object_ref (login);
  self->argv = g_strdupv ((GStrv) argv);
  self->input_fd = -1;
  self->output_fd = -1;
  g_set_object (&self->cancellable, cancellable);

  return self;
}

void
_inn_ssh_command_free (InnSshCommand *self)
{
  g_clear_object (&self->login);
  g_clear_pointer (&self->argv, g_strfreev);
  g_clear_pointer (&self->input, g_bytes_unref);
  g_clear_fd (&self->input_fd, NULL);
  g_clear_fd (&self->output_fd, NULL);
  g_clear_object (&self->operation);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
log_line (const char *line, gpointer operation)
{
  inn_operation_log (operation, "%s", line);
}

static DexFuture *
read_output (InnSshCommand *self, GInputStream *stream, gboolean quiet, GCancellable *cancellable)
{
  gboolean logged = self->operation != NULL && !quiet;

  return inn_ssh_child_read (stream, logged ? log_line : NULL,
                             logged ? g_object_ref (self->operation) : NULL,
                             logged ? g_object_unref : NULL, cancellable);
}

static GSubprocess *
spawn (InnSshCommand *self, GError **error)
{
  g_autoptr (GPtrArray) argv = _inn_ssh_login_channel_argv (self->login);
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDERR_PIPE;

  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (self->login->target.host));
  g_ptr_array_add (argv, inn_ssh_quote_command ((const char *const *) self->argv));

  if (self->input != NULL)
    flags |= G_SUBPROCESS_FLAGS_STDIN_PIPE;
  if (self->output_fd < 0)
    flags |= G_SUBPROCESS_FLAGS_STDOUT_PIPE;
  launcher = g_subprocess_launcher_new (flags);
  if (self->input_fd >= 0)
    g_subprocess_launcher_take_stdin_fd (launcher, fcntl (self->input_fd, F_DUPFD_CLOEXEC, 3));
  if (self->output_fd >= 0)
    g_subprocess_launcher_take_stdout_fd (launcher, fcntl (self->output_fd, F_DUPFD_CLOEXEC, 3));

  return inn_ssh_child_spawn (launcher, (const char *const *) argv->pdata, error);
}

/* In a fiber: FALSE when it was cancelled; the child has ended then too. */
static gboolean
await_exit (InnSshCommand *self, GSubprocess *child, DexFuture *exited)
{
  g_autoptr (DexFuture) cancelled =
      self->cancellable != NULL ? dex_cancellable_new_from_cancellable (self->cancellable) : NULL;

  while (dex_future_is_pending (exited))
    {
      g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

      g_ptr_array_add (futures, dex_ref (exited));
      if (cancelled != NULL)
        g_ptr_array_add (futures, dex_ref (cancelled));
      if (self->progress != NULL)
        g_ptr_array_add (futures, inn_future_delay (PROGRESS_USEC));
      dex_await (dex_future_firstv ((DexFuture **) futures->pdata, futures->len), NULL);

      if (self->progress != NULL)
        self->progress (self->progress_data);
      if (cancelled != NULL && dex_future_is_rejected (cancelled) && dex_future_is_pending (exited))
        {
          g_subprocess_send_signal (child, SIGTERM);
          if (!dex_await (inn_future_timeout (dex_ref (exited), EXIT_GRACE_USEC), NULL))
            g_subprocess_force_exit (child);
          dex_await (dex_ref (exited), NULL);
          return FALSE;
        }
    }

  return TRUE;
}

/* In a fiber: what was read so far when something on the host keeps the stream open. */
static GBytes *
finish_reading (DexFuture *reading, GCancellable *stop)
{
  if (!dex_await (inn_future_timeout (dex_ref (reading), EXIT_GRACE_USEC), NULL))
    g_cancellable_cancel (stop);

  return dex_await_boxed (dex_ref (reading), NULL);
}

static GError *
make_error (InnSshCommand *self, int status, GBytes *errors)
{
  g_autofree char *details = inn_ssh_clean_bytes (errors);
  gboolean refused = status == SSH_FAILED && _inn_ssh_login_was_refused (details);

  if (status == SSH_FAILED && !refused)
    _inn_ssh_login_await_death (self->login);
  if (!_inn_ssh_login_is_usable (self->login))
    return _inn_ssh_login_not_open_error (self->login);
  if (refused)
    return inn_error_new (INN_ERROR_REFUSED, details,
                          _ ("“%s” opens no further SSH session for “%s”: raise MaxSessions in its "
                             "sshd_config, or wait until other work is done"),
                          self->login->host_name, self->argv[0]);

  return inn_error_new (
      INN_ERROR_REMOTE, *details != '\0' ? details : NULL,
      /* Translators: a command, a host name, a number */
      _ ("“%s” failed on “%s” with exit status %d: the details are its own words"), self->argv[0],
      self->login->host_name, status);
}

static GBytes *
run_session (InnSshCommand *self, GError **error)
{
  g_autoptr (GSubprocess) child = spawn (self, error);
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  g_autoptr (DexFuture) exited = NULL;
  g_autoptr (DexFuture) output_read = NULL;
  g_autoptr (DexFuture) errors_read = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;
  gboolean completed;

  if (child == NULL)
    return NULL;

  exited = inn_ssh_child_wait (child);
  errors_read = read_output (self, g_subprocess_get_stderr_pipe (child), FALSE, stop);
  if (self->output_fd < 0)
    output_read = read_output (self, g_subprocess_get_stdout_pipe (child), self->quiet, stop);
  if (self->input != NULL)
    inn_future_forget (inn_ssh_child_write (g_subprocess_get_stdin_pipe (child), self->input),
                       "writing to a command");

  completed = await_exit (self, child, exited);
  if (!completed)
    g_cancellable_cancel (stop);
  errors = finish_reading (errors_read, stop);
  if (output_read != NULL)
    output = finish_reading (output_read, stop);

  if (!completed)
    inn_error_set (error, INN_ERROR_CANCELLED, NULL, _ ("“%s” was cancelled on “%s”"),
                   self->argv[0], self->login->host_name);
  else if (g_value_get_int (dex_future_get_value (exited, NULL)) != 0)
    g_propagate_error (
        error, make_error (self, g_value_get_int (dex_future_get_value (exited, NULL)), errors));
  else
    return output != NULL ? g_steal_pointer (&output) : g_bytes_new (NULL, 0);

  return NULL;
}

GBytes *
_inn_ssh_command_run (InnSshCommand *self, GError **error)
{
  if (!_inn_ssh_login_acquire (self->login, self->cancellable, error))
    return NULL;

  for (guint attempt = 0;; attempt++)
    {
      g_autoptr (GError) failure = NULL;
      g_autoptr (GError) end = NULL;
      GBytes *output = run_session (self, &failure);

      /* It was refused before anything ran: it may be tried again. */
      if (g_error_matches (failure, INN_ERROR, INN_ERROR_REFUSED) &&
          _inn_ssh_login_await_retry (self->login, attempt, self->cancellable, &end))
        continue;

      /* With an error the place is gone already. */
      if (end != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&end));
          return NULL;
        }
      _inn_ssh_login_release (self->login);
      if (failure != NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
      return output;
    }
}

static DexFuture *
run_fiber (gpointer data)
{
  GError *error = NULL;
  GBytes *output = _inn_ssh_command_run (data, &error);

  return output != NULL ? dex_future_new_take_boxed (G_TYPE_BYTES, output) : inn_reject (error);
}

/**
 * inn_ssh_login_run:
 * @self: a login
 * @argv: (array zero-terminated=1): a command of the host and its arguments; taken literally. Never
 *   a secret: arguments can be seen by everyone on both machines, use @stdin_bytes
 * @stdin_bytes: (nullable): what the command reads
 * @operation: (nullable): its log gets each line of stdout and stderr as it comes
 * @cancellable: (nullable): closes the session; a command that neither reads nor writes may run on
 *
 * Returns: (transfer full): resolves with a GBytes (boxed) of what the command wrote to stdout when
 *   it exits with 0; rejects with %INN_ERROR_REMOTE (stderr in the details),
 *   %INN_ERROR_NOT_CONNECTED or %INN_ERROR_CANCELLED
 */
DexFuture *
inn_ssh_login_run (InnSshLogin *self,
                   const char *const *argv,
                   GBytes *stdin_bytes,
                   InnOperation *operation,
                   GCancellable *cancellable)
{
  InnSshCommand *command;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  command = _inn_ssh_command_new (self, argv, cancellable);
  command->input = stdin_bytes != NULL ? g_bytes_ref (stdin_bytes) : NULL;
  g_set_object (&command->operation, operation);

  return inn_spawn ("run_fiber", run_fiber, command, (GDestroyNotify) _inn_ssh_command_free);
}

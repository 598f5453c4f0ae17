/* inn-ssh-channel.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-login-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-child.h"
#include "ssh/inn-ssh-error.h"
#include "ssh/inn-ssh-quote.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>

/* Commands of the host whose stdin and stdout are one socket. The master gets that very socket from
 * its client: nothing is copied in between. */

typedef struct
{
  InnSshLogin *login;
  GStrv argv; /* NULL for the user's shell on a terminal */
  int fd;     /* the far end: the command's stdin and stdout */
  GCancellable *cancellable;
  DexPromise *opened;
} Channel;

static void
channel_free (Channel *channel)
{
  g_clear_object (&channel->login);
  g_strfreev (channel->argv);
  g_clear_fd (&channel->fd, NULL);
  g_clear_object (&channel->cancellable);
  dex_clear (&channel->opened);
  g_free (channel);
}

static Channel *
channel_new (InnSshLogin *login, const char *const *argv, int fd, GCancellable *cancellable)
{
  Channel *channel = g_new0 (Channel, 1);

  channel->login = g_object_ref (login);
  channel->argv = g_strdupv ((GStrv) argv);
  channel->fd = fd;
  g_set_object (&channel->cancellable, cancellable);
  channel->opened = dex_promise_new ();

  return channel;
}

/* With -v the client says when the master has opened the session; nothing else tells. */
static void
watch_line (const char *line, gpointer opened)
{
  if (strstr (line, "master session id: ") != NULL)
    dex_promise_resolve_boolean (opened, TRUE);
  else if (!g_str_has_prefix (line, "debug1: "))
    g_debug ("%s", line);
}

static void
unref_promise (gpointer promise)
{
  dex_unref (promise);
}

/* For errors. */
static const char *
channel_name (Channel *channel)
{
  return channel->argv != NULL ? channel->argv[0] : _ ("a shell");
}

static GSubprocess *
channel_spawn (Channel *channel, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) argv = _inn_ssh_login_channel_argv (channel->login);

  g_ptr_array_add (argv, g_strdup ("-v"));
  if (channel->argv == NULL)
    {
      g_ptr_array_add (argv, g_strdup ("-tt"));
      g_ptr_array_add (argv, g_strdup ("-e"));
      g_ptr_array_add (argv, g_strdup ("none"));
      g_subprocess_launcher_setenv (launcher, "TERM", "xterm-256color", TRUE);
    }
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (channel->login->target.host));
  if (channel->argv != NULL)
    g_ptr_array_add (argv, inn_ssh_quote_command ((const char *const *) channel->argv));

  g_subprocess_launcher_take_stdin_fd (launcher, fcntl (channel->fd, F_DUPFD_CLOEXEC, 3));
  g_subprocess_launcher_take_stdout_fd (launcher, fcntl (channel->fd, F_DUPFD_CLOEXEC, 3));

  return inn_ssh_child_spawn (launcher, (const char *const *) argv->pdata, error);
}

/* In a fiber: why it ended before it was open. */
static GError *
explain_end (Channel *channel, DexFuture *read)
{
  g_autoptr (GBytes) bytes =
      dex_await_boxed (inn_future_timeout (dex_ref (read), G_USEC_PER_SEC), NULL);
  g_autofree char *details = inn_ssh_clean_bytes (bytes);

  if (!_inn_ssh_login_is_usable (channel->login))
    return _inn_ssh_login_not_open_error (channel->login);
  if (!_inn_ssh_login_was_refused (details))
    return inn_error_new (INN_ERROR_REMOTE, details,
                          _ ("“%s” could not be started on “%s”: the details say "
                             "what is in the way"),
                          channel_name (channel), channel->login->host_name);

  return inn_error_new (INN_ERROR_REFUSED, details,
                        _ ("“%s” opens no further SSH session for “%s”: raise MaxSessions in its "
                           "sshd_config, or wait until other work is done"),
                        channel->login->host_name, channel_name (channel));
}

/* In a fiber: one attempt, to its end. TRUE when the host refused it and nobody was told. */
static gboolean
run_once (Channel *channel, GSubprocess *child, GError **refusal)
{
  g_autoptr (DexFuture) exited = inn_ssh_child_wait (child);
  g_autoptr (DexFuture) read = inn_ssh_child_read (g_subprocess_get_stderr_pipe (child), watch_line,
                                                   dex_ref (channel->opened), unref_promise, NULL);
  g_autoptr (DexFuture) cancelled =
      channel->cancellable != NULL ? dex_cancellable_new_from_cancellable (channel->cancellable)
                                   : dex_future_new_infinite ();

  dex_await (
      dex_future_first (dex_ref (channel->opened), dex_ref (exited), dex_ref (cancelled), NULL),
      NULL);
  if (dex_future_is_rejected (cancelled) && dex_future_is_pending (DEX_FUTURE (channel->opened)))
    {
      g_subprocess_send_signal (child, SIGTERM);
      dex_promise_reject (channel->opened,
                          inn_error_new (INN_ERROR_CANCELLED, NULL,
                                         _ ("“%s” was cancelled on “%s”"), channel_name (channel),
                                         channel->login->host_name));
    }
  else if (dex_future_is_pending (DEX_FUTURE (channel->opened)))
    {
      g_autoptr (GError) end = explain_end (channel, read);

      /* A command may be over before its line was read. */
      if (dex_future_is_pending (DEX_FUTURE (channel->opened)))
        {
          g_propagate_error (refusal, g_steal_pointer (&end));
          return TRUE;
        }
    }

  /* The far end is the command's alone: ours would hide that it ended. */
  g_clear_fd (&channel->fd, NULL);
  dex_await (dex_ref (exited), NULL);
  return FALSE;
}

/* Runs for as long as the command; the place among the sessions is free when it ends. */
static DexFuture *
channel_fiber (gpointer data)
{
  Channel *channel = data;
  g_autoptr (GError) error = NULL;

  if (!_inn_ssh_login_acquire (channel->login, channel->cancellable, &error))
    {
      dex_promise_reject (channel->opened, g_steal_pointer (&error));
      return dex_future_new_true ();
    }

  for (guint attempt = 0;; attempt++)
    {
      g_autoptr (GError) refusal = NULL;
      g_autoptr (GSubprocess) child = channel_spawn (channel, &refusal);

      if (child != NULL && !run_once (channel, child, &refusal))
        break;
      if (g_error_matches (refusal, INN_ERROR, INN_ERROR_REFUSED) &&
          _inn_ssh_login_await_retry (channel->login, attempt, channel->cancellable, &error))
        continue;

      /* With an error the place is gone already. */
      if (error != NULL)
        {
          dex_promise_reject (channel->opened, g_steal_pointer (&error));
          return dex_future_new_true ();
        }
      dex_promise_reject (channel->opened, g_steal_pointer (&refusal));
      break;
    }

  _inn_ssh_login_release (channel->login);
  return dex_future_new_true ();
}

/* Takes @fd; resolves when the session is open. */
static DexFuture *
open_session (InnSshLogin *self, const char *const *argv, int fd, GCancellable *cancellable)
{
  Channel *channel = channel_new (self, argv, fd, cancellable);
  DexFuture *opened = dex_ref (DEX_FUTURE (channel->opened));

  inn_future_forget (
      inn_spawn ("channel_fiber", channel_fiber, channel, (GDestroyNotify) channel_free),
      "a channel of ssh");
  return opened;
}

typedef struct
{
  int fd;
} NearEnd;

static void
near_end_free (gpointer data)
{
  NearEnd *near = data;

  g_clear_fd (&near->fd, NULL);
  g_free (near);
}

static DexFuture *
hand_out_cb (DexFuture *completed, gpointer data)
{
  NearEnd *near = data;
  DexPromise *promise;

  if (dex_future_is_rejected (completed))
    return NULL;

  promise = dex_promise_new ();
  dex_promise_resolve_fd (promise, g_steal_fd (&near->fd));
  return DEX_FUTURE (promise);
}

/**
 * inn_ssh_login_open_channel:
 * @self: a login
 * @argv: (array zero-terminated=1): a command of the host; never a secret
 * @cancellable: (nullable): gives up before the session is open
 *
 * Returns: (transfer full): resolves with a socket (an fd) that is the command's stdin and stdout;
 *   it ends when the command does. Rejects with %INN_ERROR_REFUSED, %INN_ERROR_NOT_CONNECTED or
 *   %INN_ERROR_CANCELLED
 */
DexFuture *
inn_ssh_login_open_channel (InnSshLogin *self, const char *const *argv, GCancellable *cancellable)
{
  int ends[2];
  NearEnd *near;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return inn_reject (inn_error_new (INN_ERROR_FAILED, g_strerror (errno),
                                      _ ("No socket for “%s” could be made: close other programs "
                                         "or raise the limit of open files, and try again"),
                                      argv[0]));

  near = g_new0 (NearEnd, 1);
  near->fd = ends[0];
  return dex_future_then (open_session (self, argv, ends[1], cancellable), hand_out_cb, near,
                          near_end_free);
}

/* The two ends of a terminal; FALSE with errno set. */
static gboolean
open_terminal (int *master, int *slave)
{
  char name[64];

  *master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*master < 0)
    return FALSE;

  if (grantpt (*master) == 0 && unlockpt (*master) == 0 &&
      ptsname_r (*master, name, sizeof name) == 0)
    {
      *slave = open (name, O_RDWR | O_NOCTTY | O_CLOEXEC);
      if (*slave >= 0)
        return TRUE;
    }

  g_clear_fd (master, NULL);
  return FALSE;
}

/**
 * inn_ssh_login_open_shell:
 * @self: a login
 * @cancellable: (nullable): gives up before the session is open
 *
 * Returns: (transfer full): resolves with the master of a terminal (an fd), at whose other end is
 *   the user's shell on the host; its size is passed on, it ends when the shell does, and closing
 *   it hangs up. Rejects with %INN_ERROR_REFUSED, %INN_ERROR_NOT_CONNECTED or %INN_ERROR_CANCELLED
 */
DexFuture *
inn_ssh_login_open_shell (InnSshLogin *self, GCancellable *cancellable)
{
  int master;
  int slave;
  NearEnd *near;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);

  if (!open_terminal (&master, &slave))
    return inn_reject (inn_error_new (INN_ERROR_FAILED, g_strerror (errno),
                                      _ ("No terminal could be made: close other programs, and try "
                                         "again")));

  near = g_new0 (NearEnd, 1);
  near->fd = master;
  return dex_future_then (open_session (self, NULL, slave, cancellable), hand_out_cb, near,
                          near_end_free);
}

typedef struct
{
  GWeakRef login;
  GStrv argv;
} Bridge;

static void
bridge_free (gpointer data, GClosure *closure)
{
  Bridge *bridge = data;

  g_weak_ref_clear (&bridge->login);
  g_strfreev (bridge->argv);
  g_free (bridge);
}

static gboolean
on_bridge_incoming (GSocketService *service,
                    GSocketConnection *connection,
                    GObject *source,
                    Bridge *bridge)
{
  g_autoptr (InnSshLogin) login = g_weak_ref_get (&bridge->login);
  GSocket *socket = g_socket_connection_get_socket (connection);
  int fd;

  if (login == NULL)
    return TRUE;

  /* The connection object closes its own descriptor; the session keeps this one. */
  fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);
  if (fd >= 0)
    inn_future_forget (open_session (login, (const char *const *) bridge->argv, fd, NULL),
                       "bridging a socket");
  return TRUE;
}

/**
 * inn_ssh_login_bridge:
 * @self: a login
 * @argv: (array zero-terminated=1): a command of the host, started for each connection
 * @cancellable: (nullable): unused; making the socket does not wait
 *
 * Returns: (transfer full): resolves with the path of a private local socket; rejects with
 *   %INN_ERROR_NOT_CONNECTED or %INN_ERROR_FAILED. It goes when the login is closed.
 */
DexFuture *
inn_ssh_login_bridge (InnSshLogin *self, const char *const *argv, GCancellable *cancellable)
{
  g_autoptr (GSocketService) service = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *command = NULL;
  g_autofree char *key = NULL;
  const char *known;
  Bridge *bridge;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  if (!self->is_open)
    return inn_reject (_inn_ssh_login_not_open_error (self));

  command = inn_ssh_quote_command (argv);
  /* No forwarding begins like that, so both may share one table. */
  key = g_strconcat ("|", command, NULL);
  known = g_hash_table_lookup (self->forwards, key);
  if (known != NULL)
    return dex_future_new_take_string (g_strdup (known));

  path = inn_ssh_runtime_dup_fresh_path (self->runtime);
  address = g_unix_socket_address_new (path);
  service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error))
    return inn_reject (
        inn_error_new (INN_ERROR_FAILED, error->message,
                       _ ("No private socket for “%s” could be made: see that $XDG_RUNTIME_DIR or "
                          "/tmp can be written, and connect again"),
                       self->host_name));

  bridge = g_new0 (Bridge, 1);
  g_weak_ref_init (&bridge->login, self);
  bridge->argv = g_strdupv ((GStrv) argv);
  g_signal_connect_data (service, "incoming", G_CALLBACK (on_bridge_incoming), bridge, bridge_free,
                         G_CONNECT_DEFAULT);
  g_socket_service_start (service);
  g_ptr_array_add (self->bridges, g_steal_pointer (&service));
  g_hash_table_insert (self->forwards, g_steal_pointer (&key), g_strdup (path));

  return dex_future_new_take_string (g_steal_pointer (&path));
}

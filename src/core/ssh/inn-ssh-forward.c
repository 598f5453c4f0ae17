/* inn-ssh-forward.c
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
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Sockets and ports of the host, as private local sockets. A real local socket, and not the stdin
 * and stdout of a client: only so the end of the stream is passed on in each direction. */

typedef struct
{
  InnSshLogin *login;
  char *target; /* "PATH" or "HOST:PORT", as ssh -L takes it */
  char *shown;  /* the same for a person */
  GCancellable *cancellable;
} Forward;

static void
forward_free (Forward *forward)
{
  g_clear_object (&forward->login);
  g_free (forward->target);
  g_free (forward->shown);
  g_clear_object (&forward->cancellable);
  g_free (forward);
}

/* How long a host may take to say no when there is no session to measure a round trip with. */
#define REFUSAL_USEC (G_USEC_PER_SEC / 2)

/* In a fiber: makes the master listen; the path of the socket. */
static char *
listen_for (Forward *forward, GError **error)
{
  InnSshLogin *login = forward->login;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autoptr (DexFuture) exited = NULL;
  g_autoptr (DexFuture) read = NULL;
  g_autofree char *path = NULL;
  g_autofree char *local = NULL;
  const char *known;

  if (!login->is_open)
    {
      g_propagate_error (error, _inn_ssh_login_not_open_error (login));
      return NULL;
    }

  known = g_hash_table_lookup (login->forwards, forward->target);
  if (known != NULL)
    return g_strdup (known);

  path = inn_ssh_runtime_dup_fresh_path (login->runtime);
  local = inn_ssh_quote_forward_path (path);
  argv = _inn_ssh_login_channel_argv (login);
  g_ptr_array_add (argv, g_strdup ("-O"));
  g_ptr_array_add (argv, g_strdup ("forward"));
  g_ptr_array_add (argv, g_strdup ("-L"));
  g_ptr_array_add (argv, g_strdup_printf ("%s:%s", local, forward->target));
  g_ptr_array_add (argv, g_strdup ("--"));
  g_ptr_array_add (argv, g_strdup (login->target.host));

  child = inn_ssh_child_spawn (launcher, (const char *const *) argv->pdata, error);
  if (child == NULL)
    return NULL;
  read = inn_ssh_child_read (g_subprocess_get_stderr_pipe (child), NULL, NULL, NULL, NULL);
  exited = inn_ssh_child_wait (child);
  if (dex_await_int (dex_ref (exited), NULL) != 0)
    {
      g_autoptr (GBytes) bytes =
          dex_await_boxed (inn_future_timeout (dex_ref (read), G_USEC_PER_SEC), NULL);
      g_autofree char *details = inn_ssh_clean_bytes (bytes);

      if (!_inn_ssh_login_is_usable (login))
        g_propagate_error (error, _inn_ssh_login_not_open_error (login));
      else
        inn_error_set (
            error, INN_ERROR_FAILED, details,
            _ ("“%s” of “%s” could not be forwarded over SSH: the details say why; connect again"),
            forward->shown, login->host_name);
      return NULL;
    }

  g_hash_table_replace (login->forwards, g_strdup (forward->target), g_strdup (path));
  return g_steal_pointer (&path);
}

static int
connect_local (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofd int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0 || strlen (path) >= sizeof address.sun_path)
    return -1;

  strcpy (address.sun_path, path);
  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    return -1;

  return g_steal_fd (&fd);
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
  return G_SOURCE_REMOVE;
}

static void
unref_promise (gpointer promise)
{
  dex_unref (promise);
}

/* A place among the sessions, should one be free: the answer to "true" comes after the answer to
 * what was asked before. */
static DexFuture *
round_trip (InnSshLogin *login)
{
  if (login->n_sessions >= INN_SSH_SESSIONS_MAX)
    return inn_future_delay (REFUSAL_USEC);

  return inn_ssh_login_run (login, (const char *const[]) { "true", NULL }, NULL, NULL, NULL);
}

static GError *
explain_refusal (Forward *forward, const char *before)
{
  g_autofree char *now = _inn_ssh_login_dup_messages (forward->login);
  const char *fresh = g_str_has_prefix (now, before) ? now + strlen (before) : now;
  const char *reason = g_strrstr (fresh, "open failed: ");

  if (!forward->login->is_open)
    return _inn_ssh_login_not_open_error (forward->login);

  if (reason != NULL && strstr (reason, "administratively prohibited") != NULL)
    return inn_error_new (INN_ERROR_DENIED, reason,
                          _ ("“%s” forbids to forward “%s” over SSH: see AllowTcpForwarding and "
                             "AllowStreamLocalForwarding in its sshd_config"),
                          forward->login->host_name, forward->shown);

  return inn_error_new (INN_ERROR_REFUSED, reason,
                        _ ("“%s” of “%s” cannot be reached: nothing answers there, the SSH user "
                           "may not open it, or its sshd_config forbids to forward it"),
                        forward->shown, forward->login->host_name);
}

/* In a fiber: a connection that the host has accepted, as far as can be known. The local socket
 * accepts always; the host's refusal is the end of the stream. */
static int
connect_through (Forward *forward, const char *path, GError **error)
{
  g_autofree char *before = _inn_ssh_login_dup_messages (forward->login);
  g_autofd int fd = connect_local (path);
  g_autoptr (DexPromise) readable = dex_promise_new ();
  guint watch;
  char byte;

  if (fd < 0)
    {
      inn_error_set (error, INN_ERROR_FAILED, g_strerror (errno),
                     _ ("The forwarded “%s” of “%s” cannot be connected"), forward->shown,
                     forward->login->host_name);
      return -1;
    }

  watch = g_unix_fd_add_full (G_PRIORITY_DEFAULT, fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable,
                              dex_ref (readable), unref_promise);
  dex_await (dex_future_first (dex_ref (readable), round_trip (forward->login), NULL), NULL);
  if (dex_future_is_pending (DEX_FUTURE (readable)))
    g_source_remove (watch);

  if (recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
    {
      g_propagate_error (error, explain_refusal (forward, before));
      return -1;
    }
  g_unix_set_fd_nonblocking (fd, FALSE, NULL);

  return g_steal_fd (&fd);
}

static int
open_stream (Forward *forward, char **path, GError **error)
{
  *path = listen_for (forward, error);
  if (*path == NULL)
    return -1;
  if (g_cancellable_is_cancelled (forward->cancellable))
    {
      inn_error_set (error, INN_ERROR_CANCELLED, NULL, _ ("Connecting to “%s” was cancelled"),
                     forward->shown);
      return -1;
    }

  return connect_through (forward, *path, error);
}

static DexFuture *
forward_fiber (gpointer data)
{
  GError *error = NULL;
  g_autofree char *path = NULL;
  g_autofd int fd = open_stream (data, &path, &error);

  return fd >= 0 ? dex_future_new_take_string (g_steal_pointer (&path)) : inn_reject (error);
}

static DexFuture *
connect_fiber (gpointer data)
{
  GError *error = NULL;
  g_autofree char *path = NULL;
  int fd = open_stream (data, &path, &error);
  DexPromise *promise;

  if (fd < 0)
    return inn_reject (error);

  promise = dex_promise_new ();
  dex_promise_resolve_fd (promise, fd);
  return DEX_FUTURE (promise);
}

static Forward *
forward_new_path (InnSshLogin *self, const char *path, GCancellable *cancellable, GError **error)
{
  struct sockaddr_un address;
  Forward *forward;

  if (!g_path_is_absolute (path) || !inn_ssh_path_is_plain (path) ||
      strlen (path) >= sizeof address.sun_path)
    {
      inn_error_set (error, INN_ERROR_INVALID, path,
                     _ ("“%s” is no path of a socket that SSH could forward from “%s”"), path,
                     self->host_name);
      return NULL;
    }

  forward = g_new0 (Forward, 1);
  forward->login = g_object_ref (self);
  forward->target = inn_ssh_quote_forward_path (path);
  forward->shown = g_strdup (path);
  g_set_object (&forward->cancellable, cancellable);
  return forward;
}

static gboolean
is_plain_address (const char *address)
{
  for (const char *c = address; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr (".:-_%", *c) == NULL)
      return FALSE;

  return *address != '\0' && *address != '-';
}

static Forward *
forward_new_address (
    InnSshLogin *self, const char *address, guint16 port, GCancellable *cancellable, GError **error)
{
  Forward *forward;

  if (!is_plain_address (address))
    {
      inn_error_set (error, INN_ERROR_INVALID, address, _ ("“%s” is no address of a host"),
                     address);
      return NULL;
    }

  forward = g_new0 (Forward, 1);
  forward->login = g_object_ref (self);
  forward->target =
      g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address, port);
  forward->shown = g_strdup_printf ("%s:%u", address, port);
  g_set_object (&forward->cancellable, cancellable);
  return forward;
}

/**
 * inn_ssh_login_forward_socket:
 * @self: a login
 * @remote_path: absolute path of a UNIX socket of the host
 * @cancellable: (nullable): gives up
 *
 * Forwards the socket and connects once, to know that it works.
 *
 * Returns: (transfer full): resolves with the path of a private local socket; rejects with
 *   %INN_ERROR_DENIED (forwarding is forbidden), %INN_ERROR_REFUSED (nothing listens),
 *   %INN_ERROR_INVALID (no such path can be) or %INN_ERROR_NOT_CONNECTED
 */
DexFuture *
inn_ssh_login_forward_socket (InnSshLogin *self, const char *remote_path, GCancellable *cancellable)
{
  GError *error = NULL;
  Forward *forward;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);
  g_return_val_if_fail (remote_path != NULL, NULL);

  forward = forward_new_path (self, remote_path, cancellable, &error);
  if (forward == NULL)
    return inn_reject (error);

  return inn_spawn ("forward_fiber", forward_fiber, forward, (GDestroyNotify) forward_free);
}

/**
 * inn_ssh_login_connect:
 * @self: a login
 * @address: a host name or address as seen from the host; with @port 0 the path of a UNIX socket
 * @port: a TCP port, or 0
 * @cancellable: (nullable): gives up
 *
 * Returns: (transfer full): resolves with a connected socket (an fd, blocking); rejects as
 *   [method@SshLogin.forward_socket]
 */
DexFuture *
inn_ssh_login_connect (InnSshLogin *self,
                       const char *address,
                       guint16 port,
                       GCancellable *cancellable)
{
  GError *error = NULL;
  Forward *forward;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  forward = port == 0 ? forward_new_path (self, address, cancellable, &error)
                      : forward_new_address (self, address, port, cancellable, &error);
  if (forward == NULL)
    return inn_reject (error);

  return inn_spawn ("connect_fiber", connect_fiber, forward, (GDestroyNotify) forward_free);
}

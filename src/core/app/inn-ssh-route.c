/* inn-ssh-route.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-ssh-route.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What there is on the host. Its arguments are names of sockets, or one path. Only what POSIX has;
 * each answer is a line, and lines that a login script writes are passed over. */
static const char probe_script[] =
    "where=$1; rights=$2; shift 2\n"
    "command -v virt-ssh-helper >/dev/null 2>&1 && echo innkeeper-helper\n"
    "case $where in\n"
    "path) folders= ;;\n"
    "system) folders='/run/libvirt /var/run/libvirt' ;;\n"
    "*) folders=\"${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/libvirt "
    "${XDG_CACHE_HOME:-$HOME/.cache}/libvirt\" ;;\n"
    "esac\n"
    "if [ \"$where\" = path ]; then [ -S \"$1\" ] && echo \"innkeeper-socket $1\"; exit 0; fi\n"
    "for name in \"$@\"; do for folder in $folders; do\n"
    "file=$folder/$name\n"
    "[ -S \"$file\" ] || continue\n"
    /* Whoever only looks may have no right to the other socket. */
    "[ \"$rights\" = ro ] && [ ! -w \"$file\" ] && [ -w \"$file-ro\" ] && file=$file-ro\n"
    "echo \"innkeeper-socket $file\"; exit 0\n"
    "done; done; exit 0\n";

/* The netcats differ in how they are told to end with their input. */
static const char netcat_script[] =
    "if \"$1\" -h 2>&1 | grep -q -e '-q '; then exec \"$1\" -q 0 -U \"$2\"; fi\n"
    "exec \"$1\" -U \"$2\"\n";

typedef struct
{
  InnSshLogin *login;
  const InnSshUri *uri;
  const char *host_name;
  gboolean read_only;
  GCancellable *cancellable;
  char *socket;
  gboolean has_helper;
} Search;

/* In a fiber. */
static gboolean
probe (Search *search, GError **error)
{
  const InnSshUri *uri = search->uri;
  g_auto (GStrv) names = inn_ssh_uri_dup_socket_names (uri);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_null_terminated (8, NULL, TRUE);
  g_autoptr (GBytes) output = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_ptr_array_add (argv, (gpointer) "sh");
  g_ptr_array_add (argv, (gpointer) "-c");
  g_ptr_array_add (argv, (gpointer) probe_script);
  g_ptr_array_add (argv, (gpointer) "sh");
  g_ptr_array_add (argv, (gpointer) (uri->socket != NULL            ? "path"
                                     : inn_ssh_uri_is_session (uri) ? "session"
                                                                    : "system"));
  g_ptr_array_add (argv, (gpointer) (search->read_only ? "ro" : "rw"));
  if (uri->socket != NULL)
    g_ptr_array_add (argv, uri->socket);
  else
    for (guint i = 0; names[i] != NULL; i++)
      g_ptr_array_add (argv, names[i]);

  output = dex_await_boxed (inn_ssh_login_run (search->login, (const char *const *) argv->pdata,
                                               NULL, NULL, search->cancellable),
                            error);
  if (output == NULL)
    return FALSE;

  text = inn_ssh_clean_bytes (output);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_equal (lines[i], "innkeeper-helper"))
      search->has_helper = TRUE;
    else if (g_str_has_prefix (lines[i], "innkeeper-socket /"))
      {
        g_free (search->socket);
        search->socket = g_strdup (strchr (lines[i], '/'));
      }

  return TRUE;
}

static void
explain_helper (Search *search, GError *reason, GError **error)
{
  const char *details = inn_error_get_details (reason);

  if (!g_error_matches (reason, INN_ERROR, INN_ERROR_REMOTE))
    g_propagate_error (error, g_error_copy (reason));
  else if (inn_ssh_uri_is_session (search->uri))
    inn_error_set (error, INN_ERROR_REFUSED, details,
                   _ ("No session daemon of libvirt could be started on “%s”: see that libvirt is "
                      "installed there and that the SSH user can write to its home folder"),
                   search->host_name);
  else if (details != NULL && strstr (details, "Permission denied") != NULL)
    inn_error_set (error, INN_ERROR_DENIED, details,
                   _ ("The SSH user may not use libvirt on “%s”: add it to the group “libvirt” "
                      "there, or log in as root"),
                   search->host_name);
  else
    inn_error_set (error, INN_ERROR_REFUSED, details,
                   _ ("virt-ssh-helper does not reach libvirt on “%s”: see that libvirt is "
                      "installed there and that libvirtd or virtqemud runs"),
                   search->host_name);
}

/* In a fiber: whether the helper reaches the daemon, before libvirt is told to rely on it; this
 * starts the daemon of a session as well. Having nothing to read, it ends at once, and complains of
 * that only when it is connected. */
static gboolean
try_helper (Search *search, const char *uri, GError **error)
{
  static const char script[] = "LC_ALL=C exec virt-ssh-helper \"$@\" </dev/null";
  const char *const argv[] = {
    "sh", "-c", script, "sh", uri, search->read_only ? "-r" : NULL, NULL
  };
  g_autoptr (GError) reason = NULL;
  const char *details;

  if (dex_await (inn_ssh_login_run (search->login, argv, NULL, NULL, search->cancellable), &reason))
    return TRUE;

  details = inn_error_get_details (reason);
  if (details != NULL && strstr (details, "could not proxy traffic") != NULL)
    return TRUE;

  explain_helper (search, reason, error);
  return FALSE;
}

static char *
through_helper (Search *search, GError **error)
{
  g_autofree char *uri = inn_ssh_uri_dup_on_host (search->uri);
  const char *const argv[] = { "virt-ssh-helper", uri, search->read_only ? "-r" : NULL, NULL };

  if (!try_helper (search, uri, error))
    return NULL;

  return dex_await_string (inn_ssh_login_bridge (search->login, argv, search->cancellable), error);
}

static char *
through_netcat (Search *search, GError **error)
{
  const char *netcat = search->uri->netcat != NULL ? search->uri->netcat : "nc";
  const char *const look[] = { "sh", "-c", "command -v \"$1\" >/dev/null", "sh", netcat, NULL };
  const char *const argv[] = { "sh", "-c", netcat_script, "sh", netcat, search->socket, NULL };
  g_autoptr (GBytes) output = dex_await_boxed (
      inn_ssh_login_run (search->login, look, NULL, NULL, search->cancellable), NULL);

  if (output == NULL)
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, netcat,
                     _ ("The libvirt socket of “%s” is not to be had over SSH, and neither "
                        "virt-ssh-helper nor “%s” is there: allow AllowStreamLocalForwarding in "
                        "its sshd_config, or install one of these programs"),
                     search->host_name, netcat);
      return NULL;
    }

  return dex_await_string (inn_ssh_login_bridge (search->login, argv, search->cancellable), error);
}

static GError *
no_daemon_error (Search *search)
{
  if (inn_ssh_uri_is_session (search->uri))
    return inn_error_new (
        INN_ERROR_NOT_FOUND, search->uri->socket,
        _ ("No session daemon of libvirt runs on “%s”, and virt-ssh-helper, which "
           "would start it, is missing: install libvirt there"),
        search->host_name);

  return inn_error_new (INN_ERROR_NOT_FOUND, search->uri->socket,
                        _ ("No libvirt daemon was found on “%s”: install libvirt there and start "
                           "libvirtd or virtqemud"),
                        search->host_name);
}

static gboolean
is_final (const GError *error)
{
  return inn_error_is_cancelled (error) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_NOT_CONNECTED);
}

/* In a fiber: in the order of preference. */
static char *
search_ways (Search *search, GError **error)
{
  InnSshProxy proxy = search->uri->proxy;
  g_autoptr (GError) reason = NULL;
  char *path;

  if (search->socket != NULL && proxy == INN_SSH_PROXY_AUTO)
    {
      path = dex_await_string (
          inn_ssh_login_forward_socket (search->login, search->socket, search->cancellable),
          &reason);
      if (path != NULL)
        return path;
      g_debug ("%s: %s", search->host_name, reason->message);
    }

  if (reason != NULL && is_final (reason))
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  g_clear_error (&reason);
  if (proxy == INN_SSH_PROXY_NATIVE || (search->has_helper && proxy == INN_SSH_PROXY_AUTO))
    return through_helper (search, error);
  if (search->socket != NULL)
    return through_netcat (search, error);

  g_propagate_error (error, no_daemon_error (search));
  return NULL;
}

/**
 * inn_ssh_route_find:
 * @login: an open login at the host
 * @uri: what to reach there
 * @host_name: the host's name, for messages
 * @read_only: whether the socket that changes nothing will do
 * @cancellable: (nullable): gives up
 * @error: return location for %INN_ERROR
 *
 * In a fiber. Forwards the daemon's socket; where that is forbidden or there is no daemon yet, has
 * virt-ssh-helper, else netcat, run on the host for each connection.
 *
 * Returns: (transfer full) (nullable): the path of a private local socket
 */
char *
inn_ssh_route_find (InnSshLogin *login,
                    const InnSshUri *uri,
                    const char *host_name,
                    gboolean read_only,
                    GCancellable *cancellable,
                    GError **error)
{
  Search search = { login, uri, host_name, read_only, cancellable, NULL, FALSE };
  char *path = probe (&search, error) ? search_ways (&search, error) : NULL;

  g_free (search.socket);
  return path;
}

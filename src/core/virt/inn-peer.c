/* inn-peer.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-peer.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A socket that looks local may be one that somebody forwards with an ssh of their own. A call that
 * passes a descriptor over it would close the whole connection. */

/* Who listens at a socket, 0 when that cannot be known. */
static pid_t
find_listener (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  struct ucred peer = { 0 };
  socklen_t size = sizeof peer;
  int fd;

  if (strlen (path) >= sizeof address.sun_path)
    return 0;

  strcpy (address.sun_path, path);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return 0;

  if (connect (fd, (struct sockaddr *) &address, sizeof address) != 0 ||
      getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    peer.pid = 0;
  close (fd);

  return peer.pid;
}

/* libvirtd, virtqemud, virtproxyd …, but not virt-ssh-helper. */
static gboolean
is_daemon (const char *name)
{
  return g_str_equal (name, "libvirtd") ||
         (g_str_has_prefix (name, "virt") && g_str_has_suffix (name, "d") &&
          strchr (name, '-') == NULL);
}

/* Where systemd listens for libvirt, and nobody forwards to. */
static gboolean
is_usual_place (const char *path)
{
  g_autofree char *own = g_build_filename (g_get_user_runtime_dir (), "libvirt/", NULL);

  return g_str_has_prefix (path, "/run/libvirt/") || g_str_has_prefix (path, "/var/run/libvirt/") ||
         g_str_has_prefix (path, own);
}

static gboolean
is_local_socket (const char *path)
{
  g_autofree char *file = NULL;
  g_autofree char *name = NULL;
  pid_t pid = find_listener (path);

  if (pid <= 0)
    return FALSE;

  file = g_strdup_printf ("/proc/%d/comm", (int) pid);
  if (!g_file_get_contents (file, &name, NULL, NULL))
    return FALSE;

  g_strchomp (name);
  return is_daemon (name) || (g_str_equal (name, "systemd") && is_usual_place (path));
}

/**
 * inn_peer_is_local:
 * @uri: what libvirt is to open
 *
 * Whether a descriptor can be passed: the URI names no other machine and no other way than a UNIX
 * socket, and at a socket that it names itself a libvirt daemon of this machine listens. To be
 * called on a thread.
 *
 * Returns: %FALSE also when it cannot be known
 */
gboolean
inn_peer_is_local (const char *uri)
{
  g_autoptr (GUri) parsed = uri != NULL ? g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL) : NULL;
  g_autoptr (GHashTable) params = NULL;
  const char *transport;
  const char *machine;
  const char *path;

  if (parsed == NULL)
    return FALSE;

  transport = strchr (g_uri_get_scheme (parsed), '+');
  machine = g_uri_get_host (parsed);
  if ((machine != NULL && machine[0] != '\0') ||
      (transport != NULL && !g_str_equal (transport, "+unix")))
    return FALSE;
  if (g_uri_get_query (parsed) == NULL)
    return TRUE;

  params = g_uri_parse_params (g_uri_get_query (parsed), -1, "&;", G_URI_PARAMS_NONE, NULL);
  path = params != NULL ? g_hash_table_lookup (params, "socket") : NULL;

  return params != NULL && (path == NULL || is_local_socket (path));
}

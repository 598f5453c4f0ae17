/* inn-ssh-uri.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-uri.h"

#include "base/inn-error.h"
#include "ssh/inn-ssh-quote.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

/**
 * inn_ssh_uri_is_ssh:
 * @uri: any URI
 *
 * Returns: whether its way is OpenSSH ("+ssh"); libvirt's own "+libssh" and "+libssh2" are not ours
 */
gboolean
inn_ssh_uri_is_ssh (const char *uri)
{
  const char *colon = strchr (uri, ':');
  const char *plus = memchr (uri, '+', colon != NULL ? (gsize) (colon - uri) : 0);

  return plus != NULL && colon - plus == 4 && g_ascii_strncasecmp (plus, "+ssh", 4) == 0;
}

/**
 * inn_ssh_uri_free:
 * @self: (transfer full): a URI
 */
void
inn_ssh_uri_free (InnSshUri *self)
{
  g_free (self->driver);
  inn_ssh_target_clear (&self->target);
  g_free (self->path);
  g_free (self->socket);
  g_free (self->netcat);
  g_free (self->rest);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *uri, const char *why)
{
  inn_error_set (error, INN_ERROR_INVALID, uri, "%s", why);
  return FALSE;
}

static gboolean
has_control_characters (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return TRUE;

  return FALSE;
}

static gboolean
take_path (char **member, const char *name, const char *value, GError **error)
{
  if (!inn_ssh_path_is_plain (value))
    {
      inn_error_set (error, INN_ERROR_INVALID, value,
                     _ ("“%s” in the URI is no path that SSH takes: it must not be empty nor have "
                        "quotes, backslashes, “${” or control characters"),
                     name);
      return FALSE;
    }

  g_free (*member);
  *member = g_strdup (value);
  return TRUE;
}

static gboolean
take_choice (
    int *member, const char *name, const char *value, const char *const *choices, GError **error)
{
  for (int i = 0; choices[i] != NULL; i++)
    if (g_str_equal (value, choices[i]))
      {
        *member = i;
        return TRUE;
      }

  inn_error_set (error, INN_ERROR_INVALID, value,
                 _ ("“%s” in the URI cannot be “%s”; it is one of “%s”, “%s” and “%s”"), name,
                 value, choices[0], choices[1], choices[2]);
  return FALSE;
}

static gboolean
take_verification (const char *name, const char *value, GError **error)
{
  if (g_str_equal (value, "0") || g_str_equal (value, "normal") || g_str_equal (value, "auto"))
    return TRUE;

  inn_error_set (
      error, INN_ERROR_INVALID, name,
      _ ("“%s” in the URI is refused: the keys of hosts are always verified here. Remove "
         "it; you are shown the host's key once and asked whether to trust it."),
      name);
  return FALSE;
}

static void
keep_for_libvirt (InnSshUri *self, const char *name, const char *value)
{
  g_autofree char *encoded_name = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *encoded_value = g_uri_escape_string (value, "/", FALSE);
  char *rest = g_strdup_printf ("%s%s%s=%s", self->rest != NULL ? self->rest : "",
                                self->rest != NULL ? "&" : "", encoded_name, encoded_value);

  g_free (self->rest);
  self->rest = rest;
}

static gboolean
take_parameter (InnSshUri *self, const char *name, const char *value, GError **error)
{
  static const char *const proxies[] = { "auto", "native", "netcat", NULL };
  static const char *const modes[] = { "auto", "direct", "legacy", NULL };

  if (has_control_characters (value))
    return refuse (error, name, _ ("A parameter of the URI has control characters"));
  if (g_str_equal (name, "keyfile"))
    return take_path (&self->target.identity, name, value, error);
  if (g_str_equal (name, "known_hosts"))
    return take_path (&self->target.known_hosts, name, value, error);
  if (g_str_equal (name, "socket"))
    return take_path (&self->socket, name, value, error);
  if (g_str_equal (name, "netcat"))
    return take_path (&self->netcat, name, value, error);
  if (g_str_equal (name, "no_verify") || g_str_equal (name, "known_hosts_verify"))
    return take_verification (name, value, error);
  if (g_str_equal (name, "proxy"))
    return take_choice ((int *) &self->proxy, name, value, proxies, error);
  if (g_str_equal (name, "mode"))
    return take_choice ((int *) &self->mode, name, value, modes, error);
  if (g_str_equal (name, "command"))
    /* A list of hosts may come from somebody else; it must not start programs here. */
    return refuse (error, value,
                   _ ("“command” in the URI is refused: a URI starts no program of its choice. Use "
                      "ProxyCommand or ProxyJump in ~/.ssh/config."));
  /* What else libvirt's own ssh takes has no meaning here: there is no terminal to ask on. */
  if (!g_str_equal (name, "no_tty") && !g_str_equal (name, "sshauth") &&
      !g_str_equal (name, "no_sanity"))
    keep_for_libvirt (self, name, value);

  return TRUE;
}

static gboolean
take_query (InnSshUri *self, const char *query, GError **error)
{
  GUriParamsIter iter;
  g_autoptr (GError) local_error = NULL;

  g_uri_params_iter_init (&iter, query, -1, "&;", G_URI_PARAMS_NONE);
  while (TRUE)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (!g_uri_params_iter_next (&iter, &name, &value, &local_error))
        break;
      if (!take_parameter (self, name, value, error))
        return FALSE;
    }

  if (local_error != NULL)
    {
      inn_error_set (error, INN_ERROR_INVALID, local_error->message,
                     _ ("The parameters of the URI cannot be read: “%s”"), query);
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_authority (InnSshUri *self, GUri *parsed, const char *uri, GError **error)
{
  const char *host = g_uri_get_host (parsed);
  const char *user = g_uri_get_userinfo (parsed);
  int port = g_uri_get_port (parsed);

  if (user != NULL && strchr (user, ':') != NULL)
    return refuse (error, NULL, /* not the URI: it has a password */
                   _ ("A URI must not have a password: leave it out, you are asked for it"));
  if (user != NULL && (*user == '\0' || *user == '-' || has_control_characters (user)))
    return refuse (error, uri, _ ("The user name in the URI is none"));
  if (port == 0)
    return refuse (error, uri, _ ("The port in the URI is none: it must be 1 to 65535"));
  if (host == NULL || *host == '\0')
    host = "localhost";
  if (*host == '-' || has_control_characters (host) ||
      strpbrk (host, " \"'`$\\<>|;&(){}*?") != NULL)
    return refuse (error, uri, _ ("The host name in the URI is none"));

  self->target.host = g_strdup (host);
  self->target.user = g_strdup (user);
  self->target.port = port > 0 ? (guint16) port : 0;
  return TRUE;
}

static gboolean
take_scheme (InnSshUri *self, const char *scheme, const char *uri, GError **error)
{
  const char *plus = strchr (scheme, '+');

  if (plus == NULL || plus == scheme || !inn_ssh_uri_is_ssh (uri))
    return refuse (error, uri, _ ("That is no SSH URI: it begins like “qemu+ssh://host/system”"));

  self->driver = g_ascii_strdown (scheme, plus - scheme);
  return TRUE;
}

/**
 * inn_ssh_uri_parse:
 * @uri: a URI such as `qemu+ssh://root@host:2222/system?keyfile=/home/me/key`
 * @error: return location for %INN_ERROR_INVALID, which says what to correct
 *
 * `no_verify=1` and `command=` are refused. Connects to nothing.
 *
 * Returns: (transfer full) (nullable): the URI, taken apart
 */
InnSshUri *
inn_ssh_uri_parse (const char *uri, GError **error)
{
  g_autoptr (InnSshUri) self = g_new0 (InnSshUri, 1);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GUri) parsed = NULL;

  g_return_val_if_fail (uri != NULL, NULL);

  parsed = g_uri_parse (uri, G_URI_FLAGS_ENCODED_QUERY, &local_error);
  if (parsed == NULL)
    {
      inn_error_set (error, INN_ERROR_INVALID, local_error->message,
                     _ ("“%s” is no URI: write it like “qemu+ssh://user@host/system”"), uri);
      return NULL;
    }

  if (!take_scheme (self, g_uri_get_scheme (parsed), uri, error) ||
      !take_authority (self, parsed, uri, error) ||
      (g_uri_get_query (parsed) != NULL && !take_query (self, g_uri_get_query (parsed), error)))
    return NULL;

  self->path = g_strdup (g_uri_get_path (parsed));
  if (g_str_equal (self->path, "") || g_str_equal (self->path, "/") ||
      has_control_characters (self->path))
    {
      refuse (error, uri,
              _ ("The URI does not say what to open: end it with “/system” or “/session”"));
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * inn_ssh_uri_is_session:
 * @self: a URI
 *
 * Returns: whether it means the daemon of the user and not the one of the system
 */
gboolean
inn_ssh_uri_is_session (const InnSshUri *self)
{
  return g_str_equal (self->path, "/session");
}

static char *
dup_escaped_path (const InnSshUri *self)
{
  return g_uri_escape_string (self->path, "/", FALSE);
}

/**
 * inn_ssh_uri_dup_local:
 * @self: a URI
 * @socket_path: a local socket that ends at the daemon of the host
 *
 * Returns: (transfer full): a URI with which libvirt opens that socket
 */
char *
inn_ssh_uri_dup_local (const InnSshUri *self, const char *socket_path)
{
  g_autofree char *path = dup_escaped_path (self);
  g_autofree char *socket = g_uri_escape_string (socket_path, "/", FALSE);

  return g_strdup_printf ("%s+unix://%s?socket=%s%s%s", self->driver, path, socket,
                          self->rest != NULL ? "&" : "", self->rest != NULL ? self->rest : "");
}

/**
 * inn_ssh_uri_dup_on_host:
 * @self: a URI
 *
 * Returns: (transfer full): what opens the same on the host itself
 */
char *
inn_ssh_uri_dup_on_host (const InnSshUri *self)
{
  static const char *const modes[] = { NULL, "mode=direct", "mode=legacy" };
  g_autofree char *path = dup_escaped_path (self);
  const char *mode = modes[self->mode];
  g_autofree char *socket =
      self->socket != NULL ? g_uri_escape_string (self->socket, "/", FALSE) : NULL;
  g_autoptr (GString) uri = g_string_new (self->driver);

  if (socket != NULL)
    g_string_append_printf (uri, "+unix://%s?socket=%s", path, socket);
  else
    g_string_append_printf (uri, "://%s", path);
  if (mode != NULL)
    g_string_append_printf (uri, "%c%s", socket != NULL ? '&' : '?', mode);
  if (self->rest != NULL)
    g_string_append_printf (uri, "%c%s", socket != NULL || mode != NULL ? '&' : '?', self->rest);

  return g_string_free_and_steal (g_steal_pointer (&uri));
}

/**
 * inn_ssh_uri_dup_socket_names:
 * @self: a URI
 *
 * Returns: (transfer full) (array zero-terminated=1): names of the sockets that the daemon may
 *   listen at, best first: the modular one is never there without its daemon, the other may be
 */
GStrv
inn_ssh_uri_dup_socket_names (const InnSshUri *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  /* The test driver lives in libvirtd only. */
  if (self->mode != INN_SSH_MODE_LEGACY && !g_str_equal (self->driver, "test"))
    g_strv_builder_take (names, g_strdup_printf ("virt%sd-sock", self->driver));
  if (self->mode != INN_SSH_MODE_DIRECT)
    g_strv_builder_add (names, "libvirt-sock");

  return g_strv_builder_end (names);
}

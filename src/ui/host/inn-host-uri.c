/* inn-host-uri.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/host/inn-host-uri.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * inn_host_uri_clear:
 * @self: a URI in parts
 *
 * Frees what @self points to; @self itself stays.
 */
void
inn_host_uri_clear (InnHostUri *self)
{
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->other, g_free);
}

static gboolean
is_empty (const char *text)
{
  return text == NULL || *text == '\0';
}

static char *
build_network (const char *scheme, const InnHostUri *self, gboolean with_user, const char *path)
{
  g_autofree char *literal = NULL;

  if (is_empty (self->host))
    return NULL;

  /* People paste IPv6 addresses with and without their brackets. */
  if (self->host[0] == '[' && g_str_has_suffix (self->host, "]"))
    literal = g_strndup (self->host + 1, strlen (self->host) - 2);
  else
    literal = g_strdup (self->host);

  return g_uri_join (G_URI_FLAGS_NONE, scheme,
                     with_user && !is_empty (self->user) ? self->user : NULL, literal,
                     self->port > 0 ? self->port : -1, path, NULL, NULL);
}

/**
 * inn_host_uri_build:
 * @self: a URI in parts
 *
 * Returns: (transfer full) (nullable): the URI; %NULL while a part is missing
 */
char *
inn_host_uri_build (const InnHostUri *self)
{
  g_autofree char *escaped = NULL;

  switch (self->kind)
    {
    case INN_HOST_URI_LOCAL_SYSTEM:
      return g_strdup ("qemu:///system");
    case INN_HOST_URI_LOCAL_SESSION:
      return g_strdup ("qemu:///session");
    case INN_HOST_URI_SSH:
      return build_network ("qemu+ssh", self, TRUE, self->session ? "/session" : "/system");
    case INN_HOST_URI_TLS:
      return build_network ("qemu+tls", self, FALSE, "/system");
    case INN_HOST_URI_TCP:
      return build_network ("qemu+tcp", self, FALSE, "/system");
    case INN_HOST_URI_SOCKET:
      if (is_empty (self->path))
        return NULL;
      escaped = g_uri_escape_string (self->path, "/", FALSE);
      return g_strconcat ("qemu+unix:///system?socket=", escaped, NULL);
    case INN_HOST_URI_TEST:
      if (is_empty (self->path))
        return g_strdup ("test:///default");
      escaped = g_uri_escape_string (self->path, "/", FALSE);
      return g_strconcat ("test://", escaped, NULL);
    case INN_HOST_URI_OTHER:
    default:
      return is_empty (self->other) ? NULL : g_strdup (self->other);
    }
}

static InnHostUriKind
guess_kind (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  const char *path = g_uri_get_path (uri);
  const char *query = g_uri_get_query (uri);
  gboolean system = g_str_equal (path, "/system");

  if (g_str_equal (scheme, "qemu+unix") && system && query != NULL &&
      g_str_has_prefix (query, "socket=") && strchr (query, '&') == NULL)
    return INN_HOST_URI_SOCKET;
  if (query != NULL || g_uri_get_fragment (uri) != NULL)
    return INN_HOST_URI_OTHER;
  if (g_str_equal (scheme, "qemu") && is_empty (g_uri_get_host (uri)))
    return system
               ? INN_HOST_URI_LOCAL_SYSTEM
               : (g_str_equal (path, "/session") ? INN_HOST_URI_LOCAL_SESSION : INN_HOST_URI_OTHER);
  if (g_str_equal (scheme, "qemu+ssh") && (system || g_str_equal (path, "/session")))
    return INN_HOST_URI_SSH;
  if (g_str_equal (scheme, "qemu+tls") && system)
    return INN_HOST_URI_TLS;
  if (g_str_equal (scheme, "qemu+tcp") && system)
    return INN_HOST_URI_TCP;
  if (g_str_equal (scheme, "test") && is_empty (g_uri_get_host (uri)))
    return INN_HOST_URI_TEST;

  return INN_HOST_URI_OTHER;
}

/**
 * inn_host_uri_parse:
 * @self: (out caller-allocates): filled; cleared with inn_host_uri_clear()
 * @uri: any URI
 *
 * Takes a URI apart. One that fits no form, or that the form could not give back letter by
 * letter, is kept whole as %INN_HOST_URI_OTHER.
 */
void
inn_host_uri_parse (InnHostUri *self, const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);
  g_autofree char *again = NULL;

  memset (self, 0, sizeof *self);
  self->kind = parsed != NULL ? guess_kind (parsed) : INN_HOST_URI_OTHER;

  if (self->kind != INN_HOST_URI_OTHER)
    {
      self->host = g_strdup (g_uri_get_host (parsed));
      self->user = g_strdup (g_uri_get_user (parsed));
      self->port = MAX (g_uri_get_port (parsed), 0);
      self->session = g_str_equal (g_uri_get_path (parsed), "/session");
      if (self->kind == INN_HOST_URI_SOCKET)
        self->path = g_uri_unescape_string (g_uri_get_query (parsed) + strlen ("socket="), NULL);
      else if (self->kind == INN_HOST_URI_TEST &&
               !g_str_equal (g_uri_get_path (parsed), "/default"))
        self->path = g_strdup (g_uri_get_path (parsed));
      again = inn_host_uri_build (self);
    }

  if (g_strcmp0 (again, uri) == 0)
    return;

  inn_host_uri_clear (self);
  memset (self, 0, sizeof *self);
  self->kind = INN_HOST_URI_OTHER;
  self->other = g_strdup (uri);
}

static char *
suggest_by_path (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);

  return g_strndup (base, strcspn (base, "."));
}

/* As for the same way chosen from the list. One that names neither a host nor a socket names
 * nothing: not how it is reached, either. */
static char *
suggest_for_other (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GHashTable) query = NULL;
  g_autofree char *name = NULL;
  const char *socket = NULL;
  InnHostUri parts;

  inn_host_uri_parse (&parts, text);
  if (parts.kind != INN_HOST_URI_OTHER)
    name = inn_host_uri_suggest_name (&parts);
  inn_host_uri_clear (&parts);
  if (name != NULL)
    return g_steal_pointer (&name);
  if (uri != NULL && !is_empty (g_uri_get_host (uri)))
    return g_strdup (g_uri_get_host (uri));

  if (uri != NULL && g_uri_get_query (uri) != NULL)
    query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);
  if (query != NULL)
    socket = g_hash_table_lookup (query, "socket");

  return is_empty (socket) ? g_strdup ("") : suggest_by_path (socket);
}

/**
 * inn_host_uri_suggest_name:
 * @self: a URI in parts
 *
 * Returns: (transfer full): a name for the host, perhaps empty
 */
char *
inn_host_uri_suggest_name (const InnHostUri *self)
{
  switch (self->kind)
    {
    case INN_HOST_URI_LOCAL_SYSTEM:
      return g_strdup (_ ("This Computer"));
    case INN_HOST_URI_LOCAL_SESSION:
      return g_strdup (_ ("This Computer (Session)"));
    case INN_HOST_URI_SOCKET:
    case INN_HOST_URI_TEST:
      if (is_empty (self->path))
        return g_strdup (self->kind == INN_HOST_URI_TEST ? _ ("Test Host") : "");
      return suggest_by_path (self->path);
    case INN_HOST_URI_OTHER:
      return is_empty (self->other) ? g_strdup ("") : suggest_for_other (self->other);
    case INN_HOST_URI_SSH:
    case INN_HOST_URI_TLS:
    case INN_HOST_URI_TCP:
    default:
      return g_strdup (self->host != NULL ? self->host : "");
    }
}

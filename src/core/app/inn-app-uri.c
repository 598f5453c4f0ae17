/* inn-app-uri.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-private.h"

#include "base/inn-error.h"
#include "ssh/inn-ssh-uri.h"

#include <glib/gi18n.h>
#include <string.h>

/* What libvirt 11 has drivers for. */
static const char *const drivers[] = {
  "qemu",      "test",         "xen",      "lxc",          "ch",   "bhyve", "vz",
  "parallels", "vmwareplayer", "vmwarews", "vmwarefusion", "vbox", "esx",   "vpx",
  "gsx",       "hyperv",       "openvz",   "hvf",          NULL,
};

static const char *const transports[] = { "ssh", "tls",    "tcp",     "unix",
                                          "ext", "libssh", "libssh2", NULL };

/* Transports that lead to another machine, so there must be one. */
static const char *const remote_transports[] = { "ssh", "tls", "tcp", "libssh", "libssh2", NULL };

static gboolean
invalid (GError **error, const char *details, const char *message)
{
  inn_error_set (error, INN_ERROR_INVALID, details, "%s", message);
  return FALSE;
}

static gboolean
check_scheme (const char *scheme, char **driver, char **transport, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (scheme, "+", 2);

  if (!g_strv_contains (drivers, parts[0]))
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("libvirt has no driver called “%s”: an address begins with qemu:, "
                        "qemu+ssh: or the like"),
                     parts[0]);
      return FALSE;
    }
  if (parts[1] != NULL && !g_strv_contains (transports, parts[1]))
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("There is no way to a host called “%s”: ssh, tls, tcp, unix, libssh, "
                        "libssh2 and ext are known"),
                     parts[1]);
      return FALSE;
    }

  *driver = g_strdup (parts[0]);
  *transport = g_strdup (parts[1]);
  return TRUE;
}

/* DNS lets no name be longer. */
#define MAX_WORD 253

/* A name that begins with a dash would be an option to ssh. */
static gboolean
is_sane_word (const char *word)
{
  if (word[0] == '-' || strlen (word) > MAX_WORD || !g_utf8_validate (word, -1, NULL))
    return FALSE;

  for (const char *at = word; *at != 0; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c) || strchr ("'\"`\\;|&$<>(){}", (int) c))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_place (GUri *parsed, const char *driver, const char *transport, GError **error)
{
  const char *host = g_uri_get_host (parsed);
  const char *user = g_uri_get_user (parsed);
  const char *path = g_uri_get_path (parsed);

  if (host != NULL && !is_sane_word (host))
    return invalid (error, NULL, _ ("The address names a host that cannot be one: check its name"));
  if (user != NULL && !is_sane_word (user))
    return invalid (error, NULL, _ ("The address names a user that cannot be one: check its name"));
  if (transport != NULL && g_strv_contains (remote_transports, transport) &&
      (host == NULL || *host == 0))
    return invalid (error, NULL,
                    _ ("The address names no host: write it after the two slashes, as in "
                       "qemu+ssh://host/system"));
  if (g_str_equal (driver, "qemu") && !g_str_equal (path, "/system") &&
      !g_str_equal (path, "/session") && !g_str_equal (path, "/embed"))
    return invalid (error, NULL,
                    _ ("The address must say which libvirt is meant: end it with /system, or with "
                       "/session for a user's own"));

  return TRUE;
}

static gboolean
check_parameter (const char *name, const char *value, GError **error)
{
  /* libvirt takes these names in any case. */
  if (g_ascii_strcasecmp (name, "command") == 0)
    return invalid (error, value,
                    _ ("“command” in the address is refused: a list of hosts may come from "
                       "somebody else, and must not start programs here. Listen on a socket with "
                       "it yourself, and write qemu+unix:///system?socket=PATH"));
  if ((g_ascii_strcasecmp (name, "no_verify") == 0 && !g_str_equal (value, "0")) ||
      (g_ascii_strcasecmp (name, "known_hosts_verify") == 0 && !g_str_equal (value, "normal")))
    return invalid (error, name,
                    _ ("The address says not to verify the host, which is always done here: "
                       "remove the parameter that the details name"));

  return TRUE;
}

/* What libvirt's own transports would do without asking anybody. */
static gboolean
check_parameters (const char *query, GError **error)
{
  g_autoptr (GError) broken = NULL;
  GUriParamsIter iter;

  g_uri_params_iter_init (&iter, query, -1, "&;", G_URI_PARAMS_NONE);
  while (TRUE)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (!g_uri_params_iter_next (&iter, &name, &value, &broken))
        break;
      if (!check_parameter (name, value, error))
        return FALSE;
    }

  return broken == NULL || invalid (error, broken->message,
                                    _ ("The parameters of the address, after the question mark, "
                                       "cannot be read: write them as NAME=VALUE"));
}

/**
 * inn_app_context_check_uri:
 * @uri: what an administrator typed
 * @error: return location for %INN_ERROR_INVALID
 *
 * Finds what can be found wrong with an address without connecting.
 *
 * Returns: whether libvirt could make sense of it
 */
gboolean
inn_app_context_check_uri (const char *uri, GError **error)
{
  g_autoptr (GUri) parsed = NULL;
  g_autoptr (GError) parse_error = NULL;
  g_autofree char *driver = NULL;
  g_autofree char *transport = NULL;
  g_autoptr (InnSshUri) ssh = NULL;

  g_return_val_if_fail (uri != NULL, FALSE);

  if (*uri == 0)
    return invalid (error, NULL,
                    _ ("The address is empty: write one such as qemu+ssh://host/system"));

  parsed =
      g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS | G_URI_FLAGS_ENCODED_QUERY,
                   &parse_error);
  if (parsed == NULL)
    return invalid (error, parse_error->message,
                    _ ("This is no address that libvirt understands: write one such as "
                       "qemu+ssh://host/system"));
  if (g_uri_get_password (parsed) != NULL)
    return invalid (error, NULL,
                    _ ("The address has a password in it: leave it out, Innkeeper asks for it and "
                       "can keep it in the keyring"));

  if (!check_scheme (g_uri_get_scheme (parsed), &driver, &transport, error) ||
      !check_place (parsed, driver, transport, error))
    return FALSE;

  /* What the SSH transport refuses should be known before it is kept. */
  if (inn_ssh_uri_is_ssh (uri))
    ssh = inn_ssh_uri_parse (uri, error);
  if (ssh != NULL || inn_ssh_uri_is_ssh (uri))
    return ssh != NULL;

  /* A driver that speaks to the host itself, such as esx, has parameters of its own. */
  return transport == NULL || g_uri_get_query (parsed) == NULL ||
         check_parameters (g_uri_get_query (parsed), error);
}

static GUri *
parse_uri (const char *uri)
{
  return g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS, NULL);
}

/* The machine that an address names, or %NULL. */
char *
_inn_app_uri_get_host (const char *uri)
{
  g_autoptr (GUri) parsed = parse_uri (uri);
  const char *host = parsed != NULL ? g_uri_get_host (parsed) : NULL;

  return host != NULL && *host != 0 ? g_strdup (host) : NULL;
}

/* The user that an address names, or %NULL. */
char *
_inn_app_uri_get_user (const char *uri)
{
  g_autoptr (GUri) parsed = parse_uri (uri);

  return parsed != NULL ? g_strdup (g_uri_get_user (parsed)) : NULL;
}

/* The way that an address names: "ssh", "tls" …, or %NULL for none. */
char *
_inn_app_uri_get_transport (const char *uri)
{
  g_autoptr (GUri) parsed = parse_uri (uri);
  const char *plus = parsed != NULL ? strchr (g_uri_get_scheme (parsed), '+') : NULL;

  return plus != NULL ? g_strdup (plus + 1) : NULL;
}

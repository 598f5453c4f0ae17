/* inn-ssh-error.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-error.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What ssh says when it gives up, and what it means. The first that is found wins, so the more
 * telling ones stand above. Several say the same: the words differ with the step ssh was at. */
static const struct
{
  const char *words;
  InnError code;
} meanings[] = {
  { "REMOTE HOST IDENTIFICATION HAS CHANGED", INN_ERROR_HOST_KEY_CHANGED },
  { "REVOKED HOST KEY DETECTED", INN_ERROR_HOST_KEY_CHANGED },
  { "Host key verification failed", INN_ERROR_HOST_KEY_UNKNOWN },
  { "Permission denied (", INN_ERROR_AUTH_FAILED },
  { "Permission denied, please try again", INN_ERROR_AUTH_FAILED },
  { "Too many authentication failures", INN_ERROR_AUTH_FAILED },
  { "No supported authentication methods", INN_ERROR_AUTH_FAILED },
  { "Could not resolve hostname", INN_ERROR_REFUSED },
  { "Connection refused", INN_ERROR_REFUSED },
  { "No route to host", INN_ERROR_REFUSED },
  { "Network is unreachable", INN_ERROR_REFUSED },
  { "Host is down", INN_ERROR_REFUSED },
  { "timed out", INN_ERROR_TIMED_OUT },
  { "Unable to negotiate", INN_ERROR_UNSUPPORTED },
  { "Bad configuration option", INN_ERROR_INVALID },
  { "Bad owner or permissions", INN_ERROR_INVALID },
  { "bad configuration options", INN_ERROR_INVALID },
  { "contains invalid characters", INN_ERROR_INVALID },
  { "Connection reset by peer", INN_ERROR_REFUSED },
  { "Connection closed by", INN_ERROR_REFUSED },
};

static InnError
classify (const char *output)
{
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (strstr (output, meanings[i].words) != NULL)
      return meanings[i].code;

  return INN_ERROR_FAILED;
}

/* Only errors of a login have a headline here; the others fall to the last one. */
static const char *
headline (InnError code)
{
  switch ((int) code)
    {
    case INN_ERROR_HOST_KEY_CHANGED:
      return _ ("The SSH key of “%s” is another one than the one on record. Somebody may be "
                "listening in, or the host was installed anew. Compare its fingerprint by another "
                "way; if it is right, remove the old key with “ssh-keygen -R” and connect again.");
    case INN_ERROR_HOST_KEY_UNKNOWN:
      return _ ("The SSH key of “%s” is not on record and was not accepted. Compare its "
                "fingerprint with the one the host shows, then connect again and accept it.");
    case INN_ERROR_AUTH_FAILED:
      return _ ("“%s” refused the SSH login. Check the user name, the password, and that your key "
                "is among the authorized keys of that user.");
    case INN_ERROR_REFUSED:
      return _ ("SSH cannot reach “%s”. Check the name and the port, that the host is up, and that "
                "its SSH service runs.");
    case INN_ERROR_TIMED_OUT:
      return _ ("“%s” did not answer over SSH in time. Check that the host is up and that no "
                "firewall is in the way.");
    case INN_ERROR_UNSUPPORTED:
      return _ ("This computer and “%s” have no SSH algorithm in common. Update the SSH service of "
                "the host, or allow the algorithm in ~/.ssh/config.");
    case INN_ERROR_INVALID:
      return _ ("SSH does not accept its settings for “%s”. Correct ~/.ssh/config or the URI.");
    default:
      return _ ("The SSH connection to “%s” failed");
    }
}

/**
 * inn_ssh_clean_output:
 * @output: what ssh wrote to its standard error
 *
 * Returns: (transfer full): the same as valid text, without debug lines and the frames of `@`
 */
char *
inn_ssh_clean_output (const char *output)
{
  g_autofree char *valid = g_utf8_make_valid (output, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);
  g_autoptr (GString) clean = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strchomp (lines[i]);

      if (*line == '\0' || g_str_has_prefix (line, "debug1: ") || g_str_has_prefix (line, "@@@"))
        continue;
      if (clean->len > 0)
        g_string_append_c (clean, '\n');
      g_string_append (clean, line);
    }

  return g_string_free_and_steal (g_steal_pointer (&clean));
}

/**
 * inn_ssh_clean_bytes:
 * @output: (nullable): what ssh wrote to its standard error
 *
 * Returns: (transfer full): as [func@ssh_clean_output], and empty for nothing
 */
char *
inn_ssh_clean_bytes (GBytes *output)
{
  g_autofree char *text = NULL;

  /* The data of no bytes is NULL, which is no text. */
  if (output == NULL || g_bytes_get_size (output) == 0)
    return g_strdup ("");

  text = g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
  return inn_ssh_clean_output (text);
}

/**
 * inn_ssh_error_from_output:
 * @host_name: the host, as the administrator calls it
 * @output: what ssh wrote to its standard error before it ended
 *
 * Returns: (transfer full): why the login failed, with ssh's own words as the details
 */
GError *
inn_ssh_error_from_output (const char *host_name, const char *output)
{
  g_autofree char *details = inn_ssh_clean_output (output);
  InnError code = classify (output);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  return inn_error_new (code, *details != '\0' ? details : NULL, headline (code), host_name);
#pragma GCC diagnostic pop
}

static char *
match_group (const char *pattern, const char *text, int group)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert (regex != NULL);
  if (!g_regex_match (regex, text, 0, &match))
    return NULL;

  return g_match_info_fetch (match, group);
}

/**
 * inn_ssh_error_dup_changed_key:
 * @output: what ssh wrote about a key that changed
 * @file: (out) (transfer full) (nullable): the known_hosts file that has the old key
 * @line: (out): the number of its line, from 1; 0 when unknown
 *
 * Returns: (transfer full) (nullable): the fingerprint of the key that the host offers
 */
char *
inn_ssh_error_dup_changed_key (const char *output, char **file, guint *line)
{
  static const char offending[] = "^Offending .*key in (.+):([0-9]+)\\r?$";
  g_autofree char *number = match_group (offending, output, 2);

  *file = match_group (offending, output, 1);
  *line = number != NULL ? (guint) g_ascii_strtoull (number, NULL, 10) : 0;

  return match_group ("^(SHA256:[A-Za-z0-9+/]+)\\.?\\r?$", output, 1);
}

/**
 * inn_ssh_fingerprint_of_line:
 * @known_hosts_line: a line of a known_hosts file
 *
 * Returns: (transfer full) (nullable): the SHA256 fingerprint of its key, as ssh-keygen writes it
 */
char *
inn_ssh_fingerprint_of_line (const char *known_hosts_line)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_auto (GStrv) fields = g_strsplit_set (known_hosts_line, " \t", -1);
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree guchar *blob = NULL;
  g_autofree char *base64 = NULL;
  guint8 digest[32];
  gsize size = sizeof digest;
  gsize blob_size = 0;
  guint first;

  for (guint i = 0; fields[i] != NULL; i++)
    if (*fields[i] != '\0')
      g_ptr_array_add (words, fields[i]);

  /* "@cert-authority" or "@revoked" may stand before the names; then the type, then the key. */
  first = words->len > 0 && *(const char *) words->pdata[0] == '@' ? 1 : 0;
  if (words->len < first + 3)
    return NULL;

  blob = g_base64_decode (words->pdata[first + 2], &blob_size);
  if (blob_size == 0)
    return NULL;

  g_checksum_update (checksum, blob, (gssize) blob_size);
  g_checksum_get_digest (checksum, digest, &size);
  base64 = g_base64_encode (digest, size);
  while (g_str_has_suffix (base64, "="))
    base64[strlen (base64) - 1] = '\0';

  return g_strconcat ("SHA256:", base64, NULL);
}

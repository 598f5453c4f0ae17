/* inn-ssh-quote.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-quote.h"

#include <string.h>

/* What no shell treats specially, in no position; anything else is quoted. */
static gboolean
is_safe (const char *word)
{
  for (const char *c = word; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("_-./:,@", *c) == NULL)
      return FALSE;

  return *word != '\0';
}

/**
 * inn_ssh_quote_word:
 * @word: any text without NUL
 *
 * Returns: (transfer full): @word as one word of a POSIX shell, taken literally
 */
char *
inn_ssh_quote_word (const char *word)
{
  g_autoptr (GString) quoted = NULL;

  g_return_val_if_fail (word != NULL, NULL);

  if (is_safe (word))
    return g_strdup (word);

  quoted = g_string_new ("'");
  for (const char *c = word; *c != '\0'; c++)
    if (*c == '\'')
      g_string_append (quoted, "'\\''");
    else
      g_string_append_c (quoted, *c);
  g_string_append_c (quoted, '\'');

  return g_string_free_and_steal (g_steal_pointer (&quoted));
}

/**
 * inn_ssh_quote_command:
 * @argv: (array zero-terminated=1): a command and its arguments
 *
 * The one place where an argument vector becomes text: sshd hands one string to the login shell of
 * the user.
 *
 * Returns: (transfer full): a command line that runs exactly @argv
 */
char *
inn_ssh_quote_command (const char *const *argv)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  for (guint i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *word = inn_ssh_quote_word (argv[i]);

      if (i > 0)
        g_string_append_c (line, ' ');
      g_string_append (line, word);
    }

  return g_string_free_and_steal (g_steal_pointer (&line));
}

/**
 * inn_ssh_path_is_plain:
 * @path: a path
 *
 * Returns: whether ssh can be told that path at all: it has no escape for quotes, control
 *   characters and `${` everywhere a path is taken
 */
gboolean
inn_ssh_path_is_plain (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (*path == '\0' || strstr (path, "${") != NULL)
    return FALSE;

  for (const char *c = path; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || *c == '"' || *c == '\\')
      return FALSE;

  return TRUE;
}

/**
 * inn_ssh_quote_option_path:
 * @path: a path for which [func@ssh_path_is_plain] holds
 *
 * Returns: (transfer full): the path as the value of an ssh option: `%` doubled
 */
char *
inn_ssh_quote_option_path (const char *path)
{
  g_autoptr (GString) quoted = g_string_new (path);

  g_string_replace (quoted, "%", "%%", 0);
  return g_string_free_and_steal (g_steal_pointer (&quoted));
}

/**
 * inn_ssh_quote_forward_path:
 * @path: a path for which [func@ssh_path_is_plain] holds
 *
 * Returns: (transfer full): the path as one half of `-L LOCAL:REMOTE`
 */
char *
inn_ssh_quote_forward_path (const char *path)
{
  g_autoptr (GString) quoted = g_string_new (path);

  g_string_replace (quoted, ":", "\\:", 0);
  g_string_replace (quoted, "%", "%%", 0);
  return g_string_free_and_steal (g_steal_pointer (&quoted));
}

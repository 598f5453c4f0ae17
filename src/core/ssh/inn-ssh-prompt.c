/* inn-ssh-prompt.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-prompt.h"

#include <glib/gi18n.h>

/* ssh runs with LC_ALL=C, and OpenSSH is not translated: its words are stable enough to be read,
 * and what is not recognised is shown as it came. */

static char *
match_one (const char *pattern, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert (regex != NULL);
  if (!g_regex_match (regex, text, 0, &match))
    return NULL;

  return g_match_info_fetch (match, 1);
}

static InnPrompt *
parse_host_key (const char *text, InnSshQuestion *question)
{
  /* An address that is called by itself is named once. */
  g_autofree char *address = match_one ("^The authenticity of host '([^']+) \\(\\1\\)'", text);
  g_autofree char *host = match_one ("^The authenticity of host '([^']+)'", text);
  g_autofree char *type = match_one ("^(\\S+) key fingerprint is", text);
  g_autofree char *fingerprint = match_one ("key fingerprint is:? ([A-Z0-9]+:[^\\s]+?)\\.?$", text);
  g_autofree char *message = NULL;

  *question = strstr (text, "keys of different type are already known") != NULL
                  ? INN_SSH_QUESTION_OTHER_HOST_KEY
                  : INN_SSH_QUESTION_HOST_KEY;

  if (host == NULL || type == NULL || fingerprint == NULL)
    return inn_prompt_new (INN_PROMPT_CONFIRM, "ssh", text);

  message = g_strdup_printf (
      /* Translators: a host name, a key type such as ED25519, a fingerprint */
      _ ("The key of “%s” was never seen here. It is of type %s and has the fingerprint\n\n%s\n\n"
         "Compare the fingerprint with the one the host shows on its own console. Trust this key?"),
      address != NULL ? address : host, type, fingerprint);
  return inn_prompt_new (INN_PROMPT_CONFIRM, "ssh", message);
}

/* "user@host's password: ", or, by keyboard-interactive, "(user@host) Password: ". A PAM module
 * may ask for anything there; only what is plainly the password may be remembered. */
static InnPrompt *
parse_password (const char *text)
{
  g_autofree char *user =
      match_one ("^\\(?([^@\\s]+)@.+?(?:'s password: ?|\\) ?[Pp]assword: ?)$", text);
  g_autofree char *host =
      match_one ("^\\(?[^@\\s]+@(.+?)(?:'s password: ?|\\) ?[Pp]assword: ?)$", text);
  g_autofree char *message = NULL;
  InnPrompt *prompt;

  if (user == NULL || host == NULL)
    return NULL;

  /* Translators: a user name, then a host name */
  message = g_strdup_printf (_ ("Password of “%s” on “%s”"), user, host);
  prompt = inn_prompt_new (INN_PROMPT_SECRET, "ssh", message);
  prompt->user = g_steal_pointer (&user);
  prompt->may_remember = TRUE;
  return prompt;
}

static InnPrompt *
parse_passphrase (const char *text)
{
  g_autofree char *key = match_one ("^Enter passphrase for (?:key )?'?(.+?)'?: ?$", text);
  g_autofree char *message = NULL;
  InnPrompt *prompt;

  if (key == NULL)
    return NULL;

  /* Translators: the path of a key file */
  message = g_strdup_printf (_ ("Passphrase of the key “%s”"), key);
  prompt = inn_prompt_new (INN_PROMPT_SECRET, "ssh", message);
  /* The key's path stands for the user: a password and passphrases are remembered apart. */
  prompt->user = g_steal_pointer (&key);
  prompt->may_remember = TRUE;
  return prompt;
}

/**
 * inn_ssh_prompt_parse:
 * @hint: (nullable): what ssh put into SSH_ASKPASS_PROMPT ("confirm", "none" or nothing)
 * @text: what ssh asks, in its own words
 * @question: (out): whether it is about a host key
 *
 * Turns a question of ssh into one for a person. What is not recognised is taken for a secret that
 * must not be remembered, and its text is shown as it came.
 *
 * Returns: (transfer full): the question; host and attempt are for the caller to fill in
 */
InnPrompt *
inn_ssh_prompt_parse (const char *hint, const char *text, InnSshQuestion *question)
{
  g_autofree char *valid = NULL;
  InnPrompt *prompt;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (question != NULL, NULL);

  *question = INN_SSH_QUESTION_OTHER;
  valid = g_utf8_make_valid (text, -1);

  if (g_strcmp0 (hint, "none") == 0)
    return inn_prompt_new (INN_PROMPT_NOTICE, "ssh", g_strstrip (valid));
  if (strstr (valid, "The authenticity of host ") != NULL)
    return parse_host_key (valid, question);
  if (g_strcmp0 (hint, "confirm") == 0)
    return inn_prompt_new (INN_PROMPT_CONFIRM, "ssh", g_strstrip (valid));

  prompt = parse_password (valid);
  if (prompt == NULL)
    prompt = parse_passphrase (valid);
  if (prompt == NULL)
    prompt = inn_prompt_new (INN_PROMPT_SECRET, "ssh", g_strstrip (valid));

  return prompt;
}

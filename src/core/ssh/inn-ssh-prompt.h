/* inn-ssh-prompt.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

G_BEGIN_DECLS

/**
 * InnSshQuestion:
 * @INN_SSH_QUESTION_OTHER: a password, a passphrase, a confirmation: nothing special
 * @INN_SSH_QUESTION_HOST_KEY: whether to trust a key that was never seen
 * @INN_SSH_QUESTION_OTHER_HOST_KEY: the same, though another key of that host is on record
 */
typedef enum
{
  INN_SSH_QUESTION_OTHER,
  INN_SSH_QUESTION_HOST_KEY,
  INN_SSH_QUESTION_OTHER_HOST_KEY,
} InnSshQuestion;

InnPrompt *inn_ssh_prompt_parse (const char *hint, const char *text, InnSshQuestion *question);

G_END_DECLS

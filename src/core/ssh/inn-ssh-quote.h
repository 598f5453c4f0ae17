/* inn-ssh-quote.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *inn_ssh_quote_word (const char *word);
char *inn_ssh_quote_command (const char *const *argv);
char *inn_ssh_quote_option_path (const char *path);
char *inn_ssh_quote_forward_path (const char *path);
gboolean inn_ssh_path_is_plain (const char *path);

G_END_DECLS

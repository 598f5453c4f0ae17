/* inn-ssh-error.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GError *inn_ssh_error_from_output (const char *host_name, const char *output);
char *inn_ssh_error_dup_changed_key (const char *output, char **file, guint *line);
char *inn_ssh_fingerprint_of_line (const char *known_hosts_line);
char *inn_ssh_clean_output (const char *output);
char *inn_ssh_clean_bytes (GBytes *output);

G_END_DECLS

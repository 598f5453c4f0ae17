/* inn-ssh-runtime.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The longest name in a runtime folder, and what ssh appends while it makes a socket. */
#define INN_SSH_RUNTIME_NAME_MAX 8
#define INN_SSH_SOCKET_SUFFIX_LENGTH 17

typedef struct _InnSshRuntime InnSshRuntime;

InnSshRuntime *inn_ssh_runtime_new (GError **error);
void inn_ssh_runtime_free (InnSshRuntime *self);
const char *inn_ssh_runtime_get_directory (InnSshRuntime *self);
char *inn_ssh_runtime_dup_path (InnSshRuntime *self, const char *name);
char *inn_ssh_runtime_dup_fresh_path (InnSshRuntime *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnSshRuntime, inn_ssh_runtime_free)

G_END_DECLS

/* inn-ssh-child.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * InnSshLineFunc:
 * @line: a line without its newline, valid UTF-8
 * @data: what was handed over with the function
 */
typedef void (*InnSshLineFunc) (const char *line, gpointer data);

GSubprocess *
inn_ssh_child_spawn (GSubprocessLauncher *launcher, const char *const *argv, GError **error);
DexFuture *inn_ssh_child_wait (GSubprocess *child) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_ssh_child_read (GInputStream *stream,
                               InnSshLineFunc func,
                               gpointer data,
                               GDestroyNotify destroy,
                               GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_ssh_child_write (GOutputStream *stream, GBytes *bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

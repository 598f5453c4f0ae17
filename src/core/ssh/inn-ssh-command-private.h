/* inn-ssh-command-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ssh/inn-ssh-login-private.h"

G_BEGIN_DECLS

/**
 * InnSshCommand:
 * @login: whose session it is
 * @argv: what to run on the host
 * @input: (nullable): what it reads; or
 * @input_fd: a file that it reads, -1 for none
 * @output_fd: a file that it writes to, -1 for collecting
 * @operation: (nullable): gets each line
 * @quiet: whether stdout is no log
 * @cancellable: (nullable): ends it
 * @progress: (nullable): called now and then while it runs
 * @progress_data: for @progress
 *
 * A command of the host.
 */
typedef struct
{
  InnSshLogin *login;
  GStrv argv;
  GBytes *input;
  int input_fd;
  int output_fd;
  InnOperation *operation;
  gboolean quiet;
  GCancellable *cancellable;
  void (*progress) (gpointer data);
  gpointer progress_data;
} InnSshCommand;

InnSshCommand *
_inn_ssh_command_new (InnSshLogin *login, const char *const *argv, GCancellable *cancellable);
void _inn_ssh_command_free (InnSshCommand *self);

/* In a fiber. */
GBytes *_inn_ssh_command_run (InnSshCommand *self, GError **error);

G_END_DECLS

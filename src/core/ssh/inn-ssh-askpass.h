/* inn-ssh-askpass.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

G_BEGIN_DECLS

#define INN_TYPE_SSH_ASKPASS (inn_ssh_askpass_get_type ())

G_DECLARE_FINAL_TYPE (InnSshAskpass, inn_ssh_askpass, INN, SSH_ASKPASS, GObject)

InnSshAskpass *
inn_ssh_askpass_new (const char *host_id, const char *host_name, InnPrompter *prompter);
gboolean inn_ssh_askpass_listen (InnSshAskpass *self, const char *path, GError **error);
void inn_ssh_askpass_prepare (InnSshAskpass *self, GSubprocessLauncher *launcher);
DexFuture *inn_ssh_askpass_await_verdict (InnSshAskpass *self) G_GNUC_WARN_UNUSED_RESULT;
void inn_ssh_askpass_close (InnSshAskpass *self);

G_END_DECLS

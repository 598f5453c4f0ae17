/* inn-ssh-transport.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "ssh/inn-ssh-login.h"
#include "virt/inn-transport.h"

G_BEGIN_DECLS

#define INN_TYPE_SSH_TRANSPORT (inn_ssh_transport_get_type ())

G_DECLARE_FINAL_TYPE (InnSshTransport, inn_ssh_transport, INN, SSH_TRANSPORT, GObject)

InnSshTransport *inn_ssh_transport_new (InnPrompter *prompter, InnTransport *others);
InnSshLogin *inn_ssh_transport_dup_login (InnSshTransport *self, const char *host_id);
DexFuture *inn_ssh_transport_open_login (InnSshTransport *self,
                                         const char *host_id,
                                         const char *host_name,
                                         const char *uri,
                                         GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

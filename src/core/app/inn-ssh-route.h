/* inn-ssh-route.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ssh/inn-ssh-login.h"
#include "ssh/inn-ssh-uri.h"

G_BEGIN_DECLS

/* In a fiber: a local socket that ends at the libvirt daemon of the host. */
char *inn_ssh_route_find (InnSshLogin *login,
                          const InnSshUri *uri,
                          const char *host_name,
                          gboolean read_only,
                          GCancellable *cancellable,
                          GError **error);

G_END_DECLS

/* inn-ssh-uri.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ssh/inn-ssh-login.h"

G_BEGIN_DECLS

/**
 * InnSshProxy:
 * @INN_SSH_PROXY_AUTO: whatever works: the forwarded socket, else the helper, else netcat
 * @INN_SSH_PROXY_NATIVE: libvirt's helper on the host
 * @INN_SSH_PROXY_NETCAT: netcat on the host
 */
typedef enum
{
  INN_SSH_PROXY_AUTO,
  INN_SSH_PROXY_NATIVE,
  INN_SSH_PROXY_NETCAT,
} InnSshProxy;

/**
 * InnSshMode:
 * @INN_SSH_MODE_AUTO: whichever daemon is there
 * @INN_SSH_MODE_DIRECT: the modular daemon of the driver (virtqemud)
 * @INN_SSH_MODE_LEGACY: the monolithic daemon (libvirtd), or virtproxyd in its place
 */
typedef enum
{
  INN_SSH_MODE_AUTO,
  INN_SSH_MODE_DIRECT,
  INN_SSH_MODE_LEGACY,
} InnSshMode;

/**
 * InnSshUri:
 * @driver: "qemu"
 * @target: where to log in
 * @path: "/system", with the slash
 * @socket: (nullable): path of the daemon's socket on the host
 * @netcat: (nullable): path or name of netcat on the host
 * @proxy: how the socket is reached
 * @mode: which daemon
 * @rest: (nullable): parameters that are for libvirt, encoded
 *
 * A URI such as `qemu+ssh://root@host/system`, taken apart.
 */
typedef struct
{
  char *driver;
  InnSshTarget target;
  char *path;
  char *socket;
  char *netcat;
  InnSshProxy proxy;
  InnSshMode mode;
  char *rest;
} InnSshUri;

gboolean inn_ssh_uri_is_ssh (const char *uri);
InnSshUri *inn_ssh_uri_parse (const char *uri, GError **error);
void inn_ssh_uri_free (InnSshUri *self);
gboolean inn_ssh_uri_is_session (const InnSshUri *self);
char *inn_ssh_uri_dup_local (const InnSshUri *self, const char *socket_path);
char *inn_ssh_uri_dup_on_host (const InnSshUri *self);
GStrv inn_ssh_uri_dup_socket_names (const InnSshUri *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnSshUri, inn_ssh_uri_free)

G_END_DECLS

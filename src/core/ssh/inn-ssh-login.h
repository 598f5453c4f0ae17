/* inn-ssh-login.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation.h"
#include "base/inn-prompter.h"

G_BEGIN_DECLS

/**
 * InnSshTarget:
 * @user: (nullable): user name; else what ~/.ssh/config says
 * @host: host name or address, as ssh takes it (an alias of ~/.ssh/config works)
 * @port: TCP port, 0 for what the configuration says
 * @identity: (nullable): path of a key file (`keyfile=` of the URI)
 * @known_hosts: (nullable): path of a known_hosts file (`known_hosts=` of the URI)
 */
typedef struct
{
  char *user;
  char *host;
  guint16 port;
  char *identity;
  char *known_hosts;
} InnSshTarget;

void inn_ssh_target_clear (InnSshTarget *target);

#define INN_TYPE_SSH_LOGIN (inn_ssh_login_get_type ())

G_DECLARE_FINAL_TYPE (InnSshLogin, inn_ssh_login, INN, SSH_LOGIN, GObject)

/* One login at one host: an OpenSSH master that all else is a channel of. */
InnSshLogin *inn_ssh_login_new (const char *host_id,
                                const char *host_name,
                                const InnSshTarget *target,
                                InnPrompter *prompter);

/* Resolves when the master runs. Rejects with AUTH_FAILED, AUTH_CANCELLED, HOST_KEY_UNKNOWN,
 * HOST_KEY_CHANGED (both fingerprints in the details), REFUSED or TIMED_OUT. */
DexFuture *inn_ssh_login_open (InnSshLogin *self,
                               GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_ssh_login_close (InnSshLogin *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean inn_ssh_login_is_open (InnSshLogin *self);
/* signal "lost": the master ended although nobody closed it */

/* Resolves with a GBytes of what it wrote to stdout when it exits 0; rejects with REMOTE (stderr in
 * the details) else. argv is quoted for the remote shell in one place. stdin may be NULL. Each line
 * of stdout and stderr goes to the operation's log when there is one. */
DexFuture *inn_ssh_login_run (InnSshLogin *self,
                              const char *const *argv,
                              GBytes *stdin_bytes,
                              InnOperation *operation,
                              GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
/* Copies a local file to the host (or from it); progress on the operation. */
DexFuture *inn_ssh_login_copy_to (InnSshLogin *self,
                                  GFile *local,
                                  const char *remote_path,
                                  guint mode,
                                  InnOperation *operation,
                                  GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_ssh_login_copy_from (InnSshLogin *self,
                                    const char *remote_path,
                                    GFile *local,
                                    InnOperation *operation,
                                    GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
/* Forwards a UNIX socket of the host to a private local one; resolves with the local path. */
DexFuture *inn_ssh_login_forward_socket (InnSshLogin *self,
                                         const char *remote_path,
                                         GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
/* A byte stream to ADDRESS:PORT as seen from the host, or a UNIX socket path with port 0; resolves
 * with a connected fd (a socket). */
DexFuture *inn_ssh_login_connect (InnSshLogin *self,
                                  const char *address,
                                  guint16 port,
                                  GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
/* A command whose stdin and stdout become one stream; resolves with a connected fd (a socket). */
DexFuture *inn_ssh_login_open_channel (InnSshLogin *self,
                                       const char *const *argv,
                                       GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* The user's shell on a terminal of the host; resolves with the master (an fd) of a local terminal
 * whose size is passed on. */
DexFuture *inn_ssh_login_open_shell (InnSshLogin *self,
                                     GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

/* A private local socket; each connection to it starts the command on the host, which has the
 * connection as its stdin and stdout. Resolves with the local path. For where forwarding is
 * forbidden. */
DexFuture *inn_ssh_login_bridge (InnSshLogin *self,
                                 const char *const *argv,
                                 GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

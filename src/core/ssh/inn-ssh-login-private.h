/* inn-ssh-login-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ssh/inn-ssh-askpass.h"
#include "ssh/inn-ssh-login.h"
#include "ssh/inn-ssh-runtime.h"

G_BEGIN_DECLS

/* sshd's MaxSessions is 10 unless somebody changed it; two are left to others. */
#define INN_SSH_SESSIONS_MAX 8

struct _InnSshLogin
{
  GObject parent_instance;

  char *host_id;
  char *host_name;
  InnSshTarget target;
  InnPrompter *prompter;
  guint connect_timeout;

  /* While a master runs, or is on its way. */
  InnSshRuntime *runtime;
  InnSshAskpass *askpass;
  GSubprocess *master;
  GFileMonitor *monitor;
  GString *messages; /* what the master wrote to stderr, the end of it */
  DexFuture *messages_read;
  DexFuture *exited;
  DexFuture *opening;
  DexFuture *closing;
  GCancellable *stop;   /* ends the attempt */
  guint n_waiting;      /* who waits for the attempt */
  GHashTable *forwards; /* what is forwarded -> path of the local socket */
  GPtrArray *bridges;   /* GSocketService: local sockets that each start a command of the host */

  guint n_sessions;
  guint sessions_max; /* what the host was seen to allow, at most ours */
  GQueue waiting;     /* DexPromise: those who wait for a session */

  InnSshLogin *bulk; /* the connection for copies, open while there are some */
  guint n_copies;

  guint is_open : 1;
  guint is_silent : 1;   /* asks nothing, whatever the configuration says */
  guint has_no_bulk : 1; /* a second connection was tried, and needs a person */
  guint is_closing : 1;
};

GPtrArray *_inn_ssh_login_master_argv (InnSshLogin *self, GError **error);
GPtrArray *_inn_ssh_login_channel_argv (InnSshLogin *self);
gboolean _inn_ssh_login_start_master (InnSshLogin *self, GError **error);
/* In fibers. */
GError *_inn_ssh_login_await_master (InnSshLogin *self);
gboolean _inn_ssh_login_is_usable (InnSshLogin *self);
void _inn_ssh_login_await_death (InnSshLogin *self);
void _inn_ssh_login_end_master (InnSshLogin *self);
void _inn_ssh_login_drop_master (InnSshLogin *self);

GError *_inn_ssh_login_cancelled_error (InnSshLogin *self);
GError *_inn_ssh_login_not_open_error (InnSshLogin *self);
char *_inn_ssh_login_dup_messages (InnSshLogin *self);

/* In fibers: a place among the sessions; FALSE with an error when cancelled or closed meanwhile. */
gboolean _inn_ssh_login_acquire (InnSshLogin *self, GCancellable *cancellable, GError **error);
void _inn_ssh_login_release (InnSshLogin *self);
InnSshLogin *_inn_ssh_login_acquire_bulk (InnSshLogin *self, GCancellable *cancellable);
void _inn_ssh_login_release_bulk (InnSshLogin *self, InnSshLogin *used);

gboolean _inn_ssh_login_was_refused (const char *output);
gboolean _inn_ssh_login_await_retry (InnSshLogin *self,
                                     guint attempt,
                                     GCancellable *cancellable,
                                     GError **error);
void _inn_ssh_login_fail_waiting (InnSshLogin *self);

G_END_DECLS

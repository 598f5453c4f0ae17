/* inn-connection-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-worker.h"
#include "virt/inn-auth.h"
#include "virt/inn-connection.h"

G_BEGIN_DECLS

typedef struct _InnConnectionCore InnConnectionCore;

/* What libvirt holds to tell that a connection broke. */
typedef struct
{
  InnConnectionCore *core;
  int let_go; /* libvirt did */
} InnCloseHook;

/* What the threads hold: the handle, and what they have to tell. */
struct _InnConnectionCore
{
  gatomicrefcount ref_count;
  GMutex mutex;
  virConnectPtr conn;
  gboolean closed;
  gboolean local;
  InnWatch watch;
  GWeakRef owner; /* resolved on the main thread only */
  GQueue happened;
  gboolean telling;
  InnCloseHook *close_hook; /* of the thread that opens, then of the one that closes */
};

struct _InnConnection
{
  GObject parent_instance;

  InnConnectionCore *core;
  InnAuth *auth;
  char *uri;
  gboolean forwarded;
  gboolean read_only;
  char *host_name;
  InnWorker *workers[INN_N_LANES];
  DexPromise *gone; /* rejected when the connection is given up: nobody waits for a stuck thread */
  GCancellable *ended; /* fires then, for threads that use the connection for long */
};

/* inn-connection-core.c; all of it may be called from any thread */
gpointer _inn_connection_core_ref (gpointer data);
void _inn_connection_core_unref (gpointer data);
virConnectPtr _inn_connection_core_take_ref (InnConnectionCore *core);
void _inn_connection_core_on_happened (InnHappened *happened, gpointer data);
void _inn_connection_core_tell_closed (InnConnectionCore *core);
void _inn_connection_core_watch_close (InnConnectionCore *core, virConnectPtr conn);
void _inn_connection_core_close (InnConnectionCore *core, virConnectPtr conn, InnWatch *watch);

G_END_DECLS

/* inn-connection.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-connection-private.h"

#include "virt/inn-peer.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>
#include <libvirt/virterror.h>

/**
 * InnConnection:
 *
 * One attempt to reach a host, and the connection it becomes. It owns the libvirt handle: opened,
 * used and closed on threads of its own, never on the main one. An attempt that is given up leaves
 * its thread behind; what it opens in the end is closed there.
 *
 * The object itself lives on the main thread; threads hold its core.
 */

/* A host serves five calls of one client at once and then reads no more from it, not even its
 * keep-alive. A guest that hangs can hold one of two looks and the one picture; what remains is for
 * actions. One thread more than there are looks is for inn_connection_check(), which asks nobody.
 */
static const struct
{
  const char *name;
  guint threads;
} lanes[INN_N_LANES] = {
  [INN_LANE_ACTION] = { "inn-virt", 4 },
  [INN_LANE_QUESTION] = { "inn-ask", 2 },
  [INN_LANE_SCREEN] = { "inn-screen", 1 },
  [INN_LANE_LOOK] = { "inn-poll", 4 },
};

#define KEEP_ALIVE_SECONDS 5
#define KEEP_ALIVE_COUNT 3

G_DEFINE_FINAL_TYPE (InnConnection, inn_connection, G_TYPE_OBJECT)

static void
inn_connection_dispose (GObject *object)
{
  InnConnection *self = INN_CONNECTION (object);

  dex_future_disown (inn_connection_close (self));
  for (guint i = 0; i < INN_N_LANES; i++)
    g_clear_object (&self->workers[i]);
  dex_clear (&self->gone);

  G_OBJECT_CLASS (inn_connection_parent_class)->dispose (object);
}

static void
inn_connection_finalize (GObject *object)
{
  InnConnection *self = INN_CONNECTION (object);

  g_clear_pointer (&self->auth, inn_auth_unref);
  g_clear_pointer (&self->core, _inn_connection_core_unref);
  g_clear_object (&self->ended);
  g_free (self->uri);
  g_free (self->host_name);

  G_OBJECT_CLASS (inn_connection_parent_class)->finalize (object);
}

static void
inn_connection_class_init (InnConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_connection_dispose;
  object_class->finalize = inn_connection_finalize;

  /**
   * InnConnection::closed:
   *
   * The far side is gone. Not emitted for a connection that was closed from here.
   */
  g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  /**
   * InnConnection::happened:
   * @happened: (type gpointer): an InnHappened, borrowed for the call
   */
  g_signal_new ("happened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
inn_connection_init (InnConnection *self)
{
  self->gone = dex_promise_new ();
  self->ended = g_cancellable_new ();
  self->core = g_new0 (InnConnectionCore, 1);
  g_atomic_ref_count_init (&self->core->ref_count);
  g_mutex_init (&self->core->mutex);
  g_weak_ref_init (&self->core->owner, self);
}

static char *
user_of (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *user = parsed != NULL ? g_uri_get_user (parsed) : NULL;

  return user != NULL && user[0] != '\0' ? g_strdup (user) : NULL;
}

/**
 * inn_connection_new:
 * @route: how the host is reached
 * @host_id: its record id, for questions
 * @host_name: its name, for questions and errors
 * @read_only: open read-only
 * @prompter: whom to ask for credentials
 * @attempt: how often credentials were refused before
 *
 * Returns: (transfer full): an attempt that has not begun
 */
InnConnection *
inn_connection_new (const InnRoute *route,
                    const char *host_id,
                    const char *host_name,
                    gboolean read_only,
                    InnPrompter *prompter,
                    guint attempt)
{
  InnConnection *self;
  g_autofree char *user = NULL;

  g_return_val_if_fail (route != NULL, NULL);

  self = g_object_new (INN_TYPE_CONNECTION, NULL);
  user = user_of (route->uri);
  self->auth = inn_auth_new (prompter, host_id, host_name, user, attempt);
  self->uri = g_strdup (route->uri);
  self->forwarded = route->forwarded;
  self->read_only = read_only;
  self->host_name = g_strdup (host_name);
  for (guint i = 0; i < INN_N_LANES; i++)
    self->workers[i] = inn_worker_new (lanes[i].name, lanes[i].threads);

  return self;
}

typedef struct
{
  InnConnectionCore *core;
  InnAuth *auth;
  char *uri;
  char *host_name;
  gboolean read_only;
  InnConnectionFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Job;

static Job *
job_new (InnConnection *self, InnConnectionFunc func, gpointer data, GDestroyNotify destroy)
{
  Job *job = g_new0 (Job, 1);

  job->core = _inn_connection_core_ref (self->core);
  job->host_name = g_strdup (self->host_name);
  job->func = func;
  job->data = data;
  job->destroy = destroy;

  return job;
}

static void
job_free (gpointer data)
{
  Job *job = data;

  if (job->destroy != NULL)
    job->destroy (job->data);
  g_clear_pointer (&job->auth, inn_auth_unref);
  _inn_connection_core_unref (job->core);
  g_free (job->uri);
  g_free (job->host_name);
  g_free (job);
}

static gboolean
adopt (InnConnectionCore *core, virConnectPtr conn, InnWatch *watch, gboolean local)
{
  gboolean wanted;

  g_mutex_lock (&core->mutex);
  wanted = !core->closed;
  if (wanted)
    {
      core->conn = conn;
      core->watch = *watch;
      core->local = local;
    }
  g_mutex_unlock (&core->mutex);

  return wanted;
}

static gboolean
open_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Job *job = data;
  InnWatch watch = { 0 };
  virConnectAuth auth;
  virConnectPtr conn;
  gboolean ok = TRUE;

  inn_auth_fill (job->auth, &auth);
  conn = virConnectOpenAuth (job->uri, &auth, job->read_only ? VIR_CONNECT_RO : 0);
  if (conn == NULL)
    {
      inn_virt_set_open_error (error, job->host_name, inn_auth_was_cancelled (job->auth));
      return FALSE;
    }

  /* Drivers in this process have neither, and need neither. */
  virConnectSetKeepAlive (conn, KEEP_ALIVE_SECONDS, KEEP_ALIVE_COUNT);
  _inn_connection_core_watch_close (job->core, conn);
  inn_watch_start (&watch, conn, _inn_connection_core_on_happened, _inn_connection_core_ref,
                   job->core, _inn_connection_core_unref);

  /* Nobody closes it under the first question: it belongs to this thread until it is adopted. */
  if (job->func != NULL)
    ok = job->func (conn, job->data, cancellable, result, error);
  if (ok && adopt (job->core, conn, &watch, inn_peer_is_local (job->uri)))
    return TRUE;

  _inn_connection_core_close (job->core, conn, &watch);
  if (ok)
    inn_error_set (error, INN_ERROR_CANCELLED, NULL, _ ("The attempt was given up"));
  return FALSE;
}

/* The driver of made-up hosts waits for nobody: it works in this process, on each host for some ten
 * milliseconds. A hundred at once would take the processors from each other, and all be ready at
 * the end; so these take turns. */
static InnWorker *
get_opener (InnConnection *self)
{
  static InnWorker *turns;

  if (!g_str_has_prefix (self->uri, "test:"))
    return self->workers[INN_LANE_ACTION];

  if (turns == NULL)
    turns = inn_worker_new ("inn-made-up", g_get_num_processors ());
  return turns;
}

/**
 * inn_connection_open:
 * @self: an attempt
 * @first: (nullable): the first question, asked in the same go
 * @data: (transfer full): plain data for @first
 * @destroy: (nullable): frees @data, on the thread
 *
 * Returns: (transfer full): resolves with what @first put into its result; rejects with why the
 *   host cannot be used
 */
DexFuture *
inn_connection_open (InnConnection *self,
                     InnConnectionFunc first,
                     gpointer data,
                     GDestroyNotify destroy)
{
  Job *job;

  g_return_val_if_fail (INN_IS_CONNECTION (self), NULL);

  job = job_new (self, first, data, destroy);
  job->auth = inn_auth_ref (self->auth);
  job->uri = g_strdup (self->uri);
  job->read_only = self->read_only;

  return inn_worker_run (get_opener (self), open_thread, job, job_free, NULL);
}

static gboolean
run_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Job *job = data;
  virConnectPtr conn = _inn_connection_core_take_ref (job->core);
  gboolean ok;

  if (conn == NULL)
    {
      inn_error_set (error, INN_ERROR_NOT_CONNECTED, NULL,
                     _ ("“%s” is not connected. Connect it first."), job->host_name);
      return FALSE;
    }

  ok = job->func (conn, job->data, cancellable, result, error);
  /* libvirt gives a peer up that keeps no longer alive, but calls the close callback only when the
   * socket stirs again. */
  if (virConnectIsAlive (conn) == 0)
    _inn_connection_core_tell_closed (job->core);
  virConnectClose (conn);
  return ok;
}

/**
 * inn_connection_run:
 * @self: an open connection
 * @lane: what kind of call it is
 * @func: blocking libvirt calls
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data, on the thread
 * @cancellable: (nullable): handed to @func
 *
 * Returns: (transfer full): resolves with what @func put into its result, else %TRUE; rejects with
 *   %INN_ERROR_NOT_CONNECTED when the connection is given up while @func still runs, on data that
 *   lives until it returns
 */
DexFuture *
inn_connection_run (InnConnection *self,
                    InnLane lane,
                    InnConnectionFunc func,
                    gpointer data,
                    GDestroyNotify destroy,
                    GCancellable *cancellable)
{
  g_return_val_if_fail (INN_IS_CONNECTION (self), NULL);

  return dex_future_first (inn_worker_run (self->workers[lane], run_thread,
                                           job_new (self, func, data, destroy), job_free,
                                           cancellable),
                           dex_ref (DEX_FUTURE (self->gone)), NULL);
}

/**
 * inn_connection_poll:
 * @self: an open connection
 * @func: a look at the host
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data, on the thread
 *
 * As inn_connection_run() in the lane of looks, for what nobody waits for.
 *
 * Returns: (transfer full): resolves when the host answered
 */
DexFuture *
inn_connection_poll (InnConnection *self,
                     InnConnectionFunc func,
                     gpointer data,
                     GDestroyNotify destroy)
{
  g_return_val_if_fail (INN_IS_CONNECTION (self), NULL);

  return inn_worker_run (self->workers[INN_LANE_LOOK], run_thread,
                         job_new (self, func, data, destroy), job_free, NULL);
}

static gboolean
check_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  return TRUE;
}

/**
 * inn_connection_check:
 * @self: an open connection
 *
 * Looks whether libvirt has given the far side up. It does not always end the calls that wait for
 * an answer then, nor tell; "closed" does.
 */
void
inn_connection_check (InnConnection *self)
{
  g_return_if_fail (INN_IS_CONNECTION (self));

  /* With none left one of them is checking. */
  if (inn_worker_get_pending (self->workers[INN_LANE_LOOK]) < lanes[INN_LANE_LOOK].threads)
    dex_unref (inn_connection_poll (self, check_thread, NULL, NULL));
}

/**
 * inn_connection_get_ended:
 * @self: a connection
 *
 * Returns: (transfer none): fires when the connection is given up, for threads that go on with what
 *   they got from it
 */
GCancellable *
inn_connection_get_ended (InnConnection *self)
{
  g_return_val_if_fail (INN_IS_CONNECTION (self), NULL);

  return self->ended;
}

/**
 * inn_connection_is_asking:
 * @self: an attempt
 *
 * Returns: whether it waits for a person and not for the host
 */
gboolean
inn_connection_is_asking (InnConnection *self)
{
  g_return_val_if_fail (INN_IS_CONNECTION (self), FALSE);

  return inn_auth_is_asking (self->auth);
}

/**
 * inn_connection_is_acting:
 * @self: a connection
 *
 * Returns: whether an action is at work or waits
 */
gboolean
inn_connection_is_acting (InnConnection *self)
{
  g_return_val_if_fail (INN_IS_CONNECTION (self), FALSE);

  return self->workers[INN_LANE_ACTION] != NULL &&
         inn_worker_get_pending (self->workers[INN_LANE_ACTION]) > 0;
}

/**
 * inn_connection_is_forwarded:
 * @self: a connection
 *
 * Returns: whether its socket ends on another machine although it looks local
 */
gboolean
inn_connection_is_forwarded (InnConnection *self)
{
  g_return_val_if_fail (INN_IS_CONNECTION (self), FALSE);

  return self->forwarded;
}

/**
 * inn_connection_is_local:
 * @self: an open connection
 *
 * Returns: whether libvirt proves to run on this machine, so that file descriptors may be passed
 */
gboolean
inn_connection_is_local (InnConnection *self)
{
  gboolean local;

  g_return_val_if_fail (INN_IS_CONNECTION (self), FALSE);

  g_mutex_lock (&self->core->mutex);
  local = self->core->local;
  g_mutex_unlock (&self->core->mutex);

  return local && !self->forwarded;
}

typedef struct
{
  InnConnectionCore *core;
  virConnectPtr conn;
  InnWatch watch;
} Closing;

static gboolean
close_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Closing *closing = data;

  _inn_connection_core_close (closing->core, closing->conn, &closing->watch);
  _inn_connection_core_unref (closing->core);
  return TRUE;
}

/**
 * inn_connection_close:
 * @self: a connection, or an attempt
 *
 * Gives it up. Never waits: a host that hangs holds up a thread of its own only.
 *
 * Returns: (transfer full): resolves when the handle is closed, or, when there is none yet, at once
 */
DexFuture *
inn_connection_close (InnConnection *self)
{
  Closing *closing;

  g_return_val_if_fail (INN_IS_CONNECTION (self), NULL);

  inn_auth_stop (self->auth);
  g_cancellable_cancel (self->ended);
  if (self->gone != NULL)
    dex_promise_reject (self->gone,
                        inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                                       _ ("The connection to “%s” ended before the answer came"),
                                       self->host_name));
  for (guint i = 0; i < INN_N_LANES; i++)
    if (self->workers[i] != NULL)
      inn_worker_close (self->workers[i]);

  closing = g_new0 (Closing, 1);
  g_mutex_lock (&self->core->mutex);
  self->core->closed = TRUE;
  closing->conn = g_steal_pointer (&self->core->conn);
  closing->watch = self->core->watch;
  self->core->watch.ids = NULL;
  g_mutex_unlock (&self->core->mutex);
  g_weak_ref_set (&self->core->owner, NULL);

  if (closing->conn == NULL)
    {
      g_free (closing);
      return dex_future_new_true ();
    }

  closing->core = _inn_connection_core_ref (self->core);
  return inn_thread_run ("inn-close", close_thread, closing, g_free, NULL);
}

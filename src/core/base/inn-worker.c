/* inn-worker.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-worker.h"

#include "base/inn-error.h"
#include "base/inn-thread.h"

#include <glib/gi18n.h>
#include <sys/resource.h>
#include <unistd.h>

/**
 * InnWorker:
 *
 * A few named threads for one resource (one host, one database). Jobs of a one-thread worker run
 * in the order they were given. Nobody waits for a worker: when the object goes, jobs that are
 * running run to their end and jobs that wait are rejected as cancelled.
 */

/* Shared by the object and its threads, so that a thread that is stuck in a library call outlives
 * the object without touching freed memory. */
typedef struct
{
  gatomicrefcount ref_count;
  GMutex mutex;
  GQueue jobs;
  char *name;
  guint max_threads;
  guint n_threads;
  guint n_idle;
  guint n_running;
  guint closed : 1;
  GCond wake;
} Pool;

typedef struct
{
  DexPromise *promise;
  InnWorkFunc func;
  gpointer data;
  GDestroyNotify destroy;
  GCancellable *cancellable;
} Job;

struct _InnWorker
{
  GObject parent_instance;

  Pool *pool;
};

G_DEFINE_FINAL_TYPE (InnWorker, inn_worker, G_TYPE_OBJECT)

/* How much nicer than the main thread a worker is: a hundred hosts that answer at once must not
 * starve the one thread that draws. Linux keeps this per thread. */
#define NICE 5

/* Threads that have nothing to do for this long end. */
#define IDLE_USEC (10 * G_USEC_PER_SEC)

static void
pool_unref (Pool *pool)
{
  if (!g_atomic_ref_count_dec (&pool->ref_count))
    return;

  g_assert (g_queue_is_empty (&pool->jobs));
  g_mutex_clear (&pool->mutex);
  g_cond_clear (&pool->wake);
  g_free (pool->name);
  g_free (pool);
}

static void
job_free (Job *job)
{
  dex_unref (job->promise);
  g_clear_object (&job->cancellable);
  g_free (job);
}

static void
job_drop (Job *job)
{
  if (job->destroy != NULL)
    job->destroy (job->data);
  dex_promise_reject (job->promise,
                      inn_error_new (INN_ERROR_CANCELLED, NULL, _ ("Cancelled before it began")));
  job_free (job);
}

static void
job_run (Job *job)
{
  GValue result = G_VALUE_INIT;
  GError *error = NULL;
  gboolean ok;

  if (g_cancellable_is_cancelled (job->cancellable))
    {
      job_drop (job);
      return;
    }

  ok = job->func (job->data, job->cancellable, &result, &error);
  if (job->destroy != NULL)
    job->destroy (job->data);
  inn_work_complete (job->promise, ok, &result, error);
  job_free (job);
}

static Job *
pool_next (Pool *pool)
{
  gint64 until = g_get_monotonic_time () + IDLE_USEC;

  while (g_queue_is_empty (&pool->jobs))
    {
      gboolean woken;

      if (pool->closed)
        return NULL;

      pool->n_idle++;
      woken = g_cond_wait_until (&pool->wake, &pool->mutex, until);
      pool->n_idle--;
      if (!woken && g_queue_is_empty (&pool->jobs))
        return NULL;
    }

  return g_queue_pop_head (&pool->jobs);
}

static gpointer
pool_thread (gpointer data)
{
  Pool *pool = data;
  Job *job;

  setpriority (PRIO_PROCESS, (id_t) gettid (), NICE);
  g_mutex_lock (&pool->mutex);
  while ((job = pool_next (pool)) != NULL)
    {
      pool->n_running++;
      g_mutex_unlock (&pool->mutex);
      job_run (job);
      g_mutex_lock (&pool->mutex);
      pool->n_running--;
    }
  pool->n_threads--;
  g_mutex_unlock (&pool->mutex);

  pool_unref (pool);
  return NULL;
}

static void
inn_worker_dispose (GObject *object)
{
  InnWorker *self = INN_WORKER (object);

  inn_worker_close (self);

  G_OBJECT_CLASS (inn_worker_parent_class)->dispose (object);
}

static void
inn_worker_finalize (GObject *object)
{
  InnWorker *self = INN_WORKER (object);

  g_clear_pointer (&self->pool, pool_unref);

  G_OBJECT_CLASS (inn_worker_parent_class)->finalize (object);
}

static void
inn_worker_class_init (InnWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_worker_dispose;
  object_class->finalize = inn_worker_finalize;
}

static void
inn_worker_init (InnWorker *self)
{
  self->pool = g_new0 (Pool, 1);
  g_atomic_ref_count_init (&self->pool->ref_count);
  g_mutex_init (&self->pool->mutex);
  g_cond_init (&self->pool->wake);
}

/**
 * inn_worker_new:
 * @name: the name of the threads, at most 15 characters are shown
 * @max_threads: how many jobs may run at once; 1 keeps them in order
 *
 * Returns: (transfer full): a worker; its threads start with the first job and end when idle
 */
InnWorker *
inn_worker_new (const char *name, guint max_threads)
{
  InnWorker *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (max_threads > 0, NULL);

  self = g_object_new (INN_TYPE_WORKER, NULL);
  self->pool->name = g_strdup (name);
  self->pool->max_threads = max_threads;

  return self;
}

/**
 * inn_worker_run:
 * @self: a worker
 * @func: blocking work
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data, on the thread, before the future settles
 * @cancellable: (nullable): a job that has not begun when it fires never does; a job that runs is
 *   handed it
 *
 * Returns: (transfer full): resolves with what @func put into its result, else %TRUE; rejects with
 *   its error, or with %INN_ERROR_CANCELLED when it never began
 */
DexFuture *
inn_worker_run (InnWorker *self,
                InnWorkFunc func,
                gpointer data,
                GDestroyNotify destroy,
                GCancellable *cancellable)
{
  Pool *pool;
  DexPromise *promise;
  Job *job;

  g_return_val_if_fail (INN_IS_WORKER (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  pool = self->pool;
  promise = dex_promise_new ();
  job = g_new0 (Job, 1);
  job->promise = dex_ref (promise);
  job->func = func;
  job->data = data;
  job->destroy = destroy;
  job->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  g_mutex_lock (&pool->mutex);
  if (pool->closed)
    {
      g_mutex_unlock (&pool->mutex);
      job_drop (job);
      return DEX_FUTURE (promise);
    }
  g_queue_push_tail (&pool->jobs, job);
  if (pool->n_idle >= g_queue_get_length (&pool->jobs))
    g_cond_signal (&pool->wake);
  else if (pool->n_threads < pool->max_threads)
    {
      pool->n_threads++;
      g_atomic_ref_count_inc (&pool->ref_count);
      inn_thread_start (pool->name, pool_thread, pool);
    }
  else if (pool->n_idle > 0)
    g_cond_signal (&pool->wake);
  g_mutex_unlock (&pool->mutex);

  return DEX_FUTURE (promise);
}

/**
 * inn_worker_get_pending:
 * @self: a worker
 *
 * Returns: how many jobs wait or run
 */
guint
inn_worker_get_pending (InnWorker *self)
{
  guint n;

  g_return_val_if_fail (INN_IS_WORKER (self), 0);

  g_mutex_lock (&self->pool->mutex);
  n = g_queue_get_length (&self->pool->jobs) + self->pool->n_running;
  g_mutex_unlock (&self->pool->mutex);

  return n;
}

/**
 * inn_worker_close:
 * @self: a worker
 *
 * Takes no more jobs, rejects those that wait and lets those that run come to their end. Does not
 * wait for them.
 */
void
inn_worker_close (InnWorker *self)
{
  GQueue dropped = G_QUEUE_INIT;
  Job *job;

  g_return_if_fail (INN_IS_WORKER (self));

  g_mutex_lock (&self->pool->mutex);
  self->pool->closed = TRUE;
  while ((job = g_queue_pop_head (&self->pool->jobs)) != NULL)
    g_queue_push_tail (&dropped, job);
  g_cond_broadcast (&self->pool->wake);
  g_mutex_unlock (&self->pool->mutex);

  /* Outside the lock: rejecting a promise may run a callback that gives us the next job. */
  while ((job = g_queue_pop_head (&dropped)) != NULL)
    job_drop (job);
}

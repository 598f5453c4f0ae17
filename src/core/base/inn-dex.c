/* inn-dex.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"

#include "base/inn-error.h"
#include "base/inn-thread.h"

#include <glib/gi18n.h>
#include <locale.h>

/* 128 KiB is libdex's default; blocks run on the stack of the fiber that finishes (0.10), and a
 * block may lay out a widget. The memory is mapped lazily, so a large stack costs address space
 * only. */
#define FIBER_STACK_BYTES (8 * 1024 * 1024)

/**
 * inn_init:
 *
 * Prepares what every program of the house needs before its first future: libdex and the message
 * catalogue. Called once, first thing in `main`, on the main thread.
 */
void
inn_init (void)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  dex_init ();
}

/**
 * inn_spawn:
 * @name: a static name for debugging, the name of @func
 * @func: the fiber
 * @data: handed to @func
 * @destroy: (nullable): frees @data when the fiber has ended
 *
 * Starts a fiber on the main thread. The only way to start one: libdex 0.10.0 corrupts its run
 * queue when a fiber is discarded while it awaits, and a fiber is discarded as soon as the last
 * future that was chained to it goes. The reference that is disowned here keeps interest in the
 * fiber until it ends by itself, so it is cancelled by asking (a #GCancellable), never by dropping.
 *
 * Returns: (transfer full): resolves or rejects as what @func returns
 */
DexFuture *
inn_spawn (const char *name, DexFiberFunc func, gpointer data, GDestroyNotify destroy)
{
  DexFuture *fiber;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  fiber =
      dex_scheduler_spawn (dex_scheduler_get_default (), FIBER_STACK_BYTES, func, data, destroy);
  dex_future_set_static_name (fiber, name);
  dex_future_disown (dex_ref (fiber));

  return fiber;
}

static DexFuture *
log_rejection_cb (DexFuture *completed, gpointer what)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL && !inn_error_is_cancelled (error))
    g_warning ("%s: %s", (const char *) what, error->message);

  return dex_future_new_true ();
}

/**
 * inn_future_forget:
 * @future: (transfer full): work whose end nobody waits for
 * @what: a static string that says in the log what failed
 *
 * Lets the work run on and writes a warning when it fails for another reason than being
 * cancelled.
 */
void
inn_future_forget (DexFuture *future, const char *what)
{
  g_return_if_fail (future != NULL);
  g_return_if_fail (what != NULL);

  dex_future_disown (dex_future_finally (future, log_rejection_cb, (gpointer) what, NULL));
}

static DexFuture *
translate_timeout_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL &&
      g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return inn_reject (inn_error_new (INN_ERROR_TIMED_OUT, NULL, _ ("No answer in time")));

  return NULL;
}

/**
 * inn_future_timeout:
 * @future: (transfer full): a leaf (a promise of a worker, not a fiber that awaits others)
 * @usec: the deadline from now, in microseconds
 *
 * The work behind @future goes on after the deadline: whoever set the deadline tears it down.
 *
 * Returns: (transfer full): resolves as @future, or rejects with %INN_ERROR_TIMED_OUT
 */
DexFuture *
inn_future_timeout (DexFuture *future, gint64 usec)
{
  g_return_val_if_fail (future != NULL, NULL);

  dex_future_disown (dex_ref (future));
  return dex_future_catch (dex_future_first (future, dex_timeout_new_usec (usec), NULL),
                           translate_timeout_cb, NULL, NULL);
}

static DexFuture *
swallow_timeout_cb (DexFuture *completed, gpointer data)
{
  return dex_future_new_true ();
}

/**
 * inn_future_delay:
 * @usec: how long, in microseconds
 *
 * Returns: (transfer full): resolves with %TRUE when the time is over
 */
DexFuture *
inn_future_delay (gint64 usec)
{
  return dex_future_finally (dex_timeout_new_usec (usec), swallow_timeout_cb, NULL, NULL);
}

/**
 * inn_reject:
 * @error: (transfer full): why
 *
 * Returns: (transfer full): a future that is rejected already
 */
DexFuture *
inn_reject (GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return dex_future_new_for_error (error);
}

/**
 * inn_work_complete:
 * @promise: to be settled; from any thread
 * @ok: what the work function returned
 * @result: its result; unset afterwards
 * @error: (transfer full) (nullable): its error
 *
 * Settles @promise with the outcome of an #InnWorkFunc.
 *
 * Returns: @ok
 */
gboolean
inn_work_complete (DexPromise *promise, gboolean ok, GValue *result, GError *error)
{
  if (!ok)
    {
      if (error == NULL)
        error = inn_error_new (
            INN_ERROR_FAILED, NULL,
            _ ("Something failed and did not say why: try again, and report it if it stays so"));
      dex_promise_reject (promise, error);
    }
  else if (G_IS_VALUE (result))
    dex_promise_resolve (promise, result);
  else
    dex_promise_resolve_boolean (promise, TRUE);

  if (G_IS_VALUE (result))
    g_value_unset (result);
  return ok;
}

typedef struct
{
  DexPromise *promise;
  InnWorkFunc func;
  gpointer data;
  GDestroyNotify destroy;
  GCancellable *cancellable;
} ThreadRun;

static gpointer
thread_run_thread (gpointer user_data)
{
  ThreadRun *run = user_data;
  GValue result = G_VALUE_INIT;
  GError *error = NULL;
  gboolean ok;

  ok = run->func (run->data, run->cancellable, &result, &error);
  if (run->destroy != NULL)
    run->destroy (run->data);
  inn_work_complete (run->promise, ok, &result, error);

  dex_unref (run->promise);
  g_clear_object (&run->cancellable);
  g_free (run);
  return NULL;
}

/**
 * inn_thread_run:
 * @name: a name for the thread, at most 15 characters are shown
 * @func: blocking work
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data, on the thread, before the future settles
 * @cancellable: (nullable): handed to @func
 *
 * Runs one piece of blocking work on a thread of its own: for the rare and the long. What happens
 * often goes through an [class@Worker].
 *
 * Returns: (transfer full): resolves with what @func put into its result, else %TRUE; rejects with
 *   its error. Settled on the thread; blocks and fibers chained on the main thread run there.
 */
DexFuture *
inn_thread_run (const char *name,
                InnWorkFunc func,
                gpointer data,
                GDestroyNotify destroy,
                GCancellable *cancellable)
{
  ThreadRun *run;
  DexPromise *promise;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  promise = dex_promise_new ();
  run = g_new0 (ThreadRun, 1);
  run->promise = dex_ref (promise);
  run->func = func;
  run->data = data;
  run->destroy = destroy;
  run->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  inn_thread_start (name, thread_run_thread, run);

  return DEX_FUTURE (promise);
}

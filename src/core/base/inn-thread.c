/* inn-thread.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Threads that work for the process, and how a process leaves that has some.
 *
 * exit() takes libraries down while other threads are inside them: libxml2, GnuTLS and p11-kit free
 * what they share in a destructor, and a thread that just reads the answer of a host then works on
 * freed memory. So the process waits a moment for its threads, and where one does not come, because
 * a host does not answer, it ends without taking anything down. */

/* A job that is not held up by anything ends by then; nobody wants to wait longer. */
#define PATIENCE (500 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  GThreadFunc func;
  gpointer data;
} Start;

/* Of the process, as exit() is. */
static struct
{
  GMutex mutex;
  GCond cond;
  guint n_running;
  GQueue ended; /* of GThread, to be joined */
} threads;

/* A sanitizer's, where the program has one. */
extern int __lsan_do_recoverable_leak_check (void) __attribute__ ((weak));

static gpointer
thread_main (gpointer user_data)
{
  Start *start = user_data;

  start->func (start->data);
  g_free (start);

  g_mutex_lock (&threads.mutex);
  threads.n_running--;
  g_queue_push_tail (&threads.ended, g_thread_ref (g_thread_self ()));
  g_cond_signal (&threads.cond);
  g_mutex_unlock (&threads.mutex);

  return NULL;
}

/* Libraries clean up after a thread when it has returned: only a joined one is over. */
static void
join_ended (void)
{
  GQueue ended;
  GThread *thread;

  g_mutex_lock (&threads.mutex);
  ended = threads.ended;
  g_queue_init (&threads.ended);
  g_mutex_unlock (&threads.mutex);

  while ((thread = g_queue_pop_head (&ended)) != NULL)
    g_thread_join (thread);
}

/**
 * inn_thread_start:
 * @name: a name for the thread, at most 15 characters are shown
 * @func: what it does; what it returns is dropped
 * @data: handed to @func
 *
 * Starts a thread that nobody joins. All threads of the house begin here, so that inn_leave() knows
 * them.
 */
void
inn_thread_start (const char *name, GThreadFunc func, gpointer data)
{
  Start *start;

  g_return_if_fail (func != NULL);

  join_ended ();
  start = g_new0 (Start, 1);
  start->func = func;
  start->data = data;

  g_mutex_lock (&threads.mutex);
  threads.n_running++;
  g_mutex_unlock (&threads.mutex);
  g_thread_unref (g_thread_new (name, thread_main, start));
}

/**
 * inn_leave:
 * @exit_code: of the process
 *
 * The last call of `main`, when what has to be kept is on disk. Waits half a second for threads
 * that still work; when one goes on, the process ends here and no library is taken down under it.
 *
 * Returns: @exit_code, when no thread is left
 */
int
inn_leave (int exit_code)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  gboolean in_time = TRUE;
  guint n_running;

  g_mutex_lock (&threads.mutex);
  while (threads.n_running > 0 && in_time)
    in_time = g_cond_wait_until (&threads.cond, &threads.mutex, end);
  n_running = threads.n_running;
  g_mutex_unlock (&threads.mutex);

  join_ended ();
  if (n_running == 0)
    return exit_code;

  g_debug ("Left while %u threads worked", n_running);
  if (__lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check () != 0)
    abort ();
  fflush (NULL);
  _exit (exit_code);
}

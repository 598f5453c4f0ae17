/* tsan-glib.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * In tests under ThreadSanitizer only. GLib's locks are futexes and its reference counts are in a
 * library that the sanitizer does not see, so that all they protect would look like a race. Here
 * each call is passed on, and the sanitizer is told what it means.
 */
#include <gio/gio.h>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#define NEXT(name)                                                                                 \
  static __typeof__ (&name) next;                                                                  \
  if (__atomic_load_n (&next, __ATOMIC_ACQUIRE) == NULL)                                           \
  __atomic_store_n (&next, (__typeof__ (&name)) dlsym (RTLD_NEXT, #name), __ATOMIC_RELEASE)

void
g_mutex_lock (GMutex *mutex)
{
  NEXT (g_mutex_lock);
  __tsan_mutex_pre_lock (mutex, 0);
  next (mutex);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;

  NEXT (g_mutex_trylock);
  __tsan_mutex_pre_lock (mutex, __tsan_mutex_try_lock);
  locked = next (mutex);
  __tsan_mutex_post_lock (mutex,
                          __tsan_mutex_try_lock | (locked ? 0 : __tsan_mutex_try_lock_failed), 0);
  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  NEXT (g_mutex_unlock);
  __tsan_mutex_pre_unlock (mutex, 0);
  next (mutex);
  __tsan_mutex_post_unlock (mutex, 0);
}

void
g_mutex_clear (GMutex *mutex)
{
  NEXT (g_mutex_clear);
  __tsan_mutex_destroy (mutex, 0);
  next (mutex);
}

static void
before_wait (GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
}

static void
after_wait (GMutex *mutex)
{
  __tsan_mutex_pre_lock (mutex, 0);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  NEXT (g_cond_wait);
  before_wait (mutex);
  next (cond, mutex);
  after_wait (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 until)
{
  gboolean woken;

  NEXT (g_cond_wait_until);
  before_wait (mutex);
  woken = next (cond, mutex, until);
  after_wait (mutex);
  return woken;
}

/* Whoever lets go comes before whoever frees. */
void
g_object_unref (gpointer object)
{
  NEXT (g_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  next (object);
}

gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  NEXT (g_atomic_ref_count_dec);
  __tsan_release (count);
  __tsan_acquire (count);
  return next (count);
}

/* What a thread hands to the main context comes before what is then done there. One token for all
 * contexts. */
static char handed_over;

guint
g_source_attach (GSource *source, GMainContext *context)
{
  NEXT (g_source_attach);
  __tsan_release (&handed_over);
  return next (source, context);
}

void
g_main_context_wakeup (GMainContext *context)
{
  NEXT (g_main_context_wakeup);
  __tsan_release (&handed_over);
  next (context);
}

gboolean
g_main_context_iteration (GMainContext *context, gboolean may_block)
{
  gboolean dispatched;

  NEXT (g_main_context_iteration);
  __tsan_acquire (&handed_over);
  dispatched = next (context, may_block);
  __tsan_acquire (&handed_over);
  return dispatched;
}

typedef struct
{
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} Handover;

static gboolean
on_handed_over (gpointer data)
{
  Handover *handover = data;

  __tsan_acquire (&handed_over);
  return handover->func (handover->data);
}

static void
handover_free (gpointer data)
{
  Handover *handover = data;

  if (handover->notify != NULL)
    handover->notify (handover->data);
  g_free (handover);
}

guint
g_idle_add_full (int priority, GSourceFunc func, gpointer data, GDestroyNotify notify)
{
  Handover *handover = g_new (Handover, 1);

  NEXT (g_idle_add_full);
  *handover = (Handover) { func, data, notify };
  __tsan_release (&handed_over);
  return next (priority, on_handed_over, handover, handover_free);
}

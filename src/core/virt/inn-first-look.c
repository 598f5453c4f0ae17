/* inn-first-look.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-first-look.h"

#include "base/inn-thread.h"

/* The first look at a host. A guest whose emulator hangs holds up the call that meets it first, for
 * half a minute, and that must not be what the whole host is waited for. Later calls pass it by; so
 * when a call takes long another one is made beside it, and the first answer counts. */

#define PATIENCE (1500 * G_TIME_SPAN_MILLISECOND)

/* As many guests that hang may each hold one up; the last call asks for nothing that they answer.
 */
#define N_SCOUTS 3

typedef struct
{
  gatomicrefcount ref_count;
  GMutex mutex;
  GCond cond;
  InnSampler *sampler;
  virConnectPtr conn;
  guint64 serial;
  InnPollFlags flags;
  gboolean done;
  InnDelta *delta;
  GError *error;
} Scout;

static void
scout_unref (Scout *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->delta, inn_delta_unref);
  g_clear_error (&self->error);
  inn_sampler_unref (self->sampler);
  virConnectClose (self->conn);
  g_cond_clear (&self->cond);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static gpointer
scout_thread (gpointer data)
{
  Scout *self = data;
  GError *error = NULL;
  InnDelta *delta = inn_sampler_poll (self->sampler, self->conn, self->serial, self->flags, &error);

  inn_sampler_end (self->sampler, self->serial,
                   delta != NULL || virConnectIsAlive (self->conn) == 1);
  g_mutex_lock (&self->mutex);
  self->delta = delta;
  self->error = error;
  self->done = TRUE;
  g_cond_signal (&self->cond);
  g_mutex_unlock (&self->mutex);
  scout_unref (self);

  return NULL;
}

static Scout *
scout_send (InnSampler *sampler, virConnectPtr conn, guint64 serial, InnPollFlags flags)
{
  Scout *self = g_new0 (Scout, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_atomic_ref_count_inc (&self->ref_count);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->sampler = inn_sampler_ref (sampler);
  virConnectRef (conn);
  self->conn = conn;
  self->serial = serial;
  self->flags = flags;
  inn_thread_start ("inn-first-look", scout_thread, self);

  return self;
}

/* Returns: whether it is back; always when @patience is negative */
static gboolean
scout_wait (Scout *self, gint64 patience, InnDelta **delta, GError **error)
{
  gint64 end = g_get_monotonic_time () + patience;
  gboolean in_time = TRUE;

  g_mutex_lock (&self->mutex);
  while (!self->done && in_time)
    {
      if (patience >= 0)
        in_time = g_cond_wait_until (&self->cond, &self->mutex, end);
      else
        g_cond_wait (&self->cond, &self->mutex);
    }
  in_time = self->done;
  if (in_time)
    {
      *delta = g_steal_pointer (&self->delta);
      if (self->error != NULL)
        g_propagate_error (error, g_steal_pointer (&self->error));
    }
  g_mutex_unlock (&self->mutex);

  return in_time;
}

/**
 * inn_first_look:
 * @sampler: the host's sampler
 * @conn: its connection, which just opened
 * @serial: from inn_sampler_begin()
 * @error: return location for a #GError
 *
 * Reads the facts of a host and all its guests. Blocking, on any thread; a call that a guest holds
 * up may go on after the return, and its answer is dropped.
 *
 * Returns: (transfer full) (nullable): all that was seen
 */
InnDelta *
inn_first_look (InnSampler *sampler, virConnectPtr conn, guint64 serial, GError **error)
{
  InnDelta *delta = NULL;
  const char *driver = virConnectGetType (conn);

  /* Made-up guests do not hang. */
  if (g_strcmp0 (driver, "TEST") == 0)
    {
      delta = inn_sampler_poll (sampler, conn, serial, INN_POLL_FIRST, error);
      inn_sampler_end (sampler, serial, delta != NULL);
      return delta;
    }

  for (guint i = 1; i <= N_SCOUTS; i++)
    {
      gboolean last = i == N_SCOUTS;
      Scout *scout = scout_send (sampler, conn, i == 1 ? serial : inn_sampler_begin (sampler),
                                 INN_POLL_FIRST | (last ? INN_POLL_REDUCED : 0));
      gboolean back = scout_wait (scout, last ? -1 : PATIENCE, &delta, error);

      scout_unref (scout);
      if (back)
        break;
    }

  return delta;
}

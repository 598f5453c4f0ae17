/* inn-session-tick.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-beat.h"
#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "virt/inn-first-look.h"

#include <glib/gi18n.h>

/* Looking at a host again and again. A host that is well is asked by one call a tick. */

#define RECONCILE_INTERVAL (60 * G_USEC_PER_SEC)
#define SOON_MSEC 60
#define LEAST_DEADLINE (6 * G_USEC_PER_SEC)
/* While libvirt powers off a guest whose emulator hangs it holds that guest for ten seconds and
 * more, and no look comes past. */
#define ACTING_DEADLINE (20 * G_USEC_PER_SEC)

/* One guest whose QEMU hangs can hold up the call that met it first, and no later one: those skip
 * it. A second such guest holds up another. What remains asks for nothing that a guest answers. */
#define MAX_FULL 2
#define MAX_OUTSTANDING 3

typedef struct
{
  InnSampler *sampler;
  guint64 serial;
  InnPollFlags flags;
  InnWeak *weak; /* (nullable): where to post what changed; without, it is the result */
} Look;

typedef struct
{
  InnWeak *weak;
  InnSampler *sampler;
  InnDelta *delta;
} Delivery;

static Look *
look_new (InnSession *self, InnPollFlags flags, gboolean post)
{
  Look *look = g_new0 (Look, 1);

  look->sampler = inn_sampler_ref (self->sampler);
  look->serial = inn_sampler_begin (self->sampler);
  look->flags = flags;
  look->weak = post ? inn_weak_ref (self->weak) : NULL;

  return look;
}

static void
look_free (gpointer data)
{
  Look *look = data;

  /* Also when it never ran. */
  inn_sampler_end (look->sampler, look->serial, FALSE);
  g_clear_pointer (&look->weak, inn_weak_unref);
  inn_sampler_unref (look->sampler);
  g_free (look);
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  inn_weak_unref (delivery->weak);
  inn_sampler_unref (delivery->sampler);
  inn_delta_unref (delivery->delta);
  g_free (delivery);
}

static void
note_answer (InnSession *self)
{
  gint64 answer = inn_sampler_get_last_answer (self->sampler);
  gint64 age;

  if (answer == self->noted_answer)
    return;

  self->noted_answer = answer;
  age = g_get_monotonic_time () - answer;
  inn_host_set_last_seen (self->host, (inn_clock_get_real (self->clock) - age) / G_USEC_PER_SEC);
  _inn_session_set_mute (self, FALSE);
}

static void
deliver_on_main (gpointer data)
{
  Delivery *delivery = data;
  g_autoptr (InnSession) self = inn_weak_get (delivery->weak);

  if (self == NULL || !self->online || self->sampler != delivery->sampler)
    return;

  note_answer (self);
  if (!inn_delta_is_empty (delivery->delta))
    _inn_session_queue_delta (self, delivery->delta);
}

static void
deliver (Look *look, InnDelta *delta)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  delivery->weak = inn_weak_ref (look->weak);
  delivery->sampler = inn_sampler_ref (look->sampler);
  delivery->delta = inn_delta_ref (delta);
  inn_beat_post (deliver_on_main, delivery, delivery_free);
}

static gboolean
look_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Look *look = data;
  g_autoptr (InnDelta) delta =
      inn_sampler_poll (look->sampler, conn, look->serial, look->flags, error);

  inn_sampler_end (look->sampler, look->serial, delta != NULL || virConnectIsAlive (conn) == 1);
  if (delta == NULL)
    return FALSE;

  if (look->weak == NULL)
    {
      g_value_init (result, INN_TYPE_DELTA);
      g_value_set_boxed (result, delta);
    }
  else
    deliver (look, delta);

  return TRUE;
}

static gboolean
first_look_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Look *look = data;
  g_autoptr (InnDelta) delta = inn_first_look (look->sampler, conn, look->serial, error);

  if (delta == NULL)
    return FALSE;

  g_value_init (result, INN_TYPE_DELTA);
  g_value_set_boxed (result, delta);
  return TRUE;
}

/* The first question to a connection that opens: everything. */
InnConnectionFunc
_inn_session_first_look (InnSession *self, gpointer *data, GDestroyNotify *destroy)
{
  g_clear_pointer (&self->sampler, inn_sampler_unref);
  self->sampler = inn_sampler_new ();
  *data = look_new (self, INN_POLL_FIRST, FALSE);
  *destroy = look_free;

  return first_look_thread;
}

static void
start_look (InnSession *self, InnPollFlags flags)
{
  gint64 now = g_get_monotonic_time ();

  if (!(flags & INN_POLL_REDUCED) && (now >= self->next_reconcile || self->soon_full))
    {
      flags |= INN_POLL_RECONCILE;
      self->soon_full = FALSE;
      self->next_reconcile = now + RECONCILE_INTERVAL + g_random_int_range (0, 10 * G_USEC_PER_SEC);
    }

  /* Nobody waits for it: the main thread is woken once, by what was seen. Not even disowned, which
   * would chain something to it. The worker holds it until it is kept. */
  dex_unref (
      inn_connection_poll (self->connection, look_thread, look_new (self, flags, TRUE), look_free));
}

/* How long the host has left a question unanswered. */
static gint64
silence (InnSession *self)
{
  gint64 oldest = inn_sampler_get_oldest (self->sampler);
  gint64 answer = inn_sampler_get_last_answer (self->sampler);

  return oldest == 0 ? 0 : g_get_monotonic_time () - MAX (oldest, answer);
}

/* After an action that held the host up the next answer is on its way, not here yet. */
static gboolean
is_silent (InnSession *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 least;

  if (inn_connection_is_acting (self->connection))
    self->acted_at = now;
  least = self->acted_at > 0 && now - self->acted_at < LEAST_DEADLINE ? ACTING_DEADLINE
                                                                      : LEAST_DEADLINE;

  return silence (self) > MAX (2 * self->interval, least);
}

static gboolean
may_look (InnSession *self, guint outstanding)
{
  return outstanding == 0 || (!self->mute && outstanding < MAX_OUTSTANDING);
}

/* Half a tick later: a look that is still on its way met a guest that hangs. The next one passes
 * it by, and the other guests of the host must not wait for it until the next tick. */
static gboolean
on_late (gpointer data)
{
  InnSession *self = data;
  guint outstanding = inn_sampler_get_outstanding (self->sampler);

  self->late_id = 0;
  if (outstanding > 0 && silence (self) > self->interval / 3 && may_look (self, outstanding))
    start_look (self, outstanding < MAX_FULL ? INN_POLL_NORMAL : INN_POLL_REDUCED);

  return G_SOURCE_REMOVE;
}

static gboolean
on_tick (gpointer data)
{
  InnSession *self = data;
  gint64 beat = g_get_monotonic_time () / INN_BEAT_USEC * INN_BEAT_USEC;
  guint outstanding;

  self->tick_id = inn_beat_add (beat + self->interval, on_tick, self);
  /* Also an answer with which nothing could be done. */
  note_answer (self);
  if (is_silent (self) && !self->mute)
    {
      g_debug ("%s: silent for %" G_GINT64_FORMAT " ms, %u looks are out",
               inn_host_get_name (self->host), silence (self) / G_TIME_SPAN_MILLISECOND,
               inn_sampler_get_outstanding (self->sampler));
      _inn_session_set_mute (self, TRUE);
    }
  _inn_session_check_arrivals (self);
  if (self->mute)
    inn_connection_check (self->connection);
  else
    {
      _inn_session_describe_some (self);
      _inn_session_ask_addresses (self);
    }

  outstanding = inn_sampler_get_outstanding (self->sampler);
  if (may_look (self, outstanding))
    start_look (self, outstanding < MAX_FULL ? INN_POLL_NORMAL : INN_POLL_REDUCED);
  if (self->late_id == 0 && self->tick_id != 0)
    self->late_id = inn_beat_add (beat + self->interval / 2, on_late, self);

  return G_SOURCE_REMOVE;
}

/* Hosts that came online together are not asked together. */
void
_inn_session_start_ticking (InnSession *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 wait = (gint64) ((double) self->interval * g_random_double_range (0.5, 1));

  _inn_session_stop_ticking (self);
  self->next_reconcile =
      now + RECONCILE_INTERVAL / 2 + g_random_int_range (0, RECONCILE_INTERVAL / 2);
  self->tick_id = inn_beat_add (now + wait, on_tick, self);
  note_answer (self);
}

void
_inn_session_stop_ticking (InnSession *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->soon_id, g_source_remove);
  g_clear_handle_id (&self->late_id, g_source_remove);
}

static gboolean
on_soon (gpointer data)
{
  InnSession *self = data;
  guint outstanding = inn_sampler_get_outstanding (self->sampler);

  /* The look that is on its way may have begun too early to see it. */
  if (outstanding >= MAX_FULL)
    return G_SOURCE_CONTINUE;

  self->soon_id = 0;
  start_look (self, INN_POLL_NORMAL);
  return G_SOURCE_REMOVE;
}

/* An event said that something changed: look before the next tick, once for many events. */
void
_inn_session_look_soon (InnSession *self, gboolean full)
{
  if (!self->online)
    return;

  self->soon_full |= full;
  if (self->soon_id == 0)
    self->soon_id = g_timeout_add (SOON_MSEC, on_soon, self);
}

/**
 * inn_session_set_interval:
 * @self: a session
 * @usec: microseconds between two looks; at least 100 ms
 */
void
inn_session_set_interval (InnSession *self, gint64 usec)
{
  g_return_if_fail (INN_IS_SESSION (self));

  usec = CLAMP (usec, 100 * G_TIME_SPAN_MILLISECOND, G_TIME_SPAN_HOUR);
  if (self->interval == usec)
    return;

  self->interval = usec;
  if (self->tick_id != 0)
    _inn_session_start_ticking (self);
}

static DexFuture *
refreshed_cb (DexFuture *completed, gpointer data)
{
  InnWeak *weak = data;
  g_autoptr (InnSession) self = inn_weak_get (weak);
  const GValue *value = dex_future_get_value (completed, NULL);

  if (value == NULL)
    return NULL;
  if (self == NULL || !self->online)
    return dex_future_new_true ();

  note_answer (self);
  _inn_session_queue_delta (self, g_value_get_boxed (value));
  return inn_session_wait_first_list (self);
}

/**
 * inn_session_refresh:
 * @self: a session
 *
 * Looks now, and also at what neither events nor statistics tell (autostart, managed save).
 *
 * Returns: (transfer full): resolves when the model shows what was seen
 */
DexFuture *
inn_session_refresh (InnSession *self)
{
  g_return_val_if_fail (INN_IS_SESSION (self), NULL);

  if (!self->online)
    return inn_reject (_inn_session_not_connected (self));

  return dex_future_then (inn_connection_poll (self->connection, look_thread,
                                               look_new (self, INN_POLL_RECONCILE, FALSE),
                                               look_free),
                          refreshed_cb, inn_weak_ref (self->weak), inn_weak_unref);
}

/* inn-clock.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-clock.h"

#include "base/inn-dex.h"

/**
 * InnClock:
 *
 * Where time comes from. The class itself is the system's clock; tests subclass it to make back-off
 * and ages exact.
 */
G_DEFINE_TYPE (InnClock, inn_clock, G_TYPE_OBJECT)

static gint64
system_get_real (InnClock *self)
{
  return g_get_real_time ();
}

static DexFuture *
system_delay (InnClock *self, gint64 usec)
{
  return inn_future_delay (usec);
}

static void
inn_clock_class_init (InnClockClass *klass)
{
  klass->get_real = system_get_real;
  klass->delay = system_delay;
}

static void
inn_clock_init (InnClock *self)
{
}

/**
 * inn_clock_new:
 *
 * Returns: (transfer full): the system's clock
 */
InnClock *
inn_clock_new (void)
{
  return g_object_new (INN_TYPE_CLOCK, NULL);
}

/**
 * inn_clock_get_real:
 * @self: a clock
 *
 * Returns: UNIX microseconds
 */
gint64
inn_clock_get_real (InnClock *self)
{
  g_return_val_if_fail (INN_IS_CLOCK (self), 0);

  return INN_CLOCK_GET_CLASS (self)->get_real (self);
}

/**
 * inn_clock_delay:
 * @self: a clock
 * @usec: how long, in microseconds
 *
 * Returns: (transfer full): resolves with %TRUE when the time is over
 */
DexFuture *
inn_clock_delay (InnClock *self, gint64 usec)
{
  g_return_val_if_fail (INN_IS_CLOCK (self), NULL);

  return INN_CLOCK_GET_CLASS (self)->delay (self, usec);
}

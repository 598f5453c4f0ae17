/* inn-clock.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>
#include <libdex.h>

G_BEGIN_DECLS

#define INN_TYPE_CLOCK (inn_clock_get_type ())

G_DECLARE_DERIVABLE_TYPE (InnClock, inn_clock, INN, CLOCK, GObject)

struct _InnClockClass
{
  GObjectClass parent_class;

  gint64 (*get_real) (InnClock *self);
  DexFuture *(*delay) (InnClock *self, gint64 usec);
};

InnClock *inn_clock_new (void);
gint64 inn_clock_get_real (InnClock *self);
DexFuture *inn_clock_delay (InnClock *self, gint64 usec) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* inn-pointer-lock-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/console/inn-pointer-lock.h"

G_BEGIN_DECLS

/* What each windowing system fills in. */
struct _InnPointerLock
{
  void (*free) (InnPointerLock *self);

  InnPointerMoved moved;
  gpointer data;
  gboolean held;
};

/* NULL when the surface is of another system, or this one cannot. */
InnPointerLock *inn_pointer_lock_wayland_new (GdkSurface *surface);
InnPointerLock *inn_pointer_lock_x11_new (GdkSurface *surface, const graphene_point_t *place);

G_END_DECLS

/* inn-pointer-lock.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-pointer-lock.h"

#include "ui/console/inn-pointer-lock-private.h"

/* Holds the pointer where it is and tells of its movements, for guests that take nothing else: else
 * it would stop at the edge of the monitor long before the guest's own pointer is where it should
 * be. GTK 4 has nothing for that. */

/**
 * inn_pointer_lock_new:
 * @surface: a surface that has the focus
 * @place: where the pointer may rest, in units of @surface
 * @moved: called for each movement
 * @data: for @moved
 *
 * The desktop decides whether and when; inn_pointer_lock_is_held() tells.
 *
 * Returns: (transfer full) (nullable): a lock, in place until it is freed; %NULL when this desktop
 *   has none
 */
InnPointerLock *
inn_pointer_lock_new (GdkSurface *surface,
                      const graphene_point_t *place,
                      InnPointerMoved moved,
                      gpointer data)
{
  InnPointerLock *self;

  g_return_val_if_fail (GDK_IS_SURFACE (surface), NULL);
  g_return_val_if_fail (moved != NULL, NULL);

  self = inn_pointer_lock_wayland_new (surface);
  if (self == NULL)
    self = inn_pointer_lock_x11_new (surface, place);
  if (self == NULL)
    return NULL;

  self->moved = moved;
  self->data = data;
  return self;
}

/**
 * inn_pointer_lock_free:
 * @self: (transfer full): a lock
 *
 * The pointer is the desktop's again, and nothing of the lock is left there.
 */
void
inn_pointer_lock_free (InnPointerLock *self)
{
  self->free (self);
}

/**
 * inn_pointer_lock_is_held:
 * @self: a lock
 *
 * Returns: whether the desktop keeps the pointer in place now
 */
gboolean
inn_pointer_lock_is_held (InnPointerLock *self)
{
  return self->held;
}

/* inn-pointer-lock.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * InnPointerMoved:
 * @dx: how far the mouse went, in its own steps: the guest has an acceleration of its own
 * @dy: the same, down
 * @data: of the lock
 */
typedef void (*InnPointerMoved) (double dx, double dy, gpointer data);

typedef struct _InnPointerLock InnPointerLock;

InnPointerLock *inn_pointer_lock_new (GdkSurface *surface,
                                      const graphene_point_t *place,
                                      InnPointerMoved moved,
                                      gpointer data);
void inn_pointer_lock_free (InnPointerLock *self);
gboolean inn_pointer_lock_is_held (InnPointerLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnPointerLock, inn_pointer_lock_free)

G_END_DECLS

/* inn-weak.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-weak.h"

/**
 * InnWeak:
 *
 * What a callback holds that must not keep its object alive: a weak pointer to an object, counted,
 * so that a thread may hold it, too. Where the callback carries more than the object a #GWeakRef in
 * its own structure does the same.
 */
struct _InnWeak
{
  GWeakRef ref;
};

/**
 * inn_weak_new:
 * @object: (type GObject.Object) (nullable): what is pointed at
 *
 * Returns: (transfer full): a weak pointer to it, to be let go with inn_weak_unref()
 */
InnWeak *
inn_weak_new (gpointer object)
{
  InnWeak *self = g_atomic_rc_box_new0 (InnWeak);

  g_weak_ref_init (&self->ref, object);
  return self;
}

/**
 * inn_weak_ref:
 * @self: a weak pointer
 *
 * Returns: (transfer full): the same one. Any thread may hold and let go of it.
 */
InnWeak *
inn_weak_ref (InnWeak *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
weak_clear (gpointer data)
{
  InnWeak *self = data;

  g_weak_ref_clear (&self->ref);
}

/**
 * inn_weak_unref:
 * @self: (transfer full): a weak pointer
 *
 * Lets go of it; its type is that of a #GDestroyNotify.
 */
void
inn_weak_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, weak_clear);
}

/**
 * inn_weak_get:
 * @self: a weak pointer
 *
 * For the thread that the object belongs to: a thread that held the last reference would dispose
 * the object where it does not live.
 *
 * Returns: (transfer full) (nullable): the object, unless it is gone
 */
gpointer
inn_weak_get (InnWeak *self)
{
  return g_weak_ref_get (&self->ref);
}

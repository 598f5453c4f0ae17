/* inn-weak.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _InnWeak InnWeak;

InnWeak *inn_weak_new (gpointer object);
InnWeak *inn_weak_ref (InnWeak *self);
void inn_weak_unref (gpointer self);
gpointer inn_weak_get (InnWeak *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnWeak, inn_weak_unref)

G_END_DECLS

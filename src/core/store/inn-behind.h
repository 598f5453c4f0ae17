/* inn-behind.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define INN_TYPE_BEHIND (inn_behind_get_type ())

G_DECLARE_FINAL_TYPE (InnBehind, inn_behind, INN, BEHIND, GObject)

/* Starts one write of what is behind; NULL when nothing is. */
typedef DexFuture *(*InnBehindFunc) (gpointer owner);

InnBehind *inn_behind_new (const char *what, InnBehindFunc func, gpointer owner);
void inn_behind_schedule (InnBehind *self, guint msec);
DexFuture *inn_behind_flush (InnBehind *self) G_GNUC_WARN_UNUSED_RESULT;
void inn_behind_stop (InnBehind *self);
const GError *inn_behind_get_failure (InnBehind *self);

G_END_DECLS

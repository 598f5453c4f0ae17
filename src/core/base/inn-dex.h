/* inn-dex.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * InnWorkFunc:
 * @data: what was handed to the worker; plain data, no model object, no widget
 * @cancellable: fires when the caller no longer wants the result
 * @result: (out caller-allocates): an unset value; initialise it to return something
 * @error: return location for a #GError
 *
 * Blocking work, run on a thread of its own room.
 *
 * Returns: whether it worked. A @result left unset resolves the future with %TRUE.
 */
typedef gboolean (*InnWorkFunc) (gpointer data,
                                 GCancellable *cancellable,
                                 GValue *result,
                                 GError **error);

void inn_init (void);
DexFuture *inn_spawn (const char *name, DexFiberFunc func, gpointer data, GDestroyNotify destroy)
    G_GNUC_WARN_UNUSED_RESULT;
void inn_future_forget (DexFuture *future, const char *what);
DexFuture *inn_future_timeout (DexFuture *future, gint64 usec) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_future_delay (gint64 usec) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_thread_run (const char *name,
                           InnWorkFunc func,
                           gpointer data,
                           GDestroyNotify destroy,
                           GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
gboolean inn_work_complete (DexPromise *promise, gboolean ok, GValue *result, GError *error);
DexFuture *inn_reject (GError *error) G_GNUC_WARN_UNUSED_RESULT;

#define INN_ASSERT_MAIN() g_assert (g_main_context_is_owner (g_main_context_default ()))

G_END_DECLS

/* inn-worker.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-dex.h"

G_BEGIN_DECLS

#define INN_TYPE_WORKER (inn_worker_get_type ())

G_DECLARE_FINAL_TYPE (InnWorker, inn_worker, INN, WORKER, GObject)

InnWorker *inn_worker_new (const char *name, guint max_threads);
DexFuture *inn_worker_run (InnWorker *self,
                           InnWorkFunc func,
                           gpointer data,
                           GDestroyNotify destroy,
                           GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
guint inn_worker_get_pending (InnWorker *self);
void inn_worker_close (InnWorker *self);

G_END_DECLS

/* inn-app-text.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "console/inn-text-device.h"

G_BEGIN_DECLS

/* The text devices of a guest that runs: resolves with a GPtrArray (boxed) of InnTextDevice. */
DexFuture *inn_app_context_list_text (InnAppContext *self, InnVm *vm) G_GNUC_WARN_UNUSED_RESULT;
/* One of them: resolves with a connected fd. */
DexFuture *inn_app_context_open_text (InnAppContext *self,
                                      InnVm *vm,
                                      const InnTextDevice *device,
                                      gboolean force,
                                      GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
/* A shell over the host's SSH login: resolves with the master of a terminal. */
gboolean inn_app_context_has_shell (InnAppContext *self, InnHost *host);
DexFuture *inn_app_context_open_shell (InnAppContext *self,
                                       InnHost *host,
                                       GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* inn-console-link.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "console/inn-console-session.h"
#include "console/inn-link.h"
#include "model/inn-vm.h"

G_BEGIN_DECLS

/**
 * InnConsoleFinder:
 * @vm: a guest that runs
 * @cancellable: fires when nobody wants the screen any more
 * @data: of whoever gave the finder
 *
 * Returns: (transfer full): resolves with an #InnScreen
 */
typedef DexFuture *(*InnConsoleFinder) (InnVm *vm, GCancellable *cancellable, gpointer data);

#define INN_TYPE_CONSOLE_LINK (inn_console_link_get_type ())

G_DECLARE_FINAL_TYPE (InnConsoleLink, inn_console_link, INN, CONSOLE_LINK, InnLink)

InnConsoleLink *inn_console_link_new (InnVm *vm,
                                      InnPrompter *prompter,
                                      InnConsoleFinder finder,
                                      gpointer data,
                                      GDestroyNotify destroy);

GListModel *inn_console_link_get_heads (InnConsoleLink *self);
InnDisplaySource *inn_console_link_get_source (InnConsoleLink *self);

G_END_DECLS

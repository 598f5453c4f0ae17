/* inn-console-link.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "console/inn-console-session.h"
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

/**
 * InnConsoleState:
 * @INN_CONSOLE_IDLE: nobody looks
 * @INN_CONSOLE_OFF: the guest does not run
 * @INN_CONSOLE_CONNECTING: the first pixels are awaited
 * @INN_CONSOLE_READY: its screen is here
 * @INN_CONSOLE_RECONNECTING: it was here and is awaited again; the last frame is still there
 * @INN_CONSOLE_FAILED: it is not coming; the error says why
 */
typedef enum
{
  INN_CONSOLE_IDLE,
  INN_CONSOLE_OFF,
  INN_CONSOLE_CONNECTING,
  INN_CONSOLE_READY,
  INN_CONSOLE_RECONNECTING,
  INN_CONSOLE_FAILED,
} InnConsoleState;

#define INN_TYPE_CONSOLE_LINK (inn_console_link_get_type ())

G_DECLARE_FINAL_TYPE (InnConsoleLink, inn_console_link, INN, CONSOLE_LINK, GObject)

InnConsoleLink *inn_console_link_new (InnVm *vm,
                                      InnPrompter *prompter,
                                      InnConsoleFinder finder,
                                      gpointer data,
                                      GDestroyNotify destroy);

void inn_console_link_set_wanted (InnConsoleLink *self, gboolean wanted);
void inn_console_link_retry (InnConsoleLink *self);
void inn_console_link_close (InnConsoleLink *self);

InnConsoleState inn_console_link_get_state (InnConsoleLink *self);
const GError *inn_console_link_get_error (InnConsoleLink *self);
GListModel *inn_console_link_get_heads (InnConsoleLink *self);
InnDisplaySource *inn_console_link_get_source (InnConsoleLink *self);

G_END_DECLS

/* inn-session-manager.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-session.h"

G_BEGIN_DECLS

#define INN_TYPE_SESSION_MANAGER (inn_session_manager_get_type ())

G_DECLARE_FINAL_TYPE (InnSessionManager, inn_session_manager, INN, SESSION_MANAGER, GObject)

/* Keeps one InnSession for each host of the inventory: made when the host comes, disconnected and
 * dropped when it goes, reconnected when its URI or read-only flag changes. */
InnSessionManager *inn_session_manager_new (InnInventory *inventory,
                                            InnTransport *transport,
                                            InnPrompter *prompter,
                                            InnClock *clock);
InnSession *inn_session_manager_get (InnSessionManager *self, InnHost *host);
GListModel *inn_session_manager_get_hosts (InnSessionManager *self);
InnSession *inn_session_manager_get_for_vm (InnSessionManager *self, InnVm *vm);
DexFuture *inn_session_manager_autoconnect (InnSessionManager *self) G_GNUC_WARN_UNUSED_RESULT;
void inn_session_manager_set_interval (InnSessionManager *self, gint64 usec);
void inn_session_manager_reconnect_now (InnSessionManager *self);
DexFuture *inn_session_manager_close (InnSessionManager *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

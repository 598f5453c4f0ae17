/* inn-store-events.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "store/inn-event-rows.h"
#include "store/inn-store.h"

G_BEGIN_DECLS

#define INN_TYPE_STORE_EVENTS (inn_store_events_get_type ())

G_DECLARE_FINAL_TYPE (InnStoreEvents, inn_store_events, INN, STORE_EVENTS, GObject)

InnStoreEvents *inn_store_events_new (InnStore *store);
void inn_store_events_show (InnStoreEvents *self, InnEventRows *rows);
gint64 inn_store_events_get_shown (InnStoreEvents *self);
void inn_store_events_forget (InnStoreEvents *self);
DexFuture *inn_store_events_flush (InnStoreEvents *self) G_GNUC_WARN_UNUSED_RESULT;
void inn_store_events_stop (InnStoreEvents *self);

G_END_DECLS

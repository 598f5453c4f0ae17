/* inn-store-writer.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "store/inn-store.h"
#include "store/inn-store-view.h"

G_BEGIN_DECLS

#define INN_TYPE_STORE_WRITER (inn_store_writer_get_type ())

G_DECLARE_FINAL_TYPE (InnStoreWriter, inn_store_writer, INN, STORE_WRITER, GObject)

InnStoreWriter *inn_store_writer_new (InnStore *store);
void inn_store_writer_forget (InnStoreWriter *self);
gboolean inn_store_writer_may_load (InnStoreWriter *self, InnHost *host);
void inn_store_writer_take_gone (InnStoreWriter *self,
                                 const InnHostView *view,
                                 InnHost *host,
                                 GHashTable *left);
void inn_store_writer_load (InnStoreWriter *self,
                            InnStoreView *owner,
                            const InnHostView *view,
                            InnHost *host,
                            GHashTable *left);
DexFuture *inn_store_writer_flush (InnStoreWriter *self) G_GNUC_WARN_UNUSED_RESULT;
void inn_store_writer_stop (InnStoreWriter *self);

G_END_DECLS

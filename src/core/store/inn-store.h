/* inn-store.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation-manager.h"
#include "model/inn-inventory.h"
#include "store/inn-import-report.h"

G_BEGIN_DECLS

#define INN_TYPE_STORE (inn_store_get_type ())

G_DECLARE_FINAL_TYPE (InnStore, inn_store, INN, STORE, GObject)

/* The cluster view on disk: DIR/view.db (SQLite, WAL), shared by any number of processes. All SQL
 * runs on the store's one thread. What the administrator records is written here first; when it is
 * committed the inventory follows, in this process at once and in the others within a tick. */
InnStore *
inn_store_new (const char *directory, InnInventory *inventory, InnOperationManager *operations);
char *inn_store_get_default_directory (void);

DexFuture *inn_store_open (InnStore *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_open_first (InnStore *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_open_rest (InnStore *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_flush (InnStore *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_close (InnStore *self) G_GNUC_WARN_UNUSED_RESULT;
const char *inn_store_get_notice (InnStore *self);
const char *inn_store_get_directory (InnStore *self);
char *inn_store_dup_short_notice (InnStore *self);
gboolean inn_store_is_read_only (InnStore *self);
DexFuture *inn_store_take_operation (InnStore *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;
void inn_store_set_offers (InnStore *self, gboolean offers);

DexFuture *inn_store_create_data_center (InnStore *self,
                                         const char *name,
                                         gboolean demo) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_rename_data_center (InnStore *self,
                                         const char *id,
                                         const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_delete_data_center (InnStore *self,
                                         const char *id,
                                         gboolean with_contents) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_create_cluster (InnStore *self,
                                     const char *data_center_id,
                                     const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_rename_cluster (InnStore *self,
                                     const char *id,
                                     const char *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_delete_cluster (InnStore *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_add_host (InnStore *self,
                               const InnHostConfig *config) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_update_host (InnStore *self,
                                  const InnHostConfig *config) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_move_host (InnStore *self,
                                const char *id,
                                const char *cluster_id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_remove_host (InnStore *self, const char *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_get_default_cluster (InnStore *self) G_GNUC_WARN_UNUSED_RESULT;

DexFuture *inn_store_query_events (InnStore *self,
                                   gint64 after_serial,
                                   const char *host_id,
                                   const char *vm_uuid,
                                   guint limit) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_export (InnStore *self, GFile *file) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_store_import (InnStore *self, GFile *file) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

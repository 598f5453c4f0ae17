/* inn-store-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-worker.h"
#include "store/inn-database.h"
#include "store/inn-store.h"

G_BEGIN_DECLS

/* Shared by the files of the store; each has one concern. */
struct _InnStore
{
  GObject parent_instance;

  char *directory;
  InnInventory *inventory;
  InnOperationManager *operations;
  InnWorker *worker;
  InnDatabase *db; /* for the worker */
  char *notice;
  gint64 config_revision; /* of what the inventory shows */
  guint read_only : 1;
};

/* A job on the worker; plain data in, a value out. */
typedef gboolean (*InnStoreFunc) (InnDatabase *db, gpointer data, GValue *result, GError **error);

DexFuture *_inn_store_run (InnStore *self, InnStoreFunc func, gpointer data, GDestroyNotify destroy)
    G_GNUC_WARN_UNUSED_RESULT;

/* The inventory follows, unless it shows something newer already. */
void _inn_store_show_config (InnStore *self, InnViewConfig *config, gint64 revision);

G_END_DECLS

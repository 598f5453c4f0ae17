/* inn-store-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-worker.h"
#include "store/inn-behind.h"
#include "store/inn-database.h"
#include "store/inn-store-config.h"
#include "store/inn-store-events.h"
#include "store/inn-store-journal.h"
#include "store/inn-store-view.h"
#include "store/inn-store-writer.h"

G_BEGIN_DECLS

/* Shared by the files of the store; each has one concern. */
struct _InnStore
{
  GObject parent_instance;

  char *directory;
  InnInventory *inventory;
  InnOperationManager *operations;
  InnWorker *worker;
  InnDatabase *db;    /* for the worker */
  char *notice;       /* of what was met when the file was opened */
  char *trouble;      /* that writing fails now */
  GPtrArray *behinds; /* of InnBehind */
  InnStoreWriter *writer;
  InnStoreEvents *events;
  InnStoreJournal *journal;
  gint64 writer_id;       /* of this run: tells its rows from those of others */
  gint64 config_revision; /* of what the inventory shows */
  gint64 hosts_revision;  /* up to where it shows what others wrote of hosts */
  gint64 data_version;    /* SQLite's, when the others were last looked at */
  guint generation;       /* of the file that is shown */
  guint tick;
  guint n_ticks;
  guint read_only : 1;
  guint in_part : 1; /* of the guests on disk only the first are shown */
  guint closed : 1;
  guint looking : 1;
  guint offers : 1; /* what other programs left behind */
};

/* A job on the worker; plain data in, a value out. */
typedef gboolean (*InnStoreFunc) (InnDatabase *db, gpointer data, GValue *result, GError **error);

DexFuture *_inn_store_run (InnStore *self, InnStoreFunc func, gpointer data, GDestroyNotify destroy)
    G_GNUC_WARN_UNUSED_RESULT;

DexFuture *_inn_store_change (InnStore *self,
                              InnStoreChangeFunc func,
                              InnStoreChange *change) G_GNUC_WARN_UNUSED_RESULT;

/* The notice tells when @behind fails. */
void _inn_store_follow_behind (InnStore *self, InnBehind *behind);

/* Another file took the place of what was open, or was written again. */
void _inn_store_take_notice (InnStore *self, const char *notice, gboolean read_only);

/* The inventory follows, unless it shows something newer already. */
void _inn_store_show_config (InnStore *self, InnViewConfig *config, gint64 revision);

/* What was last seen of all hosts, and of their guests the first. */
void _inn_store_show_first (InnStore *self, InnStoreView *view);

/* In a fiber: hosts that nobody here is connected to get what is on disk. */
void _inn_store_show_hosts (InnStore *self, InnStoreView *view);

/* Looks at what other processes wrote, at once or each second. */
DexFuture *_inn_store_look (InnStore *self) G_GNUC_WARN_UNUSED_RESULT;
void _inn_store_start_ticking (InnStore *self);
void _inn_store_stop_ticking (InnStore *self);

G_END_DECLS

/* inn-store-view.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"
#include "store/inn-database.h"

G_BEGIN_DECLS

/* A guest as a row. The text is borrowed from whoever owns the rows. Addresses and tags are joined
 * by line feeds. */
typedef struct
{
  InnVmInfo info;
  gint64 started_at;
  const char *addresses;
  const char *tags;
  const char *name_key; /* NULL when another language sorted it */
} InnVmRecord;

/* A host as it was last seen. */
typedef struct
{
  char *host_id;
  InnHostFacts facts;
  gint64 last_seen;
  GArray *vms; /* of InnVmRecord */
  guint n_vms; /* how many there are on disk; not set in news */
} InnHostView;

#define INN_TYPE_STORE_VIEW (inn_store_view_get_type ())

/* All that the disk knows of the hosts, as plain data: read by the worker, applied on main. */
typedef struct
{
  gatomicrefcount ref_count;
  InnViewConfig *config; /* NULL in news of hosts */
  gint64 config_revision;
  gint64 revision;       /* up to where this is all that was written */
  GPtrArray *hosts;      /* of InnHostView */
  GStringChunk *strings; /* the text of the guests */
  char *collation;       /* before a name's key: who made it */
  gboolean in_part;      /* the first guests by name only */
} InnStoreView;

GType inn_store_view_get_type (void);
InnStoreView *inn_store_view_new (void);
InnStoreView *inn_store_view_ref (InnStoreView *self);
void inn_store_view_unref (InnStoreView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnStoreView, inn_store_view_unref)

char *inn_store_dup_collation (void);
InnViewConfig *inn_store_read_config (InnDatabase *db, gint64 *revision, GError **error);
InnStoreView *inn_store_view_read (InnDatabase *db, guint most, GError **error);

/* Of the hosts that others than @writer wrote after @revision, in a transaction; not those whose
 * record ids are in @except. */
InnStoreView *inn_store_view_read_news (
    InnDatabase *db, gint64 revision, gint64 writer, GHashTable *except, GError **error);

/* @left: UUID -> guests that left hosts of the same news: one may come to another. */
void inn_store_view_take_gone (const InnHostView *view, InnHost *host, GHashTable *left);
void inn_store_view_apply_host (const InnHostView *view, InnHost *host, GHashTable *left);

G_END_DECLS

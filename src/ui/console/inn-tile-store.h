/* inn-tile-store.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-display-source.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TILE_SIDE 256

/**
 * InnTileLayout:
 * @scale_x: units of the snapshot a frame pixel
 * @scale_y: units of the snapshot a frame pixel
 * @filter: how pixels become larger or smaller
 * @software: drawn by the software renderer
 */
typedef struct
{
  double scale_x;
  double scale_y;
  GskScalingFilter filter;
  gboolean software;
} InnTileLayout;

/**
 * InnTileStats:
 * @frames: updates that had something to do
 * @tiles: textures made
 * @bytes: copied into textures, which is what the renderer uploads
 * @damage_bytes: of the damaged pixels themselves
 */
typedef struct
{
  guint64 frames;
  guint64 tiles;
  guint64 bytes;
  guint64 damage_bytes;
} InnTileStats;

typedef struct _InnTileStore InnTileStore;

InnTileStore *inn_tile_store_new (void);
void inn_tile_store_free (InnTileStore *self);

void inn_tile_store_set_size (InnTileStore *self, int width, int height);
void inn_tile_store_set_apron (InnTileStore *self, int pixels);
void inn_tile_store_damage (InnTileStore *self, int x, int y, int width, int height);
guint inn_tile_store_update (InnTileStore *self, const InnFrame *frame);
void
inn_tile_store_snapshot (InnTileStore *self, GtkSnapshot *snapshot, const InnTileLayout *layout);

int inn_tile_store_get_width (InnTileStore *self);
int inn_tile_store_get_height (InnTileStore *self);
const InnTileStats *inn_tile_store_get_stats (InnTileStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnTileStore, inn_tile_store_free)

G_END_DECLS

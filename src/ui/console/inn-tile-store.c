/* inn-tile-store.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-tile-store.h"

#include <math.h>
#include <string.h>

#define BYTES_A_PIXEL 4

/* A texture never changes, and a renderer uploads it whole. So the frame is kept as tiles: what is
 * not damaged stays where it is, in the graphics memory. */
typedef struct
{
  GdkTexture *texture;
  GskRenderNode *node;
  gboolean dirty;
} Tile;

struct _InnTileStore
{
  int width;
  int height;
  int columns;
  int rows;
  int apron;
  gboolean dirty;
  Tile *tiles;
  InnTileLayout layout;
  InnTileStats stats;
};

static void
tile_clear (Tile *tile)
{
  g_clear_object (&tile->texture);
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  tile->dirty = TRUE;
}

/**
 * inn_tile_store_new:
 *
 * Returns: (transfer full): an empty store
 */
InnTileStore *
inn_tile_store_new (void)
{
  return g_new0 (InnTileStore, 1);
}

static void
drop_tiles (InnTileStore *self)
{
  for (int i = 0; i < self->columns * self->rows; i++)
    tile_clear (&self->tiles[i]);
  g_clear_pointer (&self->tiles, g_free);
  self->columns = 0;
  self->rows = 0;
}

/**
 * inn_tile_store_free:
 * @self: (transfer full): a store
 */
void
inn_tile_store_free (InnTileStore *self)
{
  drop_tiles (self);
  g_free (self);
}

/**
 * inn_tile_store_set_size:
 * @self: a store
 * @width: pixels of the frame
 * @height: pixels of the frame
 *
 * Forgets what it has and holds nothing until the next update.
 */
void
inn_tile_store_set_size (InnTileStore *self, int width, int height)
{
  drop_tiles (self);
  self->width = MAX (width, 0);
  self->height = MAX (height, 0);
  self->columns = (self->width + INN_TILE_SIDE - 1) / INN_TILE_SIDE;
  self->rows = (self->height + INN_TILE_SIDE - 1) / INN_TILE_SIDE;
  self->tiles = g_new0 (Tile, (gsize) self->columns * self->rows);
  inn_tile_store_damage (self, 0, 0, self->width, self->height);
}

/**
 * inn_tile_store_set_apron:
 * @self: a store
 * @pixels: how many pixels of its neighbours each tile carries along
 *
 * A filter looks at pixels beside the one it draws; without an apron it would not find those of
 * the next tile, and the edge would be seen.
 */
void
inn_tile_store_set_apron (InnTileStore *self, int pixels)
{
  if (self->apron == pixels)
    return;

  self->apron = pixels;
  inn_tile_store_damage (self, 0, 0, self->width, self->height);
}

/**
 * inn_tile_store_damage:
 * @self: a store
 * @x: pixels
 * @y: pixels
 * @width: pixels
 * @height: pixels
 *
 * The next update makes the tiles anew that this rectangle touches.
 */
void
inn_tile_store_damage (InnTileStore *self, int x, int y, int width, int height)
{
  int left = MAX (x - self->apron, 0);
  int top = MAX (y - self->apron, 0);
  int right = MIN ((gint64) x + width + self->apron, self->width);
  int bottom = MIN ((gint64) y + height + self->apron, self->height);

  if (right <= left || bottom <= top)
    return;

  self->dirty = TRUE;
  self->stats.damage_bytes += (guint64) MAX (MIN (x + width, self->width) - MAX (x, 0), 0) *
                              MAX (MIN (y + height, self->height) - MAX (y, 0), 0) * BYTES_A_PIXEL;
  for (int row = top / INN_TILE_SIDE; row <= (bottom - 1) / INN_TILE_SIDE; row++)
    for (int column = left / INN_TILE_SIDE; column <= (right - 1) / INN_TILE_SIDE; column++)
      self->tiles[row * self->columns + column].dirty = TRUE;
}

/* The pixels of a tile with @apron more on each side that has a neighbour. */
static InnRect
tile_area (InnTileStore *self, int column, int row, int apron)
{
  int left = MAX (column * INN_TILE_SIDE - apron, 0);
  int top = MAX (row * INN_TILE_SIDE - apron, 0);
  int right = MIN ((column + 1) * INN_TILE_SIDE + apron, self->width);
  int bottom = MIN ((row + 1) * INN_TILE_SIDE + apron, self->height);

  return (InnRect) { left, top, right - left, bottom - top };
}

static GdkTexture *
copy_texture (const InnFrame *frame, const InnRect *area)
{
  gsize stride = (gsize) area->width * BYTES_A_PIXEL;
  guint8 *pixels = g_malloc (stride * area->height);
  g_autoptr (GBytes) bytes = NULL;

  for (int y = 0; y < area->height; y++)
    memcpy (pixels + y * stride,
            frame->data + (gsize) (area->y + y) * frame->stride + (gsize) area->x * BYTES_A_PIXEL,
            stride);

  bytes = g_bytes_new_take (pixels, stride * area->height);
  return gdk_memory_texture_new (area->width, area->height, GDK_MEMORY_B8G8R8X8, bytes, stride);
}

/**
 * inn_tile_store_update:
 * @self: a store
 * @frame: the pixels as they are now
 *
 * Copies what is damaged. Does nothing for a frame of another size.
 *
 * Returns: how many tiles were made anew
 */
guint
inn_tile_store_update (InnTileStore *self, const InnFrame *frame)
{
  guint n_made = 0;

  if (!self->dirty || frame->data == NULL || frame->width != self->width ||
      frame->height != self->height)
    return 0;

  for (int row = 0; row < self->rows; row++)
    for (int column = 0; column < self->columns; column++)
      {
        Tile *tile = &self->tiles[row * self->columns + column];
        InnRect area;

        if (!tile->dirty)
          continue;

        area = tile_area (self, column, row, self->apron);
        tile_clear (tile);
        tile->texture = copy_texture (frame, &area);
        tile->dirty = FALSE;
        self->stats.bytes += (guint64) area.width * area.height * BYTES_A_PIXEL;
        n_made++;
      }
  self->dirty = FALSE;
  self->stats.tiles += n_made;
  self->stats.frames++;

  return n_made;
}

/* Linear is what a plain texture node does, and the node with a filter is drawn by way of another
 * surface when the scale is not 1. But the software renderer copies every texture of a plain node,
 * also where nothing changed, and looks first only for the node with a filter. */
static void
append_texture (GtkSnapshot *snapshot,
                GdkTexture *texture,
                const InnTileLayout *layout,
                const graphene_rect_t *bounds)
{
  if (layout->filter == GSK_SCALING_FILTER_LINEAR && !layout->software)
    gtk_snapshot_append_texture (snapshot, texture, bounds);
  else
    gtk_snapshot_append_scaled_texture (snapshot, texture, layout->filter, bounds);
}

static GskRenderNode *
make_node (InnTileStore *self, int column, int row, const InnTileLayout *layout)
{
  GdkTexture *texture = self->tiles[row * self->columns + column].texture;
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  InnRect whole = tile_area (self, column, row, self->apron);
  InnRect own = tile_area (self, column, row, 0);
  double left = round (own.x * layout->scale_x);
  double top = round (own.y * layout->scale_y);
  double right = round ((own.x + own.width) * layout->scale_x);
  double bottom = round ((own.y + own.height) * layout->scale_y);
  graphene_rect_t bounds;
  gboolean clip = self->apron > 0;

  graphene_rect_init (&bounds, whole.x * layout->scale_x, whole.y * layout->scale_y,
                      whole.width * layout->scale_x, whole.height * layout->scale_y);
  /* Edges between tiles lie on whole device pixels: nothing is drawn half, twice or not at all. */
  if (clip)
    gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (left, top, right - left, bottom - top));
  append_texture (snapshot, texture, layout, &bounds);
  if (clip)
    gtk_snapshot_pop (snapshot);

  return gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
}

static gboolean
same_layout (const InnTileLayout *a, const InnTileLayout *b)
{
  return a->scale_x == b->scale_x && a->scale_y == b->scale_y && a->filter == b->filter &&
         a->software == b->software;
}

/**
 * inn_tile_store_snapshot:
 * @self: a store
 * @snapshot: drawn to, from its origin; one unit is one device pixel
 * @layout: how
 */
void
inn_tile_store_snapshot (InnTileStore *self, GtkSnapshot *snapshot, const InnTileLayout *layout)
{
  gboolean same = same_layout (&self->layout, layout);

  self->layout = *layout;
  for (int row = 0; row < self->rows; row++)
    for (int column = 0; column < self->columns; column++)
      {
        Tile *tile = &self->tiles[row * self->columns + column];

        if (!same)
          g_clear_pointer (&tile->node, gsk_render_node_unref);
        if (tile->node == NULL && tile->texture != NULL)
          tile->node = make_node (self, column, row, layout);
        if (tile->node != NULL)
          gtk_snapshot_append_node (snapshot, tile->node);
      }
}

int
inn_tile_store_get_width (InnTileStore *self)
{
  return self->width;
}

int
inn_tile_store_get_height (InnTileStore *self)
{
  return self->height;
}

/**
 * inn_tile_store_get_stats:
 * @self: a store
 *
 * Returns: (transfer none): what it did since it was made
 */
const InnTileStats *
inn_tile_store_get_stats (InnTileStore *self)
{
  return &self->stats;
}

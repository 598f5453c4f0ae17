/* inn-spice-cursor.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-spice-session-private.h"

/* The shape of the guest's pointer; there is one for each display channel. */

#define MAX_CURSOR_SIDE 512

static void
set_cursor (InnSpiceSession *self, SpiceChannel *channel, const InnCursor *cursor)
{
  int id;

  g_object_get (channel, "channel-id", &id, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->heads)); i++)
    {
      g_autoptr (InnSpiceHead) head = g_list_model_get_item (G_LIST_MODEL (self->heads), i);

      if (inn_spice_head_get_channel_id (head) == (guint) id)
        inn_spice_head_set_cursor (head, cursor);
    }
}

static void
cursor_cb (SpiceChannel *channel, GParamSpec *pspec, InnSpiceSession *self)
{
  g_autoptr (GBytes) pixels = NULL;
  SpiceCursorShape *shape = NULL;
  InnCursor cursor = { 0 };

  g_object_get (channel, "cursor", &shape, NULL);
  if (shape == NULL || shape->data == NULL || shape->width == 0 || shape->height == 0 ||
      shape->width > MAX_CURSOR_SIDE || shape->height > MAX_CURSOR_SIDE)
    {
      set_cursor (self, channel, NULL);
    }
  else
    {
      pixels = g_bytes_new (shape->data, (gsize) shape->width * shape->height * 4);
      cursor.width = shape->width;
      cursor.height = shape->height;
      cursor.hot_x = MIN (shape->hot_spot_x, shape->width - 1);
      cursor.hot_y = MIN (shape->hot_spot_y, shape->height - 1);
      cursor.pixels = pixels;
      set_cursor (self, channel, &cursor);
    }
  if (shape != NULL)
    g_boxed_free (SPICE_TYPE_CURSOR_SHAPE, shape);
}

static void
hide_cb (SpiceChannel *channel, InnSpiceSession *self)
{
  static const InnCursor hidden = { 0 };

  set_cursor (self, channel, &hidden);
}

static void
reset_cb (SpiceChannel *channel, InnSpiceSession *self)
{
  set_cursor (self, channel, NULL);
}

void
inn_spice_session_add_cursor (InnSpiceSession *self, SpiceChannel *channel)
{
  g_signal_connect (channel, "notify::cursor", G_CALLBACK (cursor_cb), self);
  g_signal_connect (channel, "cursor-hide", G_CALLBACK (hide_cb), self);
  g_signal_connect (channel, "cursor-reset", G_CALLBACK (reset_cb), self);
}

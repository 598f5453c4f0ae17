/* inn-vnc-frame.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "console/inn-vnc-source-private.h"

#include <glib/gi18n.h>

/* What a server may make us hold: a screen of 16384 pixels square would be 1 GiB. */
#define MAX_FRAME_BYTES (512 * 1024 * 1024)

/* Fails the source when the size makes no sense. */
gboolean
inn_vnc_source_check_size (InnVncSource *self, int width, int height)
{
  if (width > 0 && height > 0 && width <= INN_VNC_MAX_SIDE && height <= INN_VNC_MAX_SIDE &&
      (gint64) width * height * INN_VNC_BYTES_A_PIXEL <= MAX_FRAME_BYTES)
    return TRUE;

  inn_vnc_source_fail (
      self,
      inn_error_new (INN_ERROR_UNSUPPORTED, NULL,
                     _ ("The screen of “%s” says it is %d × %d pixels, which cannot be shown"),
                     self->guest_name, width, height));
  return FALSE;
}

/* What is asked for, and what InnFrame holds: then the library need not convert. */
const VncPixelFormat *
inn_vnc_source_local_format (void)
{
  static const VncPixelFormat format = {
    .bits_per_pixel = 32,
    .depth = 24,
    .byte_order = G_LITTLE_ENDIAN,
    .true_color_flag = 1,
    .red_max = 255,
    .green_max = 255,
    .blue_max = 255,
    .red_shift = 16,
    .green_shift = 8,
    .blue_shift = 0,
  };

  return &format;
}

/* The library may still write to a framebuffer while it winds down, so the pixels go with the
 * last reference to it and not with ours. */
void
inn_vnc_source_replace_framebuffer (InnVncSource *self, int width, int height)
{
  guint8 *pixels = g_malloc0_n (height, (gsize) width * INN_VNC_BYTES_A_PIXEL);
  VncBaseFramebuffer *framebuffer =
      vnc_base_framebuffer_new (pixels, width, height, width * INN_VNC_BYTES_A_PIXEL,
                                inn_vnc_source_local_format (), inn_vnc_source_local_format ());

  g_object_set_data_full (G_OBJECT (framebuffer), "inn-pixels", pixels, g_free);
  g_clear_object (&self->framebuffer);
  self->framebuffer = VNC_FRAMEBUFFER (framebuffer);
  self->pixels = pixels;
  self->width = width;
  self->height = height;
  self->pointer_x = MIN (self->pointer_x, width - 1);
  self->pointer_y = MIN (self->pointer_y, height - 1);
  vnc_connection_set_framebuffer (self->connection, self->framebuffer);
}

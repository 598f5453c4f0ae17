/* inn-vnc-frame.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "console/inn-vnc-source-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* What a server may make us hold: a screen of 16384 pixels square would be 1 GiB. */
#define MAX_FRAME_BYTES (512 * 1024 * 1024)

/* Fails the source when the size makes no sense. */
static gboolean
check_size (InnVncSource *self, int width, int height)
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
static const VncPixelFormat *
local_format (void)
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
static void
replace_framebuffer (InnVncSource *self, int width, int height)
{
  guint8 *pixels = g_malloc0_n (height, (gsize) width * INN_VNC_BYTES_A_PIXEL);
  VncBaseFramebuffer *framebuffer = vnc_base_framebuffer_new (
      pixels, width, height, width * INN_VNC_BYTES_A_PIXEL, local_format (), local_format ());

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

static void
ask_update (InnVncSource *self, gboolean incremental)
{
  vnc_connection_framebuffer_update_request (self->connection, incremental, 0, 0, self->width,
                                             self->height);
}

/* An update comes as many rectangles and nothing says which is the last. The first asks for the
 * next update; the rest is covered by this, which runs when there is nothing better to do, that is
 * after what came was drawn: a slow desktop asks less often. */
static gboolean
settle_cb (gpointer user_data)
{
  InnVncSource *self = user_data;

  self->settle_id = 0;
  self->update_asked = FALSE;
  if (self->update_late)
    ask_update (self, TRUE);
  self->update_late = FALSE;
  return G_SOURCE_REMOVE;
}

static void
ask_next_update (InnVncSource *self)
{
  if (self->update_asked)
    {
      self->update_late = TRUE;
      return;
    }

  self->update_asked = TRUE;
  ask_update (self, TRUE);
  if (self->settle_id == 0)
    self->settle_id = g_idle_add_full (G_PRIORITY_LOW, settle_cb, self, NULL);
}

/* How the server may send pixels, best first. No JPEG: consoles are read, and the decoder that gvnc
 * uses trusts the size the server says. */
static int
add_pixel_encodings (InnVncSource *self, gint32 *encodings)
{
  int n = 0;

  if (self->only_encoding >= 0)
    {
      encodings[n++] = self->only_encoding;
      return n;
    }

  if (self->fast_link)
    encodings[n++] = VNC_CONNECTION_ENCODING_RAW;
  encodings[n++] = VNC_CONNECTION_ENCODING_COPY_RECT;
  encodings[n++] = VNC_CONNECTION_ENCODING_TIGHT;
  encodings[n++] = VNC_CONNECTION_ENCODING_ZRLE;
  encodings[n++] = VNC_CONNECTION_ENCODING_HEXTILE;
  encodings[n++] = VNC_CONNECTION_ENCODING_RRE;
  if (!self->fast_link)
    encodings[n++] = VNC_CONNECTION_ENCODING_RAW;
  return n;
}

static void
send_encodings (InnVncSource *self)
{
  static const gint32 others[] = {
    VNC_CONNECTION_ENCODING_EXTENDED_DESKTOP_RESIZE,
    VNC_CONNECTION_ENCODING_DESKTOP_RESIZE,
    VNC_CONNECTION_ENCODING_DESKTOP_NAME,
    VNC_CONNECTION_ENCODING_LAST_RECT,
    VNC_CONNECTION_ENCODING_ALPHA_CURSOR,
    VNC_CONNECTION_ENCODING_RICH_CURSOR,
    VNC_CONNECTION_ENCODING_XCURSOR,
    VNC_CONNECTION_ENCODING_POINTER_CHANGE,
    VNC_CONNECTION_ENCODING_EXT_KEY_EVENT,
    VNC_CONNECTION_ENCODING_LED_STATE,
    VNC_CONNECTION_ENCODING_XVP,
    VNC_CONNECTION_ENCODING_AUDIO,
  };
  gint32 encodings[24];
  int n = add_pixel_encodings (self, encodings);

  g_assert (n + G_N_ELEMENTS (others) <= G_N_ELEMENTS (encodings));
  memcpy (encodings + n, others, sizeof others);
  vnc_connection_set_encodings (self->connection, n + (int) G_N_ELEMENTS (others), encodings);
}

static void
initialized_cb (VncConnection *connection, InnVncSource *self)
{
  int width = vnc_connection_get_width (connection);
  int height = vnc_connection_get_height (connection);

  /* gvnc 1.5 comes here too when a server refuses us with an overlong reason: then there is no
   * size. */
  if (!check_size (self, width, height))
    return;

  inn_vnc_source_restart_deadline (self);
  vnc_connection_set_pixel_format (connection, local_format ());
  send_encodings (self);
  replace_framebuffer (self, width, height);
  ask_update (self, FALSE);
}

static void
ready (InnVncSource *self)
{
  inn_vnc_source_stop_deadline (self);
  self->attempt = 0;
  self->asked_person = FALSE;
  inn_vnc_source_set_state (self, INN_DISPLAY_READY);
}

static void
update_cb (VncConnection *connection, int x, int y, int width, int height, InnVncSource *self)
{
  g_autoptr (InnVncSource) keep = g_object_ref (self);

  ask_next_update (self);
  if (self->state == INN_DISPLAY_CONNECTING)
    {
      inn_display_source_emit_resized (INN_DISPLAY_SOURCE (self));
      if (self->connection == connection)
        ready (self);
    }
  if (self->connection == connection)
    inn_display_source_emit_damaged (INN_DISPLAY_SOURCE (self), x, y, width, height);
}

static void
resize_cb (VncConnection *connection, int width, int height, InnVncSource *self)
{
  g_autoptr (InnVncSource) keep = g_object_ref (self);

  if (!check_size (self, width, height))
    return;

  if (width != self->width || height != self->height)
    {
      replace_framebuffer (self, width, height);
      if (self->state == INN_DISPLAY_READY)
        inn_display_source_emit_resized (INN_DISPLAY_SOURCE (self));
    }
  if (self->connection == connection)
    ask_update (self, FALSE);
}

/* Only an encoding that was never offered brings another pixel format; the library takes it as it
 * comes and would write past its buffers. */
static void
pixel_format_cb (VncConnection *connection, VncPixelFormat *format, InnVncSource *self)
{
  g_clear_pointer (&self->said, g_free);
  self->said = g_strdup ("pixel format changed without being asked");
  inn_vnc_source_fail (self, inn_vnc_error_new (self));
}

static void
inn_vnc_source_get_frame (InnDisplaySource *source, InnFrame *frame)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  frame->width = self->width;
  frame->height = self->height;
  frame->stride = self->width * INN_VNC_BYTES_A_PIXEL;
  frame->data = self->pixels;
}

void
inn_vnc_source_connect_frame (InnVncSource *self)
{
  VncConnection *connection = self->connection;

  g_signal_connect (connection, "vnc-initialized", G_CALLBACK (initialized_cb), self);
  g_signal_connect (connection, "vnc-framebuffer-update", G_CALLBACK (update_cb), self);
  g_signal_connect (connection, "vnc-desktop-resize", G_CALLBACK (resize_cb), self);
  g_signal_connect (connection, "vnc-pixel-format-changed", G_CALLBACK (pixel_format_cb), self);
}

/* The part of the interface that gives the picture. */
void
inn_vnc_source_init_frame (InnDisplaySourceInterface *iface)
{
  iface->get_frame = inn_vnc_source_get_frame;
}

/**
 * inn_vnc_source_set_only_encoding:
 * @self: a source
 * @encoding: the number of an encoding of pixels, as in the RFC; -1 for the best that both know
 *
 * Asks for no other at the next start, to find out whether one of them is at fault.
 */
void
inn_vnc_source_set_only_encoding (InnVncSource *self, int encoding)
{
  g_return_if_fail (INN_IS_VNC_SOURCE (self));

  self->only_encoding = encoding;
}

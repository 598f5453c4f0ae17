/* pattern-source.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "pattern-source.h"

#include <string.h>
#include <unistd.h>

struct _PatternSource
{
  GObject parent_instance;

  guint32 *pixels;
  int width;
  int height;
  InnDisplayState state;
  gboolean absolute;
  gboolean resizable;
  GString *log;

  GBytes *copied[INN_N_SELECTIONS];
  gboolean hangs;
  DexPromise *never;
};

static void
start (InnDisplaySource *source, int fd)
{
  close (fd);
  pattern_source_make_ready (TEST_PATTERN_SOURCE (source));
}

static void
close_source (InnDisplaySource *source)
{
  pattern_source_set_state (TEST_PATTERN_SOURCE (source), INN_DISPLAY_CLOSED);
}

static InnDisplayState
get_state (InnDisplaySource *source)
{
  return TEST_PATTERN_SOURCE (source)->state;
}

static const GError *
get_error (InnDisplaySource *source)
{
  return NULL;
}

static void
get_frame (InnDisplaySource *source, InnFrame *frame)
{
  PatternSource *self = TEST_PATTERN_SOURCE (source);

  *frame = (InnFrame) { self->width, self->height, self->width * 4, (guint8 *) self->pixels };
}

static const InnCursor *
get_cursor (InnDisplaySource *source)
{
  return NULL;
}

static gboolean
get_absolute (InnDisplaySource *source)
{
  return TEST_PATTERN_SOURCE (source)->absolute;
}

static void G_GNUC_PRINTF (2, 3) write_down (InnDisplaySource *source, const char *format, ...)
{
  PatternSource *self = TEST_PATTERN_SOURCE (source);
  va_list args;

  if (self->log->len > 0)
    g_string_append (self->log, "; ");
  va_start (args, format);
  g_string_append_vprintf (self->log, format, args);
  va_end (args);
}

static void
key (InnDisplaySource *source, guint evdev_code, guint keyval, gboolean down)
{
  write_down (source, "key %u %d", evdev_code, down);
}

static void
motion (InnDisplaySource *source, int x, int y)
{
  write_down (source, "motion %d %d", x, y);
}

static void
relative_motion (InnDisplaySource *source, int dx, int dy)
{
  write_down (source, "relative %d %d", dx, dy);
}

static void
button (InnDisplaySource *source, guint number, gboolean down)
{
  write_down (source, "button %u %d", number, down);
}

static void
scroll (InnDisplaySource *source, int dx, int dy)
{
  write_down (source, "scroll %d %d", dx, dy);
}

static gboolean
resize (InnDisplaySource *source, int width, int height)
{
  write_down (source, "resize %d %d", width, height);
  return TEST_PATTERN_SOURCE (source)->resizable;
}

static InnClipboardPeer *
get_clipboard (InnDisplaySource *source)
{
  return INN_CLIPBOARD_PEER (source);
}

static void
iface_init (InnDisplaySourceInterface *iface)
{
  iface->start = start;
  iface->close = close_source;
  iface->get_state = get_state;
  iface->get_error = get_error;
  iface->get_frame = get_frame;
  iface->get_cursor = get_cursor;
  iface->get_absolute = get_absolute;
  iface->key = key;
  iface->motion = motion;
  iface->relative_motion = relative_motion;
  iface->button = button;
  iface->scroll = scroll;
  iface->resize = resize;
  iface->get_clipboard = get_clipboard;
}

static const char *const *
get_types (InnClipboardPeer *peer, InnSelection selection)
{
  static const char *const all[] = { INN_CLIPBOARD_TEXT, INN_CLIPBOARD_IMAGE, INN_CLIPBOARD_FILES,
                                     NULL };

  return all;
}

static DexFuture *
read_copied (InnClipboardPeer *peer, InnSelection selection, const char *mime_type)
{
  PatternSource *self = TEST_PATTERN_SOURCE (peer);

  write_down (INN_DISPLAY_SOURCE (peer), "read %u %s", selection, mime_type);
  if (self->hangs)
    {
      dex_clear (&self->never);
      self->never = dex_promise_new ();
      return dex_ref (DEX_FUTURE (self->never));
    }
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_ref (self->copied[selection]));
}

static void
offer (InnClipboardPeer *peer, InnSelection selection, const char *const *mime_types)
{
  g_autofree char *types = g_strjoinv (" ", (GStrv) mime_types);

  write_down (INN_DISPLAY_SOURCE (peer), "offer %u %s", selection, types);
}

static void
withdraw (InnClipboardPeer *peer, InnSelection selection)
{
  write_down (INN_DISPLAY_SOURCE (peer), "withdraw %u", selection);
}

static void
clipboard_init (InnClipboardPeerInterface *iface)
{
  iface->get_types = get_types;
  iface->read = read_copied;
  iface->offer = offer;
  iface->withdraw = withdraw;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PatternSource,
                               pattern_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_DISPLAY_SOURCE, iface_init)
                                   G_IMPLEMENT_INTERFACE (INN_TYPE_CLIPBOARD_PEER, clipboard_init))

static void
pattern_source_finalize (GObject *object)
{
  PatternSource *self = TEST_PATTERN_SOURCE (object);

  g_free (self->pixels);
  g_string_free (self->log, TRUE);

  for (InnSelection i = 0; i < INN_N_SELECTIONS; i++)
    g_clear_pointer (&TEST_PATTERN_SOURCE (object)->copied[i], g_bytes_unref);
  dex_clear (&TEST_PATTERN_SOURCE (object)->never);

  G_OBJECT_CLASS (pattern_source_parent_class)->finalize (object);
}

static void
pattern_source_class_init (PatternSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pattern_source_finalize;
}

static void
pattern_source_init (PatternSource *self)
{
  self->absolute = TRUE;
  self->log = g_string_new (NULL);
}

/* Every pixel is another one than its neighbours, and says where it is. */
PatternSource *
pattern_source_new (int width, int height)
{
  PatternSource *self = g_object_new (TYPE_PATTERN_SOURCE, NULL);

  self->width = width;
  self->height = height;
  self->pixels = g_new (guint32, (gsize) width * height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      self->pixels[y * width + x] = 0xaa000000u | (guint32) ((x * 7 + y * 13) & 0xff) << 16 |
                                    (guint32) ((x ^ y) & 1 ? 0xff : 0) << 8 |
                                    (guint32) ((x / 3 + y / 5) & 0xff);

  return self;
}

void
pattern_source_set_state (PatternSource *self, InnDisplayState state)
{
  self->state = state;
  inn_display_source_emit_state_changed (INN_DISPLAY_SOURCE (self));
}

void
pattern_source_make_ready (PatternSource *self)
{
  inn_display_source_emit_resized (INN_DISPLAY_SOURCE (self));
  pattern_source_set_state (self, INN_DISPLAY_READY);
  inn_display_source_emit_damaged (INN_DISPLAY_SOURCE (self), 0, 0, self->width, self->height);
}

void
pattern_source_paint (PatternSource *self, int x, int y, int width, int height, guint32 pixel)
{
  for (int row = y; row < y + height; row++)
    for (int column = x; column < x + width; column++)
      self->pixels[row * self->width + column] = pixel;
  inn_display_source_emit_damaged (INN_DISPLAY_SOURCE (self), x, y, width, height);
}

guint32
pattern_source_pixel (PatternSource *self, int x, int y)
{
  return self->pixels[y * self->width + x] & 0xffffff;
}

void
pattern_source_set_absolute (PatternSource *self, gboolean absolute)
{
  self->absolute = absolute;
  inn_display_source_emit_pointer_mode_changed (INN_DISPLAY_SOURCE (self));
}

void
pattern_source_set_resizable (PatternSource *self, gboolean resizable)
{
  self->resizable = resizable;
}

void
pattern_source_copy (PatternSource *self,
                     InnSelection selection,
                     const char *mime_type,
                     const char *data)
{
  const char *const types[] = { mime_type, NULL };

  g_clear_pointer (&self->copied[selection], g_bytes_unref);
  if (data != NULL)
    self->copied[selection] = g_bytes_new (data, strlen (data));
  inn_clipboard_peer_emit_offered (INN_CLIPBOARD_PEER (self), selection,
                                   data != NULL ? types : NULL);
}

DexFuture *
pattern_source_paste (PatternSource *self, InnSelection selection, const char *mime_type)
{
  return inn_clipboard_peer_provide (INN_CLIPBOARD_PEER (self), selection, mime_type);
}

void
pattern_source_set_hangs (PatternSource *self, gboolean hangs)
{
  self->hangs = hangs;
}

void
pattern_source_answer (PatternSource *self)
{
  dex_promise_resolve_boxed (self->never, G_TYPE_BYTES, g_bytes_new_static ("late", 4));
}

char *
pattern_source_take_log (PatternSource *self)
{
  char *log = g_strdup (self->log->str);

  g_string_truncate (self->log, 0);
  return log;
}

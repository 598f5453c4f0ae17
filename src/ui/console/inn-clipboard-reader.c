/* inn-clipboard-reader.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-clipboard-reader.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* Reads the clipboard of the desktop in the few types that guests know. */

#define READ_SECONDS 30
#define CHUNK_BYTES (64 * 1024)

/* The types that a type of a guest can be made of, best first. */
static const struct
{
  const char *mime_type;
  const char *spellings[5];
} SPELLINGS[] = {
  { INN_CLIPBOARD_TEXT, { INN_CLIPBOARD_TEXT, "UTF8_STRING", "text/plain", NULL } },
  { INN_CLIPBOARD_IMAGE, { INN_CLIPBOARD_IMAGE, "image/jpeg", "image/tiff", "image/bmp", NULL } },
  { INN_CLIPBOARD_FILES, { INN_CLIPBOARD_FILES, NULL } },
};

/* Password managers mark what must not be kept or sent on. */
#define SECRET_HINT "x-kde-passwordManagerHint"

static const char *const *
spellings_of (const char *mime_type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (SPELLINGS); i++)
    if (g_str_equal (SPELLINGS[i].mime_type, mime_type))
      return SPELLINGS[i].spellings;

  return NULL;
}

/**
 * inn_clipboard_reader_get_types:
 * @clipboard: of the desktop
 *
 * Returns: (transfer full): the types of INN_CLIPBOARD_… that can be read; none for what a password
 *   manager marked as a secret
 */
GStrv
inn_clipboard_reader_get_types (GdkClipboard *clipboard)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GdkContentFormats) formats = gdk_content_formats_union_serialize_mime_types (
      gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));

  if (gdk_content_formats_contain_mime_type (formats, SECRET_HINT))
    return g_strv_builder_end (builder);

  for (gsize i = 0; i < G_N_ELEMENTS (SPELLINGS); i++)
    for (guint j = 0; SPELLINGS[i].spellings[j] != NULL; j++)
      if (gdk_content_formats_contain_mime_type (formats, SPELLINGS[i].spellings[j]))
        {
          g_strv_builder_add (builder, SPELLINGS[i].mime_type);
          break;
        }

  return g_strv_builder_end (builder);
}

typedef struct
{
  GdkClipboard *clipboard;
  InnClipboardPeer *peer;
  GCancellable *cancellable;
  char *mime_type;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->clipboard);
  g_object_unref (reading->peer);
  g_object_unref (reading->cancellable);
  g_free (reading->mime_type);
  g_free (reading);
}

static void
opened_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  const char *found = NULL;

  stream = gdk_clipboard_read_finish (GDK_CLIPBOARD (clipboard), result, &found, &error);
  if (stream == NULL)
    {
      dex_promise_reject (promise, g_steal_pointer (&error));
      return;
    }

  g_object_set_data (G_OBJECT (stream), "inn-mime-type", (gpointer) g_intern_string (found));
  dex_promise_resolve_object (promise, g_steal_pointer (&stream));
}

static DexFuture *
open_stream (Reading *reading)
{
  DexPromise *promise = dex_promise_new ();

  gdk_clipboard_read_async (reading->clipboard, (const char **) spellings_of (reading->mime_type),
                            G_PRIORITY_DEFAULT, reading->cancellable, opened_cb, dex_ref (promise));
  return inn_future_timeout (DEX_FUTURE (promise), READ_SECONDS * G_USEC_PER_SEC);
}

/* Stops at the limit, whatever else the other program has to give. */
static GBytes *
read_all (Reading *reading, GInputStream *stream, GError **error)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();

  for (;;)
    {
      g_autoptr (GBytes) chunk = dex_await_boxed (
          inn_future_timeout (dex_input_stream_read_bytes (stream, CHUNK_BYTES, G_PRIORITY_DEFAULT),
                              READ_SECONDS * G_USEC_PER_SEC),
          error);

      if (chunk == NULL || g_cancellable_set_error_if_cancelled (reading->cancellable, error))
        return NULL;

      if (g_bytes_get_size (chunk) == 0)
        return g_byte_array_free_to_bytes (g_steal_pointer (&all));

      g_byte_array_append (all, g_bytes_get_data (chunk, NULL), g_bytes_get_size (chunk));
      if (!inn_clipboard_peer_check_size (reading->peer, all->len, error))
        return NULL;
    }
}

static gboolean
convert_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GdkTexture) texture = gdk_texture_new_from_bytes (data, &local);

  if (texture == NULL)
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, local->message,
                     _ ("The picture on the clipboard cannot be read"));
      return FALSE;
    }

  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, gdk_texture_save_to_png_bytes (texture));
  return TRUE;
}

static void
bytes_free (gpointer bytes)
{
  g_bytes_unref (bytes);
}

/* Bytes of another spelling as those of the type that was asked for. */
static DexFuture *
convert (Reading *reading, GBytes *bytes, const char *found)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  char *utf8;

  if (g_str_equal (reading->mime_type, INN_CLIPBOARD_IMAGE) && !g_str_equal (found, "image/png"))
    return inn_thread_run ("clipboard-image", convert_thread, g_bytes_ref (bytes), bytes_free,
                           reading->cancellable);

  if (!g_str_equal (reading->mime_type, INN_CLIPBOARD_TEXT) || text == NULL ||
      g_utf8_validate_len (text, size, NULL))
    return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_ref (bytes));

  /* What is not UTF-8 is of a program of old. */
  utf8 = g_convert (text, size, "UTF-8", "ISO-8859-1", NULL, &size, NULL);
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_new_take (utf8, utf8 ? size : 0));
}

static DexFuture *
read_fiber (gpointer data)
{
  Reading *reading = data;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  stream = dex_await_object (open_stream (reading), &error);
  if (stream != NULL)
    bytes = read_all (reading, stream, &error);
  if (bytes == NULL)
    return inn_reject (g_steal_pointer (&error));

  return convert (reading, bytes, g_object_get_data (G_OBJECT (stream), "inn-mime-type"));
}

/**
 * inn_clipboard_reader_read:
 * @clipboard: of the desktop
 * @mime_type: a type of inn_clipboard_reader_get_types()
 * @peer: whose limit counts
 * @cancellable: fires when nobody wants it any more
 *
 * Reads without holding up anything: the program that has the data may be slow, and may never end.
 *
 * Returns: (transfer full): resolves with a GBytes
 */
DexFuture *
inn_clipboard_reader_read (GdkClipboard *clipboard,
                           const char *mime_type,
                           InnClipboardPeer *peer,
                           GCancellable *cancellable)
{
  Reading *reading;

  g_return_val_if_fail (GDK_IS_CLIPBOARD (clipboard), NULL);
  g_return_val_if_fail (spellings_of (mime_type) != NULL, NULL);
  g_return_val_if_fail (INN_IS_CLIPBOARD_PEER (peer), NULL);

  reading = g_new0 (Reading, 1);
  reading->clipboard = g_object_ref (clipboard);
  reading->peer = g_object_ref (peer);
  reading->cancellable = g_object_ref (cancellable);
  reading->mime_type = g_strdup (mime_type);
  return inn_spawn ("read_fiber", read_fiber, reading, reading_free);
}

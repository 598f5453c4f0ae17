/* inn-guest-content.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-guest-content.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* A program that pastes waits for it, and a guest that hangs never answers. */
#define READ_SECONDS 30

/**
 * InnGuestContent:
 *
 * What a guest copied, as the desktop's clipboard has it: asked of the guest when something pastes
 * it.
 */
struct _InnGuestContent
{
  GdkContentProvider parent_instance;

  GWeakRef peer;
  gpointer peer_id; /* the same, for comparing only */
  InnSelection selection;
  GStrv types;
  GBytes *text; /* when it was here already */
};

G_DEFINE_FINAL_TYPE (InnGuestContent, inn_guest_content, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
inn_guest_content_ref_formats (GdkContentProvider *provider)
{
  InnGuestContent *self = INN_GUEST_CONTENT (provider);

  return gdk_content_formats_new ((const char **) self->types, g_strv_length (self->types));
}

typedef struct
{
  InnGuestContent *content;
  char *mime_type;
  GOutputStream *stream;
} Writing;

static void
writing_free (gpointer data)
{
  Writing *writing = data;

  g_object_unref (writing->content);
  g_object_unref (writing->stream);
  g_free (writing->mime_type);
  g_free (writing);
}

static DexFuture *
fetch (InnGuestContent *self, const char *mime_type)
{
  g_autoptr (InnClipboardPeer) peer = g_weak_ref_get (&self->peer);

  if (self->text != NULL && g_str_equal (mime_type, INN_CLIPBOARD_TEXT))
    return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_ref (self->text));

  if (peer == NULL)
    return inn_reject (inn_error_new (INN_ERROR_NOT_FOUND, NULL,
                                      _ ("The screen of the guest that this was copied in is "
                                         "closed; open it and copy once more")));

  return inn_future_timeout (inn_clipboard_peer_read (peer, self->selection, mime_type),
                             READ_SECONDS * G_USEC_PER_SEC);
}

static DexFuture *
write_fiber (gpointer data)
{
  Writing *writing = data;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  bytes = dex_await_boxed (fetch (writing->content, writing->mime_type), &error);
  if (bytes == NULL)
    {
      g_signal_emit_by_name (writing->content, "failed", error);
      return inn_reject (g_steal_pointer (&error));
    }

  while (g_bytes_get_size (bytes) > 0)
    {
      g_autoptr (GBytes) rest = NULL;
      gint64 written = dex_await_int64 (
          dex_output_stream_write_bytes (writing->stream, bytes, G_PRIORITY_DEFAULT), &error);

      if (written <= 0)
        return inn_reject (error != NULL
                               ? g_steal_pointer (&error)
                               : inn_error_new (INN_ERROR_FAILED, NULL,
                                                _ ("The program that pastes stopped reading")));

      rest = g_bytes_new_from_bytes (bytes, written, g_bytes_get_size (bytes) - written);
      g_bytes_unref (bytes);
      bytes = g_steal_pointer (&rest);
    }
  return dex_future_new_true ();
}

static DexFuture *
written_cb (DexFuture *completed, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (dex_future_get_value (completed, &error) != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  return dex_future_new_true ();
}

static void
inn_guest_content_write_async (GdkContentProvider *provider,
                               const char *mime_type,
                               GOutputStream *stream,
                               int io_priority,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Writing *writing = g_new0 (Writing, 1);
  GTask *task = g_task_new (provider, cancellable, callback, user_data);

  writing->content = g_object_ref (INN_GUEST_CONTENT (provider));
  writing->mime_type = g_strdup (mime_type);
  writing->stream = g_object_ref (stream);
  inn_future_forget (
      dex_future_finally (inn_spawn ("write_fiber", write_fiber, writing, writing_free), written_cb,
                          task, g_object_unref),
      "pasting what a guest copied");
}

static gboolean
inn_guest_content_write_finish (GdkContentProvider *provider, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
inn_guest_content_finalize (GObject *object)
{
  InnGuestContent *self = INN_GUEST_CONTENT (object);

  g_weak_ref_clear (&self->peer);
  g_strfreev (self->types);
  g_clear_pointer (&self->text, g_bytes_unref);

  G_OBJECT_CLASS (inn_guest_content_parent_class)->finalize (object);
}

static void
inn_guest_content_class_init (InnGuestContentClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inn_guest_content_finalize;
  provider_class->ref_formats = inn_guest_content_ref_formats;
  provider_class->write_mime_type_async = inn_guest_content_write_async;
  provider_class->write_mime_type_finish = inn_guest_content_write_finish;

  /* (GError *error): what was to be pasted could not be had. */
  g_signal_new ("failed", INN_TYPE_GUEST_CONTENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
inn_guest_content_init (InnGuestContent *self)
{
  g_weak_ref_init (&self->peer, NULL);
}

/* A protocol that sends text unasked has it here already; then it outlives the screen. */
static void
keep_text (InnGuestContent *self, InnClipboardPeer *peer)
{
  g_autoptr (DexFuture) read = NULL;
  const GValue *value;

  if (!inn_clipboard_peer_is_at_hand (peer) ||
      !g_strv_contains ((const char *const *) self->types, INN_CLIPBOARD_TEXT))
    return;

  read = inn_clipboard_peer_read (peer, self->selection, INN_CLIPBOARD_TEXT);
  value = dex_future_get_value (read, NULL);
  if (value != NULL)
    self->text = g_value_dup_boxed (value);
}

/**
 * inn_guest_content_new:
 * @peer: the clipboard of a guest
 * @selection: which
 *
 * Returns: (transfer full): what @peer offers now
 */
GdkContentProvider *
inn_guest_content_new (InnClipboardPeer *peer, InnSelection selection)
{
  InnGuestContent *self;

  g_return_val_if_fail (INN_IS_CLIPBOARD_PEER (peer), NULL);

  self = g_object_new (INN_TYPE_GUEST_CONTENT, NULL);
  g_weak_ref_set (&self->peer, peer);
  self->peer_id = peer;
  self->selection = selection;
  self->types = g_strdupv ((GStrv) inn_clipboard_peer_get_offered (peer, selection));
  keep_text (self, peer);
  return GDK_CONTENT_PROVIDER (self);
}

/**
 * inn_guest_content_is_of:
 * @self: what some guest copied
 * @peer: the clipboard of a guest
 *
 * Returns: whether it is that guest
 */
gboolean
inn_guest_content_is_of (InnGuestContent *self, InnClipboardPeer *peer)
{
  g_return_val_if_fail (INN_IS_GUEST_CONTENT (self), FALSE);

  return self->peer_id == peer;
}

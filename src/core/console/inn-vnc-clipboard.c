/* inn-vnc-clipboard.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "console/inn-vnc-source-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* The clipboard of VNC is cut text: Latin-1, sent at once to everybody, asked for by nobody. So
 * what the desktop offers is fetched and sent when it is offered, and what the guest sent is kept
 * here until somebody reads it. */

static const char *const *
inn_vnc_source_get_types (InnClipboardPeer *peer, InnSelection selection)
{
  static const char *const text[] = { INN_CLIPBOARD_TEXT, NULL };
  InnVncSource *self = INN_VNC_SOURCE (peer);

  return self->state == INN_DISPLAY_READY && selection == INN_SELECTION_CLIPBOARD ? text : NULL;
}

static DexFuture *
inn_vnc_source_read (InnClipboardPeer *peer, InnSelection selection, const char *mime_type)
{
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_ref (INN_VNC_SOURCE (peer)->guest_text));
}

/* Line ends are one character in this protocol. */
static char *
to_latin1 (const char *text, gsize length, gsize *latin1_length, GError **error)
{
  g_autoptr (GString) lines = g_string_new_len (text, length);
  char *latin1;

  g_string_replace (lines, "\r\n", "\n", 0);
  latin1 = g_convert (lines->str, lines->len, "ISO-8859-1", "UTF-8", NULL, latin1_length, NULL);
  if (latin1 == NULL)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("The screen’s protocol has no letters but those of Western Europe for the "
                      "clipboard; “Paste as Keystrokes” types the text instead"));
  return latin1;
}

/* QEMU hangs up on who sends it more. */
static gboolean
check_text_size (gsize size, GError **error)
{
  if (size <= INN_VNC_MAX_CLIPBOARD)
    return TRUE;

  inn_error_set (error, INN_ERROR_NO_SPACE, NULL,
                 _ ("The screen’s protocol carries a mebibyte of text at most; copy the text as a "
                    "file over the network instead"));
  return FALSE;
}

static gboolean
send_text (InnVncSource *self, GBytes *bytes, GError **error)
{
  g_autofree char *latin1 = NULL;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  if (text == NULL || self->state != INN_DISPLAY_READY)
    return TRUE;

  if (!check_text_size (size, error))
    return FALSE;

  /* The guest has it, perhaps from itself. */
  if (self->last_text != NULL && g_bytes_equal (self->last_text, bytes))
    return TRUE;

  latin1 = to_latin1 (text, size, &size, error);
  if (latin1 == NULL)
    return FALSE;

  g_clear_pointer (&self->last_text, g_bytes_unref);
  self->last_text = g_bytes_ref (bytes);

  vnc_connection_client_cut_text (self->connection, latin1, size);
  return TRUE;
}

typedef struct
{
  InnWeak *source;
  guint serial;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *sending = data;

  inn_weak_unref (sending->source);
  g_free (sending);
}

static DexFuture *
provided_cb (DexFuture *completed, gpointer data)
{
  Sending *sending = data;
  g_autoptr (InnVncSource) self = inn_weak_get (sending->source);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);

  /* Something newer was copied meanwhile. */
  if (self == NULL || self->offer_serial != sending->serial)
    return dex_future_new_true ();

  if (value != NULL)
    send_text (self, g_value_get_boxed (value), &error);
  if (error != NULL)
    inn_clipboard_peer_emit_not_sent (INN_CLIPBOARD_PEER (self), INN_SELECTION_CLIPBOARD, error);
  return dex_future_new_true ();
}

static void
inn_vnc_source_offer (InnClipboardPeer *peer, InnSelection selection, const char *const *mime_types)
{
  InnVncSource *self = INN_VNC_SOURCE (peer);
  Sending *sending = g_new0 (Sending, 1);

  sending->source = inn_weak_new (self);
  sending->serial = ++self->offer_serial;
  inn_future_forget (
      dex_future_finally (inn_clipboard_peer_provide (peer, selection, INN_CLIPBOARD_TEXT),
                          provided_cb, sending, sending_free),
      "sending the clipboard to a screen");
}

/* What was sent cannot be taken back; what is still being fetched can. */
static void
inn_vnc_source_withdraw (InnClipboardPeer *peer, InnSelection selection)
{
  INN_VNC_SOURCE (peer)->offer_serial++;
}

/* The protocol says Latin-1. Text that is valid UTF-8 beyond ASCII is all but never Latin-1, and
 * many servers send it. */
static void
cut_text_cb (VncConnection *connection, const char *text, InnVncSource *self)
{
  static const char *const offered[] = { INN_CLIPBOARD_TEXT, NULL };
  g_autofree char *utf8 = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (text == NULL || strnlen (text, INN_VNC_MAX_CLIPBOARD + 1) > INN_VNC_MAX_CLIPBOARD)
    return;

  if (g_utf8_validate (text, -1, NULL))
    utf8 = g_strdup (text);
  else
    utf8 = g_convert (text, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
  if (utf8 == NULL)
    return;

  bytes = g_bytes_new (utf8, strlen (utf8));
  if (self->last_text != NULL && g_bytes_equal (self->last_text, bytes))
    return;

  g_clear_pointer (&self->guest_text, g_bytes_unref);
  g_clear_pointer (&self->last_text, g_bytes_unref);
  self->guest_text = g_bytes_ref (bytes);
  self->last_text = g_bytes_ref (bytes);
  inn_clipboard_peer_emit_offered (INN_CLIPBOARD_PEER (self), INN_SELECTION_CLIPBOARD,
                                   *utf8 != '\0' ? offered : NULL);
}

void
inn_vnc_source_connect_clipboard (InnVncSource *self)
{
  g_signal_connect (self->connection, "vnc-server-cut-text", G_CALLBACK (cut_text_cb), self);
}

void
inn_vnc_source_init_clipboard (InnClipboardPeerInterface *iface)
{
  iface->at_hand = TRUE;
  iface->get_types = inn_vnc_source_get_types;
  iface->read = inn_vnc_source_read;
  iface->offer = inn_vnc_source_offer;
  iface->withdraw = inn_vnc_source_withdraw;
}

/* inn-spice-clipboard.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-spice-clipboard.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <spice/vd_agent.h>
#include <string.h>

/* A guest whose agent hangs says nothing; whoever pastes is told. */
#define READ_TIMEOUT_USEC (30 * G_USEC_PER_SEC)

/**
 * InnSpiceClipboard:
 *
 * The clipboard of a guest through its SPICE agent. It lives as long as the session; the channel
 * that carries it comes and goes.
 */
struct _InnSpiceClipboard
{
  GObject parent_instance;

  SpiceMainChannel *main; /* not owned; NULL while there is none */
  GPtrArray *reads;       /* Read */
  gboolean offered[INN_N_SELECTIONS];
};

typedef struct
{
  InnSelection selection;
  guint type;
  DexPromise *promise;
} Read;

static const struct
{
  guint type;
  const char *mime_type;
} types[] = {
  { VD_AGENT_CLIPBOARD_UTF8_TEXT, INN_CLIPBOARD_TEXT },
  { VD_AGENT_CLIPBOARD_IMAGE_PNG, INN_CLIPBOARD_IMAGE },
};

static void inn_spice_clipboard_iface_init (InnClipboardPeerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (InnSpiceClipboard,
                               inn_spice_clipboard,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_CLIPBOARD_PEER,
                                                      inn_spice_clipboard_iface_init))

static const char *
mime_of (guint type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].type == type)
      return types[i].mime_type;

  return NULL;
}

static guint
type_of (const char *mime_type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (types[i].mime_type, mime_type) == 0)
      return types[i].type;

  return VD_AGENT_CLIPBOARD_NONE;
}

static void
read_free (gpointer data)
{
  Read *read = data;

  dex_unref (read->promise);
  g_free (read);
}

static gboolean
has_agent (InnSpiceClipboard *self, guint capability)
{
  gboolean connected = FALSE;

  if (self->main == NULL)
    return FALSE;

  g_object_get (self->main, "agent-connected", &connected, NULL);
  return connected && spice_main_channel_agent_test_capability (self->main, capability);
}

static gboolean
has_selection (InnSpiceClipboard *self, InnSelection selection)
{
  return has_agent (self, VD_AGENT_CAP_CLIPBOARD_BY_DEMAND) &&
         (selection == INN_SELECTION_CLIPBOARD ||
          has_agent (self, VD_AGENT_CAP_CLIPBOARD_SELECTION));
}

/* Ours count as the protocol's do. */
G_STATIC_ASSERT ((int) INN_SELECTION_CLIPBOARD == VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD);
G_STATIC_ASSERT ((int) INN_SELECTION_PRIMARY == VD_AGENT_CLIPBOARD_SELECTION_PRIMARY);

static const char *const *
inn_spice_clipboard_get_types (InnClipboardPeer *peer, InnSelection selection)
{
  static const char *const all[] = { INN_CLIPBOARD_TEXT, INN_CLIPBOARD_IMAGE, NULL };

  return has_selection (INN_SPICE_CLIPBOARD (peer), selection) ? all : NULL;
}

static DexFuture *
inn_spice_clipboard_read (InnClipboardPeer *peer, InnSelection selection, const char *mime_type)
{
  InnSpiceClipboard *self = INN_SPICE_CLIPBOARD (peer);
  guint type = type_of (mime_type);
  Read *read;

  if (type == VD_AGENT_CLIPBOARD_NONE || !has_selection (self, selection))
    return inn_reject (
        inn_error_new (INN_ERROR_NOT_FOUND, NULL, _ ("The guest does not offer that any more")));

  read = g_new0 (Read, 1);
  read->selection = selection;
  read->type = type;
  read->promise = dex_promise_new ();
  g_ptr_array_add (self->reads, read);
  spice_main_channel_clipboard_selection_request (self->main, selection, type);
  return inn_future_timeout (DEX_FUTURE (dex_ref (read->promise)), READ_TIMEOUT_USEC);
}

static void
inn_spice_clipboard_offer (InnClipboardPeer *peer,
                           InnSelection selection,
                           const char *const *mime_types)
{
  InnSpiceClipboard *self = INN_SPICE_CLIPBOARD (peer);
  guint32 wanted[G_N_ELEMENTS (types)];
  int n = 0;

  for (guint i = 0; mime_types[i] != NULL && n < (int) G_N_ELEMENTS (wanted); i++)
    if (type_of (mime_types[i]) != VD_AGENT_CLIPBOARD_NONE)
      wanted[n++] = type_of (mime_types[i]);
  if (n > 0 && has_selection (self, selection))
    spice_main_channel_clipboard_selection_grab (self->main, selection, wanted, n);
}

static void
inn_spice_clipboard_withdraw (InnClipboardPeer *peer, InnSelection selection)
{
  InnSpiceClipboard *self = INN_SPICE_CLIPBOARD (peer);

  if (has_selection (self, selection))
    spice_main_channel_clipboard_selection_release (self->main, selection);
}

static void
inn_spice_clipboard_iface_init (InnClipboardPeerInterface *iface)
{
  iface->get_types = inn_spice_clipboard_get_types;
  iface->read = inn_spice_clipboard_read;
  iface->offer = inn_spice_clipboard_offer;
  iface->withdraw = inn_spice_clipboard_withdraw;
}

/* Windows ends a line with two characters and wants the same. */
static GBytes *
to_guest (InnSpiceClipboard *self, guint type, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GString) text = NULL;

  if (type != VD_AGENT_CLIPBOARD_UTF8_TEXT || !has_agent (self, VD_AGENT_CAP_GUEST_LINEEND_CRLF))
    return g_bytes_ref (bytes);

  text = g_string_new_len (data, size);
  g_string_replace (text, "\r\n", "\n", 0);
  g_string_replace (text, "\n", "\r\n", 0);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/* %NULL when it is not what it says it is. */
static GBytes *
from_guest (InnSpiceClipboard *self, guint type, const char *data, gsize size)
{
  g_autoptr (GString) text = NULL;

  if (type != VD_AGENT_CLIPBOARD_UTF8_TEXT)
    return g_bytes_new (data, size);

  size = strnlen (data, size);
  if (!g_utf8_validate (data, size, NULL))
    return NULL;

  text = g_string_new_len (data, size);
  if (has_agent (self, VD_AGENT_CAP_GUEST_LINEEND_CRLF))
    g_string_replace (text, "\r\n", "\n", 0);
  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static void
set_offered (InnSpiceClipboard *self, InnSelection selection, const char *const *mime_types)
{
  gboolean any = mime_types != NULL && mime_types[0] != NULL;

  if (!any && !self->offered[selection])
    return;

  self->offered[selection] = any;
  inn_clipboard_peer_emit_offered (INN_CLIPBOARD_PEER (self), selection, any ? mime_types : NULL);
}

static gboolean
grab_cb (SpiceMainChannel *main,
         guint selection,
         const guint32 *offered,
         guint n_offered,
         InnSpiceClipboard *self)
{
  g_autoptr (GPtrArray) mime_types = g_ptr_array_new ();

  if (selection >= INN_N_SELECTIONS)
    return FALSE;

  for (guint i = 0; i < n_offered; i++)
    {
      const char *mime_type = mime_of (offered[i]);

      if (mime_type != NULL && !g_ptr_array_find (mime_types, mime_type, NULL))
        g_ptr_array_add (mime_types, (gpointer) mime_type);
    }
  g_ptr_array_add (mime_types, NULL);
  set_offered (self, selection, (const char *const *) mime_types->pdata);
  return TRUE;
}

static void
release_cb (SpiceMainChannel *main, guint selection, InnSpiceClipboard *self)
{
  if (selection < INN_N_SELECTIONS)
    set_offered (self, selection, NULL);
}

static GError *
read_error (void)
{
  return inn_error_new (INN_ERROR_REMOTE, NULL,
                        _ ("The guest did not give what was copied in it; copy it again"));
}

/* An agent that has nothing says so with no type. */
static void
data_cb (SpiceMainChannel *main,
         guint selection,
         guint type,
         gconstpointer data,
         guint size,
         InnSpiceClipboard *self)
{
  for (guint i = self->reads->len; i > 0; i--)
    {
      Read *read = self->reads->pdata[i - 1];
      g_autoptr (GBytes) bytes = NULL;

      if (read->selection != selection || (type != VD_AGENT_CLIPBOARD_NONE && read->type != type))
        continue;

      if (type != VD_AGENT_CLIPBOARD_NONE)
        bytes = from_guest (self, type, data, size);
      if (bytes != NULL)
        dex_promise_resolve_boxed (read->promise, G_TYPE_BYTES, g_steal_pointer (&bytes));
      else
        dex_promise_reject (read->promise, read_error ());
      g_ptr_array_remove_index (self->reads, i - 1);
    }
}

typedef struct
{
  InnSpiceClipboard *self;
  SpiceMainChannel *main;
  InnSelection selection;
  guint type;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->self);
  g_object_unref (request->main);
  g_free (request);
}

/* The library carries no more than it told the agent. */
static gboolean
check_library_size (SpiceMainChannel *main, gsize size, GError **error)
{
  int most = -1;

  g_object_get (main, "max-clipboard", &most, NULL);
  if (most < 0 || size < (gsize) most)
    return TRUE;

  inn_error_set (error, INN_ERROR_NO_SPACE, NULL,
                 _ ("What was copied is too large for the guest; send it as a file"));
  return FALSE;
}

static DexFuture *
request_fiber (gpointer data)
{
  Request *request = data;
  InnSpiceClipboard *self = request->self;
  InnClipboardPeer *peer = INN_CLIPBOARD_PEER (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = dex_await_boxed (
      inn_clipboard_peer_provide (peer, request->selection, mime_of (request->type)), &error);
  g_autoptr (GBytes) sent = NULL;
  gsize size = 0;

  if (self->main != request->main || !has_selection (self, request->selection))
    return dex_future_new_true ();

  if (bytes != NULL)
    sent = to_guest (self, request->type, bytes);
  if (sent != NULL && check_library_size (self->main, g_bytes_get_size (sent), &error))
    {
      const guchar *contents = g_bytes_get_data (sent, &size);

      spice_main_channel_clipboard_selection_notify (self->main, request->selection, request->type,
                                                     contents, size);
      return dex_future_new_true ();
    }

  spice_main_channel_clipboard_selection_notify (self->main, request->selection,
                                                 VD_AGENT_CLIPBOARD_NONE, NULL, 0);
  inn_clipboard_peer_emit_not_sent (peer, request->selection, error);
  return dex_future_new_true ();
}

static gboolean
request_cb (SpiceMainChannel *main, guint selection, guint type, InnSpiceClipboard *self)
{
  Request *request;

  if (selection >= INN_N_SELECTIONS || mime_of (type) == NULL)
    return FALSE;

  request = g_new0 (Request, 1);
  request->self = g_object_ref (self);
  request->main = g_object_ref (main);
  request->selection = selection;
  request->type = type;
  inn_future_forget (inn_spawn ("request_fiber", request_fiber, request, request_free),
                     "giving the clipboard to a guest");
  return TRUE;
}

static void
forget_guest (InnSpiceClipboard *self)
{
  for (guint i = 0; i < self->reads->len; i++)
    dex_promise_reject (((Read *) self->reads->pdata[i])->promise, read_error ());
  g_ptr_array_set_size (self->reads, 0);
  for (guint i = 0; i < INN_N_SELECTIONS; i++)
    set_offered (self, i, NULL);
}

static void
agent_cb (SpiceMainChannel *main, InnSpiceClipboard *self)
{
  if (!has_selection (self, INN_SELECTION_CLIPBOARD))
    forget_guest (self);
  inn_clipboard_peer_emit_types_changed (INN_CLIPBOARD_PEER (self));
}

static void
inn_spice_clipboard_dispose (GObject *object)
{
  InnSpiceClipboard *self = INN_SPICE_CLIPBOARD (object);

  inn_spice_clipboard_detach (self);

  G_OBJECT_CLASS (inn_spice_clipboard_parent_class)->dispose (object);
}

static void
inn_spice_clipboard_finalize (GObject *object)
{
  g_ptr_array_unref (INN_SPICE_CLIPBOARD (object)->reads);

  G_OBJECT_CLASS (inn_spice_clipboard_parent_class)->finalize (object);
}

static void
inn_spice_clipboard_class_init (InnSpiceClipboardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_spice_clipboard_dispose;
  object_class->finalize = inn_spice_clipboard_finalize;
}

static void
inn_spice_clipboard_init (InnSpiceClipboard *self)
{
  self->reads = g_ptr_array_new_with_free_func (read_free);
}

InnSpiceClipboard *
inn_spice_clipboard_new (void)
{
  return g_object_new (INN_TYPE_SPICE_CLIPBOARD, NULL);
}

/* From now on it is that of the guest at the other end of @main. */
void
inn_spice_clipboard_attach (InnSpiceClipboard *self, SpiceMainChannel *main)
{
  inn_spice_clipboard_detach (self);
  self->main = main;
  g_signal_connect (main, "main-agent-update", G_CALLBACK (agent_cb), self);
  g_signal_connect (main, "main-clipboard-selection-grab", G_CALLBACK (grab_cb), self);
  g_signal_connect (main, "main-clipboard-selection-release", G_CALLBACK (release_cb), self);
  g_signal_connect (main, "main-clipboard-selection", G_CALLBACK (data_cb), self);
  g_signal_connect (main, "main-clipboard-selection-request", G_CALLBACK (request_cb), self);
}

/* Before the channel goes. */
void
inn_spice_clipboard_detach (InnSpiceClipboard *self)
{
  SpiceMainChannel *main = g_steal_pointer (&self->main);

  if (main == NULL)
    return;

  g_signal_handlers_disconnect_by_data (main, self);
  forget_guest (self);
  inn_clipboard_peer_emit_types_changed (INN_CLIPBOARD_PEER (self));
}

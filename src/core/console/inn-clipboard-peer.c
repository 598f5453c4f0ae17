/* inn-clipboard-peer.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-clipboard-peer.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

enum
{
  SIGNAL_OFFERED,
  SIGNAL_TYPES_CHANGED,
  SIGNAL_NOT_SENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * InnClipboardPeer:
 *
 * The clipboard of a guest, with no widget: what the guest offers, and what it is offered.
 */
G_DEFINE_INTERFACE (InnClipboardPeer, inn_clipboard_peer, G_TYPE_OBJECT)

/* What the desktop offers to the guest. */
typedef struct
{
  GStrv types;
  InnClipboardProvider provider;
  gpointer data;
  GDestroyNotify destroy;
} Offer;

/* What every peer has. */
typedef struct
{
  gboolean enabled;
  gsize limit;
  Offer *ours[INN_N_SELECTIONS];
  GStrv theirs[INN_N_SELECTIONS];
} Shared;

static void
offer_free (Offer *offer)
{
  if (offer->destroy != NULL)
    offer->destroy (offer->data);
  g_strfreev (offer->types);
  g_free (offer);
}

static void
shared_free (gpointer data)
{
  Shared *shared = data;

  for (guint i = 0; i < INN_N_SELECTIONS; i++)
    {
      g_clear_pointer (&shared->ours[i], offer_free);
      g_clear_pointer (&shared->theirs[i], g_strfreev);
    }
  g_free (shared);
}

static Shared *
get_shared (InnClipboardPeer *self)
{
  static GQuark quark;
  Shared *shared;

  if (quark == 0)
    quark = g_quark_from_static_string ("inn-clipboard-peer");

  shared = g_object_get_qdata (G_OBJECT (self), quark);
  if (shared == NULL)
    {
      shared = g_new0 (Shared, 1);
      shared->enabled = TRUE;
      shared->limit = INN_CLIPBOARD_DEFAULT_LIMIT;
      g_object_set_qdata_full (G_OBJECT (self), quark, shared, shared_free);
    }
  return shared;
}

static void
inn_clipboard_peer_default_init (InnClipboardPeerInterface *iface)
{
  GType type = INN_TYPE_CLIPBOARD_PEER;

  signals[SIGNAL_OFFERED] = g_signal_new ("offered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                          G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRV);
  signals[SIGNAL_TYPES_CHANGED] =
      g_signal_new ("types-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NOT_SENT] = g_signal_new ("not-sent", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_ERROR);
}

static DexFuture *
reject_disabled (void)
{
  return inn_reject (
      inn_error_new (INN_ERROR_DENIED, NULL,
                     _ ("The clipboard is not shared with this guest; share it in the menu of its "
                        "console")));
}

static DexFuture *
reject_gone (void)
{
  return inn_reject (inn_error_new (
      INN_ERROR_NOT_FOUND, NULL, _ ("The clipboard holds something else by now; copy once more")));
}

/**
 * inn_clipboard_peer_set_enabled:
 * @self: a peer
 * @enabled: whether anything goes to the guest or comes from it; it does from the start
 *
 * Off withdraws what is offered, on either side. On is for what is copied from then on.
 */
void
inn_clipboard_peer_set_enabled (InnClipboardPeer *self, gboolean enabled)
{
  Shared *shared;

  g_return_if_fail (INN_IS_CLIPBOARD_PEER (self));

  shared = get_shared (self);
  if (shared->enabled == enabled)
    return;

  for (InnSelection i = 0; i < INN_N_SELECTIONS && !enabled; i++)
    inn_clipboard_peer_withdraw (self, i);

  shared->enabled = enabled;
  for (InnSelection i = 0; i < INN_N_SELECTIONS && !enabled; i++)
    if (shared->theirs[i] != NULL)
      g_signal_emit (self, signals[SIGNAL_OFFERED], 0, i, inn_clipboard_peer_get_offered (self, i));
}

/**
 * inn_clipboard_peer_set_limit:
 * @self: a peer
 * @bytes: the most that is carried at once, either way
 */
void
inn_clipboard_peer_set_limit (InnClipboardPeer *self, gsize bytes)
{
  g_return_if_fail (INN_IS_CLIPBOARD_PEER (self));

  get_shared (self)->limit = bytes;
}

/**
 * inn_clipboard_peer_get_types:
 * @self: a peer
 * @selection: which
 *
 * Returns: (transfer none): the MIME types that the guest takes now, none when it takes nothing;
 *   until the next signal
 */
const char *const *
inn_clipboard_peer_get_types (InnClipboardPeer *self, InnSelection selection)
{
  static const char *const none[] = { NULL };
  const char *const *types;

  g_return_val_if_fail (INN_IS_CLIPBOARD_PEER (self), none);
  g_return_val_if_fail (selection < INN_N_SELECTIONS, none);

  if (!get_shared (self)->enabled)
    return none;

  types = INN_CLIPBOARD_PEER_GET_IFACE (self)->get_types (self, selection);
  return types != NULL ? types : none;
}

/**
 * inn_clipboard_peer_get_offered:
 * @self: a peer
 * @selection: which
 *
 * Returns: (transfer none): the MIME types that the guest offers now, perhaps none; until the next
 *   signal
 */
const char *const *
inn_clipboard_peer_get_offered (InnClipboardPeer *self, InnSelection selection)
{
  static const char *const none[] = { NULL };
  Shared *shared;

  g_return_val_if_fail (INN_IS_CLIPBOARD_PEER (self), none);
  g_return_val_if_fail (selection < INN_N_SELECTIONS, none);

  shared = get_shared (self);
  if (!shared->enabled || shared->theirs[selection] == NULL)
    return none;

  return (const char *const *) shared->theirs[selection];
}

/**
 * inn_clipboard_peer_is_at_hand:
 * @self: a peer
 *
 * Returns: whether reading what the guest offers costs nothing, for it came with the offer
 */
gboolean
inn_clipboard_peer_is_at_hand (InnClipboardPeer *self)
{
  g_return_val_if_fail (INN_IS_CLIPBOARD_PEER (self), FALSE);

  return INN_CLIPBOARD_PEER_GET_IFACE (self)->at_hand;
}

/* Sets @error when that many bytes are more than the limit. */
gboolean
inn_clipboard_peer_check_size (InnClipboardPeer *self, gsize bytes, GError **error)
{
  gsize limit = get_shared (self)->limit;
  g_autofree char *size = NULL;
  g_autofree char *most = NULL;

  if (bytes <= limit)
    return TRUE;

  size = g_format_size (bytes);
  most = g_format_size (limit);
  inn_error_set (error, INN_ERROR_NO_SPACE, NULL,
                 /* Translators: two sizes, such as 120 MB */
                 _ ("The clipboard holds %s; no more than %s is carried between guest and desktop. "
                    "Copy it as a file over the network instead."),
                 size, most);
  return FALSE;
}

/* A future that resolves with more than the limit rejects. */
static DexFuture *
check_bytes_cb (DexFuture *completed, gpointer user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *bytes =
      value != NULL && G_VALUE_HOLDS (value, G_TYPE_BYTES) ? g_value_get_boxed (value) : NULL;

  if (bytes == NULL)
    return reject_gone ();

  if (!inn_clipboard_peer_check_size (user_data, g_bytes_get_size (bytes), &error))
    return inn_reject (g_steal_pointer (&error));

  return dex_ref (completed);
}

static DexFuture *
limit_size (InnClipboardPeer *self, DexFuture *future)
{
  return dex_future_then (future, check_bytes_cb, g_object_ref (self), g_object_unref);
}

/**
 * inn_clipboard_peer_read:
 * @self: a peer
 * @selection: which
 * @mime_type: a type of inn_clipboard_peer_get_offered()
 *
 * Asks the guest for what it offers. A guest need not answer: use a deadline.
 *
 * Returns: (transfer full): resolves with a GBytes; rejects with INN_ERROR_NO_SPACE when that is
 *   larger than the limit, INN_ERROR_NOT_FOUND when the guest does not offer it any more,
 *   INN_ERROR_DENIED while the peer is off
 */
DexFuture *
inn_clipboard_peer_read (InnClipboardPeer *self, InnSelection selection, const char *mime_type)
{
  g_return_val_if_fail (INN_IS_CLIPBOARD_PEER (self), NULL);
  g_return_val_if_fail (selection < INN_N_SELECTIONS, NULL);
  g_return_val_if_fail (mime_type != NULL, NULL);

  if (!get_shared (self)->enabled)
    return reject_disabled ();

  if (!g_strv_contains (inn_clipboard_peer_get_offered (self, selection), mime_type))
    return reject_gone ();

  return limit_size (self, INN_CLIPBOARD_PEER_GET_IFACE (self)->read (self, selection, mime_type));
}

static GStrv
types_in_common (const char *const *offered, const char *const *taken)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; offered[i] != NULL; i++)
    if (g_strv_contains (taken, offered[i]))
      g_strv_builder_add (builder, offered[i]);

  return g_strv_builder_end (builder);
}

/**
 * inn_clipboard_peer_offer:
 * @self: a peer
 * @selection: which
 * @mime_types: (array zero-terminated=1): what can be had; what the guest does not take is left out
 * @provider: gives the bytes
 * @data: for @provider
 * @destroy: (nullable): frees @data once the offer is over
 *
 * Offers to the guest what was copied here, in place of what was offered before. With no type that
 * the guest takes it is a withdrawal. A peer whose protocol knows no offers asks @provider at once.
 */
void
inn_clipboard_peer_offer (InnClipboardPeer *self,
                          InnSelection selection,
                          const char *const *mime_types,
                          InnClipboardProvider provider,
                          gpointer data,
                          GDestroyNotify destroy)
{
  Shared *shared;
  Offer *offer;

  g_return_if_fail (INN_IS_CLIPBOARD_PEER (self));
  g_return_if_fail (selection < INN_N_SELECTIONS);
  g_return_if_fail (mime_types != NULL);
  g_return_if_fail (provider != NULL);

  shared = get_shared (self);
  offer = g_new0 (Offer, 1);
  offer->types = types_in_common (mime_types, inn_clipboard_peer_get_types (self, selection));
  offer->provider = provider;
  offer->data = data;
  offer->destroy = destroy;
  if (offer->types[0] == NULL)
    {
      offer_free (offer);
      inn_clipboard_peer_withdraw (self, selection);
      return;
    }

  g_clear_pointer (&shared->ours[selection], offer_free);
  shared->ours[selection] = offer;
  INN_CLIPBOARD_PEER_GET_IFACE (self)->offer (self, selection, (const char *const *) offer->types);
}

/**
 * inn_clipboard_peer_withdraw:
 * @self: a peer
 * @selection: which
 *
 * Tells the guest that what was offered cannot be had any more.
 */
void
inn_clipboard_peer_withdraw (InnClipboardPeer *self, InnSelection selection)
{
  Shared *shared;

  g_return_if_fail (INN_IS_CLIPBOARD_PEER (self));
  g_return_if_fail (selection < INN_N_SELECTIONS);

  shared = get_shared (self);
  if (shared->ours[selection] == NULL)
    return;

  g_clear_pointer (&shared->ours[selection], offer_free);
  INN_CLIPBOARD_PEER_GET_IFACE (self)->withdraw (self, selection);
}

/* What follows is for peers. */

/**
 * inn_clipboard_peer_provide:
 * @self: a peer
 * @selection: which
 * @mime_type: what the guest wants
 *
 * Asks for what was offered to the guest.
 *
 * Returns: (transfer full): resolves with a GBytes that is within the limit; rejects as
 *   inn_clipboard_peer_read() does
 */
DexFuture *
inn_clipboard_peer_provide (InnClipboardPeer *self, InnSelection selection, const char *mime_type)
{
  Offer *offer;

  g_return_val_if_fail (INN_IS_CLIPBOARD_PEER (self), NULL);
  g_return_val_if_fail (selection < INN_N_SELECTIONS, NULL);
  g_return_val_if_fail (mime_type != NULL, NULL);

  if (!get_shared (self)->enabled)
    return reject_disabled ();

  offer = get_shared (self)->ours[selection];
  if (offer == NULL || !g_strv_contains ((const char *const *) offer->types, mime_type))
    return reject_gone ();

  return limit_size (self, offer->provider (selection, mime_type, offer->data));
}

/* The guest offers this now: @mime_types (nullable) of INN_CLIPBOARD_…; none is a withdrawal. */
void
inn_clipboard_peer_emit_offered (InnClipboardPeer *self,
                                 InnSelection selection,
                                 const char *const *mime_types)
{
  Shared *shared = get_shared (self);
  gboolean nothing = mime_types == NULL || mime_types[0] == NULL;

  if (nothing && shared->theirs[selection] == NULL)
    return;

  g_strfreev (shared->theirs[selection]);
  shared->theirs[selection] = nothing ? NULL : g_strdupv ((GStrv) mime_types);
  if (shared->enabled)
    g_signal_emit (self, signals[SIGNAL_OFFERED], 0, selection,
                   inn_clipboard_peer_get_offered (self, selection));
}

void
inn_clipboard_peer_emit_types_changed (InnClipboardPeer *self)
{
  g_signal_emit (self, signals[SIGNAL_TYPES_CHANGED], 0);
}

void
inn_clipboard_peer_emit_not_sent (InnClipboardPeer *self,
                                  InnSelection selection,
                                  const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_NOT_SENT], 0, selection, error);
}

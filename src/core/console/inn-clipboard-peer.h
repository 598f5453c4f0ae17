/* inn-clipboard-peer.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/* What is carried. Other spellings of these are the business of whoever joins a peer. */
#define INN_CLIPBOARD_TEXT "text/plain;charset=utf-8"
#define INN_CLIPBOARD_IMAGE "image/png"
#define INN_CLIPBOARD_FILES "text/uri-list"

#define INN_CLIPBOARD_DEFAULT_LIMIT (100 * 1024 * 1024)

/**
 * InnSelection:
 * @INN_SELECTION_CLIPBOARD: what was copied
 * @INN_SELECTION_PRIMARY: what is selected
 */
typedef enum
{
  INN_SELECTION_CLIPBOARD,
  INN_SELECTION_PRIMARY,
  INN_N_SELECTIONS,
} InnSelection;

/**
 * InnClipboardProvider:
 * @selection: a selection that was offered to the guest
 * @mime_type: a type of that offer
 * @data: of the offer
 *
 * Called on the main thread when the guest wants what was offered; perhaps never, perhaps often.
 *
 * Returns: (transfer full): resolves with a GBytes
 */
typedef DexFuture *(*InnClipboardProvider) (InnSelection selection,
                                            const char *mime_type,
                                            gpointer data);

#define INN_TYPE_CLIPBOARD_PEER (inn_clipboard_peer_get_type ())

G_DECLARE_INTERFACE (InnClipboardPeer, inn_clipboard_peer, INN, CLIPBOARD_PEER, GObject)

/* The clipboard of a guest, as the desktop's side sees it. Main thread only, plain values only.
 * A source or a session implements it; what every peer does alike (the switch, the limit, what was
 * offered last) is done here.
 *
 * Signals:
 *   "offered" (InnSelection selection, GStrv mime_types): the guest copied or selected something;
 *      with no types it has nothing any more
 *   "types-changed" (): the guest takes other types now: its agent came or went
 *   "not-sent" (InnSelection selection, GError *error): the guest did not get what was offered;
 *      INN_ERROR_UNSUPPORTED when the protocol cannot carry it, INN_ERROR_NO_SPACE when it is
 *      larger than the limit
 */
struct _InnClipboardPeerInterface
{
  GTypeInterface parent_iface;

  /* Whether what the guest offers came with the offer: then read() is settled when it returns. */
  gboolean at_hand;

  /* NULL-terminated, owned by the peer; empty or NULL when the guest takes nothing now. */
  const char *const *(*get_types) (InnClipboardPeer *self, InnSelection selection);
  /* Of a type that the guest offered. Must settle: rejects when the peer closes. */
  DexFuture *(*read) (InnClipboardPeer *self, InnSelection selection, const char *mime_type);
  /* @mime_types are of get_types(). The bytes come from inn_clipboard_peer_provide(). */
  void (*offer) (InnClipboardPeer *self, InnSelection selection, const char *const *mime_types);
  void (*withdraw) (InnClipboardPeer *self, InnSelection selection);
};

void inn_clipboard_peer_set_enabled (InnClipboardPeer *self, gboolean enabled);
void inn_clipboard_peer_set_limit (InnClipboardPeer *self, gsize bytes);

const char *const *inn_clipboard_peer_get_types (InnClipboardPeer *self, InnSelection selection);
const char *const *inn_clipboard_peer_get_offered (InnClipboardPeer *self, InnSelection selection);
gboolean inn_clipboard_peer_is_at_hand (InnClipboardPeer *self);
DexFuture *inn_clipboard_peer_read (InnClipboardPeer *self,
                                    InnSelection selection,
                                    const char *mime_type) G_GNUC_WARN_UNUSED_RESULT;
void inn_clipboard_peer_offer (InnClipboardPeer *self,
                               InnSelection selection,
                               const char *const *mime_types,
                               InnClipboardProvider provider,
                               gpointer data,
                               GDestroyNotify destroy);
void inn_clipboard_peer_withdraw (InnClipboardPeer *self, InnSelection selection);

/* For peers. */
DexFuture *inn_clipboard_peer_provide (InnClipboardPeer *self,
                                       InnSelection selection,
                                       const char *mime_type) G_GNUC_WARN_UNUSED_RESULT;
gboolean inn_clipboard_peer_check_size (InnClipboardPeer *self, gsize bytes, GError **error);
void inn_clipboard_peer_emit_offered (InnClipboardPeer *self,
                                      InnSelection selection,
                                      const char *const *mime_types);
void inn_clipboard_peer_emit_types_changed (InnClipboardPeer *self);
void inn_clipboard_peer_emit_not_sent (InnClipboardPeer *self,
                                       InnSelection selection,
                                       const GError *error);

G_END_DECLS

/* inn-guest-content.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-clipboard-peer.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define INN_TYPE_GUEST_CONTENT (inn_guest_content_get_type ())

G_DECLARE_FINAL_TYPE (InnGuestContent, inn_guest_content, INN, GUEST_CONTENT, GdkContentProvider)

GdkContentProvider *inn_guest_content_new (InnClipboardPeer *peer, InnSelection selection);
gboolean inn_guest_content_is_of (InnGuestContent *self, InnClipboardPeer *peer);

G_END_DECLS

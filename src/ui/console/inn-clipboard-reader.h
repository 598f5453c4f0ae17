/* inn-clipboard-reader.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-clipboard-peer.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

GStrv inn_clipboard_reader_get_types (GdkClipboard *clipboard);
DexFuture *inn_clipboard_reader_read (GdkClipboard *clipboard,
                                      const char *mime_type,
                                      InnClipboardPeer *peer,
                                      GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

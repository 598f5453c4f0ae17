/* inn-spice-clipboard.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-clipboard-peer.h"

#include <spice-client.h>

G_BEGIN_DECLS

/* For the session and its heads only: nothing of the library goes beyond this room. */

#define INN_TYPE_SPICE_CLIPBOARD (inn_spice_clipboard_get_type ())

G_DECLARE_FINAL_TYPE (InnSpiceClipboard, inn_spice_clipboard, INN, SPICE_CLIPBOARD, GObject)

InnSpiceClipboard *inn_spice_clipboard_new (void);

void inn_spice_clipboard_attach (InnSpiceClipboard *self, SpiceMainChannel *main);
void inn_spice_clipboard_detach (InnSpiceClipboard *self);

G_END_DECLS

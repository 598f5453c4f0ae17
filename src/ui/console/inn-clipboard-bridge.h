/* inn-clipboard-bridge.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/console/inn-display.h"

G_BEGIN_DECLS

#define INN_TYPE_CLIPBOARD_BRIDGE (inn_clipboard_bridge_get_type ())

G_DECLARE_FINAL_TYPE (InnClipboardBridge, inn_clipboard_bridge, INN, CLIPBOARD_BRIDGE, GObject)

InnClipboardBridge *inn_clipboard_bridge_new (InnDisplay *display);
void inn_clipboard_bridge_set_enabled (InnClipboardBridge *self, gboolean enabled);
gboolean inn_clipboard_bridge_get_enabled (InnClipboardBridge *self);

G_END_DECLS

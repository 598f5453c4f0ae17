/* inn-peer.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the libvirt that a URI names proves to run on this machine. */
gboolean inn_peer_is_local (const char *uri);

G_END_DECLS

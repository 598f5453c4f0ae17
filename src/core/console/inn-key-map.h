/* inn-key-map.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint inn_key_map_evdev_to_qnum (guint evdev_code);

G_END_DECLS

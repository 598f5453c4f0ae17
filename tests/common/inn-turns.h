/* inn-turns.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void inn_turns_start (void);
guint inn_turns_get_number (void);
gint64 inn_turns_get_longest (void);

G_END_DECLS

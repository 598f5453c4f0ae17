/* inn-process.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *inn_process_get_mark (gint64 pid);
gboolean inn_process_is_alive (gint64 pid, const char *mark);

G_END_DECLS

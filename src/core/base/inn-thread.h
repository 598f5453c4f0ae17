/* inn-thread.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void inn_thread_start (const char *name, GThreadFunc func, gpointer data);
int inn_leave (int exit_code);

G_END_DECLS

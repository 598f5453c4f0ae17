/* inn-beat.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * INN_BEAT_USEC:
 *
 * Microseconds from one beat to the next: short enough to be at once for a person.
 */
#define INN_BEAT_USEC (100 * G_TIME_SPAN_MILLISECOND)

/**
 * InnBeatFunc:
 * @data: what was posted
 *
 * Takes a post. Runs on the main thread.
 */
typedef void (*InnBeatFunc) (gpointer data);

guint inn_beat_add (gint64 not_before, GSourceFunc func, gpointer data);
void inn_beat_post (InnBeatFunc func, gpointer data, GDestroyNotify destroy);
gint64 inn_beat_after (gint64 time);

G_END_DECLS

/* pattern-source.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-display-source.h"

G_BEGIN_DECLS

/* A screen with a pattern, which writes down what it is sent: "key 30 1", "motion 5 6" … */
#define TYPE_PATTERN_SOURCE (pattern_source_get_type ())

G_DECLARE_FINAL_TYPE (PatternSource, pattern_source, TEST, PATTERN_SOURCE, GObject)

PatternSource *pattern_source_new (int width, int height);
void pattern_source_make_ready (PatternSource *self);
void pattern_source_paint (PatternSource *self, int x, int y, int width, int height, guint32 pixel);
guint32 pattern_source_pixel (PatternSource *self, int x, int y);
void pattern_source_set_state (PatternSource *self, InnDisplayState state);
void pattern_source_set_resizable (PatternSource *self, gboolean resizable);
void pattern_source_set_absolute (PatternSource *self, gboolean absolute);

/* The guest copied something: of one type, @data NULL for nothing. */
void pattern_source_copy (PatternSource *self,
                          InnSelection selection,
                          const char *mime_type,
                          const char *data);
/* The guest pastes. Returns: (transfer full): as inn_clipboard_peer_provide() */
DexFuture *
pattern_source_paste (PatternSource *self, InnSelection selection, const char *mime_type);
/* It does not answer until it is told to. */
void pattern_source_set_hangs (PatternSource *self, gboolean hangs);
void pattern_source_answer (PatternSource *self);

/* All since the last time, joined by "; ". */
char *pattern_source_take_log (PatternSource *self);

G_END_DECLS

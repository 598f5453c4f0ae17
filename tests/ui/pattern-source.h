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

/* All since the last time, joined by "; ". */
char *pattern_source_take_log (PatternSource *self);

G_END_DECLS

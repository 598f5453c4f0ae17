/* inn-release-keys.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/**
 * InnReleaseKeys:
 * @modifiers: that are held together; none when @keyval is a modifier that is pressed alone
 * @keyval: the key that completes them; 0 when the modifiers are all of it
 *
 * The keys that give the keyboard back to the desktop.
 */
typedef struct
{
  GdkModifierType modifiers;
  guint keyval;
} InnReleaseKeys;

gboolean inn_release_keys_parse (const char *text, InnReleaseKeys *keys);
char *inn_release_keys_to_label (const char *text);
GdkModifierType inn_release_keys_modifier_of (guint keyval);

G_END_DECLS

/* inn-release-keys.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-release-keys.h"

#include <glib/gi18n.h>

/* Hardly anybody types with these, so that one of them alone may mean something to us. */
static const struct
{
  guint keyval;
  const char *label;
} LONE_KEYS[] = {
  { GDK_KEY_Control_R, N_ ("Right Ctrl") },
  { GDK_KEY_Shift_R, N_ ("Right Shift") },
};

static const char *
lone_key_label (guint keyval)
{
  for (gsize i = 0; i < G_N_ELEMENTS (LONE_KEYS); i++)
    if (LONE_KEYS[i].keyval == keyval)
      return LONE_KEYS[i].label;

  return NULL;
}

static GdkModifierType
modifier_by_name (const char *name)
{
  if (g_ascii_strcasecmp (name, "Ctrl") == 0)
    return GDK_CONTROL_MASK;
  if (g_ascii_strcasecmp (name, "Alt") == 0)
    return GDK_ALT_MASK;
  if (g_ascii_strcasecmp (name, "Shift") == 0)
    return GDK_SHIFT_MASK;
  if (g_ascii_strcasecmp (name, "Super") == 0)
    return GDK_SUPER_MASK;

  return 0;
}

/**
 * inn_release_keys_parse:
 * @text: names joined by "+": Ctrl, Alt, Shift, Super, and at most one key by its GDK name
 * @keys: (out): what it means
 *
 * Modifiers alone need two of them, and a key alone is none: both would be typed by accident. Only
 * Control_R and Shift_R may be alone.
 *
 * Returns: whether @text makes sense; else @keys is left alone
 */
gboolean
inn_release_keys_parse (const char *text, InnReleaseKeys *keys)
{
  g_auto (GStrv) names = g_strsplit (text, "+", -1);
  InnReleaseKeys parsed = { 0 };
  guint n_modifiers = 0;

  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *name = g_strstrip (names[i]);
      GdkModifierType modifier = modifier_by_name (name);

      if (modifier != 0)
        {
          n_modifiers += (parsed.modifiers & modifier) == 0;
          parsed.modifiers |= modifier;
          continue;
        }

      if (parsed.keyval != 0)
        return FALSE;
      parsed.keyval = gdk_keyval_from_name (name);
      if (parsed.keyval == GDK_KEY_VoidSymbol || parsed.keyval == 0)
        return FALSE;
    }

  if (n_modifiers == 0 && lone_key_label (parsed.keyval) == NULL)
    return FALSE;
  if (parsed.keyval == 0 && n_modifiers < 2)
    return FALSE;

  *keys = parsed;
  return TRUE;
}

/**
 * inn_release_keys_to_label:
 * @text: as inn_release_keys_parse() takes it
 *
 * Returns: (transfer full): the same for people
 */
char *
inn_release_keys_to_label (const char *text)
{
  const char *lone = lone_key_label (gdk_keyval_from_name (text));

  return g_strdup (lone != NULL ? _ (lone) : text);
}

/**
 * inn_release_keys_modifier_of:
 * @keyval: a key
 *
 * Returns: the modifier that the key is; 0 when it is none
 */
GdkModifierType
inn_release_keys_modifier_of (guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Control_L:
    case GDK_KEY_Control_R:
      return GDK_CONTROL_MASK;

    case GDK_KEY_Alt_L:
    case GDK_KEY_Alt_R:
    case GDK_KEY_Meta_L:
    case GDK_KEY_Meta_R:
      return GDK_ALT_MASK;

    case GDK_KEY_Shift_L:
    case GDK_KEY_Shift_R:
      return GDK_SHIFT_MASK;

    case GDK_KEY_Super_L:
    case GDK_KEY_Super_R:
    case GDK_KEY_Hyper_L:
    case GDK_KEY_Hyper_R:
      return GDK_SUPER_MASK;

    default:
      return 0;
    }
}

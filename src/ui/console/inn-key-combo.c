/* inn-key-combo.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-key-combo.h"

#include <gtk/gtk.h>
#include <linux/input-event-codes.h>

static const struct
{
  const char *name;
  guint code;
} KEYS[] = {
  { "ctrl", KEY_LEFTCTRL },
  { "alt", KEY_LEFTALT },
  { "shift", KEY_LEFTSHIFT },
  { "super", KEY_LEFTMETA },
  { "delete", KEY_DELETE },
  { "backspace", KEY_BACKSPACE },
  { "tab", KEY_TAB },
  { "escape", KEY_ESC },
  { "print", KEY_SYSRQ },
  { "pause", KEY_PAUSE },
  { "scroll-lock", KEY_SCROLLLOCK },
  { "f1", KEY_F1 },
  { "f2", KEY_F2 },
  { "f3", KEY_F3 },
  { "f4", KEY_F4 },
  { "f5", KEY_F5 },
  { "f6", KEY_F6 },
  { "f7", KEY_F7 },
  { "f8", KEY_F8 },
  { "f9", KEY_F9 },
  { "f10", KEY_F10 },
  { "f11", KEY_F11 },
  { "f12", KEY_F12 },
};

/* What the menu offers: keys that the desktop takes for itself. */
static const struct
{
  const char *combo;
  guint keyval;
  GdkModifierType modifiers;
} OFFERED[] = {
  { "ctrl+alt+delete", GDK_KEY_Delete, GDK_CONTROL_MASK | GDK_ALT_MASK },
  { "ctrl+alt+backspace", GDK_KEY_BackSpace, GDK_CONTROL_MASK | GDK_ALT_MASK },
  { "print", GDK_KEY_Print, 0 },
  { "super", GDK_KEY_Super_L, 0 },
  { "alt+tab", GDK_KEY_Tab, GDK_ALT_MASK },
  { "alt+f4", GDK_KEY_F4, GDK_ALT_MASK },
};

static guint
code_by_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (KEYS); i++)
    if (g_ascii_strcasecmp (KEYS[i].name, name) == 0)
      return KEYS[i].code;

  return 0;
}

/**
 * inn_key_combo_parse:
 * @text: names joined by "+", as "ctrl+alt+delete"
 * @codes: (out): the hardware keys in that order
 *
 * Returns: how many there are; 0 when one is not known or there are too many
 */
guint
inn_key_combo_parse (const char *text, guint codes[INN_KEY_COMBO_MAX])
{
  g_auto (GStrv) names = g_strsplit (text, "+", -1);
  guint n = g_strv_length (names);

  if (n > INN_KEY_COMBO_MAX)
    return 0;

  for (guint i = 0; i < n; i++)
    {
      codes[i] = code_by_name (g_strstrip (names[i]));
      if (codes[i] == 0)
        return 0;
    }
  return n;
}

static void
append (GMenu *menu, const char *combo, guint keyval, GdkModifierType modifiers)
{
  /* GTK knows what is printed on the keys in each language. */
  g_autofree char *label = gtk_accelerator_get_label (keyval, modifiers);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "console.send-keys", "s", combo);
  g_menu_append_item (menu, item);
}

/**
 * inn_key_combo_fill_menu:
 * @menu: gets the combinations that a guest may want and the desktop does not let through, each
 *   for the action `console.send-keys`
 */
void
inn_key_combo_fill_menu (GMenu *menu)
{
  for (gsize i = 0; i < G_N_ELEMENTS (OFFERED); i++)
    append (menu, OFFERED[i].combo, OFFERED[i].keyval, OFFERED[i].modifiers);

  for (guint i = 1; i <= 12; i++)
    {
      g_autofree char *combo = g_strdup_printf ("ctrl+alt+f%u", i);

      append (menu, combo, GDK_KEY_F1 + i - 1, GDK_CONTROL_MASK | GDK_ALT_MASK);
    }
}

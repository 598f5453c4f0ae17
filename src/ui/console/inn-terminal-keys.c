/* inn-terminal-keys.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-terminal-private.h"

/* While the terminal has the focus each key is its own: the window's shortcuts are looked up on the
 * way down to the focus, so its keys are taken at the top. What remains are the keys that give the
 * keyboard back, and those that every terminal has for itself. */

#define MODIFIERS (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK | GDK_SUPER_MASK)

static const struct
{
  guint keyval;
  GdkModifierType modifiers;
  const char *action;
} own_keys[] = {
  { GDK_KEY_C, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "copy" },
  { GDK_KEY_V, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "paste" },
  { GDK_KEY_F, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "search" },
  { GDK_KEY_plus, GDK_CONTROL_MASK, "zoom-in" },
  { GDK_KEY_plus, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "zoom-in" },
  { GDK_KEY_minus, GDK_CONTROL_MASK, "zoom-out" },
  { GDK_KEY_0, GDK_CONTROL_MASK, "zoom-normal" },
  { GDK_KEY_Menu, 0, "menu" },
  { GDK_KEY_F10, GDK_SHIFT_MASK, "menu" },
};

static void
give_back (InnTerminal *self)
{
  self->armed = FALSE;
  gtk_widget_grab_focus (GTK_WIDGET (self->menu_button));
}

/* Whether this key gives the keyboard back; keys that are held alone do so when they are let go. */
static gboolean
check_release (InnTerminal *self, guint keyval, GdkModifierType state)
{
  GdkModifierType own = inn_release_keys_modifier_of (keyval);
  GdkModifierType held = (state | own) & MODIFIERS;
  const InnReleaseKeys *keys = &self->release_keys;

  if (self->release_label == NULL)
    return FALSE;
  if (keys->keyval != 0 && keys->modifiers != 0)
    return gdk_keyval_to_lower (keyval) == gdk_keyval_to_lower (keys->keyval) &&
           (state & MODIFIERS) == keys->modifiers;

  self->armed = keys->keyval != 0 ? keyval == keys->keyval : own != 0 && held == keys->modifiers;
  return FALSE;
}

static gboolean
pressed_cb (GtkEventControllerKey *controller,
            guint keyval,
            guint keycode,
            GdkModifierType state,
            InnTerminal *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self->vte)))
    return GDK_EVENT_PROPAGATE;

  if (check_release (self, keyval, state))
    {
      give_back (self);
      return GDK_EVENT_STOP;
    }
  for (guint i = 0; i < G_N_ELEMENTS (own_keys); i++)
    if (own_keys[i].keyval == keyval && own_keys[i].modifiers == (state & MODIFIERS))
      {
        g_action_group_activate_action (G_ACTION_GROUP (self->actions), own_keys[i].action, NULL);
        return GDK_EVENT_STOP;
      }

  gtk_event_controller_key_forward (controller, GTK_WIDGET (self->vte));
  return GDK_EVENT_STOP;
}

static void
released_cb (GtkEventControllerKey *controller,
             guint keyval,
             guint keycode,
             GdkModifierType state,
             InnTerminal *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self->vte)))
    return;

  gtk_event_controller_key_forward (controller, GTK_WIDGET (self->vte));
  if (self->armed)
    give_back (self);
}

void
inn_terminal_root_keys (InnTerminal *self)
{
  inn_terminal_unroot_keys (self);
  self->root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  if (self->root == NULL)
    return;

  self->root_keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_name (self->root_keys, "inn-terminal-keys");
  gtk_event_controller_set_propagation_phase (self->root_keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->root_keys, "key-pressed", G_CALLBACK (pressed_cb), self, 0);
  g_signal_connect_object (self->root_keys, "key-released", G_CALLBACK (released_cb), self, 0);
  gtk_widget_add_controller (self->root, self->root_keys);
}

void
inn_terminal_unroot_keys (InnTerminal *self)
{
  if (self->root_keys == NULL)
    return;

  gtk_widget_remove_controller (self->root, self->root_keys);
  self->root_keys = NULL;
  self->root = NULL;
}

/* inn-display-keys.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display-private.h"

/* X11's key codes, which Wayland took over, are evdev's plus this. */
#define EVDEV_OFFSET 8

static gboolean
get_bit (const guint32 *bits, guint n)
{
  return (bits[n / 32] >> (n % 32)) & 1;
}

static void
set_bit (guint32 *bits, guint n, gboolean value)
{
  if (value)
    bits[n / 32] |= 1u << (n % 32);
  else
    bits[n / 32] &= ~(1u << (n % 32));
}

static void
send (InnDisplay *self, guint code, guint keyval, gboolean down)
{
  set_bit (self->pressed, code, down);
  inn_display_source_key (self->source, code, keyval, down);
}

/* The guest must never be left with a key that nobody holds. */
void
inn_display_release_all (InnDisplay *self)
{
  for (guint code = 0; code < INN_DISPLAY_N_KEYS; code++)
    if (get_bit (self->pressed, code))
      {
        set_bit (self->pressed, code, FALSE);
        if (self->source != NULL)
          inn_display_source_key (self->source, code, 0, FALSE);
      }
  memset (self->waiting, 0, sizeof self->waiting);
  self->held = 0;
  self->chord = FALSE;
  for (guint button = 1; self->buttons != 0; button++)
    if (self->buttons & (1u << button))
      {
        self->buttons &= ~(1u << button);
        if (self->source != NULL)
          inn_display_source_button (self->source, button, FALSE);
      }
}

/* Keys that move about in the window while the guest does not have the keyboard. */
static gboolean
navigates (guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Tab:
    case GDK_KEY_ISO_Left_Tab:
    case GDK_KEY_KP_Tab:
    case GDK_KEY_F6:
    case GDK_KEY_F11:
    case GDK_KEY_Menu:
      return TRUE;

    default:
      return FALSE;
    }
}

/* A modifier alone changes nothing in the guest; and the desktop may have a meaning for a lone
 * Super of its own. It goes on when there is something to modify. */
static void
forward_waiting (InnDisplay *self)
{
  for (guint code = 0; code < INN_DISPLAY_N_KEYS; code++)
    if (get_bit (self->waiting, code))
      {
        set_bit (self->waiting, code, FALSE);
        send (self, code, 0, TRUE);
      }
}

static gboolean
completes_release (InnDisplay *self, guint keyval)
{
  return self->release.keyval != 0 && self->held == self->release.modifiers &&
         gdk_keyval_to_lower (keyval) == gdk_keyval_to_lower (self->release.keyval);
}

static gboolean
press_modifier (InnDisplay *self, guint code, guint keyval, GdkModifierType modifier)
{
  gboolean first = self->held == 0;

  self->held |= modifier;
  if (first)
    self->chord = TRUE;

  if (self->grabbed && (modifier != GDK_SUPER_MASK || self->inhibited))
    send (self, code, keyval, TRUE);
  else
    set_bit (self->waiting, code, TRUE);
  return self->grabbed;
}

static gboolean
press (InnDisplay *self, GdkEvent *event, guint code, guint keyval)
{
  GdkModifierType modifier = inn_release_keys_modifier_of (keyval);

  if (modifier != 0)
    return press_modifier (self, code, keyval, modifier);

  self->chord = FALSE;
  if (self->grabbed && completes_release (self, keyval))
    {
      inn_display_release (self);
      return TRUE;
    }

  if (!self->grabbed)
    {
      gboolean asked = keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter;

      if (navigates (keyval) || (self->released && !asked))
        return FALSE;

      /* The key that takes the keyboard back after a release is meant for us. */
      asked = self->released;
      inn_display_set_grabbed (self, TRUE, event);
      if (!self->grabbed || asked)
        return self->grabbed;
    }

  forward_waiting (self);
  send (self, code, keyval, TRUE);
  return TRUE;
}

/* Whether letting go of a modifier is what gives the keyboard back: all of them were held and
 * nothing else was pressed meanwhile, or the one that does it alone was. */
static gboolean
ends_chord (InnDisplay *self, guint keyval, GdkModifierType modifier)
{
  if (!self->grabbed || !self->chord || modifier == 0)
    return FALSE;
  if (self->release.modifiers == 0)
    return keyval == self->release.keyval && self->held == modifier;

  return self->release.keyval == 0 && self->held == self->release.modifiers;
}

static gboolean
release (InnDisplay *self, guint code, guint keyval)
{
  GdkModifierType modifier = inn_release_keys_modifier_of (keyval);
  gboolean was_chord = ends_chord (self, keyval, modifier);

  if (modifier != 0)
    self->held &= ~modifier;
  if (self->held == 0)
    self->chord = FALSE;

  if (was_chord)
    {
      inn_display_release (self);
      return TRUE;
    }

  set_bit (self->waiting, code, FALSE);
  if (!get_bit (self->pressed, code))
    return FALSE;

  send (self, code, keyval, FALSE);
  return TRUE;
}

/* Returns whether the key was the guest's and nobody else's. */
gboolean
inn_display_handle_key (
    InnDisplay *self, GdkEvent *event, guint evdev_code, guint keyval, gboolean down)
{
  if (self->source == NULL || self->view_only || evdev_code >= INN_DISPLAY_N_KEYS ||
      inn_display_source_get_state (self->source) != INN_DISPLAY_READY)
    return FALSE;

  return down ? press (self, event, evdev_code, keyval) : release (self, evdev_code, keyval);
}

static gboolean
root_event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, InnDisplay *self)
{
  GdkEventType type = gdk_event_get_event_type (event);
  guint keycode;

  if (type != GDK_KEY_PRESS && type != GDK_KEY_RELEASE)
    return GDK_EVENT_PROPAGATE;

  keycode = gdk_key_event_get_keycode (event);
  if (keycode < EVDEV_OFFSET)
    return GDK_EVENT_PROPAGATE;

  return inn_display_handle_key (self, event, keycode - EVDEV_OFFSET,
                                 gdk_key_event_get_keyval (event), type == GDK_KEY_PRESS);
}

void
inn_display_unroot_keys (InnDisplay *self)
{
  if (self->root_keys == NULL)
    return;

  gtk_widget_remove_controller (self->root, self->root_keys);
  self->root_keys = NULL;
  self->root = NULL;
}

/* The window's shortcuts are looked up on the way down to the focus, before any controller of ours
 * would see the key. A controller on the window itself, added later than they, is before them. */
static void
focus_enter_cb (GtkEventControllerFocus *focus, InnDisplay *self)
{
  inn_display_unroot_keys (self);
  self->released = self->stays_released;
  self->root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));
  if (self->root == NULL)
    return;

  self->root_keys = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_name (self->root_keys, "inn-display-keys");
  gtk_event_controller_set_propagation_phase (self->root_keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (self->root_keys, "event", G_CALLBACK (root_event_cb), self, 0);
  gtk_widget_add_controller (self->root, self->root_keys);
}

static void
focus_leave_cb (GtkEventControllerFocus *focus, InnDisplay *self)
{
  inn_display_set_grabbed (self, FALSE, NULL);
  inn_display_release_all (self);
  inn_display_unroot_keys (self);
}

void
inn_display_init_keys (InnDisplay *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect (focus, "enter", G_CALLBACK (focus_enter_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

/**
 * inn_display_send_keys:
 * @self: a display
 * @evdev_codes: (array length=n_codes): hardware keys
 * @n_codes: how many
 *
 * Presses them in this order and releases them in the other: a combination that the desktop keeps
 * for itself, such as Ctrl+Alt+Del.
 */
void
inn_display_send_keys (InnDisplay *self, const guint *evdev_codes, guint n_codes)
{
  g_return_if_fail (INN_IS_DISPLAY (self));

  if (self->source == NULL || self->view_only)
    return;

  inn_display_release_all (self);
  for (guint i = 0; i < n_codes; i++)
    inn_display_source_key (self->source, evdev_codes[i], 0, TRUE);
  for (guint i = n_codes; i > 0; i--)
    inn_display_source_key (self->source, evdev_codes[i - 1], 0, FALSE);
}

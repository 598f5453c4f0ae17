/* inn-display-grab.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-display-private.h"

#include <glib/gi18n.h>

/* What the desktop may do about system shortcuts it decides by itself; it may also take the
 * permission back, and then the keyboard is not the guest's any more. */
static void
shortcuts_inhibited_cb (GdkToplevel *toplevel, GParamSpec *pspec, InnDisplay *self)
{
  gboolean inhibited;

  g_object_get (toplevel, "shortcuts-inhibited", &inhibited, NULL);
  if (self->inhibited && !inhibited)
    inn_display_set_grabbed (self, FALSE, NULL);
  self->inhibited = inhibited && self->grabbed;
}

static void
inhibit_shortcuts (InnDisplay *self, GdkEvent *event)
{
  GtkNative *native = gtk_widget_get_native (GTK_WIDGET (self));
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  if (surface == NULL || !GDK_IS_TOPLEVEL (surface))
    return;

  self->toplevel = g_object_ref (GDK_TOPLEVEL (surface));
  self->inhibited_id = g_signal_connect_object (self->toplevel, "notify::shortcuts-inhibited",
                                                G_CALLBACK (shortcuts_inhibited_cb), self, 0);
  gdk_toplevel_inhibit_system_shortcuts (self->toplevel, event);
}

static void
restore_shortcuts (InnDisplay *self)
{
  if (self->toplevel == NULL)
    return;

  g_clear_signal_handler (&self->inhibited_id, self->toplevel);
  gdk_toplevel_restore_system_shortcuts (self->toplevel);
  g_clear_object (&self->toplevel);
  self->inhibited = FALSE;
}

/* Whoever begins to type finds the locks as they are on this keyboard. */
static void
send_locks (InnDisplay *self)
{
  GdkSeat *seat = gdk_display_get_default_seat (gtk_widget_get_display (GTK_WIDGET (self)));
  GdkDevice *keyboard = seat != NULL ? gdk_seat_get_keyboard (seat) : NULL;
  guint leds = 0;

  if (keyboard == NULL)
    return;

  if (gdk_device_get_scroll_lock_state (keyboard))
    leds |= 1 << 0;
  if (gdk_device_get_num_lock_state (keyboard))
    leds |= 1 << 1;
  if (gdk_device_get_caps_lock_state (keyboard))
    leds |= 1 << 2;
  inn_display_source_set_locks (self->source, leds);
}

static void
announce_grab (InnDisplay *self)
{
  g_autofree char *keys = inn_display_dup_release_label (self);
  g_autofree char *text = NULL;

  if (self->grabbed)
    text = g_strdup_printf (_ ("The keyboard goes to the guest. %s gives it back."), keys);
  else
    text = g_strdup (_ ("The keyboard is back"));
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* @event: (nullable): what asked for it; some desktops want to see it */
void
inn_display_set_grabbed (InnDisplay *self, gboolean grabbed, GdkEvent *event)
{
  if (self->view_only || self->source == NULL ||
      inn_display_source_get_state (self->source) != INN_DISPLAY_READY)
    grabbed = FALSE;

  if (self->grabbed == grabbed)
    return;

  self->grabbed = grabbed;
  if (grabbed)
    {
      self->released = FALSE;
      self->stays_released = FALSE;
      inhibit_shortcuts (self, event);
      send_locks (self);
    }
  else
    {
      restore_shortcuts (self);
      inn_display_release_all (self);
    }
  inn_display_update_lock (self);
  inn_display_update_cursor (self);
  announce_grab (self);
  g_object_notify (G_OBJECT (self), "grabbed");
}

gboolean
inn_display_get_grabbed (InnDisplay *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY (self), FALSE);

  return self->grabbed;
}

/**
 * inn_display_grab:
 * @self: a display whose source is ready
 *
 * The keyboard goes to the guest until the release keys are pressed.
 */
void
inn_display_grab (InnDisplay *self)
{
  g_return_if_fail (INN_IS_DISPLAY (self));

  gtk_widget_grab_focus (GTK_WIDGET (self));
  inn_display_set_grabbed (self, TRUE, NULL);
}

/**
 * inn_display_release:
 * @self: a display
 *
 * Gives the keyboard back.
 */
void
inn_display_release (InnDisplay *self)
{
  g_return_if_fail (INN_IS_DISPLAY (self));

  self->released = TRUE;
  inn_display_set_grabbed (self, FALSE, NULL);
}

/**
 * inn_display_focus:
 * @self: a display
 *
 * Gives it the focus but not the keyboard: as after its release keys, typing is the window's until
 * the guest is asked for.
 */
void
inn_display_focus (InnDisplay *self)
{
  g_return_if_fail (INN_IS_DISPLAY (self));

  inn_display_release (self);
  self->stays_released = TRUE;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

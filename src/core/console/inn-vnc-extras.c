/* inn-vnc-extras.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-vnc-audio.h"
#include "console/inn-vnc-source-private.h"

#include <linux/input-event-codes.h>

/* What some servers can besides: lamps of the keyboard, power, sound. */

/* What QEMU mixes its sound into. */
static const VncAudioFormat FORMAT = { VNC_AUDIO_FORMAT_RAW_S16, 2, 44100 };

static void
led_cb (VncConnection *connection, InnVncSource *self)
{
  self->leds = vnc_connection_get_ledstate (connection) & 7;
  self->has_leds = TRUE;
  inn_display_source_emit_leds (INN_DISPLAY_SOURCE (self), self->leds);
}

/* gvnc 1.5 registers a marshaller for an argument that this signal does not have. */
static void
connect_leds (InnVncSource *self)
{
  GClosure *closure = g_cclosure_new (G_CALLBACK (led_cb), self, NULL);

  g_closure_set_marshal (closure, g_cclosure_marshal_VOID__VOID);
  g_signal_connect_closure (self->connection, "vnc-led-state", closure, FALSE);
}

static void
press (InnVncSource *self, guint evdev_code, guint keyval)
{
  inn_display_source_key (INN_DISPLAY_SOURCE (self), evdev_code, keyval, TRUE);
  inn_display_source_key (INN_DISPLAY_SOURCE (self), evdev_code, keyval, FALSE);
}

/* The protocol tells the lamps and takes keys only. */
static void
inn_vnc_source_set_locks (InnDisplaySource *source, guint leds)
{
  static const struct
  {
    guint led;
    guint code;
    guint keyval;
  } keys[] = {
    { INN_LED_SCROLL, KEY_SCROLLLOCK, 0xff14 },
    { INN_LED_NUM, KEY_NUMLOCK, 0xff7f },
    { INN_LED_CAPS, KEY_CAPSLOCK, 0xffe5 },
  };

  InnVncSource *self = INN_VNC_SOURCE (source);

  if (!self->has_leds)
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if ((self->leds ^ leds) & keys[i].led)
      press (self, keys[i].code, keys[i].keyval);
  self->leds = leds & 7;
}

static void
power_cb (VncConnection *connection, InnVncSource *self)
{
  inn_display_source_emit_features_changed (INN_DISPLAY_SOURCE (self));
}

static gboolean
inn_vnc_source_can_power (InnDisplaySource *source)
{
  return vnc_connection_get_power_control (INN_VNC_SOURCE (source)->connection);
}

static void
inn_vnc_source_power (InnDisplaySource *source, InnDisplayPower action)
{
  static const VncConnectionPowerAction actions[] = {
    [INN_DISPLAY_POWER_SHUT_DOWN] = VNC_CONNECTION_POWER_ACTION_SHUTDOWN,
    [INN_DISPLAY_POWER_REBOOT] = VNC_CONNECTION_POWER_ACTION_REBOOT,
    [INN_DISPLAY_POWER_RESET] = VNC_CONNECTION_POWER_ACTION_RESET,
  };

  vnc_connection_power_control (INN_VNC_SOURCE (source)->connection, actions[action]);
}

static void
sound_cb (InnVncAudio *audio, InnVncSource *self)
{
  if (self->plays)
    return;

  self->plays = TRUE;
  inn_display_source_emit_features_changed (INN_DISPLAY_SOURCE (self));
}

static gboolean
inn_vnc_source_can_play (InnDisplaySource *source)
{
  return INN_VNC_SOURCE (source)->plays;
}

static void
inn_vnc_source_set_muted (InnDisplaySource *source, gboolean muted)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  if (self->muted == muted)
    return;

  self->muted = muted;
  if (self->connection == NULL || !self->begun)
    return;

  if (muted)
    vnc_connection_audio_disable (self->connection);
  else
    vnc_connection_audio_enable (self->connection);
}

/* Before the server is told what it may send. */
static void
connect_sound (InnVncSource *self)
{
  g_autoptr (InnVncAudio) audio = inn_vnc_audio_new ();

  self->plays = FALSE;
  g_signal_connect_object (audio, "started", G_CALLBACK (sound_cb), self, 0);
  vnc_connection_set_audio (self->connection, VNC_AUDIO (audio));
  vnc_connection_set_audio_format (self->connection, &FORMAT);
  if (!self->muted)
    vnc_connection_audio_enable (self->connection);
}

void
inn_vnc_source_connect_extras (InnVncSource *self)
{
  self->has_leds = FALSE;
  connect_leds (self);
  g_signal_connect (self->connection, "vnc-power-control-initialized", G_CALLBACK (power_cb), self);
  connect_sound (self);
}

void
inn_vnc_source_init_extras (InnDisplaySourceInterface *iface)
{
  iface->set_locks = inn_vnc_source_set_locks;
  iface->can_power = inn_vnc_source_can_power;
  iface->power = inn_vnc_source_power;
  iface->can_play = inn_vnc_source_can_play;
  iface->set_muted = inn_vnc_source_set_muted;
}

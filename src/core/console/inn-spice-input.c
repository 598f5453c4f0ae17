/* inn-spice-input.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-key-map.h"
#include "console/inn-spice-session-private.h"

#include <spice/vd_agent.h>

#define MAX_SIDE 16384
#define MAX_STEPS 32
#define ALL_LOCKS 7
/* A key that QEMU's numbers mark with bit 7 has the prefix 0xe0, which is bit 8 of the library's.
 */
#define GREY_NUMBER 0x80
#define GREY_CODE 0x100

/* The session, when input of a head has somewhere to go. */
static InnSpiceSession *
get_session (InnDisplaySource *source)
{
  InnSpiceSession *session = inn_spice_head_get_session (INN_SPICE_HEAD (source));

  return session != NULL && session->inputs != NULL ? session : NULL;
}

static gboolean
is_absolute (InnSpiceSession *self)
{
  int mode = SPICE_MOUSE_MODE_CLIENT;

  if (self->main != NULL)
    g_object_get (self->main, "mouse-mode", &mode, NULL);
  return mode != SPICE_MOUSE_MODE_SERVER;
}

static void
inn_spice_head_key (InnDisplaySource *source, guint evdev_code, guint keyval, gboolean down)
{
  InnSpiceSession *session = get_session (source);
  guint code = inn_key_map_evdev_to_qnum (evdev_code);

  if (session == NULL || code == 0)
    return;

  if (code & GREY_NUMBER)
    code = (code & ~GREY_NUMBER) | GREY_CODE;
  if (down)
    spice_inputs_channel_key_press (session->inputs, code);
  else
    spice_inputs_channel_key_release (session->inputs, code);
}

static void
inn_spice_head_motion (InnDisplaySource *source, int x, int y)
{
  InnSpiceSession *session = get_session (source);
  InnSpiceHead *self = INN_SPICE_HEAD (source);
  const InnRect *area = inn_spice_head_get_area (self);

  if (session != NULL && area->width > 0 && area->height > 0)
    spice_inputs_channel_position (session->inputs, CLAMP (x, 0, area->width - 1),
                                   CLAMP (y, 0, area->height - 1),
                                   inn_spice_head_get_display_id (self), session->buttons);
}

static void
inn_spice_head_relative_motion (InnDisplaySource *source, int dx, int dy)
{
  InnSpiceSession *session = get_session (source);

  if (session != NULL)
    spice_inputs_channel_motion (session->inputs, dx, dy, session->buttons);
}

static guint
button_of (guint button, guint *mask)
{
  static const struct
  {
    guint number;
    guint mask;
  } buttons[] = {
    [1] = { SPICE_MOUSE_BUTTON_LEFT, SPICE_MOUSE_BUTTON_MASK_LEFT },
    [2] = { SPICE_MOUSE_BUTTON_MIDDLE, SPICE_MOUSE_BUTTON_MASK_MIDDLE },
    [3] = { SPICE_MOUSE_BUTTON_RIGHT, SPICE_MOUSE_BUTTON_MASK_RIGHT },
    [8] = { SPICE_MOUSE_BUTTON_SIDE, SPICE_MOUSE_BUTTON_MASK_SIDE },
    [9] = { SPICE_MOUSE_BUTTON_EXTRA, SPICE_MOUSE_BUTTON_MASK_EXTRA },
  };

  if (button >= G_N_ELEMENTS (buttons))
    return 0;

  *mask = buttons[button].mask;
  return buttons[button].number;
}

static void
inn_spice_head_button (InnDisplaySource *source, guint button, gboolean down)
{
  InnSpiceSession *session = get_session (source);
  guint mask = 0;
  guint number = button_of (button, &mask);

  if (session == NULL || number == 0)
    return;

  if (down)
    {
      session->buttons |= mask;
      spice_inputs_channel_button_press (session->inputs, number, session->buttons);
    }
  else
    {
      session->buttons &= ~mask;
      spice_inputs_channel_button_release (session->inputs, number, session->buttons);
    }
}

/* The protocol has no wheel to the side. */
static void
inn_spice_head_scroll (InnDisplaySource *source, int dx, int dy)
{
  InnSpiceSession *session = get_session (source);
  guint number = dy < 0 ? SPICE_MOUSE_BUTTON_UP : SPICE_MOUSE_BUTTON_DOWN;

  for (int i = 0; session != NULL && i < MIN (ABS (dy), MAX_STEPS); i++)
    {
      spice_inputs_channel_button_press (session->inputs, number, session->buttons);
      spice_inputs_channel_button_release (session->inputs, number, session->buttons);
    }
}

static void
inn_spice_head_set_locks (InnDisplaySource *source, guint leds)
{
  InnSpiceSession *session = get_session (source);

  /* The bits are the same: scroll, num, caps. */
  if (session != NULL && session->leds != (leds & ALL_LOCKS))
    spice_inputs_channel_set_key_locks (session->inputs, leds & ALL_LOCKS);
}

static gboolean
inn_spice_head_get_absolute (InnDisplaySource *source)
{
  InnSpiceSession *session = inn_spice_head_get_session (INN_SPICE_HEAD (source));

  return session == NULL || is_absolute (session);
}

/* The agent would switch off the monitors that are not named, so they are told as they are. */
static void
tell_other_heads (InnSpiceSession *session, InnSpiceHead *but)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (session->heads)); i++)
    {
      g_autoptr (InnSpiceHead) head = g_list_model_get_item (G_LIST_MODEL (session->heads), i);
      const InnRect *area = inn_spice_head_get_area (head);
      int id = inn_spice_head_get_display_id (head);

      if (head == but || area->width == 0)
        continue;
      spice_main_channel_update_display_enabled (session->main, id, TRUE, FALSE);
      spice_main_channel_update_display (session->main, id, area->x, area->y, area->width,
                                         area->height, FALSE);
    }
}

static gboolean
inn_spice_head_resize (InnDisplaySource *source, int width, int height)
{
  InnSpiceHead *self = INN_SPICE_HEAD (source);
  InnSpiceSession *session = inn_spice_head_get_session (self);
  const InnRect *area = inn_spice_head_get_area (self);
  int id = inn_spice_head_get_display_id (self);
  gboolean connected = FALSE;

  if (session == NULL || session->main == NULL || width < 1 || height < 1 || width > MAX_SIDE ||
      height > MAX_SIDE)
    return FALSE;

  g_object_get (session->main, "agent-connected", &connected, NULL);
  if (!connected ||
      !spice_main_channel_agent_test_capability (session->main, VD_AGENT_CAP_MONITORS_CONFIG))
    return FALSE;

  tell_other_heads (session, self);
  spice_main_channel_update_display_enabled (session->main, id, TRUE, FALSE);
  spice_main_channel_update_display (session->main, id, area->x, area->y, width, height, FALSE);
  return spice_main_channel_send_monitor_config (session->main);
}

/* The half of the interface that sends to the guest. */
void
inn_spice_head_init_input (InnDisplaySourceInterface *iface)
{
  iface->key = inn_spice_head_key;
  iface->motion = inn_spice_head_motion;
  iface->relative_motion = inn_spice_head_relative_motion;
  iface->button = inn_spice_head_button;
  iface->scroll = inn_spice_head_scroll;
  iface->set_locks = inn_spice_head_set_locks;
  iface->get_absolute = inn_spice_head_get_absolute;
  iface->resize = inn_spice_head_resize;
}

static void
leds_cb (SpiceChannel *channel, InnSpiceSession *self)
{
  int modifiers = 0;

  g_object_get (channel, "key-modifiers", &modifiers, NULL);
  self->leds = modifiers & ALL_LOCKS;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->heads)); i++)
    {
      g_autoptr (InnDisplaySource) head = g_list_model_get_item (G_LIST_MODEL (self->heads), i);

      inn_display_source_emit_leds (head, self->leds);
    }
}

static void
mouse_mode_cb (SpiceChannel *channel, InnSpiceSession *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->heads)); i++)
    {
      g_autoptr (InnDisplaySource) head = g_list_model_get_item (G_LIST_MODEL (self->heads), i);

      inn_display_source_emit_pointer_mode_changed (head);
    }
}

void
inn_spice_session_add_inputs (InnSpiceSession *self, SpiceChannel *channel)
{
  self->inputs = SPICE_INPUTS_CHANNEL (channel);
  g_signal_connect (channel, "inputs-modifiers", G_CALLBACK (leds_cb), self);
}

void
inn_spice_session_connect_main (InnSpiceSession *self)
{
  g_signal_connect (self->main, "main-mouse-update", G_CALLBACK (mouse_mode_cb), self);
}

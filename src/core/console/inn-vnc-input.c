/* inn-vnc-input.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-key-map.h"
#include "console/inn-vnc-source-private.h"

/* A relative movement is an offset to the middle of the 16 bits of a position. */
#define RELATIVE_ZERO 0x7fff

enum
{
  WHEEL_UP = 1 << 3,
  WHEEL_DOWN = 1 << 4,
  WHEEL_LEFT = 1 << 5,
  WHEEL_RIGHT = 1 << 6,
};

static void
inn_vnc_source_key (InnDisplaySource *source, guint evdev_code, guint keyval, gboolean down)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  vnc_connection_key_event (self->connection, down, keyval, inn_key_map_evdev_to_qnum (evdev_code));
}

static void
send_pointer (InnVncSource *self, guint buttons)
{
  vnc_connection_pointer_event (self->connection, buttons, self->pointer_x, self->pointer_y);
}

static void
inn_vnc_source_motion (InnDisplaySource *source, int x, int y)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  self->pointer_x = CLAMP (x, 0, self->width - 1);
  self->pointer_y = CLAMP (y, 0, self->height - 1);
  send_pointer (self, self->buttons);
}

static void
inn_vnc_source_relative_motion (InnDisplaySource *source, int dx, int dy)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  vnc_connection_pointer_event (self->connection, self->buttons,
                                RELATIVE_ZERO + CLAMP (dx, -RELATIVE_ZERO, RELATIVE_ZERO),
                                RELATIVE_ZERO + CLAMP (dy, -RELATIVE_ZERO, RELATIVE_ZERO));
}

/* Without a movement: a position in absolute mode, no offset in relative mode. */
static void
send_buttons (InnVncSource *self, guint buttons)
{
  if (vnc_connection_get_abs_pointer (self->connection))
    send_pointer (self, buttons);
  else
    vnc_connection_pointer_event (self->connection, buttons, RELATIVE_ZERO, RELATIVE_ZERO);
}

static void
inn_vnc_source_button (InnDisplaySource *source, guint button, gboolean down)
{
  InnVncSource *self = INN_VNC_SOURCE (source);
  guint bit;

  if (button < 1 || button > 3)
    return;

  bit = 1u << (button - 1);
  self->buttons = down ? self->buttons | bit : self->buttons & ~bit;
  send_buttons (self, self->buttons);
}

static void
send_wheel (InnVncSource *self, guint bit, int steps)
{
  for (int i = 0; i < MIN (steps, 32); i++)
    {
      send_buttons (self, self->buttons | bit);
      send_buttons (self, self->buttons);
    }
}

static void
inn_vnc_source_scroll (InnDisplaySource *source, int dx, int dy)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  send_wheel (self, dy < 0 ? WHEEL_UP : WHEEL_DOWN, ABS (dy));
  send_wheel (self, dx < 0 ? WHEEL_LEFT : WHEEL_RIGHT, ABS (dx));
}

/* The half of the interface that sends to the guest. */
void
inn_vnc_source_init_input (InnDisplaySourceInterface *iface)
{
  iface->key = inn_vnc_source_key;
  iface->motion = inn_vnc_source_motion;
  iface->relative_motion = inn_vnc_source_relative_motion;
  iface->button = inn_vnc_source_button;
  iface->scroll = inn_vnc_source_scroll;
}

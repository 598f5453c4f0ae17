/* inn-display-source.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-display-source.h"

#include <string.h>
#include <unistd.h>

enum
{
  SIGNAL_STATE_CHANGED,
  SIGNAL_RESIZED,
  SIGNAL_DAMAGED,
  SIGNAL_CURSOR_CHANGED,
  SIGNAL_POINTER_MODE_CHANGED,
  SIGNAL_BELL,
  SIGNAL_LEDS,
  SIGNAL_FEATURES_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * InnDisplaySource:
 *
 * Where the pixels of a guest come from and where its input goes, with no widget and no libvirt.
 */
G_DEFINE_INTERFACE (InnDisplaySource, inn_display_source, G_TYPE_OBJECT)

static void
inn_display_source_default_init (InnDisplaySourceInterface *iface)
{
  GType type = INN_TYPE_DISPLAY_SOURCE;

  signals[SIGNAL_STATE_CHANGED] =
      g_signal_new ("state-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_RESIZED] =
      g_signal_new ("resized", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_DAMAGED] =
      g_signal_new ("damaged", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                    G_TYPE_INT, G_TYPE_INT, G_TYPE_INT, G_TYPE_INT);
  signals[SIGNAL_CURSOR_CHANGED] =
      g_signal_new ("cursor-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_POINTER_MODE_CHANGED] = g_signal_new (
      "pointer-mode-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_BELL] =
      g_signal_new ("bell", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_LEDS] = g_signal_new ("leds", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_FEATURES_CHANGED] = g_signal_new ("features-changed", type, G_SIGNAL_RUN_LAST, 0,
                                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * inn_display_source_start:
 * @self: a source that is idle or closed
 * @fd: (transfer full): a connected socket; closed by the source
 *
 * Begins to speak with the other end. The state says how it goes. A closed source can be started
 * again: it keeps its last frame until the first pixels of the new one.
 */
void
inn_display_source_start (InnDisplaySource *self, int fd)
{
  InnDisplayState state;

  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));
  g_return_if_fail (fd >= 0);

  state = inn_display_source_get_state (self);
  if (state == INN_DISPLAY_CONNECTING || state == INN_DISPLAY_READY)
    {
      g_critical ("A display source that runs cannot be started");
      close (fd);
      return;
    }

  g_return_if_fail (INN_DISPLAY_SOURCE_GET_IFACE (self)->start != NULL);
  INN_DISPLAY_SOURCE_GET_IFACE (self)->start (self, fd);
}

/**
 * inn_display_source_close:
 * @self: a source
 *
 * Ends the connection in whatever state it is; the state becomes closed, without an error. The
 * last frame stays.
 */
void
inn_display_source_close (InnDisplaySource *self)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  INN_DISPLAY_SOURCE_GET_IFACE (self)->close (self);
}

/**
 * inn_display_source_get_state:
 * @self: a source
 *
 * Returns: how far it is
 */
InnDisplayState
inn_display_source_get_state (InnDisplaySource *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), INN_DISPLAY_CLOSED);

  return INN_DISPLAY_SOURCE_GET_IFACE (self)->get_state (self);
}

/**
 * inn_display_source_get_error:
 * @self: a source
 *
 * Returns: (nullable) (transfer none): why it is closed; %NULL when somebody asked for it
 */
const GError *
inn_display_source_get_error (InnDisplaySource *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), NULL);

  return INN_DISPLAY_SOURCE_GET_IFACE (self)->get_error (self);
}

/**
 * inn_display_source_can_retry:
 * @self: a source
 *
 * Returns: whether it closed because of a wrong answer and a person may try again at once, over a
 *   new socket
 */
gboolean
inn_display_source_can_retry (InnDisplaySource *self)
{
  InnDisplaySourceInterface *iface;

  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), FALSE);

  iface = INN_DISPLAY_SOURCE_GET_IFACE (self);
  return iface->can_retry != NULL && iface->can_retry (self);
}

/**
 * inn_display_source_get_frame:
 * @self: a source
 * @frame: (out caller-allocates): the pixels as they are now; all zero when there are none
 */
void
inn_display_source_get_frame (InnDisplaySource *self, InnFrame *frame)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));
  g_return_if_fail (frame != NULL);

  memset (frame, 0, sizeof *frame);
  INN_DISPLAY_SOURCE_GET_IFACE (self)->get_frame (self, frame);
}

/**
 * inn_display_source_get_cursor:
 * @self: a source
 *
 * Returns: (nullable) (transfer none): the guest's pointer shape; %NULL when it is not known
 */
const InnCursor *
inn_display_source_get_cursor (InnDisplaySource *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), NULL);

  return INN_DISPLAY_SOURCE_GET_IFACE (self)->get_cursor (self);
}

/**
 * inn_display_source_get_absolute:
 * @self: a source
 *
 * Returns: whether the guest takes pointer positions; else it takes movements only
 */
gboolean
inn_display_source_get_absolute (InnDisplaySource *self)
{
  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), TRUE);

  return INN_DISPLAY_SOURCE_GET_IFACE (self)->get_absolute (self);
}

/* Input to a source that is not ready goes nowhere: the guest would not see it either. */
static gboolean
takes_input (InnDisplaySource *self)
{
  return inn_display_source_get_state (self) == INN_DISPLAY_READY;
}

/**
 * inn_display_source_key:
 * @self: a source
 * @evdev_code: the hardware key, as in linux/input-event-codes.h
 * @keyval: the key symbol it has here, for protocols that know no hardware keys
 * @down: pressed or released
 */
void
inn_display_source_key (InnDisplaySource *self, guint evdev_code, guint keyval, gboolean down)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  if (takes_input (self))
    INN_DISPLAY_SOURCE_GET_IFACE (self)->key (self, evdev_code, keyval, down);
}

/**
 * inn_display_source_motion:
 * @self: a source
 * @x: pixels of the frame; clamped to it
 * @y: pixels of the frame; clamped to it
 */
void
inn_display_source_motion (InnDisplaySource *self, int x, int y)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  if (takes_input (self))
    INN_DISPLAY_SOURCE_GET_IFACE (self)->motion (self, x, y);
}

/**
 * inn_display_source_relative_motion:
 * @self: a source whose pointer is relative
 * @dx: pixels
 * @dy: pixels
 */
void
inn_display_source_relative_motion (InnDisplaySource *self, int dx, int dy)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  if (takes_input (self))
    INN_DISPLAY_SOURCE_GET_IFACE (self)->relative_motion (self, dx, dy);
}

/**
 * inn_display_source_button:
 * @self: a source
 * @button: 1 left, 2 middle, 3 right; others are dropped by protocols that lack them
 * @down: pressed or released
 */
void
inn_display_source_button (InnDisplaySource *self, guint button, gboolean down)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  if (takes_input (self))
    INN_DISPLAY_SOURCE_GET_IFACE (self)->button (self, button, down);
}

/**
 * inn_display_source_scroll:
 * @self: a source
 * @dx: steps to the right
 * @dy: steps down
 */
void
inn_display_source_scroll (InnDisplaySource *self, int dx, int dy)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  if (takes_input (self))
    INN_DISPLAY_SOURCE_GET_IFACE (self)->scroll (self, dx, dy);
}

/**
 * inn_display_source_resize:
 * @self: a source
 * @width: pixels
 * @height: pixels
 *
 * Asks the guest for another size; "resized" tells when it took it.
 *
 * Returns: whether it could be asked
 */
gboolean
inn_display_source_resize (InnDisplaySource *self, int width, int height)
{
  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), FALSE);

  return takes_input (self) && INN_DISPLAY_SOURCE_GET_IFACE (self)->resize (self, width, height);
}

/**
 * inn_display_source_get_cursor_position:
 * @self: a source whose pointer is relative
 * @x: (out): pixels of the frame
 * @y: (out): pixels of the frame
 *
 * Returns: whether the guest says where its pointer is, and leaves it to us to draw it there
 */
gboolean
inn_display_source_get_cursor_position (InnDisplaySource *self, int *x, int *y)
{
  InnDisplaySourceInterface *iface;

  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), FALSE);

  iface = INN_DISPLAY_SOURCE_GET_IFACE (self);
  return iface->get_cursor_position != NULL && iface->get_cursor_position (self, x, y);
}

/**
 * inn_display_source_can_power:
 * @self: a source
 *
 * Returns: whether whoever sees the screen may also end and begin the guest; "features-changed"
 *   tells of another answer
 */
gboolean
inn_display_source_can_power (InnDisplaySource *self)
{
  InnDisplaySourceInterface *iface;

  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), FALSE);

  iface = INN_DISPLAY_SOURCE_GET_IFACE (self);
  return iface->can_power != NULL && takes_input (self) && iface->can_power (self);
}

/**
 * inn_display_source_power:
 * @self: a source that can
 * @action: what to do to the guest
 *
 * What comes of it is seen on the screen.
 */
void
inn_display_source_power (InnDisplaySource *self, InnDisplayPower action)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  if (inn_display_source_can_power (self))
    INN_DISPLAY_SOURCE_GET_IFACE (self)->power (self, action);
}

/**
 * inn_display_source_can_play:
 * @self: a source
 *
 * Returns: whether the guest's sound comes with its screen
 */
gboolean
inn_display_source_can_play (InnDisplaySource *self)
{
  InnDisplaySourceInterface *iface;

  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), FALSE);

  iface = INN_DISPLAY_SOURCE_GET_IFACE (self);
  return iface->can_play != NULL && takes_input (self) && iface->can_play (self);
}

/**
 * inn_display_source_set_muted:
 * @self: a source, in any state
 * @muted: whether the guest's sound is not fetched; it is not from the start
 */
void
inn_display_source_set_muted (InnDisplaySource *self, gboolean muted)
{
  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  if (INN_DISPLAY_SOURCE_GET_IFACE (self)->set_muted != NULL)
    INN_DISPLAY_SOURCE_GET_IFACE (self)->set_muted (self, muted);
}

/**
 * inn_display_source_get_clipboard:
 * @self: a source
 *
 * Returns: (transfer none) (nullable): the clipboard of its guest, the same one for all its life;
 *   screens of one guest share one. %NULL when it has none
 */
InnClipboardPeer *
inn_display_source_get_clipboard (InnDisplaySource *self)
{
  InnDisplaySourceInterface *iface;

  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (self), NULL);

  iface = INN_DISPLAY_SOURCE_GET_IFACE (self);
  return iface->get_clipboard != NULL ? iface->get_clipboard (self) : NULL;
}

/**
 * inn_display_source_set_locks:
 * @self: a source
 * @leds: INN_LED_… that are on here
 *
 * Makes the guest's locks those of this keyboard, where the protocol can; "leds" tells what they
 * became.
 */
void
inn_display_source_set_locks (InnDisplaySource *self, guint leds)
{
  InnDisplaySourceInterface *iface;

  g_return_if_fail (INN_IS_DISPLAY_SOURCE (self));

  iface = INN_DISPLAY_SOURCE_GET_IFACE (self);
  if (iface->set_locks != NULL && takes_input (self))
    iface->set_locks (self, leds);
}

/* What follows is for sources: they say what happened. */

void
inn_display_source_emit_state_changed (InnDisplaySource *self)
{
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

void
inn_display_source_emit_resized (InnDisplaySource *self)
{
  g_signal_emit (self, signals[SIGNAL_RESIZED], 0);
}

/* Clips to the frame: what arrives is data from outside. */
void
inn_display_source_emit_damaged (InnDisplaySource *self, int x, int y, int width, int height)
{
  InnFrame frame;
  gint64 right = (gint64) x + width;
  gint64 bottom = (gint64) y + height;

  inn_display_source_get_frame (self, &frame);
  x = MAX (x, 0);
  y = MAX (y, 0);
  right = MIN (right, frame.width);
  bottom = MIN (bottom, frame.height);
  if (right <= x || bottom <= y)
    return;

  g_signal_emit (self, signals[SIGNAL_DAMAGED], 0, x, y, (int) (right - x), (int) (bottom - y));
}

void
inn_display_source_emit_cursor_changed (InnDisplaySource *self)
{
  g_signal_emit (self, signals[SIGNAL_CURSOR_CHANGED], 0);
}

void
inn_display_source_emit_pointer_mode_changed (InnDisplaySource *self)
{
  g_signal_emit (self, signals[SIGNAL_POINTER_MODE_CHANGED], 0);
}

void
inn_display_source_emit_bell (InnDisplaySource *self)
{
  g_signal_emit (self, signals[SIGNAL_BELL], 0);
}

void
inn_display_source_emit_leds (InnDisplaySource *self, guint leds)
{
  g_signal_emit (self, signals[SIGNAL_LEDS], 0, leds);
}

void
inn_display_source_emit_features_changed (InnDisplaySource *self)
{
  g_signal_emit (self, signals[SIGNAL_FEATURES_CHANGED], 0);
}

/* inn-display-source.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-clipboard-peer.h"

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * InnDisplayState:
 * @INN_DISPLAY_IDLE: nothing was asked yet
 * @INN_DISPLAY_CONNECTING: on the way
 * @INN_DISPLAY_READY: pixels arrive
 * @INN_DISPLAY_CLOSED: ended, or failed when there is an error
 */
typedef enum
{
  INN_DISPLAY_IDLE,
  INN_DISPLAY_CONNECTING,
  INN_DISPLAY_READY,
  INN_DISPLAY_CLOSED,
} InnDisplayState;

typedef struct
{
  int x;
  int y;
  int width;
  int height;
} InnRect;

/**
 * InnFrame:
 * @width: pixels
 * @height: pixels
 * @stride: bytes a row
 * @data: (nullable): the pixels, 4 bytes each, B8G8R8X8 (little-endian xRGB); owned by the source
 *   and valid until the next main loop turn or signal
 */
typedef struct
{
  int width;
  int height;
  int stride;
  const guint8 *data;
} InnFrame;

/**
 * InnCursor:
 * @width: pixels; 0 hides the pointer
 * @height: pixels
 * @hot_x: hot spot
 * @hot_y: hot spot
 * @pixels: (nullable): R8G8B8A8, straight alpha, width * 4 bytes a row
 */
typedef struct
{
  int width;
  int height;
  int hot_x;
  int hot_y;
  GBytes *pixels;
} InnCursor;

/* The lamps of a keyboard. */
typedef enum
{
  INN_LED_SCROLL = 1 << 0,
  INN_LED_NUM = 1 << 1,
  INN_LED_CAPS = 1 << 2,
} InnLeds;

/**
 * InnDisplayPower:
 * @INN_DISPLAY_POWER_SHUT_DOWN: ask the guest to end
 * @INN_DISPLAY_POWER_REBOOT: ask it to begin anew
 * @INN_DISPLAY_POWER_RESET: as its reset button does
 */
typedef enum
{
  INN_DISPLAY_POWER_SHUT_DOWN,
  INN_DISPLAY_POWER_REBOOT,
  INN_DISPLAY_POWER_RESET,
} InnDisplayPower;

#define INN_TYPE_DISPLAY_SOURCE (inn_display_source_get_type ())

G_DECLARE_INTERFACE (InnDisplaySource, inn_display_source, INN, DISPLAY_SOURCE, GObject)

/* A guest's screen with no widget and no libvirt: VNC and SPICE; others fit beside them.
 * Main thread only.
 *
 * Signals:
 *   "state-changed" (): state or error changed
 *   "resized" (): the frame has another size
 *   "damaged" (int x, int y, int width, int height): these pixels are new
 *   "cursor-changed" (): another pointer shape
 *   "pointer-mode-changed" (): the guest takes positions now, or movements only
 *   "bell" ()
 *   "leds" (uint): INN_LED_… that the guest has on
 *   "features-changed" (): power or sound can be had now, or not any more
 */
struct _InnDisplaySourceInterface
{
  GTypeInterface parent_iface;

  void (*start) (InnDisplaySource *self, int fd); /* may be NULL: of a session that starts it */
  void (*close) (InnDisplaySource *self);
  InnDisplayState (*get_state) (InnDisplaySource *self);
  const GError *(*get_error) (InnDisplaySource *self);
  gboolean (*can_retry) (InnDisplaySource *self); /* may be NULL: never */
  void (*get_frame) (InnDisplaySource *self, InnFrame *frame);
  const InnCursor *(*get_cursor) (InnDisplaySource *self);
  gboolean (*get_absolute) (InnDisplaySource *self);
  void (*key) (InnDisplaySource *self, guint evdev_code, guint keyval, gboolean down);
  void (*motion) (InnDisplaySource *self, int x, int y);
  void (*relative_motion) (InnDisplaySource *self, int dx, int dy);
  void (*button) (InnDisplaySource *self, guint button, gboolean down);
  void (*scroll) (InnDisplaySource *self, int dx, int dy);
  gboolean (*resize) (InnDisplaySource *self, int width, int height);
  /* All that follows may be NULL: the protocol has no such thing. */
  InnClipboardPeer *(*get_clipboard) (InnDisplaySource *self);
  void (*set_locks) (InnDisplaySource *self, guint leds);
  /* Where the guest draws its pointer while it takes movements; else it draws it itself. */
  gboolean (*get_cursor_position) (InnDisplaySource *self, int *x, int *y);
  gboolean (*can_power) (InnDisplaySource *self);
  void (*power) (InnDisplaySource *self, InnDisplayPower action);
  gboolean (*can_play) (InnDisplaySource *self);
  void (*set_muted) (InnDisplaySource *self, gboolean muted);
};

void inn_display_source_start (InnDisplaySource *self, int fd);
void inn_display_source_close (InnDisplaySource *self);
InnDisplayState inn_display_source_get_state (InnDisplaySource *self);
const GError *inn_display_source_get_error (InnDisplaySource *self);
gboolean inn_display_source_can_retry (InnDisplaySource *self);
void inn_display_source_get_frame (InnDisplaySource *self, InnFrame *frame);
const InnCursor *inn_display_source_get_cursor (InnDisplaySource *self);
gboolean inn_display_source_get_absolute (InnDisplaySource *self);
void inn_display_source_key (InnDisplaySource *self, guint evdev_code, guint keyval, gboolean down);
void inn_display_source_motion (InnDisplaySource *self, int x, int y);
void inn_display_source_relative_motion (InnDisplaySource *self, int dx, int dy);
void inn_display_source_button (InnDisplaySource *self, guint button, gboolean down);
void inn_display_source_scroll (InnDisplaySource *self, int dx, int dy);
gboolean inn_display_source_resize (InnDisplaySource *self, int width, int height);
gboolean inn_display_source_get_cursor_position (InnDisplaySource *self, int *x, int *y);
gboolean inn_display_source_can_power (InnDisplaySource *self);
void inn_display_source_power (InnDisplaySource *self, InnDisplayPower action);
gboolean inn_display_source_can_play (InnDisplaySource *self);
void inn_display_source_set_muted (InnDisplaySource *self, gboolean muted);
InnClipboardPeer *inn_display_source_get_clipboard (InnDisplaySource *self);
void inn_display_source_set_locks (InnDisplaySource *self, guint leds);

/* For sources. Damage is clipped to the frame. */
void inn_display_source_emit_state_changed (InnDisplaySource *self);
void inn_display_source_emit_resized (InnDisplaySource *self);
void inn_display_source_emit_damaged (InnDisplaySource *self, int x, int y, int width, int height);
void inn_display_source_emit_cursor_changed (InnDisplaySource *self);
void inn_display_source_emit_pointer_mode_changed (InnDisplaySource *self);
void inn_display_source_emit_bell (InnDisplaySource *self);
void inn_display_source_emit_leds (InnDisplaySource *self, guint leds);
void inn_display_source_emit_features_changed (InnDisplaySource *self);

G_END_DECLS

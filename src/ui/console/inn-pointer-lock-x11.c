/* inn-pointer-lock-x11.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

/* GTK 4.18 marks all of X11 deprecated, with nothing in its place: this file alone builds against
 * the version before. */
#undef GDK_VERSION_MIN_REQUIRED
#undef GDK_VERSION_MAX_ALLOWED
#define GDK_VERSION_MIN_REQUIRED GDK_VERSION_4_16
#define GDK_VERSION_MAX_ALLOWED GDK_VERSION_4_16

#include "ui/console/inn-pointer-lock-private.h"

#include <X11/Xlib.h>
#include <X11/extensions/XInput2.h>
#include <gdk/x11/gdkx.h>

/* The pointer is grabbed and put back to its place after each movement; how far it went is told by
 * the raw events of the mouse, which have no edges. The grab is one of XI2, whose events GDK reads,
 * and for our window alone: else the server would tell each movement twice. */
typedef struct
{
  InnPointerLock lock;

  GdkDisplay *display;
  Display *xdisplay;
  Window root;
  Window window;
  int opcode;
  int pointer;
  int place_x;
  int place_y;
  gulong event_id;

  /* Of the device that moved last. */
  int device;
  gboolean absolute;
  double last[2];
  gboolean has_last;
} X11Lock;

static void
select_raw_motion (X11Lock *self, gboolean on)
{
  unsigned char bits[XIMaskLen (XI_RawMotion)] = { 0 };
  XIEventMask mask = { XIAllMasterDevices, sizeof bits, bits };

  if (on)
    XISetMask (bits, XI_RawMotion);
  XISelectEvents (self->xdisplay, self->root, &mask, 1);
}

static gboolean
grab (X11Lock *self)
{
  unsigned char bits[XIMaskLen (XI_LASTEVENT)] = { 0 };
  XIEventMask mask = { self->pointer, sizeof bits, bits };

  XISetMask (bits, XI_ButtonPress);
  XISetMask (bits, XI_ButtonRelease);
  XISetMask (bits, XI_Motion);
  return XIGrabDevice (self->xdisplay, self->pointer, self->window, CurrentTime, None,
                       XIGrabModeAsync, XIGrabModeAsync, False, &mask) == XIGrabSuccess;
}

/* Tablets, and the mice of virtual machines, tell places and not ways. */
static void
look_at_device (X11Lock *self, int device)
{
  int n = 0;
  XIDeviceInfo *info;

  if (self->device == device)
    return;

  self->device = device;
  self->absolute = FALSE;
  self->has_last = FALSE;
  info = XIQueryDevice (self->xdisplay, device, &n);
  for (int i = 0; info != NULL && n > 0 && i < info->num_classes; i++)
    if (info->classes[i]->type == XIValuatorClass &&
        ((XIValuatorClassInfo *) info->classes[i])->number == 0)
      self->absolute = ((XIValuatorClassInfo *) info->classes[i])->mode == XIModeAbsolute;
  if (info != NULL)
    XIFreeDeviceInfo (info);
}

static void
take_movement (X11Lock *self, const XIRawEvent *event, double way[2])
{
  const double *value = event->raw_values;

  for (int i = 0; i < 2; i++)
    {
      if (!(i / 8 < event->valuators.mask_len && XIMaskIsSet (event->valuators.mask, i)))
        continue;

      way[i] = *value;
      if (self->absolute)
        {
          way[i] = self->has_last ? *value - self->last[i] : 0;
          self->last[i] = *value;
        }
      value++;
    }
  self->has_last = TRUE;
}

/* The way is told last: who hears of it may end the lock. */
static gboolean
xevent_cb (GdkX11Display *display, gpointer xevent, X11Lock *self)
{
  const XGenericEventCookie *cookie = &((XEvent *) xevent)->xcookie;
  double way[2] = { 0, 0 };

  if (cookie->type != GenericEvent || cookie->extension != self->opcode ||
      cookie->evtype != XI_RawMotion || cookie->data == NULL)
    return GDK_EVENT_PROPAGATE;

  look_at_device (self, ((XIRawEvent *) cookie->data)->sourceid);
  take_movement (self, cookie->data, way);
  if (way[0] == 0 && way[1] == 0)
    return GDK_EVENT_STOP;

  XWarpPointer (self->xdisplay, None, self->window, 0, 0, 0, 0, self->place_x, self->place_y);
  self->lock.moved (way[0], way[1], self->lock.data);
  return GDK_EVENT_STOP;
}

static void
free_lock (InnPointerLock *lock)
{
  X11Lock *self = (X11Lock *) lock;

  g_signal_handler_disconnect (self->display, self->event_id);
  gdk_x11_display_error_trap_push (self->display);
  select_raw_motion (self, FALSE);
  if (self->lock.held)
    XIUngrabDevice (self->xdisplay, self->pointer, CurrentTime);
  XFlush (self->xdisplay);
  gdk_x11_display_error_trap_pop_ignored (self->display);
  g_object_unref (self->display);
  g_free (self);
}

InnPointerLock *
inn_pointer_lock_x11_new (GdkSurface *surface, const graphene_point_t *place)
{
  GdkDisplay *display = gdk_surface_get_display (surface);
  GdkSeat *seat = gdk_display_get_default_seat (display);
  GdkDevice *pointer = seat != NULL ? gdk_seat_get_pointer (seat) : NULL;
  X11Lock *self;
  int opcode;
  int ignored;
  int scale = gdk_surface_get_scale_factor (surface);

  if (!GDK_IS_X11_DISPLAY (display) || pointer == NULL ||
      !XQueryExtension (gdk_x11_display_get_xdisplay (display), "XInputExtension", &opcode,
                        &ignored, &ignored))
    return NULL;

  self = g_new0 (X11Lock, 1);
  self->lock.free = free_lock;
  self->display = g_object_ref (display);
  self->xdisplay = gdk_x11_display_get_xdisplay (display);
  self->root = DefaultRootWindow (self->xdisplay);
  self->window = gdk_x11_surface_get_xid (surface);
  self->opcode = opcode;
  self->pointer = gdk_x11_device_get_id (pointer);
  self->place_x = (int) place->x * scale;
  self->place_y = (int) place->y * scale;
  self->device = -1;
  self->event_id = g_signal_connect (display, "xevent", G_CALLBACK (xevent_cb), self);

  gdk_x11_display_error_trap_push (display);
  select_raw_motion (self, TRUE);
  self->lock.held = grab (self);
  if (self->lock.held)
    XWarpPointer (self->xdisplay, None, self->window, 0, 0, 0, 0, self->place_x, self->place_y);
  gdk_x11_display_error_trap_pop_ignored (display);
  return &self->lock;
}

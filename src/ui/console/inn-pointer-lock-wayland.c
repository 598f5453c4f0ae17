/* inn-pointer-lock-wayland.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-pointer-lock-private.h"

#include "pointer-constraints-unstable-v1-client-protocol.h"
#include "relative-pointer-unstable-v1-client-protocol.h"

#include <gdk/wayland/gdkwayland.h>
#include <string.h>

/* Our own objects on GDK's connection, with a queue of their own, so that GDK's are none of our
 * business. GDK reads from the connection; what is for this queue is dispatched here. All objects
 * go with the lock: a listener that outlived its widget would be called with what is freed. */
typedef struct
{
  InnPointerLock lock;

  struct wl_display *display; /* GDK's */
  struct wl_surface *surface; /* GDK's */
  struct wl_pointer *pointer; /* GDK's */
  struct wl_event_queue *queue;
  GSource *source;

  struct wl_registry *registry;
  struct zwp_pointer_constraints_v1 *constraints;
  struct zwp_relative_pointer_manager_v1 *manager;
  struct zwp_locked_pointer_v1 *locked;
  struct zwp_relative_pointer_v1 *relative;
} WaylandLock;

typedef struct
{
  GSource source;
  WaylandLock *lock;
} QueueSource;

/* libwayland tells whether a queue is empty only to who means to read. */
static gboolean
has_events (QueueSource *source)
{
  WaylandLock *lock = source->lock;

  if (wl_display_prepare_read_queue (lock->display, lock->queue) != 0)
    return TRUE;

  wl_display_cancel_read (lock->display);
  return FALSE;
}

static gboolean
prepare (GSource *source, int *timeout)
{
  *timeout = -1;
  return has_events ((QueueSource *) source);
}

static gboolean
check (GSource *source)
{
  return has_events ((QueueSource *) source);
}

/* A movement may end the lock: the callback gives the keyboard back, say. Then the source is
 * destroyed, and the queue with it. */
static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  WaylandLock *lock = ((QueueSource *) source)->lock;

  wl_display_dispatch_queue_pending (lock->display, lock->queue);
  return G_SOURCE_CONTINUE;
}

static void
locked_cb (void *data, struct zwp_locked_pointer_v1 *locked)
{
  ((WaylandLock *) data)->lock.held = TRUE;
}

static void
unlocked_cb (void *data, struct zwp_locked_pointer_v1 *locked)
{
  ((WaylandLock *) data)->lock.held = FALSE;
}

static const struct zwp_locked_pointer_v1_listener locked_listener = {
  .locked = locked_cb,
  .unlocked = unlocked_cb,
};

static void
motion_cb (void *data,
           struct zwp_relative_pointer_v1 *relative,
           uint32_t time_high,
           uint32_t time_low,
           wl_fixed_t dx,
           wl_fixed_t dy,
           wl_fixed_t dx_unaccelerated,
           wl_fixed_t dy_unaccelerated)
{
  WaylandLock *self = data;

  if (self->lock.held)
    self->lock.moved (wl_fixed_to_double (dx_unaccelerated), wl_fixed_to_double (dy_unaccelerated),
                      self->lock.data);
}

static const struct zwp_relative_pointer_v1_listener motion_listener = {
  .relative_motion = motion_cb,
};

static void
lock_when_complete (WaylandLock *self)
{
  if (self->constraints == NULL || self->manager == NULL || self->locked != NULL)
    return;

  self->relative =
      zwp_relative_pointer_manager_v1_get_relative_pointer (self->manager, self->pointer);
  zwp_relative_pointer_v1_add_listener (self->relative, &motion_listener, self);
  self->locked = zwp_pointer_constraints_v1_lock_pointer (
      self->constraints, self->surface, self->pointer, NULL,
      ZWP_POINTER_CONSTRAINTS_V1_LIFETIME_PERSISTENT);
  zwp_locked_pointer_v1_add_listener (self->locked, &locked_listener, self);
}

static void
global_cb (void *data,
           struct wl_registry *registry,
           uint32_t name,
           const char *interface,
           uint32_t version)
{
  WaylandLock *self = data;

  if (strcmp (interface, zwp_pointer_constraints_v1_interface.name) == 0 &&
      self->constraints == NULL)
    self->constraints = wl_registry_bind (registry, name, &zwp_pointer_constraints_v1_interface, 1);
  else if (strcmp (interface, zwp_relative_pointer_manager_v1_interface.name) == 0 &&
           self->manager == NULL)
    self->manager =
        wl_registry_bind (registry, name, &zwp_relative_pointer_manager_v1_interface, 1);
  lock_when_complete (self);
}

static void
global_remove_cb (void *data, struct wl_registry *registry, uint32_t name)
{
}

static const struct wl_registry_listener registry_listener = {
  .global = global_cb,
  .global_remove = global_remove_cb,
};

static void
free_lock (InnPointerLock *lock)
{
  WaylandLock *self = (WaylandLock *) lock;

  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_clear_pointer (&self->locked, zwp_locked_pointer_v1_destroy);
  g_clear_pointer (&self->relative, zwp_relative_pointer_v1_destroy);
  g_clear_pointer (&self->constraints, zwp_pointer_constraints_v1_destroy);
  g_clear_pointer (&self->manager, zwp_relative_pointer_manager_v1_destroy);
  g_clear_pointer (&self->registry, wl_registry_destroy);
  wl_event_queue_destroy (self->queue);
  wl_display_flush (self->display);
  g_free (self);
}

static void
watch_queue (WaylandLock *self)
{
  static GSourceFuncs funcs = { .prepare = prepare, .check = check, .dispatch = dispatch };

  self->source = g_source_new (&funcs, sizeof (QueueSource));
  ((QueueSource *) self->source)->lock = self;
  g_source_set_static_name (self->source, "inn-pointer-lock");
  /* As soon as input of the window itself. */
  g_source_set_priority (self->source, GDK_PRIORITY_EVENTS);
  g_source_attach (self->source, NULL);
}

static void
ask_for_globals (WaylandLock *self)
{
  struct wl_display *wrapper = wl_proxy_create_wrapper (self->display);

  wl_proxy_set_queue ((struct wl_proxy *) wrapper, self->queue);
  self->registry = wl_display_get_registry (wrapper);
  wl_proxy_wrapper_destroy (wrapper);
  wl_registry_add_listener (self->registry, &registry_listener, self);
  wl_display_flush (self->display);
}

InnPointerLock *
inn_pointer_lock_wayland_new (GdkSurface *surface)
{
  GdkDisplay *display = gdk_surface_get_display (surface);
  GdkSeat *seat = gdk_display_get_default_seat (display);
  GdkDevice *pointer = seat != NULL ? gdk_seat_get_pointer (seat) : NULL;
  WaylandLock *self;

  if (!GDK_IS_WAYLAND_SURFACE (surface) || !GDK_IS_WAYLAND_DEVICE (pointer) ||
      gdk_wayland_device_get_wl_pointer (pointer) == NULL)
    return NULL;

  self = g_new0 (WaylandLock, 1);
  self->lock.free = free_lock;
  self->display = gdk_wayland_display_get_wl_display (display);
  self->surface = gdk_wayland_surface_get_wl_surface (surface);
  self->pointer = gdk_wayland_device_get_wl_pointer (pointer);
  self->queue = wl_display_create_queue (self->display);
  watch_queue (self);
  ask_for_globals (self);
  return &self->lock;
}

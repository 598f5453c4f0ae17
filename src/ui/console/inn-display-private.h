/* inn-display-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/console/inn-display-geometry.h"
#include "ui/console/inn-display.h"
#include "ui/console/inn-pointer-lock.h"
#include "ui/console/inn-release-keys.h"

G_BEGIN_DECLS

/* Hardware key codes are below this (KEY_CNT of Linux). */
#define INN_DISPLAY_N_KEYS 768

struct _InnDisplay
{
  GtkWidget parent_instance;

  InnDisplaySource *source;
  InnTileStore *tiles;
  InnDisplayGeometry geometry;
  gboolean has_geometry;
  InnDisplayScaling scaling;
  gboolean view_only;
  gboolean stale;
  guint follow_id;
  int asked_width; /* of the guest */
  int asked_height;
  char *guest_name;
  char *release_text;
  InnReleaseKeys release;

  /* input */
  gboolean grabbed;
  gboolean released;       /* by its keys: typing does not grab again until asked */
  gboolean stays_released; /* also when the focus comes back */
  gboolean inhibited;
  GdkToplevel *toplevel;
  gulong inhibited_id;
  GtkWidget *root;
  GtkEventController *root_keys;
  guint32 pressed[INN_DISPLAY_N_KEYS / 32];
  guint32 waiting[INN_DISPLAY_N_KEYS / 32]; /* modifiers held back until they modify something */
  GdkModifierType held;                     /* the modifiers of @pressed and @waiting */
  gboolean chord;                           /* only modifiers were pressed since none was */
  guint buttons;
  InnPointerLock *lock; /* while the guest takes movements */
  double move_x;        /* less than a step that was not sent */
  double move_y;
  GdkTexture *shape; /* of the guest's pointer, when we draw it */
  double pointer_x;
  double pointer_y;
  double scroll_x;
  double scroll_y;
};

/* inn-display-input.c: what comes from the pointer */
void inn_display_init_input (InnDisplay *self);
void inn_display_update_cursor (InnDisplay *self);

/* inn-display-keys.c: what comes from the keyboard */
void inn_display_init_keys (InnDisplay *self);
void inn_display_release_all (InnDisplay *self);
void inn_display_unroot_keys (InnDisplay *self);
gboolean inn_display_handle_key (
    InnDisplay *self, GdkEvent *event, guint evdev_code, guint keyval, gboolean down);

/* inn-display-follow.c */
void inn_display_follow (InnDisplay *self);
void inn_display_size_allocate (GtkWidget *widget, int width, int height, int baseline);

/* inn-display-draw.c */
double inn_display_get_surface_scale (InnDisplay *self);
void inn_display_draw (InnDisplay *self,
                       GtkSnapshot *snapshot,
                       const graphene_rect_t *area,
                       double scale);
void inn_display_snapshot (GtkWidget *widget, GtkSnapshot *snapshot);
void inn_display_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline);

/* inn-display-lock.c */
void inn_display_move (InnDisplay *self, double dx, double dy);
void inn_display_update_lock (InnDisplay *self);
gboolean inn_display_is_locked (InnDisplay *self);
void inn_display_update_shape (InnDisplay *self);
void inn_display_draw_shape (InnDisplay *self, GtkSnapshot *snapshot);

/* inn-display-grab.c */
void inn_display_set_grabbed (InnDisplay *self, gboolean grabbed, GdkEvent *event);

G_END_DECLS

/* inn-display.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-display-source.h"
#include "ui/console/inn-tile-store.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_DISPLAY_SCALING (inn_display_scaling_get_type ())

/**
 * InnDisplayScaling:
 * @INN_DISPLAY_SCALING_FIT: as large as there is room
 * @INN_DISPLAY_SCALING_EXACT: a pixel of the guest is a pixel of the monitor
 * @INN_DISPLAY_SCALING_FOLLOW: the guest is asked for the size of the widget; signal "size-refused"
 *   when it cannot be asked
 */
typedef enum
{
  INN_DISPLAY_SCALING_FIT,
  INN_DISPLAY_SCALING_EXACT,
  INN_DISPLAY_SCALING_FOLLOW,
} InnDisplayScaling;

GType inn_display_scaling_get_type (void);

#define INN_TYPE_DISPLAY (inn_display_get_type ())

G_DECLARE_FINAL_TYPE (InnDisplay, inn_display, INN, DISPLAY, GtkWidget)

GtkWidget *inn_display_new (void);

void inn_display_set_source (InnDisplay *self, InnDisplaySource *source);
void inn_display_set_guest_name (InnDisplay *self, const char *name);
void inn_display_set_scaling (InnDisplay *self, InnDisplayScaling scaling);
InnDisplayScaling inn_display_get_scaling (InnDisplay *self);
void inn_display_set_view_only (InnDisplay *self, gboolean view_only);
gboolean inn_display_get_view_only (InnDisplay *self);
void inn_display_set_stale (InnDisplay *self, gboolean stale);
gboolean inn_display_set_release_keys (InnDisplay *self, const char *release_keys);
const char *inn_display_get_release_keys (InnDisplay *self);
char *inn_display_dup_release_label (InnDisplay *self);

gboolean inn_display_get_grabbed (InnDisplay *self);
void inn_display_grab (InnDisplay *self);
void inn_display_release (InnDisplay *self);
void inn_display_focus (InnDisplay *self);

void inn_display_send_keys (InnDisplay *self, const guint *evdev_codes, guint n_codes);
GdkTexture *inn_display_get_screenshot (InnDisplay *self);
const InnTileStats *inn_display_get_stats (InnDisplay *self);

G_END_DECLS

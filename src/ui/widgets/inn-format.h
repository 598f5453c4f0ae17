/* inn-format.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Figures and times as people read them, in their language. Each returns a new string; unknown
 * (negative, or 0 where that cannot be) is a dash. */
char *inn_format_percent (double percent);
char *inn_format_kib (guint64 kib);
char *inn_format_rate (double bytes_per_second);
char *inn_format_duration (gint64 seconds);
char *inn_format_uptime (gint64 started_at);
char *inn_format_ago (gint64 unix_seconds);
char *inn_format_time (gint64 unix_seconds);
char *inn_format_menu_label (const char *name);

const char *inn_vm_state_get_icon (InnVmState state);
const char *inn_vm_state_get_class (InnVmState state);
const char *inn_host_state_get_icon (InnHostState state);
const char *inn_host_state_get_class (InnHostState state);
gboolean inn_host_is_key_changed (InnHost *host);
const char *inn_host_get_word (InnHost *host);
const char *inn_severity_get_icon (InnSeverity severity);
const char *inn_severity_get_class (InnSeverity severity);
const char *inn_severity_get_word (InnSeverity severity);
void inn_widget_set_state_class (GtkWidget *widget, const char *css_class);
char *inn_widget_dup_narrow_layout (GtkWidget *widget);
void inn_widget_unparent_children (GtkWidget *widget);
void inn_image_set_icon_name (GtkImage *image, const char *icon_name);

void inn_label_set_verbatim (GtkLabel *label);

G_END_DECLS

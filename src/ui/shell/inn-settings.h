/* inn-settings.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INN_TYPE_SETTINGS (inn_settings_get_type ())

G_DECLARE_FINAL_TYPE (InnSettings, inn_settings, INN, SETTINGS, GObject)

InnSettings *inn_settings_new (void);
int inn_settings_get_window_width (InnSettings *self);
int inn_settings_get_window_height (InnSettings *self);
gboolean inn_settings_get_window_maximized (InnSettings *self);
void inn_settings_set_window (InnSettings *self, int width, int height, gboolean maximized);
guint inn_settings_get_poll_interval_visible (InnSettings *self);
void inn_settings_set_poll_interval_visible (InnSettings *self, guint seconds);
guint inn_settings_get_poll_interval_hidden (InnSettings *self);
void inn_settings_set_poll_interval_hidden (InnSettings *self, guint seconds);
GStrv inn_settings_dup_vm_columns (InnSettings *self);
void inn_settings_set_vm_columns (InnSettings *self, const char *const *columns);
GHashTable *inn_settings_dup_saved_filters (InnSettings *self);
void inn_settings_save_filter (InnSettings *self, const char *name, const char *query);
char *inn_settings_dup_console_release_keys (InnSettings *self);
void inn_settings_set_console_release_keys (InnSettings *self, const char *keys);
gboolean inn_settings_get_console_exact (InnSettings *self);
void inn_settings_set_console_exact (InnSettings *self, gboolean exact);
gboolean inn_settings_get_console_share_clipboard (InnSettings *self);
void inn_settings_set_console_share_clipboard (InnSettings *self, gboolean share);

G_END_DECLS

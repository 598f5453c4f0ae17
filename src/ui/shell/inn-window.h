/* inn-window.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "ui/inventory/inn-nav-item.h"
#include "ui/shell/inn-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_WINDOW (inn_window_get_type ())

G_DECLARE_FINAL_TYPE (InnWindow, inn_window, INN, WINDOW, AdwApplicationWindow)

InnWindow *
inn_window_new (GtkApplication *application, InnAppContext *context, InnSettings *settings);
void inn_window_show_kind (InnWindow *self, InnNavKind kind);
void inn_window_show_object (InnWindow *self, gpointer object);

G_END_DECLS

/* inn-console-window.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "ui/console/inn-console-page.h"
#include "ui/shell/inn-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_CONSOLE_WINDOW (inn_console_window_get_type ())

G_DECLARE_FINAL_TYPE (
    InnConsoleWindow, inn_console_window, INN, CONSOLE_WINDOW, AdwApplicationWindow)

InnConsoleWindow *
inn_console_window_new (GtkApplication *application, InnAppContext *context, InnSettings *settings);
InnConsoleWindow *inn_console_window_open (GtkApplication *application,
                                           InnAppContext *context,
                                           InnSettings *settings,
                                           InnVm *vm);
AdwTabPage *inn_console_window_add (InnConsoleWindow *self, InnConsolePage *console);
void inn_console_window_add_vm (InnConsoleWindow *self, InnVm *vm);
gboolean inn_console_window_show_vm (InnConsoleWindow *self, InnVm *vm);
void inn_console_window_set_waiting (InnConsoleWindow *self, const char *title);
void inn_console_window_set_failed (InnConsoleWindow *self, const GError *error);

G_END_DECLS

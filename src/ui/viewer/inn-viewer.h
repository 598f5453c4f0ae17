/* inn-viewer.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "ui/shell/inn-settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_VIEWER (inn_viewer_get_type ())

G_DECLARE_FINAL_TYPE (InnViewer, inn_viewer, INN, VIEWER, GObject)

InnViewer *
inn_viewer_new (GtkApplication *application, InnAppContext *context, InnSettings *settings);
void inn_viewer_open_named (InnViewer *self, const char *host, const char *guest);
void inn_viewer_open_file (InnViewer *self, GFile *file);

G_END_DECLS

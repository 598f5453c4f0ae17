/* inn-page-factory.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "ui/inventory/inn-nav-item.h"
#include "ui/shell/inn-settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *
inn_page_factory_create_kind (InnAppContext *context, InnSettings *settings, InnNavKind kind);
GtkWidget *inn_page_factory_create (InnAppContext *context, InnSettings *settings, gpointer object);

G_END_DECLS

/* inn-window-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/inventory/inn-sidebar.h"
#include "ui/shell/inn-page.h"
#include "ui/shell/inn-window.h"

G_BEGIN_DECLS

/* Shared by inn-window.c, which shows pages, and inn-window-actions.c, which does things. */
struct _InnWindow
{
  AdwApplicationWindow parent_instance;

  InnAppContext *context;
  InnSettings *settings;
  GListModel *clusters;                 /* of all data centers */
  GtkWidget *pages[INN_NAV_EVENTS + 1]; /* kept, so that they keep filter and place */

  AdwToastOverlay *toast_overlay;
  AdwNavigationSplitView *split_view;
  InnSidebar *sidebar;
  AdwNavigationView *navigation;

  GtkWidget *focus; /* (nullable): weak; what has the keyboard */
  guint focus_check_id;
  guint close_confirmed : 1;
  guint asking_to_close : 1;
  guint in_background : 1;
};

void _inn_window_install_actions (GtkWidgetClass *widget_class);
void _inn_window_install_dialog_actions (GtkWidgetClass *widget_class);
void _inn_window_install_palette (GtkWidgetClass *widget_class);
void _inn_window_watch_focus (InnWindow *self);
void _inn_window_forget_focus (InnWindow *self);
void _inn_window_install_group_actions (GtkWidgetClass *widget_class);
gboolean _inn_window_may_close (InnWindow *self);
void _inn_window_watch_operations (InnWindow *self);
void _inn_window_install_resume (GtkWidgetClass *widget_class);
gboolean _inn_window_may_resume (InnOperation *operation);
InnPage *_inn_window_get_page (InnWindow *self);
void _inn_window_focus_page (InnWindow *self);
InnHost *_inn_window_find_host (InnWindow *self, GVariant *parameter);

G_END_DECLS

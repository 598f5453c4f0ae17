/* inn-vm-view-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/vm/inn-vm-rows.h"
#include "ui/vm/inn-vm-view.h"

G_BEGIN_DECLS

/* Shared by inn-vm-view.c and inn-vm-view-menus.c, which makes columns and menus. */
struct _InnVmView
{
  GtkWidget parent_instance;

  InnAppContext *context;
  InnSettings *settings;
  InnVmModel *model;
  InnVmRows *rows;
  InnVmQuery *query;
  char *query_text; /* as it was last applied, right or wrong */
  guint query_id;
  gboolean opened; /* the filter, in this frame */
  guint tick_id;
  guint step_id;
  gboolean seen; /* in a frame */
  gboolean hold; /* the pointer is in use over the rows */
  guint n_ticks;
  guint actions_id;
  GtkWidget *menu;

  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkLabel *search_error;
  GtkRevealer *error_revealer;
  GtkMenuButton *filters_button;
  GtkStack *stack;
  GtkScrolledWindow *scrolled;
  GtkColumnView *list;
  GtkRevealer *bar_revealer;
  GtkWidget *bar;
  GtkMenuButton *bulk_button;
  GtkLabel *selected_label;
};

void _inn_vm_view_create_columns (InnVmView *self);
void _inn_vm_view_class_init_menus (GtkWidgetClass *widget_class);
void _inn_vm_view_setup_menus (InnVmView *self);
void _inn_vm_view_update_actions (InnVmView *self);

G_END_DECLS

/* inn-vm-view.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "ui/shell/inn-settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_VIEW (inn_vm_view_get_type ())

G_DECLARE_FINAL_TYPE (InnVmView, inn_vm_view, INN, VM_VIEW, GtkWidget)

GtkWidget *inn_vm_view_new (InnAppContext *context, InnSettings *settings, GListModel *vms);
void inn_vm_view_set_search (InnVmView *self, gboolean active);
gboolean inn_vm_view_get_search (InnVmView *self);
void inn_vm_view_set_query_text (InnVmView *self, const char *text);
GListModel *inn_vm_view_get_shown (InnVmView *self);
GPtrArray *inn_vm_view_dup_selected (InnVmView *self);

G_END_DECLS

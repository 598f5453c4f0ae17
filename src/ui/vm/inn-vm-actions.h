/* inn-vm-actions.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void inn_vm_actions_install (GtkWidgetClass *widget_class, GtkWidgetActionActivateFunc func);
void inn_vm_actions_update (GtkWidget *widget, InnVmOps *ops, GPtrArray *vms);
void inn_vm_actions_explain (GtkWidget *widget, InnVmOps *ops, GPtrArray *vms);
GMenuModel *inn_vm_actions_create_menu (InnVmOps *ops, InnVm *vm);
GMenuModel *inn_vm_actions_create_context_menu (InnVmOps *ops, GPtrArray *vms);
void inn_vm_actions_run (InnAppContext *context,
                         GtkWidget *parent,
                         GPtrArray *vms,
                         const char *action_name);

G_END_DECLS

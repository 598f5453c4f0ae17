/* inn-vm-cell.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/vm/inn-vm-columns.h"
#include "ui/vm/inn-vm-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_CELL (inn_vm_cell_get_type ())

G_DECLARE_FINAL_TYPE (InnVmCell, inn_vm_cell, INN, VM_CELL, GtkWidget)

GtkWidget *inn_vm_cell_new (const InnVmColumn *column, InnInventory *inventory, GtkWidget *list);
void inn_vm_cell_set_row (InnVmCell *self, InnVmRow *row);
InnVmRow *inn_vm_cell_get_row (InnVmCell *self);
InnVm *inn_vm_cell_get_vm (InnVmCell *self);
void inn_vm_cell_changed (InnVmCell *self, const char *property);

G_END_DECLS

/* inn-vm-row.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-vm.h"

G_BEGIN_DECLS

#define INN_TYPE_VM_ROW (inn_vm_row_get_type ())

G_DECLARE_FINAL_TYPE (InnVmRow, inn_vm_row, INN, VM_ROW, GObject)

/**
 * InnVmRowFunc:
 * @listener: who asked
 * @property: (nullable): what changed of the guest; %NULL when the row shows another guest
 */
typedef void (*InnVmRowFunc) (gpointer listener, const char *property);

InnVmRow *inn_vm_row_new (guint position, InnVmRowFunc func);
guint inn_vm_row_get_position (InnVmRow *self);
InnVm *inn_vm_row_get_vm (InnVmRow *self);
void inn_vm_row_set_vm (InnVmRow *self, InnVm *vm);
void inn_vm_row_add_listener (InnVmRow *self, gpointer listener);
void inn_vm_row_remove_listener (InnVmRow *self, gpointer listener);
void inn_vm_row_tell (InnVmRow *self, const char *property);

G_END_DECLS

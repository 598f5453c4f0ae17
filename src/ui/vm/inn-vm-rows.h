/* inn-vm-rows.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/vm/inn-vm-model.h"
#include "ui/vm/inn-vm-row.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_ROWS (inn_vm_rows_get_type ())

G_DECLARE_FINAL_TYPE (InnVmRows, inn_vm_rows, INN, VM_ROWS, GObject)

InnVmRows *inn_vm_rows_new (InnVmModel *model, InnVmRowFunc func);
gboolean inn_vm_rows_step (InnVmRows *self);
guint inn_vm_rows_get_n_selected (InnVmRows *self);
GPtrArray *inn_vm_rows_dup_selected (InnVmRows *self);
void inn_vm_rows_set_anchor (InnVmRows *self, guint position);
void inn_vm_rows_tell (InnVmRows *self, const char *property);

G_END_DECLS

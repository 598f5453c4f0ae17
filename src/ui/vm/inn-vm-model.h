/* inn-vm-model.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-vm-query.h"
#include "ui/vm/inn-vm-columns.h"

G_BEGIN_DECLS

#define INN_TYPE_VM_MODEL (inn_vm_model_get_type ())

G_DECLARE_FINAL_TYPE (InnVmModel, inn_vm_model, INN, VM_MODEL, GObject)

InnVmModel *inn_vm_model_new (InnInventory *inventory, GListModel *vms);
void inn_vm_model_set_query (InnVmModel *self, InnVmQuery *query);
void inn_vm_model_set_sort (InnVmModel *self, const InnVmColumn *column, gboolean descending);
void inn_vm_model_set_hold (InnVmModel *self, gboolean hold);
void inn_vm_model_tick (InnVmModel *self);
guint inn_vm_model_get_n_source (InnVmModel *self);
gboolean inn_vm_model_is_filling (InnVmModel *self);
gboolean inn_vm_model_is_reordering (InnVmModel *self);

G_END_DECLS

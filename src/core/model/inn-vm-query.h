/* inn-vm-query.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

G_BEGIN_DECLS

#define INN_TYPE_VM_QUERY (inn_vm_query_get_type ())

G_DECLARE_FINAL_TYPE (InnVmQuery, inn_vm_query, INN, VM_QUERY, GObject)

InnVmQuery *inn_vm_query_parse (const char *text, InnInventory *inventory, GError **error);
gboolean inn_vm_query_matches (InnVmQuery *self, InnVm *vm);
gboolean inn_vm_query_is_empty (InnVmQuery *self);

G_END_DECLS

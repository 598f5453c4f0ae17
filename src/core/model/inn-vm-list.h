/* inn-vm-list.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-host.h"

G_BEGIN_DECLS

#define INN_TYPE_VM_LIST (inn_vm_list_get_type ())

G_DECLARE_FINAL_TYPE (InnVmList, inn_vm_list, INN, VM_LIST, GObject)

InnVmList *inn_vm_list_new (GListModel *hosts);
gboolean inn_vm_list_may_have (InnVmList *self, const char *uuid);

G_END_DECLS

/* inn-operation-manager.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation.h"

G_BEGIN_DECLS

#define INN_TYPE_OPERATION_MANAGER (inn_operation_manager_get_type ())

G_DECLARE_FINAL_TYPE (InnOperationManager, inn_operation_manager, INN, OPERATION_MANAGER, GObject)

InnOperationManager *inn_operation_manager_new (void);
void inn_operation_manager_add (InnOperationManager *self, InnOperation *operation);
InnOperation *inn_operation_manager_find (InnOperationManager *self, const char *id);
guint inn_operation_manager_get_n_running (InnOperationManager *self);
void inn_operation_manager_clear_ended (InnOperationManager *self);

G_END_DECLS

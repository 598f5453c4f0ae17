/* inn-operations-button.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation-manager.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_OPERATIONS_BUTTON (inn_operations_button_get_type ())

G_DECLARE_FINAL_TYPE (InnOperationsButton, inn_operations_button, INN, OPERATIONS_BUTTON, GtkWidget)

void inn_operations_button_set_manager (InnOperationsButton *self, InnOperationManager *manager);

G_END_DECLS

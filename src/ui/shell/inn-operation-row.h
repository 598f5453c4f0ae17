/* inn-operation-row.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_OPERATION_ROW (inn_operation_row_get_type ())

G_DECLARE_FINAL_TYPE (InnOperationRow, inn_operation_row, INN, OPERATION_ROW, GtkListBoxRow)

GtkWidget *inn_operation_row_new (InnOperation *operation);

G_END_DECLS

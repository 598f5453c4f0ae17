/* inn-vm-summary.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_SUMMARY (inn_vm_summary_get_type ())

G_DECLARE_FINAL_TYPE (InnVmSummary, inn_vm_summary, INN, VM_SUMMARY, GtkWidget)

void inn_vm_summary_set_vm (InnVmSummary *self, InnAppContext *context, InnVm *vm);

G_END_DECLS

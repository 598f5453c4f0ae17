/* inn-vm-delete-dialog.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_DELETE_DIALOG (inn_vm_delete_dialog_get_type ())

G_DECLARE_FINAL_TYPE (
    InnVmDeleteDialog, inn_vm_delete_dialog, INN, VM_DELETE_DIALOG, AdwAlertDialog)

AdwDialog *inn_vm_delete_dialog_new (InnAppContext *context, InnVm *vm);

G_END_DECLS

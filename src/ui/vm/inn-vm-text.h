/* inn-vm-text.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "ui/shell/inn-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_TEXT (inn_vm_text_get_type ())

G_DECLARE_FINAL_TYPE (InnVmText, inn_vm_text, INN, VM_TEXT, AdwBin)

void inn_vm_text_set_vm (InnVmText *self,
                         InnAppContext *context,
                         InnSettings *settings,
                         InnVm *vm,
                         GtkDropDown *chooser);

G_END_DECLS

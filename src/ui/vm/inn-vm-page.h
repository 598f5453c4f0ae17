/* inn-vm-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-page.h"

G_BEGIN_DECLS

#define INN_TYPE_VM_PAGE (inn_vm_page_get_type ())

G_DECLARE_FINAL_TYPE (InnVmPage, inn_vm_page, INN, VM_PAGE, InnPage)

GtkWidget *inn_vm_page_new (InnAppContext *context, InnSettings *settings, InnVm *vm);
void inn_vm_page_show_console (InnVmPage *self);

G_END_DECLS

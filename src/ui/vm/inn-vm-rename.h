/* inn-vm-rename.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void inn_vm_rename_present (InnAppContext *context, InnVm *vm, GtkWidget *parent);

G_END_DECLS

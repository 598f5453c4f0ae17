/* inn-vm-thumbnail.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_THUMBNAIL (inn_vm_thumbnail_get_type ())

G_DECLARE_FINAL_TYPE (InnVmThumbnail, inn_vm_thumbnail, INN, VM_THUMBNAIL, GtkWidget)

void inn_vm_thumbnail_set_vm (InnVmThumbnail *self, InnAppContext *context, InnVm *vm);

G_END_DECLS

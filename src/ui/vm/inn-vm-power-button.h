/* inn-vm-power-button.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ops/inn-vm-ops.h"

#include <adwaita.h>

G_BEGIN_DECLS

AdwSplitButton *inn_vm_power_button_new (void);
void
inn_vm_power_button_update (AdwSplitButton *button, GtkWidget *widget, InnVmOps *ops, InnVm *vm);

G_END_DECLS

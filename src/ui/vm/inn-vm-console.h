/* inn-vm-console.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/console/inn-console-page.h"
#include "ui/shell/inn-settings.h"

#include "app/inn-app-context.h"

G_BEGIN_DECLS

void inn_vm_console_follow_settings (InnConsolePage *page, InnSettings *settings);
void inn_vm_console_setup (InnConsolePage *page,
                           InnAppContext *context,
                           InnSettings *settings,
                           InnVm *vm);

G_END_DECLS

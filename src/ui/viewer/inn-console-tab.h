/* inn-console-tab.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/console/inn-console-page.h"

#include <adwaita.h>

G_BEGIN_DECLS

void inn_console_tab_follow (AdwTabPage *tab);
InnConsolePage *inn_console_tab_get_console (AdwTabPage *tab);
InnVm *inn_console_tab_get_vm (AdwTabPage *tab);
char *inn_console_tab_dup_place (InnVm *vm);

G_END_DECLS

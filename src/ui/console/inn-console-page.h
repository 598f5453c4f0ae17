/* inn-console-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-console-link.h"
#include "secret/inn-secret-store.h"
#include "ui/console/inn-display.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_CONSOLE_PAGE (inn_console_page_get_type ())

G_DECLARE_FINAL_TYPE (InnConsolePage, inn_console_page, INN, CONSOLE_PAGE, AdwBin)

GtkWidget *inn_console_page_new (void);

void inn_console_page_set_secrets (InnConsolePage *self, InnSecretStore *secrets);
void inn_console_page_set_finder (InnConsolePage *self,
                                  InnConsoleFinder finder,
                                  gpointer data,
                                  GDestroyNotify destroy);
void inn_console_page_set_vm (InnConsolePage *self, InnVm *vm);
InnVm *inn_console_page_get_vm (InnConsolePage *self);
InnLinkState inn_console_page_get_state (InnConsolePage *self);
InnDisplay *inn_console_page_get_display (InnConsolePage *self);
void inn_console_page_focus (InnConsolePage *self);
void inn_console_page_set_fullscreened (InnConsolePage *self, gboolean fullscreened);

G_END_DECLS

/* inn-sidebar.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/inventory/inn-nav-item.h"
#include "model/inn-inventory.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_SIDEBAR (inn_sidebar_get_type ())

G_DECLARE_FINAL_TYPE (InnSidebar, inn_sidebar, INN, SIDEBAR, AdwNavigationPage)

void inn_sidebar_set_inventory (InnSidebar *self, InnInventory *inventory);
void inn_sidebar_select (InnSidebar *self, gpointer object);
void inn_sidebar_select_kind (InnSidebar *self, InnNavKind kind);

G_END_DECLS

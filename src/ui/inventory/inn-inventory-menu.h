/* inn-inventory-menu.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

G_BEGIN_DECLS

GMenuModel *inn_inventory_menu_new (InnInventory *inventory, gpointer object);

G_END_DECLS

/* fake-view.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

void fake_view_fill (InnInventory *inventory, guint n_hosts, guint n_vms);
void fake_view_add_vms (InnHost *host, guint number, guint n_vms);
void fake_view_sample (InnInventory *inventory);

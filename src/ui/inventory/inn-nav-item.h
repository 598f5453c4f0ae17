/* inn-nav-item.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

G_BEGIN_DECLS

/**
 * InnNavKind:
 *
 * The entries of the sidebar that are about everything.
 */
typedef enum
{
  INN_NAV_OVERVIEW,
  INN_NAV_VMS,
  INN_NAV_EVENTS,
} InnNavKind;

#define INN_TYPE_NAV_ITEM (inn_nav_item_get_type ())

G_DECLARE_FINAL_TYPE (InnNavItem, inn_nav_item, INN, NAV_ITEM, GObject)

InnNavItem *inn_nav_item_new (InnNavKind kind, InnInventory *inventory);
InnNavKind inn_nav_item_get_kind (InnNavItem *self);
const char *inn_nav_item_get_title (InnNavItem *self);
const char *inn_nav_item_get_icon (InnNavItem *self);
GListModel *inn_nav_item_get_counted (InnNavItem *self);
guint inn_nav_item_get_count (InnNavItem *self);

G_END_DECLS

/* inn-nav-item.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/inventory/inn-nav-item.h"

#include <glib/gi18n.h>

/**
 * InnNavItem:
 *
 * An entry of the sidebar that is about everything, with how many there are of it.
 */
struct _InnNavItem
{
  GObject parent_instance;

  InnNavKind kind;
  InnInventory *inventory;
};

static const struct
{
  const char *title;
  const char *icon;
} entries[] = {
  [INN_NAV_OVERVIEW] = { N_ ("Overview"), "inn-overview-symbolic" },
  [INN_NAV_VMS] = { N_ ("Virtual Machines"), "inn-vm-symbolic" },
  [INN_NAV_EVENTS] = { N_ ("Events"), "inn-events-symbolic" },
};

G_DEFINE_FINAL_TYPE (InnNavItem, inn_nav_item, G_TYPE_OBJECT)

static void
inn_nav_item_finalize (GObject *object)
{
  g_clear_object (&INN_NAV_ITEM (object)->inventory);

  G_OBJECT_CLASS (inn_nav_item_parent_class)->finalize (object);
}

static void
inn_nav_item_class_init (InnNavItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_nav_item_finalize;
}

static void
inn_nav_item_init (InnNavItem *self)
{
}

/**
 * inn_nav_item_new:
 * @kind: which entry
 * @inventory: where it counts
 *
 * Returns: (transfer full): the entry
 */
InnNavItem *
inn_nav_item_new (InnNavKind kind, InnInventory *inventory)
{
  InnNavItem *self = g_object_new (INN_TYPE_NAV_ITEM, NULL);

  self->kind = kind;
  self->inventory = g_object_ref (inventory);

  return self;
}

/**
 * inn_nav_item_get_kind:
 * @self: an entry
 *
 * Returns: which it is
 */
InnNavKind
inn_nav_item_get_kind (InnNavItem *self)
{
  return self->kind;
}

/**
 * inn_nav_item_get_title:
 * @self: an entry
 *
 * Returns: its translated title
 */
const char *
inn_nav_item_get_title (InnNavItem *self)
{
  return _ (entries[self->kind].title);
}

/**
 * inn_nav_item_get_icon:
 * @self: an entry
 *
 * Returns: name of its icon
 */
const char *
inn_nav_item_get_icon (InnNavItem *self)
{
  return entries[self->kind].icon;
}

/**
 * inn_nav_item_get_counted:
 * @self: an entry
 *
 * Returns: (transfer none) (nullable): the list with which its count changes
 */
GListModel *
inn_nav_item_get_counted (InnNavItem *self)
{
  switch (self->kind)
    {
    case INN_NAV_VMS:
      return inn_inventory_get_vms (self->inventory);
    case INN_NAV_EVENTS:
      return inn_inventory_get_events (self->inventory);
    case INN_NAV_OVERVIEW:
    default:
      return NULL;
    }
}

/**
 * inn_nav_item_get_count:
 * @self: an entry
 *
 * Returns: how many there are; 0 for what is not counted
 */
guint
inn_nav_item_get_count (InnNavItem *self)
{
  GListModel *counted = inn_nav_item_get_counted (self);

  /* Guests that are still being read count as well. */
  if (self->kind == INN_NAV_VMS)
    return inn_inventory_get_n_vms (self->inventory);

  return counted != NULL ? g_list_model_get_n_items (counted) : 0;
}

/* inn-inventory-menu.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/inventory/inn-inventory-menu.h"

#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

static void
append (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

static void
append_section (GMenu *menu, GMenu *section)
{
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_object_unref (section);
}

static GMenu *
create_move_menu (InnInventory *inventory, InnHost *host)
{
  GListModel *data_centers = inn_inventory_get_data_centers (inventory);
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < g_list_model_get_n_items (data_centers); i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);
      GListModel *clusters = inn_data_center_get_clusters (data_center);
      const char *title = inn_data_center_get_name (data_center);
      GMenu *section = g_menu_new ();

      for (guint j = 0; j < g_list_model_get_n_items (clusters); j++)
        {
          g_autoptr (InnCluster) cluster = g_list_model_get_item (clusters, j);
          g_autofree char *name = inn_format_menu_label (inn_cluster_get_name (cluster));
          g_autoptr (GMenuItem) item = g_menu_item_new (name, NULL);

          if (g_strcmp0 (inn_cluster_get_id (cluster), inn_host_get_cluster_id (host)) == 0)
            continue;
          g_menu_item_set_action_and_target (item, "win.host-move", "(ss)", inn_host_get_id (host),
                                             inn_cluster_get_id (cluster));
          g_menu_append_item (section, item);
        }
      if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
        g_menu_append_section (menu, title, G_MENU_MODEL (section));
      g_object_unref (section);
    }

  return menu;
}

static void
fill_host (GMenu *menu, InnInventory *inventory, InnHost *host)
{
  const char *id = inn_host_get_id (host);
  InnHostState state = inn_host_get_state (host);
  g_autoptr (GMenu) move = create_move_menu (inventory, host);
  GMenu *section = g_menu_new ();

  if (state == INN_HOST_OFFLINE || state == INN_HOST_FAILED || state == INN_HOST_AUTH_REQUIRED)
    append (section, _ ("_Connect"), "win.host-connect", id);
  else if (state == INN_HOST_LOST)
    append (section, _ ("_Reconnect Now"), "win.host-connect", id);
  if (state != INN_HOST_OFFLINE && state != INN_HOST_FAILED)
    append (section, _ ("_Disconnect"), "win.host-disconnect", id);
  append_section (menu, section);

  section = g_menu_new ();
  append (section, _ ("_Edit…"), "win.host-edit", id);
  if (g_menu_model_get_n_items (G_MENU_MODEL (move)) > 0)
    g_menu_append_submenu (section, _ ("_Move To"), G_MENU_MODEL (move));
  append_section (menu, section);

  section = g_menu_new ();
  append (section, _ ("_Remove…"), "win.host-remove", id);
  append_section (menu, section);
}

static void
fill_cluster (GMenu *menu, InnCluster *cluster)
{
  const char *id = inn_cluster_get_id (cluster);
  GMenu *section = g_menu_new ();

  append (section, _ ("_Add Host…"), "win.cluster-add-host", id);
  append_section (menu, section);

  section = g_menu_new ();
  append (section, _ ("_Rename…"), "win.cluster-rename", id);
  if (g_list_model_get_n_items (inn_cluster_get_hosts (cluster)) == 0)
    append (section, _ ("_Delete…"), "win.cluster-delete", id);
  append_section (menu, section);
}

static void
fill_data_center (GMenu *menu, InnDataCenter *data_center)
{
  const char *id = inn_data_center_get_id (data_center);
  GMenu *section = g_menu_new ();

  if (inn_data_center_get_demo (data_center))
    append (section, _ ("Remove _Demo"), "win.data-center-remove-demo", id);
  append (section, _ ("New _Cluster…"), "win.data-center-add-cluster", id);
  append_section (menu, section);

  section = g_menu_new ();
  append (section, _ ("_Rename…"), "win.data-center-rename", id);
  if (!inn_data_center_get_demo (data_center) &&
      g_list_model_get_n_items (inn_data_center_get_clusters (data_center)) == 0)
    append (section, _ ("_Delete…"), "win.data-center-delete", id);
  append_section (menu, section);
}

/**
 * inn_inventory_menu_new:
 * @inventory: the view
 * @object: a data center, cluster or host
 *
 * Returns: (transfer full) (nullable): what can be done with @object now
 */
GMenuModel *
inn_inventory_menu_new (InnInventory *inventory, gpointer object)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  if (INN_IS_HOST (object))
    fill_host (menu, inventory, object);
  else if (INN_IS_CLUSTER (object))
    fill_cluster (menu, object);
  else if (INN_IS_DATA_CENTER (object))
    fill_data_center (menu, object);
  else
    return NULL;

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

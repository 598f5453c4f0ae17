/* inn-inventory.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-data-center.h"
#include "model/inn-event.h"

G_BEGIN_DECLS

/**
 * InnGroupConfig:
 * @id: record id
 * @parent_id: (nullable): record id of the data center, for a cluster
 * @name: its name
 * @demo: whether a data center holds made-up hosts
 *
 * A data center or a cluster, as the administrator recorded it.
 */
typedef struct
{
  char *id;
  char *parent_id;
  char *name;
  gboolean demo;
} InnGroupConfig;

#define INN_TYPE_VIEW_CONFIG (inn_view_config_get_type ())

/**
 * InnViewConfig:
 * @data_centers: (element-type InnGroupConfig): all data centers
 * @clusters: (element-type InnGroupConfig): all clusters
 * @hosts: (element-type InnHostConfig): all hosts
 *
 * The whole grouping as plain data, boxed and reference counted: what a worker reads from disk.
 */
typedef struct
{
  gatomicrefcount ref_count;
  GPtrArray *data_centers;
  GPtrArray *clusters;
  GPtrArray *hosts;
} InnViewConfig;

GType inn_view_config_get_type (void);
InnViewConfig *inn_view_config_new (void);
InnViewConfig *inn_view_config_ref (InnViewConfig *self);
void inn_view_config_unref (InnViewConfig *self);
void inn_view_config_add_data_center (InnViewConfig *self,
                                      const char *id,
                                      const char *name,
                                      gboolean demo);
void inn_view_config_add_cluster (InnViewConfig *self,
                                  const char *id,
                                  const char *data_center_id,
                                  const char *name);
void inn_view_config_add_host (InnViewConfig *self, const InnHostConfig *host);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnViewConfig, inn_view_config_unref)

#define INN_TYPE_INVENTORY (inn_inventory_get_type ())

G_DECLARE_FINAL_TYPE (InnInventory, inn_inventory, INN, INVENTORY, GObject)

InnInventory *inn_inventory_new (void);
void inn_inventory_apply_config (InnInventory *self, InnViewConfig *config);

GListModel *inn_inventory_get_data_centers (InnInventory *self);
GListModel *inn_inventory_get_hosts (InnInventory *self);
GListModel *inn_inventory_get_vms (InnInventory *self);
guint inn_inventory_get_n_vms (InnInventory *self);
GListModel *inn_inventory_get_events (InnInventory *self);

InnDataCenter *inn_inventory_find_data_center (InnInventory *self, const char *id);
InnCluster *inn_inventory_find_cluster (InnInventory *self, const char *id);
InnHost *inn_inventory_find_host (InnInventory *self, const char *id);
gboolean inn_inventory_may_have_vm (InnInventory *self, const char *uuid);
InnVm *inn_inventory_find_vm (InnInventory *self, const char *uuid);
InnCluster *inn_inventory_get_cluster_of (InnInventory *self, InnHost *host);
InnDataCenter *inn_inventory_get_data_center_of (InnInventory *self, InnCluster *cluster);

void inn_inventory_add_event (InnInventory *self, InnEvent *event);
void inn_inventory_add_events (InnInventory *self, GPtrArray *events);
void inn_inventory_report (InnInventory *self,
                           InnSeverity severity,
                           const char *kind,
                           InnHost *host,
                           InnVm *vm,
                           const char *format,
                           ...) G_GNUC_PRINTF (6, 7);

G_END_DECLS

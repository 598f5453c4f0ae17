/* inn-cluster.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-host.h"

G_BEGIN_DECLS

#define INN_TYPE_CLUSTER (inn_cluster_get_type ())

G_DECLARE_FINAL_TYPE (InnCluster, inn_cluster, INN, CLUSTER, GObject)

InnCluster *inn_cluster_new (const char *id, const char *data_center_id, const char *name);
const char *inn_cluster_get_id (InnCluster *self);
const char *inn_cluster_get_data_center_id (InnCluster *self);
const char *inn_cluster_get_name (InnCluster *self);
void inn_cluster_set_name (InnCluster *self, const char *name);
GListModel *inn_cluster_get_hosts (InnCluster *self);
void inn_cluster_add_host (InnCluster *self, InnHost *host);
void inn_cluster_remove_host (InnCluster *self, InnHost *host);

G_END_DECLS

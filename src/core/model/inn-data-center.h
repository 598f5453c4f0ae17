/* inn-data-center.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-cluster.h"

G_BEGIN_DECLS

#define INN_TYPE_DATA_CENTER (inn_data_center_get_type ())

G_DECLARE_FINAL_TYPE (InnDataCenter, inn_data_center, INN, DATA_CENTER, GObject)

InnDataCenter *inn_data_center_new (const char *id, const char *name, gboolean demo);
const char *inn_data_center_get_id (InnDataCenter *self);
const char *inn_data_center_get_name (InnDataCenter *self);
void inn_data_center_set_name (InnDataCenter *self, const char *name);
gboolean inn_data_center_get_demo (InnDataCenter *self);
GListModel *inn_data_center_get_clusters (InnDataCenter *self);
void inn_data_center_add_cluster (InnDataCenter *self, InnCluster *cluster);
void inn_data_center_remove_cluster (InnDataCenter *self, InnCluster *cluster);

G_END_DECLS

/* inn-cli-json.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inn-cli-run.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The objects of `innctl --json`. Names of fields stay as they are; what is unknown is null; sizes
 * are in what the name says; times are ISO 8601 in UTC; nothing is translated. Each function adds
 * one object. */
void inn_cli_json_add_host (JsonBuilder *builder, InnInventory *inventory, InnHost *host);
void inn_cli_json_add_cluster (JsonBuilder *builder, InnInventory *inventory, InnCluster *cluster);
void inn_cli_json_add_data_center (JsonBuilder *builder, InnDataCenter *data_center);
void inn_cli_json_add_vm (JsonBuilder *builder, InnInventory *inventory, InnVm *vm);
void inn_cli_json_add_event (JsonBuilder *builder, InnEvent *event);
void inn_cli_json_add_operation (JsonBuilder *builder, InnOperation *operation);
void inn_cli_json_error (JsonBuilder *builder, const char *name, const GError *error);

/* Only a guest that was seen on a live connection of this run is fresh. */
gboolean inn_cli_vm_is_stale (InnVm *vm);

G_END_DECLS

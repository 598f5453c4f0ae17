/* inn-store-config.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"
#include "store/inn-database.h"

G_BEGIN_DECLS

/* SQL of what the administrator records. On the worker, in a transaction. */

/* What one change needs, as plain data; unused fields are NULL. */
typedef struct
{
  char *id;
  char *parent_id;
  char *name;
  gboolean flag;
  InnHostConfig host;
  InnViewConfig *view;
} InnStoreChange;

/* Makes the change; @ret_id is what the future resolves with, when set. */
typedef gboolean (*InnStoreChangeFunc) (InnDatabase *db,
                                        InnStoreChange *change,
                                        char **ret_id,
                                        GError **error);

void inn_store_change_free (InnStoreChange *self);

gboolean inn_store_create_data_center_sql (InnDatabase *db,
                                           InnStoreChange *change,
                                           char **ret_id,
                                           GError **error);
gboolean inn_store_rename_data_center_sql (InnDatabase *db,
                                           InnStoreChange *change,
                                           char **ret_id,
                                           GError **error);
gboolean inn_store_delete_data_center_sql (InnDatabase *db,
                                           InnStoreChange *change,
                                           char **ret_id,
                                           GError **error);
gboolean inn_store_create_cluster_sql (InnDatabase *db,
                                       InnStoreChange *change,
                                       char **ret_id,
                                       GError **error);
gboolean inn_store_rename_cluster_sql (InnDatabase *db,
                                       InnStoreChange *change,
                                       char **ret_id,
                                       GError **error);
gboolean inn_store_delete_cluster_sql (InnDatabase *db,
                                       InnStoreChange *change,
                                       char **ret_id,
                                       GError **error);
gboolean
inn_store_add_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error);
gboolean
inn_store_update_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error);
gboolean
inn_store_move_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error);
gboolean
inn_store_remove_host_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error);
gboolean inn_store_default_cluster_sql (InnDatabase *db,
                                        InnStoreChange *change,
                                        char **ret_id,
                                        GError **error);

/* Data centers, clusters and hosts that were added, and hosts that were there. */
#define INN_STORE_IMPORT_COUNTS "%u %u %u %u"

/* Adds of change->view what is not there; @ret_id is the counts. */
gboolean
inn_store_import_sql (InnDatabase *db, InnStoreChange *change, char **ret_id, GError **error);

/* The next number of a change that other processes must see; 0 on failure. */
gint64 inn_store_next_revision (InnDatabase *db, GError **error);

G_END_DECLS

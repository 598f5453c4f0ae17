/* store-fixture.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store-fixture.h"

#include <sqlite3.h>

StoreFixture *
store_fixture_new (const char *directory)
{
  StoreFixture *self = g_new0 (StoreFixture, 1);

  self->inventory = inn_inventory_new ();
  self->operations = inn_operation_manager_new ();
  self->store = inn_store_new (directory, self->inventory, self->operations);

  return self;
}

StoreFixture *
store_fixture_open (const char *directory)
{
  StoreFixture *self = store_fixture_new (directory);

  inn_test_await_ok (inn_store_open (self->store));
  return self;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

void
store_fixture_close (StoreFixture *self)
{
  gpointer store = self->store;
  gpointer inventory = self->inventory;

  dex_await (inn_store_close (self->store), NULL);

  g_object_add_weak_pointer (store, &store);
  g_object_add_weak_pointer (inventory, &inventory);
  g_clear_object (&self->store);
  g_clear_object (&self->inventory);
  g_clear_object (&self->operations);
  g_free (self);

  /* A block that is just over may still hold the store until the loop turns. */
  inn_test_wait (is_gone, &store);
  inn_test_wait (is_gone, &inventory);
}

char *
store_fixture_await_id (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  char *id = dex_await_string (future, &error);

  g_assert_no_error (error);
  g_assert_true (g_uuid_string_is_valid (id));
  return id;
}

char *
store_fixture_add_host (StoreFixture *self, const char *name, const char *uri)
{
  const InnHostConfig config = {
    .name = (char *) name,
    .uri = (char *) uri,
    .autoconnect = TRUE,
  };

  return store_fixture_await_id (inn_store_add_host (self->store, &config));
}

InnHost *
store_fixture_find_host (StoreFixture *self, const char *name)
{
  GListModel *hosts = inn_inventory_get_hosts (self->inventory);
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      if (g_strcmp0 (inn_host_get_name (host), name) == 0)
        return host;
    }

  return NULL;
}

InnDataCenter *
store_fixture_find_data_center (StoreFixture *self, const char *name)
{
  GListModel *data_centers = inn_inventory_get_data_centers (self->inventory);
  guint n = g_list_model_get_n_items (data_centers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);

      if (g_strcmp0 (inn_data_center_get_name (data_center), name) == 0)
        return data_center;
    }

  return NULL;
}

guint
store_fixture_get_n_hosts (StoreFixture *self)
{
  return g_list_model_get_n_items (inn_inventory_get_hosts (self->inventory));
}

char *
store_fixture_sql (const char *directory, const char *sql)
{
  g_autofree char *path = g_build_filename (directory, "view.db", NULL);
  sqlite3 *db = NULL;
  sqlite3_stmt *statement = NULL;
  char *text = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 10000);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return text;
}

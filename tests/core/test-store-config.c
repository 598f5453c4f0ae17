/* test-store-config.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "store-fixture.h"

#include <glib/gstdio.h>

/* Names that people, other programs and attackers come up with. */
static const char *const odd_names[] = {
  "Robert'); DROP TABLE host;--",
  "<b>bold</b> &amp; %s%n",
  "東京のホスト",
  "\xd7\xa9\xd7\xa8\xd7\xaa \xe2\x80\xae"
  "1",
  "with\nline\tfeeds",
  "a'b\"c`d",
  "\x01\x02",
};

#define assert_rejected(future, code)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) _failure = inn_test_await_error (future);                                   \
    g_assert_error (_failure, INN_ERROR, code);                                                    \
    g_assert_true (_failure->message[0] != '\0');                                                  \
  }                                                                                                \
  G_STMT_END

static void
test_empty (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *folder = g_build_filename (dir, "not", "yet", NULL);
  g_autofree char *file = g_build_filename (folder, "view.db", NULL);
  StoreFixture *f = store_fixture_open (folder);
  GStatBuf info;

  g_assert_null (inn_store_get_notice (f->store));
  g_assert_false (inn_store_is_read_only (f->store));
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 0);
  g_assert_cmpint (g_stat (folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
  store_fixture_close (f);
}

static void
test_groups (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *north = NULL;
  g_autofree char *web = NULL;
  InnDataCenter *data_center;

  north = store_fixture_await_id (inn_store_create_data_center (f->store, "  North ", FALSE));
  data_center = inn_inventory_find_data_center (f->inventory, north);
  g_assert_cmpstr (inn_data_center_get_name (data_center), ==, "North");
  web = store_fixture_await_id (inn_store_create_cluster (f->store, north, "web"));
  g_assert_cmpstr (inn_cluster_get_name (inn_inventory_find_cluster (f->inventory, web)), ==,
                   "web");

  assert_rejected (inn_store_create_data_center (f->store, "North", FALSE), INN_ERROR_CONFLICT);
  assert_rejected (inn_store_create_data_center (f->store, " \t ", FALSE), INN_ERROR_INVALID);
  assert_rejected (inn_store_create_data_center (f->store, "\xff\xfe", FALSE), INN_ERROR_INVALID);
  assert_rejected (inn_store_create_cluster (f->store, north, "web"), INN_ERROR_CONFLICT);
  assert_rejected (inn_store_create_cluster (f->store, "nowhere", "web"), INN_ERROR_NOT_FOUND);
  assert_rejected (inn_store_rename_cluster (f->store, "nowhere", "x"), INN_ERROR_NOT_FOUND);
  assert_rejected (inn_store_delete_data_center (f->store, north, FALSE), INN_ERROR_CONFLICT);
  assert_rejected (inn_store_delete_data_center (f->store, "nowhere", TRUE), INN_ERROR_NOT_FOUND);

  inn_test_await_ok (inn_store_rename_cluster (f->store, web, "www"));
  inn_test_await_ok (inn_store_rename_cluster (f->store, web, "www"));
  inn_test_await_ok (inn_store_rename_data_center (f->store, north, "South"));
  g_assert_true (inn_inventory_find_data_center (f->inventory, north) == data_center);
  g_assert_cmpstr (inn_data_center_get_name (data_center), ==, "South");
  inn_test_await_ok (inn_store_delete_cluster (f->store, web));
  g_assert_null (inn_inventory_find_cluster (f->inventory, web));
  inn_test_await_ok (inn_store_delete_data_center (f->store, north, FALSE));
  g_assert_null (inn_inventory_find_data_center (f->inventory, north));
  store_fixture_close (f);
}

static void
test_hosts (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *id = store_fixture_add_host (f, " one ", "qemu+tcp://me:se@cret@h:1/system?a=b");
  g_autofree char *cluster = NULL;
  g_autofree char *other = NULL;
  g_autofree char *data_center = NULL;
  InnHost *host = inn_inventory_find_host (f->inventory, id);
  InnHostConfig config;

  g_assert_cmpstr (inn_host_get_name (host), ==, "one");
  g_assert_cmpstr (inn_host_get_uri (host), ==, "qemu+tcp://me@h:1/system?a=b");
  g_assert_cmpint (inn_host_get_state (host), ==, INN_HOST_OFFLINE);

  cluster = store_fixture_await_id (inn_store_get_default_cluster (f->store));
  g_assert_cmpstr (inn_host_get_cluster_id (host), ==, cluster);
  g_assert_nonnull (store_fixture_find_data_center (f, "Default"));

  config = *inn_host_get_config (host);
  config.id = NULL;
  config.cluster_id = NULL;
  assert_rejected (inn_store_add_host (f->store, &config), INN_ERROR_CONFLICT);
  config.name = (char *) "two";
  config.uri = (char *) "  ";
  assert_rejected (inn_store_add_host (f->store, &config), INN_ERROR_INVALID);
  config.uri = (char *) "test:///default";
  config.cluster_id = (char *) "nowhere";
  assert_rejected (inn_store_add_host (f->store, &config), INN_ERROR_NOT_FOUND);
  assert_rejected (inn_store_delete_cluster (f->store, cluster), INN_ERROR_CONFLICT);

  config = *inn_host_get_config (host);
  config.name = (char *) "uno";
  config.uri = (char *) "test:///default";
  config.read_only = TRUE;
  config.cluster_id = NULL;
  inn_test_await_ok (inn_store_update_host (f->store, &config));
  g_assert_true (inn_inventory_find_host (f->inventory, id) == host);
  g_assert_cmpstr (inn_host_get_name (host), ==, "uno");
  g_assert_true (inn_host_get_read_only (host));
  g_assert_cmpstr (inn_host_get_cluster_id (host), ==, cluster);
  config.id = (char *) "nobody";
  assert_rejected (inn_store_update_host (f->store, &config), INN_ERROR_NOT_FOUND);

  data_center = store_fixture_await_id (inn_store_create_data_center (f->store, "DC", FALSE));
  other = store_fixture_await_id (inn_store_create_cluster (f->store, data_center, "c"));
  inn_test_await_ok (inn_store_move_host (f->store, id, other));
  g_assert_true (inn_inventory_get_cluster_of (f->inventory, host) ==
                 inn_inventory_find_cluster (f->inventory, other));
  assert_rejected (inn_store_move_host (f->store, id, "nowhere"), INN_ERROR_NOT_FOUND);

  inn_test_await_ok (inn_store_remove_host (f->store, id));
  g_assert_null (inn_inventory_find_host (f->inventory, id));
  assert_rejected (inn_store_remove_host (f->store, id), INN_ERROR_NOT_FOUND);
  store_fixture_close (f);
}

/* The default cluster is one, also when it was renamed or deleted. */
static void
test_default_cluster (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *first = store_fixture_await_id (inn_store_get_default_cluster (f->store));
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  inn_test_await_ok (inn_store_rename_cluster (f->store, first, "main"));
  second = store_fixture_await_id (inn_store_get_default_cluster (f->store));
  g_assert_cmpstr (second, ==, first);
  inn_test_await_ok (inn_store_delete_cluster (f->store, first));
  third = store_fixture_await_id (inn_store_get_default_cluster (f->store));
  g_assert_cmpstr (third, !=, first);
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_data_centers (f->inventory)), ==,
                    1);
  store_fixture_close (f);
}

static void
test_delete_with_contents (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *demo = NULL;
  g_autofree char *cluster = NULL;
  g_autofree char *id = NULL;
  g_autofree char *kept = store_fixture_add_host (f, "kept", "qemu:///system");
  InnHostConfig config = { .name = (char *) "d", .uri = (char *) "test:///default" };

  demo = store_fixture_await_id (inn_store_create_data_center (f->store, "Demo", TRUE));
  cluster = store_fixture_await_id (inn_store_create_cluster (f->store, demo, "c"));
  config.cluster_id = cluster;
  id = store_fixture_await_id (inn_store_add_host (f->store, &config));
  g_assert_true (inn_data_center_get_demo (inn_inventory_find_data_center (f->inventory, demo)));

  assert_rejected (inn_store_delete_data_center (f->store, demo, FALSE), INN_ERROR_CONFLICT);
  inn_test_await_ok (inn_store_delete_data_center (f->store, demo, TRUE));
  g_assert_null (inn_inventory_find_host (f->inventory, id));
  g_assert_nonnull (inn_inventory_find_host (f->inventory, kept));
  store_fixture_close (f);
}

static void
test_odd_names_return (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);

  for (guint i = 0; i < G_N_ELEMENTS (odd_names); i++)
    g_free (store_fixture_add_host (f, odd_names[i], "test:///default"));
  store_fixture_close (f);

  f = store_fixture_open (dir);
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, G_N_ELEMENTS (odd_names));
  for (guint i = 0; i < G_N_ELEMENTS (odd_names); i++)
    {
      InnHost *host = store_fixture_find_host (f, odd_names[i]);

      g_assert_nonnull (host);
      g_assert_true (inn_host_get_autoconnect (host));
      g_assert_false (inn_host_get_read_only (host));
    }
  store_fixture_close (f);
}

/* What is asked for before the file is open waits for it; after the end it is refused. */
static void
test_order (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_new (dir);
  DexFuture *opened = inn_store_open (f->store);
  DexFuture *created = inn_store_create_data_center (f->store, "early", FALSE);
  g_autoptr (GError) error = NULL;

  inn_test_await_ok (opened);
  g_free (store_fixture_await_id (created));
  inn_test_await_ok (inn_store_close (f->store));
  dex_await (inn_store_create_data_center (f->store, "late", FALSE), &error);
  g_assert_error (error, INN_ERROR, INN_ERROR_STORE);
  store_fixture_close (f);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/store/config/empty", test_empty);
  inn_test_add_fiber ("/store/config/groups", test_groups);
  inn_test_add_fiber ("/store/config/hosts", test_hosts);
  inn_test_add_fiber ("/store/config/default-cluster", test_default_cluster);
  inn_test_add_fiber ("/store/config/delete-with-contents", test_delete_with_contents);
  inn_test_add_fiber ("/store/config/odd-names-return", test_odd_names_return);
  inn_test_add_fiber ("/store/config/order", test_order);

  return g_test_run ();
}

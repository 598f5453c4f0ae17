/* test-store-transfer.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
import_view (StoreFixture *f, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (InnImportReport) report = dex_await_boxed (inn_store_import (f->store, file), &error);

  g_assert_no_error (error);
  return inn_import_report_summarize (report, "nothing");
}

static void
assert_imports (StoreFixture *f, const char *path, const char *summary)
{
  g_autofree char *told = import_view (f, path);

  g_assert_cmpstr (told, ==, summary);
}

static void
test_round (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *here = g_build_filename (dir, "here", NULL);
  g_autofree char *there = g_build_filename (dir, "there", NULL);
  g_autofree char *path = g_build_filename (dir, "view.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  StoreFixture *f = store_fixture_open (here);
  g_autofree char *one = store_fixture_add_host (f, "one", "qemu+tcp://me:secret@h/system");
  g_autofree char *two = store_fixture_add_host (f, "zw\"ei\n漢", "test:///two");
  g_autofree char *demo =
      store_fixture_await_id (inn_store_create_data_center (f->store, "Demo", TRUE));
  g_autofree char *text = NULL;
  g_autofree char *same = NULL;
  GStatBuf info;

  inn_test_await_ok (inn_store_export (f->store, file));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_null (strstr (text, "secret"));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0077, ==, 0);
  assert_imports (f, path, "2 known already");
  store_fixture_close (f);

  f = store_fixture_open (there);
  /* Known by its URI, under another name; and a name that is taken by another. */
  same = store_fixture_add_host (f, "uno", "qemu+tcp://me@h/system");
  g_free (store_fixture_add_host (f, "zw\"ei\n漢", "test:///other"));
  assert_imports (f, path, "1 data center added, 1 host added, 1 known already");
  assert_imports (f, path, "2 known already");
  g_assert_null (inn_inventory_find_host (f->inventory, one));
  g_assert_cmpstr (inn_host_get_name (inn_inventory_find_host (f->inventory, two)), ==,
                   "zw\"ei\n漢 (2)");
  g_assert_true (inn_data_center_get_demo (inn_inventory_find_data_center (f->inventory, demo)));
  /* “Default” is not there twice. */
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_data_centers (f->inventory)), ==,
                    2);
  store_fixture_close (f);
}

#define HEAD "{\"format\": \"innkeeper-view\", \"version\": 1, \"data_centers\": "
#define GROUP(hosts)                                                                               \
  HEAD "[{\"name\": \"D\", \"clusters\": [{\"name\": \"C\", \"hosts\": " hosts "}]}]}"

static const char *const malformed[] = {
  "",
  "no json",
  "[]",
  "null",
  "{}",
  "{\"format\": \"other\", \"version\": 1}",
  "{\"format\": \"innkeeper-view\"}",
  "{\"format\": \"innkeeper-view\", \"version\": \"1\"}",
  "{\"format\": \"innkeeper-view\", \"version\": 2}",
  HEAD "{}}",
  HEAD "[1]}",
  HEAD "[{\"name\": \"\"}]}",
  HEAD "[{\"name\": \"D\", \"id\": \"x\"}]}",
  HEAD "[{\"name\": \"D\", \"clusters\": [{\"name\": 1}]}]}",
  GROUP ("[{\"name\": \"good\", \"uri\": \"test:///default\"}, {\"name\": \"bad\"}]"),
  GROUP ("[{\"name\": \"h\", \"uri\": \"  \"}]"),
  GROUP ("[{\"name\": \"h\", \"uri\": [\"a\"]}]"),
  GROUP ("[{\"name\": \"h\", \"uri\": \"test:///default\""),
};

static void
test_malformed (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) folder = g_file_new_for_path (dir);
  StoreFixture *f = store_fixture_open (dir);
  g_autoptr (GError) missing = inn_test_await_error (inn_store_import (f->store, file));
  g_autoptr (GError) odd = inn_test_await_error (inn_store_import (f->store, folder));

  g_assert_error (missing, INN_ERROR, INN_ERROR_NOT_FOUND);
  g_assert_error (odd, INN_ERROR, INN_ERROR_INVALID);
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, malformed[i], -1, NULL));
      error = inn_test_await_error (inn_store_import (f->store, file));
      g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
    }
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_data_centers (f->inventory)), ==,
                    0);
  store_fixture_close (f);
}

static void
test_nowhere (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "no", "such", "folder", "view.json", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  StoreFixture *f = store_fixture_open (dir);
  g_autoptr (GError) error = inn_test_await_error (inn_store_export (f->store, file));

  g_assert_cmpuint (error->domain, ==, INN_ERROR);
  g_assert_nonnull (strstr (error->message, path));
  store_fixture_close (f);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/store/transfer/round", test_round);
  inn_test_add_fiber ("/store/transfer/malformed", test_malformed);
  inn_test_add_fiber ("/store/transfer/nowhere", test_nowhere);

  return g_test_run ();
}

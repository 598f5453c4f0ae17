/* test-store-hostile.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What others do to the folder of the view while it is open, and odd folders. */

static const char *const names[] = { "view.db", "view.db-wal", "view.db-shm", "view.db.lock" };

static void
remove_files (const char *dir)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (dir, names[i], NULL);

      g_unlink (path);
    }
}

static gboolean
has_notice (gpointer store)
{
  return inn_store_get_notice (store) != NULL;
}

static void
report (StoreFixture *f, const char *text)
{
  inn_inventory_report (f->inventory, INN_SEVERITY_INFO, "k", NULL, NULL, "%s", text);
}

static void
assert_all_there (const char *dir)
{
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *n_events = store_fixture_sql (dir, "SELECT count(DISTINCT text) FROM event");

  g_assert_null (inn_store_get_notice (f->store));
  g_assert_nonnull (store_fixture_find_host (f, "before"));
  g_assert_nonnull (store_fixture_find_host (f, "after"));
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 2);
  g_assert_cmpstr (n_events, ==, "2");
  store_fixture_close (f);
}

static void
check_removed (gboolean with_folder)
{
  g_autoptr (InnTestDir) top = inn_test_dir_new ();
  g_autofree char *dir = g_build_filename (top, "view", NULL);
  StoreFixture *f = store_fixture_open (dir);

  g_free (store_fixture_add_host (f, "before", "test:///before"));
  report (f, "before");
  inn_test_await_ok (inn_store_flush (f->store));
  remove_files (dir);
  if (with_folder)
    g_assert_cmpint (g_rmdir (dir), ==, 0);

  /* Nobody waits until it was noticed. */
  g_free (store_fixture_add_host (f, "after", "test:///after"));
  report (f, "after");
  inn_test_wait (has_notice, f->store);
  g_assert_nonnull (strstr (inn_store_get_notice (f->store), dir));
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 2);
  store_fixture_close (f);
  assert_all_there (dir);
}

static void
test_folder_removed (void)
{
  check_removed (TRUE);
}

static void
test_files_removed (void)
{
  check_removed (FALSE);
}

static void
test_file_removed (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);

  g_free (store_fixture_add_host (a, "before", "test:///before"));
  report (a, "before");
  inn_test_await_ok (inn_store_flush (a->store));
  /* Its log stays. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  inn_test_wait (has_notice, a->store);
  inn_test_wait (has_notice, b->store);
  g_free (store_fixture_add_host (b, "after", "test:///after"));
  report (b, "after");
  store_fixture_close (b);
  store_fixture_close (a);
  assert_all_there (dir);
}

static gboolean
shows_other (gpointer fixture)
{
  return store_fixture_find_host (fixture, "other") != NULL &&
         store_fixture_find_host (fixture, "before") == NULL;
}

/* A copy that was kept is put back. */
static void
test_replaced (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (InnTestDir) other = inn_test_dir_new ();
  g_autofree char *from = g_build_filename (other, "view.db", NULL);
  g_autofree char *to = g_build_filename (dir, "view.db", NULL);
  StoreFixture *f = store_fixture_open (other);

  g_free (store_fixture_add_host (f, "other", "test:///other"));
  store_fixture_close (f);

  f = store_fixture_open (dir);
  g_free (store_fixture_add_host (f, "before", "test:///before"));
  remove_files (dir);
  g_assert_cmpint (g_rename (from, to), ==, 0);
  inn_test_wait (shows_other, f);
  g_assert_nonnull (inn_store_get_notice (f->store));
  store_fixture_close (f);

  f = store_fixture_open (dir);
  g_assert_true (shows_other (f));
  store_fixture_close (f);
}

static void
test_empty_file (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);
  StoreFixture *f;

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  f = store_fixture_open (dir);
  g_assert_null (inn_store_get_notice (f->store));
  g_free (store_fixture_add_host (f, "one", "test:///one"));
  store_fixture_close (f);
  f = store_fixture_open (dir);
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 1);
  store_fixture_close (f);
}

static void
test_symlink (void)
{
  g_autoptr (InnTestDir) top = inn_test_dir_new ();
  g_autofree char *real = g_build_filename (top, "real", NULL);
  g_autofree char *link = g_build_filename (top, "link", NULL);
  StoreFixture *a;
  StoreFixture *b;

  g_assert_cmpint (g_mkdir (real, 0700), ==, 0);
  g_assert_cmpint (symlink (real, link), ==, 0);
  a = store_fixture_open (link);
  b = store_fixture_open (real);
  g_free (store_fixture_add_host (a, "one", "test:///one"));
  g_free (store_fixture_add_host (b, "two", "test:///two"));
  g_assert_null (inn_store_get_notice (a->store));
  store_fixture_close (a);
  store_fixture_close (b);
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));

  a = store_fixture_open (real);
  g_assert_cmpuint (store_fixture_get_n_hosts (a), ==, 2);
  store_fixture_close (a);
}

/* Two programs begin in the same moment where there is nothing yet. */
static void
test_two_at_once (void)
{
  g_autoptr (InnTestDir) top = inn_test_dir_new ();
  g_autofree char *dir = g_build_filename (top, "fresh", NULL);
  StoreFixture *a = store_fixture_new (dir);
  StoreFixture *b = store_fixture_new (dir);
  DexFuture *first = inn_store_open (a->store);
  DexFuture *second = inn_store_open (b->store);

  inn_test_await_ok (first);
  inn_test_await_ok (second);
  g_assert_null (inn_store_get_notice (a->store));
  g_assert_null (inn_store_get_notice (b->store));
  g_free (store_fixture_add_host (a, "one", "test:///one"));
  g_free (store_fixture_add_host (b, "two", "test:///two"));
  store_fixture_close (a);
  store_fixture_close (b);

  a = store_fixture_open (dir);
  g_assert_cmpuint (store_fixture_get_n_hosts (a), ==, 2);
  store_fixture_close (a);
}

/* The clock goes back by a day: what was seen then is still the last that was seen. */
static void
test_clock_back (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *id = store_fixture_add_host (f, "one", "test:///one");
  InnHost *host = inn_inventory_find_host (f->inventory, id);

  inn_host_set_last_seen (host, 1750000000);
  inn_test_await_ok (inn_store_flush (f->store));
  inn_host_set_last_seen (host, 1750000000 - 86400);
  inn_test_await_ok (inn_store_flush (f->store));
  store_fixture_close (f);

  f = store_fixture_open (dir);
  host = inn_inventory_find_host (f->inventory, id);
  g_assert_cmpint (inn_host_get_last_seen (host), ==, 1750000000 - 86400);
  store_fixture_close (f);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/store/hostile/folder-removed", test_folder_removed);
  inn_test_add_fiber ("/store/hostile/files-removed", test_files_removed);
  inn_test_add_fiber ("/store/hostile/file-removed", test_file_removed);
  inn_test_add_fiber ("/store/hostile/replaced", test_replaced);
  inn_test_add_fiber ("/store/hostile/empty-file", test_empty_file);
  inn_test_add_fiber ("/store/hostile/symlink", test_symlink);
  inn_test_add_fiber ("/store/hostile/two-at-once", test_two_at_once);
  inn_test_add_fiber ("/store/hostile/clock-back", test_clock_back);

  return g_test_run ();
}

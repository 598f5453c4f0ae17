/* test-store-trouble.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "store-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#define SKIPPED 77
#define NOBODY 65534

/* A store with one host in it, closed again. */
static void
fill (const char *dir)
{
  StoreFixture *f = store_fixture_open (dir);

  g_free (store_fixture_add_host (f, "one", "test:///default"));
  store_fixture_close (f);
}

/* The file that was kept aside, or NULL. */
static char *
find_aside (const char *dir, const char *prefix)
{
  g_autoptr (GDir) folder = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_prefix (name, prefix) && !g_str_has_suffix (name, "-wal") &&
        !g_str_has_suffix (name, "-shm"))
      return g_build_filename (dir, name, NULL);

  return NULL;
}

static void
assert_begun_anew (const char *dir, const char *prefix, const char *content, gsize length)
{
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *aside = find_aside (dir, prefix);
  g_autofree char *name = aside != NULL ? g_path_get_basename (aside) : NULL;
  g_autofree char *brief = inn_store_dup_short_notice (f->store);
  g_autofree char *kept = NULL;
  gsize n = 0;

  g_assert_nonnull (aside);
  g_assert_nonnull (inn_store_get_notice (f->store));
  g_assert_nonnull (strstr (inn_store_get_notice (f->store), aside));
  g_assert_nonnull (strstr (brief, name));
  g_assert_null (strstr (brief, dir));
  g_assert_true (g_file_get_contents (aside, &kept, &n, NULL));
  if (content != NULL)
    g_assert_cmpmem (kept, n, content, length);

  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 0);
  g_free (store_fixture_add_host (f, "new", "test:///default"));
  store_fixture_close (f);

  /* Said once. */
  f = store_fixture_open (dir);
  g_assert_null (inn_store_get_notice (f->store));
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 1);
  store_fixture_close (f);
}

static void
test_garbage (void)
{
  static const char garbage[] = "this is no database, and it is long enough to look at all of its "
                                "header, which has a hundred bytes, and then some more";
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);

  g_assert_true (g_file_set_contents (path, garbage, sizeof garbage, NULL));
  assert_begun_anew (dir, "view.db.corrupt-", garbage, sizeof garbage);
}

static void
damage (const char *path, gsize keep, gsize from, gsize n)
{
  g_autofree char *content = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_cmpuint (from + n, <=, length);
  memset (content + from, 0xa5, n);
  g_assert_true (g_file_set_contents (path, content, (gssize) (keep > 0 ? keep : length), NULL));
}

static void
test_torn (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);

  fill (dir);
  damage (path, 6000, 0, 0);
  assert_begun_anew (dir, "view.db.corrupt-", NULL, 0);
}

static void
test_bad_header (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);

  fill (dir);
  damage (path, 0, 0, 100);
  assert_begun_anew (dir, "view.db.corrupt-", NULL, 0);
}

static void
test_bad_page (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);
  g_autofree char *page = NULL;

  fill (dir);
  page = store_fixture_sql (dir, "SELECT rootpage FROM sqlite_schema WHERE name = 'host'");
  damage (path, 0, (gsize) (atoi (page) - 1) * 4096, 4096);
  assert_begun_anew (dir, "view.db.corrupt-", NULL, 0);
}

/* Damage where opening does not need to look: the hosts are there, it is said, and the next start
 * begins anew. */
static void
test_bad_event_page (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);
  g_autofree char *page = NULL;
  StoreFixture *f;

  fill (dir);
  page = store_fixture_sql (dir, "SELECT rootpage FROM sqlite_schema WHERE name = 'event'");
  damage (path, 0, (gsize) (atoi (page) - 1) * 4096, 4096);
  f = store_fixture_open (dir);
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 1);
  g_assert_nonnull (inn_store_get_notice (f->store));
  store_fixture_close (f);
  assert_begun_anew (dir, "view.db.corrupt-", NULL, 0);
}

/* Somebody else's database. */
static void
test_foreign (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();

  g_free (store_fixture_sql (dir, "CREATE TABLE host (recipe TEXT)"));
  assert_begun_anew (dir, "view.db.corrupt-", NULL, 0);
}

static void
test_newer (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *aside = NULL;
  g_autofree char *n = NULL;

  fill (dir);
  g_free (store_fixture_sql (dir, "PRAGMA user_version = 99"));
  assert_begun_anew (dir, "view.db.newer-99-", NULL, 0);

  /* All of it is in what was kept. */
  aside = find_aside (dir, "view.db.newer-99-");
  g_assert_true (g_file_test (aside, G_FILE_TEST_IS_REGULAR));
}

/* A column that a later program of the same version line added is passed over. */
static void
test_unknown_column (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f;

  fill (dir);
  g_free (store_fixture_sql (dir, "ALTER TABLE host ADD COLUMN colour TEXT DEFAULT 'red'"));
  f = store_fixture_open (dir);
  g_assert_null (inn_store_get_notice (f->store));
  g_free (store_fixture_add_host (f, "two", "test:///default"));
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 2);
  store_fixture_close (f);
}

/* The folder cannot be made: everything works, in memory, and it is said. */
static void
test_no_folder (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *file = g_build_filename (dir, "file", NULL);
  g_autofree char *folder = g_build_filename (file, "store", NULL);
  StoreFixture *f;

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  f = store_fixture_open (folder);
  g_assert_nonnull (inn_store_get_notice (f->store));
  g_free (store_fixture_add_host (f, "one", "test:///default"));
  inn_test_await_ok (inn_store_flush (f->store));
  store_fixture_close (f);
}

/* This program starts itself again, in a role: as nobody, since modes do not bind root, or in a
 * mount namespace of its own with a very small disk. */
static void
run_role (const char *role, const char *dir)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, self, role, dir, NULL);

  g_assert_no_error (error);
  dex_await (dex_subprocess_wait_check (process), &error);
  if (g_subprocess_get_if_exited (process) && g_subprocess_get_exit_status (process) == SKIPPED)
    {
      g_test_skip ("it takes root, or a user namespace, to mount a small disk");
      return;
    }
  g_assert_no_error (error);
}

static DexFuture *
read_only_fiber (gpointer data)
{
  const char *dir = data;
  const InnHostConfig config = { .name = (char *) "x", .uri = (char *) "test:///x" };
  g_autoptr (GError) error = NULL;
  StoreFixture *f;
  InnHost *host;

  if (getuid () == 0)
    g_assert_true (setgid (NOBODY) == 0 && setuid (NOBODY) == 0);

  f = store_fixture_open (dir);
  g_assert_true (inn_store_is_read_only (f->store));
  g_assert_nonnull (inn_store_get_notice (f->store));
  host = store_fixture_find_host (f, "one");
  g_assert_nonnull (host);

  error = inn_test_await_error (inn_store_add_host (f->store, &config));
  g_assert_error (error, INN_ERROR, INN_ERROR_DENIED);
  inn_host_set_last_seen (host, 5);
  inn_host_mark_dirty (host);
  inn_inventory_report (f->inventory, INN_SEVERITY_INFO, "k", host, NULL, "text");
  inn_test_await_ok (inn_store_flush (f->store));
  store_fixture_close (f);

  return dex_future_new_true ();
}

static void
check_read_only (mode_t folder_mode, mode_t file_mode)
{
  g_autoptr (InnTestDir) dir = g_strdup_printf ("/tmp/innkeeper-test-ro-%d", getpid ());
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);
  g_autofree char *lock = g_build_filename (dir, "view.db.lock", NULL);

  g_assert_cmpint (g_mkdir (dir, 0755), ==, 0);
  fill (dir);
  g_assert_cmpint (g_chmod (path, file_mode), ==, 0);
  g_assert_cmpint (g_chmod (lock, 0644), ==, 0);
  g_assert_cmpint (g_chmod (dir, folder_mode), ==, 0);
  run_role ("--read-only", dir);
  g_assert_cmpint (g_chmod (dir, 0755), ==, 0);
}

static void
test_read_only_folder (void)
{
  check_read_only (0555, 0644);
}

static void
test_read_only_file (void)
{
  check_read_only (0777, 0444);
}

static DexFuture *
unreadable_fiber (gpointer data)
{
  StoreFixture *f;

  if (getuid () == 0)
    g_assert_true (setgid (NOBODY) == 0 && setuid (NOBODY) == 0);

  f = store_fixture_open (data);
  g_assert_nonnull (inn_store_get_notice (f->store));
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 0);
  g_free (store_fixture_add_host (f, "new", "test:///default"));
  store_fixture_close (f);

  return dex_future_new_true ();
}

/* A file that may not even be read stays where it is. */
static void
test_unreadable (void)
{
  g_autoptr (InnTestDir) dir = g_strdup_printf ("/tmp/innkeeper-test-un-%d", getpid ());
  g_autofree char *path = g_build_filename (dir, "view.db", NULL);
  StoreFixture *f;

  g_assert_cmpint (g_mkdir (dir, 0777), ==, 0);
  fill (dir);
  g_assert_cmpint (g_chmod (dir, 0777), ==, 0);
  g_assert_cmpint (g_chmod (path, 0000), ==, 0);
  run_role ("--unreadable", dir);
  g_assert_cmpint (g_chmod (path, 0600), ==, 0);
  f = store_fixture_open (dir);
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, 1);
  store_fixture_close (f);
}

static guint
fill_up (StoreFixture *f)
{
  g_autofree char *padding = g_strnfill (2000, 'x');

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      g_autofree char *uri = g_strdup_printf ("test:///%s/%u", padding, i);
      const InnHostConfig config = { .name = name, .uri = uri };
      g_autoptr (GError) error = NULL;
      g_autofree char *id = dex_await_string (inn_store_add_host (f->store, &config), &error);

      if (id != NULL)
        continue;
      g_assert_error (error, INN_ERROR, INN_ERROR_NO_SPACE);
      return i;
    }

  g_assert_not_reached ();
}

static gboolean
has_notice (gpointer store)
{
  return inn_store_get_notice (store) != NULL;
}

static gboolean
has_no_notice (gpointer store)
{
  return !has_notice (store);
}

static void
count_cb (InnStore *store, guint *count)
{
  ++*count;
}

/* All of it must wait in memory: what happened, what hosts said, what was done. */
static void
let_things_happen (StoreFixture *f)
{
  g_autofree char *text = g_strnfill (8000, 'y');
  g_autoptr (InnOperation) operation = inn_operation_new ("test.work", NULL, NULL, "Work");
  const InnVmInfo info = {
    .uuid = (char *) "11111111-2222-3333-4444-555555555555",
    .name = (char *) "while-full",
    .description = text,
  };
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);
  InnHost *host = store_fixture_find_host (f, "host0");

  for (guint i = 0; i < 50; i++)
    inn_inventory_report (f->inventory, INN_SEVERITY_INFO, "k", NULL, NULL, "%s", text);
  inn_operation_manager_add (f->operations, operation);
  inn_operation_succeed (operation);
  g_ptr_array_add (vms, inn_vm_new (&info));
  inn_host_add_vms (host, vms);
  inn_host_mark_dirty (host);
}

static DexFuture *
full_fiber (gpointer data)
{
  const char *dir = data;
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *n = NULL;
  g_autofree char *n_operations = NULL;
  g_autofree char *vm = NULL;
  g_autoptr (GError) error = NULL;
  guint n_changes = 0;
  guint n_hosts = fill_up (f);

  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, n_hosts);
  g_assert_null (inn_store_get_notice (f->store));
  g_signal_connect (f->store, "notice-changed", G_CALLBACK (count_cb), &n_changes);
  let_things_happen (f);
  inn_test_wait (has_notice, f->store);
  g_assert_nonnull (strstr (inn_store_get_notice (f->store), dir));
  error = inn_test_await_error (inn_store_flush (f->store));
  g_assert_error (error, INN_ERROR, INN_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (inn_store_get_notice (f->store), error->message));
  g_assert_cmpuint (n_changes, ==, 1);

  /* Nobody has to do anything but to make room. */
  g_assert_cmpint (mount ("none", dir, "tmpfs", MS_REMOUNT, "size=8m"), ==, 0);
  inn_test_wait (has_no_notice, f->store);
  g_assert_cmpuint (n_changes, ==, 2);
  inn_test_await_ok (inn_store_flush (f->store));
  g_free (store_fixture_add_host (f, "after", "test:///after"));
  store_fixture_close (f);

  f = store_fixture_open (dir);
  g_assert_null (inn_store_get_notice (f->store));
  g_assert_cmpuint (store_fixture_get_n_hosts (f), ==, n_hosts + 1);
  store_fixture_close (f);
  n = store_fixture_sql (dir, "SELECT count(*) FROM event");
  g_assert_cmpstr (n, ==, "50");
  n_operations =
      store_fixture_sql (dir, "SELECT count(*) FROM operation WHERE state = 'succeeded'");
  g_assert_cmpstr (n_operations, ==, "1");
  vm = store_fixture_sql (dir, "SELECT name FROM vm");
  g_assert_cmpstr (vm, ==, "while-full");

  return dex_future_new_true ();
}

static gboolean
put (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean ok = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return ok;
}

/* Who has no number in a namespace of users can make no file on what is mounted there. */
static gboolean
become_root_of_a_namespace (void)
{
  g_autofree char *users = g_strdup_printf ("0 %u 1", getuid ());
  g_autofree char *groups = g_strdup_printf ("0 %u 1", getgid ());

  return unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0 && put ("/proc/self/setgroups", "deny") &&
         put ("/proc/self/uid_map", users) && put ("/proc/self/gid_map", groups);
}

static gboolean
mount_small_disk (const char *dir)
{
  if (unshare (CLONE_NEWNS) != 0 && !become_root_of_a_namespace ())
    return FALSE;

  mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
  return mount ("none", dir, "tmpfs", 0, "size=640k") == 0;
}

static void
test_full (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();

  run_role ("--full", dir);
}

static int
play (const char *role, char *dir)
{
  DexFiberFunc func = read_only_fiber;
  g_autoptr (GError) error = NULL;

  if (g_str_equal (role, "--unreadable"))
    func = unreadable_fiber;
  if (g_str_equal (role, "--full"))
    func = full_fiber;
  if (func == full_fiber && !mount_small_disk (dir))
    return SKIPPED;

  inn_init ();
  inn_test_settle (inn_spawn ("role_fiber", func, dir, NULL), &error);
  g_assert_no_error (error);
  return 0;
}

int
main (int argc, char *argv[])
{
  if (argc == 3 && g_path_is_absolute (argv[2]))
    return play (argv[1], argv[2]);

  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/store/trouble/garbage", test_garbage);
  inn_test_add_fiber ("/store/trouble/torn", test_torn);
  inn_test_add_fiber ("/store/trouble/bad-header", test_bad_header);
  inn_test_add_fiber ("/store/trouble/bad-page", test_bad_page);
  inn_test_add_fiber ("/store/trouble/bad-event-page", test_bad_event_page);
  inn_test_add_fiber ("/store/trouble/foreign", test_foreign);
  inn_test_add_fiber ("/store/trouble/newer", test_newer);
  inn_test_add_fiber ("/store/trouble/unknown-column", test_unknown_column);
  inn_test_add_fiber ("/store/trouble/no-folder", test_no_folder);
  inn_test_add_fiber ("/store/trouble/read-only-folder", test_read_only_folder);
  inn_test_add_fiber ("/store/trouble/read-only-file", test_read_only_file);
  inn_test_add_fiber ("/store/trouble/unreadable", test_unreadable);
  inn_test_add_fiber ("/store/trouble/full", test_full);

  return g_test_run ();
}

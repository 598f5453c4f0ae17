/* test-store-hosts.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store-fixture.h"

#include <time.h>

static char *
make_uuid (guint number)
{
  return g_strdup_printf ("00000000-0000-4000-8000-%012u", number);
}

static InnVm *
make_vm (guint number, const char *name)
{
  g_autofree char *uuid = make_uuid (number);
  const InnVmInfo info = {
    .uuid = uuid,
    .name = (char *) name,
    .title = (char *) "A title",
    .os = (char *) "debian13",
    .domain_id = (int) number,
    .state = INN_VM_RUNNING,
    .reason = 1,
    .persistent = TRUE,
    .autostart = number % 2 != 0,
    .vcpus = 2,
    .max_memory_kib = G_GUINT64_CONSTANT (8) << 30,
    .memory_kib = 1048576,
  };
  static const char *const addresses[] = { "192.0.2.7", "2001:db8::7", NULL };
  InnVm *vm = inn_vm_new (&info);

  inn_vm_set_addresses (vm, addresses);
  inn_vm_set_started_at (vm, 1700000000);
  return vm;
}

static void
add_vms (InnHost *host, guint first, guint n)
{
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *name = g_strdup_printf ("vm%u", i);

      g_ptr_array_add (vms, make_vm (i, name));
    }
  inn_host_add_vms (host, vms);
}

static void
give_facts (InnHost *host)
{
  const InnHostFacts facts = {
    .uuid = (char *) "c0ffee00-0000-4000-8000-000000000001",
    .hostname = (char *) "h1.example",
    .hypervisor = (char *) "QEMU",
    .hypervisor_version = 10000000,
    .libvirt_version = 11003000,
    .arch = (char *) "x86_64",
    .cpu_model = (char *) "EPYC",
    .cpus = 64,
    .sockets = 2,
    .cores = 16,
    .threads = 2,
    .cpu_mhz = 2400,
    .memory_kib = 1 << 30,
    .boot_time = 1700000000,
  };

  inn_host_apply_facts (host, &facts);
  inn_host_set_last_seen (host, 1750000000);
}

static InnVm *
find_vm (StoreFixture *f, guint number)
{
  g_autofree char *uuid = make_uuid (number);

  return inn_inventory_find_vm (f->inventory, uuid);
}

static void
test_return (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *id = store_fixture_add_host (f, "one", "test:///default");
  InnHost *host = inn_inventory_find_host (f->inventory, id);
  const InnHostFacts *facts;
  InnVm *vm;

  inn_host_set_state (host, INN_HOST_ONLINE, NULL);
  give_facts (host);
  add_vms (host, 1, 3);
  store_fixture_close (f);

  f = store_fixture_open (dir);
  host = inn_inventory_find_host (f->inventory, id);
  facts = inn_host_get_facts (host);
  g_assert_cmpint (inn_host_get_state (host), ==, INN_HOST_OFFLINE);
  g_assert_cmpint (inn_host_get_last_seen (host), ==, 1750000000);
  g_assert_cmpstr (facts->hostname, ==, "h1.example");
  g_assert_cmpuint (facts->libvirt_version, ==, 11003000);
  g_assert_cmpuint (facts->threads, ==, 2);
  g_assert_cmpuint (facts->memory_kib, ==, 1 << 30);
  g_assert_cmpuint (inn_host_get_n_vms (host), ==, 3);
  g_assert_cmpuint (inn_host_get_n_running (host), ==, 3);

  vm = find_vm (f, 3);
  g_assert_true (inn_vm_get_stale (vm));
  g_assert_true (inn_vm_get_host (vm) == host);
  g_assert_cmpstr (inn_vm_get_name (vm), ==, "vm3");
  g_assert_cmpstr (inn_vm_get_title (vm), ==, "A title");
  g_assert_null (inn_vm_get_description (vm));
  g_assert_cmpint (inn_vm_get_state (vm), ==, INN_VM_RUNNING);
  g_assert_cmpint (inn_vm_get_domain_id (vm), ==, 3);
  g_assert_true (inn_vm_get_autostart (vm));
  g_assert_cmpuint (inn_vm_get_max_memory_kib (vm), ==, G_GUINT64_CONSTANT (8) << 30);
  g_assert_cmpint (inn_vm_get_started_at (vm), ==, 1700000000);
  g_assert_cmpstr (inn_vm_get_addresses (vm)[1], ==, "2001:db8::7");
  store_fixture_close (f);
}

/* What names are sorted by is remembered, unless another language made it. */
static void
test_name_keys (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *id = store_fixture_add_host (f, "one", "test:///default");
  g_autofree char *key = NULL;

  inn_host_set_state (inn_inventory_find_host (f->inventory, id), INN_HOST_ONLINE, NULL);
  add_vms (inn_inventory_find_host (f->inventory, id), 1, 2);
  key = g_strdup (inn_vm_get_name_key (find_vm (f, 2)));
  store_fixture_close (f);

  g_free (store_fixture_sql (
      dir, "UPDATE vm SET name_key = substr (name_key, 1, 9) || 'ours' WHERE name = 'vm1'; "));
  g_free (store_fixture_sql (dir, "UPDATE vm SET name_key = '0:theirs' WHERE name = 'vm2'"));
  f = store_fixture_open (dir);
  g_assert_cmpstr (inn_vm_get_name_key (find_vm (f, 1)), ==, "ours");
  g_assert_cmpstr (inn_vm_get_name_key (find_vm (f, 2)), ==, key);
  store_fixture_close (f);
}

/* Only what differs is written: rows that nobody touched keep a mark made from outside. */
static void
test_differences (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *id = store_fixture_add_host (f, "one", "test:///default");
  InnHost *host = inn_inventory_find_host (f->inventory, id);
  g_autofree char *marks = NULL;
  g_autofree char *names = NULL;

  add_vms (host, 1, 5);
  inn_test_await_ok (inn_store_flush (f->store));
  g_free (store_fixture_sql (dir, "UPDATE vm SET description = 'mark'"));

  inn_vm_set_name (find_vm (f, 2), "renamed");
  inn_host_remove_vm (host, find_vm (f, 4));
  inn_host_mark_dirty (host);
  inn_test_await_ok (inn_store_flush (f->store));
  marks = store_fixture_sql (dir, "SELECT count(*) FROM vm WHERE description = 'mark'");
  names = store_fixture_sql (dir, "SELECT group_concat(name, ' ') FROM vm");
  g_assert_cmpstr (marks, ==, "3");
  g_assert_cmpstr (names, ==, "vm1 renamed vm3 vm5");
  store_fixture_close (f);

  /* Loading is no change. */
  f = store_fixture_open (dir);
  g_free (store_fixture_sql (dir, "UPDATE vm SET description = 'again'"));
  inn_host_mark_dirty (inn_inventory_find_host (f->inventory, id));
  inn_test_await_ok (inn_store_flush (f->store));
  g_free (marks);
  marks = store_fixture_sql (dir, "SELECT count(*) FROM vm WHERE description = 'again'");
  g_assert_cmpstr (marks, ==, "4");
  store_fixture_close (f);
}

static gboolean
is_written (gpointer dir)
{
  g_autofree char *n = store_fixture_sql (dir, "SELECT count(*) FROM vm");

  return g_strcmp0 (n, "2") == 0;
}

/* Nobody has to ask. */
static void
test_by_itself (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *id = store_fixture_add_host (f, "one", "test:///default");

  add_vms (inn_inventory_find_host (f->inventory, id), 1, 2);
  inn_test_wait (is_written, dir);
  store_fixture_close (f);
}

/* Two records of one machine, or a guest that is on its way: each host keeps its own. */
static void
test_same_vm_twice (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *one = store_fixture_add_host (f, "one", "test:///default");
  g_autofree char *two = store_fixture_add_host (f, "two", "test:///default");

  add_vms (inn_inventory_find_host (f->inventory, one), 1, 2);
  add_vms (inn_inventory_find_host (f->inventory, two), 1, 3);
  store_fixture_close (f);

  f = store_fixture_open (dir);
  g_assert_cmpuint (inn_host_get_n_vms (inn_inventory_find_host (f->inventory, one)), ==, 2);
  g_assert_cmpuint (inn_host_get_n_vms (inn_inventory_find_host (f->inventory, two)), ==, 3);
  inn_test_await_ok (inn_store_remove_host (f->store, two));
  store_fixture_close (f);

  f = store_fixture_open (dir);
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_vms (f->inventory)), ==, 2);
  store_fixture_close (f);
}

/* A host that another program removed meanwhile is no failure. */
static void
test_removed_elsewhere (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *one = store_fixture_add_host (f, "one", "test:///default");
  g_autofree char *two = store_fixture_add_host (f, "two", "test:///default");
  g_autofree char *n = NULL;

  g_free (store_fixture_sql (dir, "DELETE FROM host WHERE name = 'one'"));
  add_vms (inn_inventory_find_host (f->inventory, one), 1, 2);
  add_vms (inn_inventory_find_host (f->inventory, two), 3, 2);
  inn_test_await_ok (inn_store_flush (f->store));
  n = store_fixture_sql (dir, "SELECT count(*) FROM vm");
  g_assert_cmpstr (n, ==, "2");
  store_fixture_close (f);
}

static double
get_cpu_msec (clockid_t clock)
{
  struct timespec t;

  clock_gettime (clock, &t);
  return (double) t.tv_sec * 1000 + (double) t.tv_nsec / 1e6;
}

#define N_HOSTS 100
#define N_VMS 100

/* Ten thousand guests come back. The time is told, not judged: that is for the benchmark. */
static void
test_many (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  double process;
  double thread;

  for (guint i = 0; i < N_HOSTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      g_autofree char *id = store_fixture_add_host (f, name, "test:///default");

      give_facts (inn_inventory_find_host (f->inventory, id));
      add_vms (inn_inventory_find_host (f->inventory, id), i * N_VMS, N_VMS);
    }
  store_fixture_close (f);

  f = store_fixture_new (dir);
  process = get_cpu_msec (CLOCK_PROCESS_CPUTIME_ID);
  thread = get_cpu_msec (CLOCK_THREAD_CPUTIME_ID);
  inn_test_await_ok (inn_store_open (f->store));
  g_test_message ("opened with %u guests: %.1f ms CPU, of it %.1f ms on the main thread",
                  N_HOSTS * N_VMS, get_cpu_msec (CLOCK_PROCESS_CPUTIME_ID) - process,
                  get_cpu_msec (CLOCK_THREAD_CPUTIME_ID) - thread);
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_vms (f->inventory)), ==,
                    N_HOSTS * N_VMS);
  store_fixture_close (f);
}

static guint
get_n_listed (StoreFixture *f)
{
  return g_list_model_get_n_items (inn_inventory_get_vms (f->inventory));
}

static int
compare_by_key (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (inn_vm_get_name_key (*(InnVm *const *) a),
                    inn_vm_get_name_key (*(InnVm *const *) b));
}

/* By their names, and not by their hosts. */
static GPtrArray *
dup_sorted (StoreFixture *f)
{
  GListModel *vms = inn_inventory_get_vms (f->inventory);
  GPtrArray *sorted = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (vms); i++)
    g_ptr_array_add (sorted, g_list_model_get_item (vms, i));
  g_ptr_array_sort (sorted, compare_by_key);

  return sorted;
}

static void
fill_hosts (const char *dir, guint n_vms)
{
  StoreFixture *f = store_fixture_open (dir);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("host%u", i);
      g_autofree char *id = store_fixture_add_host (f, name, "test:///default");

      give_facts (inn_inventory_find_host (f->inventory, id));
      add_vms (inn_inventory_find_host (f->inventory, id), i * n_vms, n_vms);
    }
  store_fixture_close (f);
}

/* A window has the first guests by name first, then all; what is counted is right from the start.
 */
static void
test_first (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) all = NULL;
  StoreFixture *f;
  guint n;

  fill_hosts (dir, 200);
  f = store_fixture_new (dir);
  inn_test_await_ok (inn_store_open_first (f->store));
  first = dup_sorted (f);
  n = first->len;
  g_assert_cmpuint (n, >=, 50);
  g_assert_cmpuint (n, <, 600);
  g_assert_cmpuint (inn_inventory_get_n_vms (f->inventory), ==, 600);
  g_assert_cmpuint (inn_host_get_n_vms (store_fixture_find_host (f, "host1")), ==, 200);

  inn_test_await_ok (inn_store_open_rest (f->store));
  all = dup_sorted (f);
  g_assert_cmpuint (all->len, ==, 600);
  /* The same objects stay where they are seen. */
  for (guint i = 0; i < n; i++)
    g_assert_true (g_ptr_array_index (first, i) == g_ptr_array_index (all, i));
  g_assert_cmpuint (inn_inventory_get_n_vms (f->inventory), ==, 600);
  inn_host_remove_vm (inn_vm_get_host (g_ptr_array_index (all, 0)), g_ptr_array_index (all, 0));
  g_assert_cmpuint (inn_inventory_get_n_vms (f->inventory), ==, 599);
  g_clear_pointer (&first, g_ptr_array_unref);
  g_clear_pointer (&all, g_ptr_array_unref);
  store_fixture_close (f);
}

/* A window that is closed before it had all has deleted none. */
static void
test_first_closed (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *count = NULL;
  g_autoptr (InnVm) vm = NULL;
  StoreFixture *f;

  fill_hosts (dir, 200);
  f = store_fixture_new (dir);
  inn_test_await_ok (inn_store_open_first (f->store));
  inn_host_set_last_seen (store_fixture_find_host (f, "host1"), 1800000000);
  vm = g_list_model_get_item (inn_inventory_get_vms (f->inventory), 0);
  inn_vm_set_started_at (vm, 1800000000);
  g_clear_object (&vm);
  store_fixture_close (f);

  count = store_fixture_sql (dir, "SELECT count(*) FROM vm");
  g_assert_cmpstr (count, ==, "600");

  /* And one that is closed while the rest comes. */
  f = store_fixture_new (dir);
  inn_test_await_ok (inn_store_open_first (f->store));
  dex_future_disown (inn_store_open_rest (f->store));
  store_fixture_close (f);
  g_clear_pointer (&count, g_free);
  count = store_fixture_sql (dir, "SELECT count(*) FROM vm");
  g_assert_cmpstr (count, ==, "600");
}

/* Names that another language sorted are not in our order: then all come at once. */
static void
test_first_unsorted (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f;

  fill_hosts (dir, 100);
  g_free (store_fixture_sql (dir, "UPDATE vm SET name_key = 'other:' || name WHERE key = 17"));
  f = store_fixture_new (dir);
  inn_test_await_ok (inn_store_open_first (f->store));
  g_assert_cmpuint (get_n_listed (f), ==, 300);
  inn_test_await_ok (inn_store_open_rest (f->store));
  g_assert_cmpuint (get_n_listed (f), ==, 300);
  store_fixture_close (f);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/store/hosts/return", test_return);
  inn_test_add_fiber ("/store/hosts/name-keys", test_name_keys);
  inn_test_add_fiber ("/store/hosts/differences", test_differences);
  inn_test_add_fiber ("/store/hosts/by-itself", test_by_itself);
  inn_test_add_fiber ("/store/hosts/same-vm-twice", test_same_vm_twice);
  inn_test_add_fiber ("/store/hosts/removed-elsewhere", test_removed_elsewhere);
  inn_test_add_fiber ("/store/hosts/many", test_many);
  inn_test_add_fiber ("/store/hosts/first", test_first);
  inn_test_add_fiber ("/store/hosts/first-closed", test_first_closed);
  inn_test_add_fiber ("/store/hosts/first-unsorted", test_first_unsorted);

  return g_test_run ();
}

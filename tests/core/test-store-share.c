/* test-store-share.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "store-fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* Many processes on one store. This program starts itself again: with --writer it adds hosts and
 * events, with --worker it runs an operation until it is cancelled or killed. */

#define N_WRITERS 2
#define N_WRITES 1000

typedef struct
{
  StoreFixture *fixture;
  const char *text;
  guint n;
} Expect;

static GSubprocess *
start_self (const char *role, const char *dir, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  GSubprocess *process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, self, role, dir, name, NULL);

  g_assert_no_error (error);
  return process;
}

static gboolean
has_data_center (gpointer data)
{
  Expect *expect = data;

  return store_fixture_find_data_center (expect->fixture, expect->text) != NULL;
}

static gboolean
has_no_data_center (gpointer data)
{
  return !has_data_center (data);
}

static gboolean
has_n_events (gpointer data)
{
  Expect *expect = data;

  return g_list_model_get_n_items (inn_inventory_get_events (expect->fixture->inventory)) ==
         expect->n;
}

static void
test_config (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);
  Expect expect = { .fixture = b, .text = "DC" };
  g_autofree char *id =
      store_fixture_await_id (inn_store_create_data_center (a->store, "DC", FALSE));
  InnDataCenter *seen;

  inn_test_wait (has_data_center, &expect);
  seen = inn_inventory_find_data_center (b->inventory, id);

  inn_test_await_ok (inn_store_rename_data_center (b->store, id, "Renamed"));
  expect = (Expect) { .fixture = a, .text = "Renamed" };
  inn_test_wait (has_data_center, &expect);
  g_assert_true (inn_inventory_find_data_center (b->inventory, id) == seen);

  inn_test_await_ok (inn_store_delete_data_center (a->store, id, FALSE));
  expect.fixture = b;
  inn_test_wait (has_no_data_center, &expect);
  store_fixture_close (a);
  store_fixture_close (b);
}

static void
test_events (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);
  Expect at_a = { .fixture = a, .n = 2 };
  Expect at_b = { .fixture = b, .n = 2 };

  inn_inventory_report (a->inventory, INN_SEVERITY_INFO, "k", NULL, NULL, "from a");
  inn_inventory_report (b->inventory, INN_SEVERITY_INFO, "k", NULL, NULL, "from b");
  inn_test_wait (has_n_events, &at_a);
  inn_test_wait (has_n_events, &at_b);
  /* Nobody gets his own back. */
  inn_test_await_ok (inn_future_delay (2500000));
  g_assert_true (has_n_events (&at_a));
  g_assert_true (has_n_events (&at_b));
  store_fixture_close (a);
  store_fixture_close (b);
}

static InnOperation *
find_operation (StoreFixture *f, const char *title)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (f->operations));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (G_LIST_MODEL (f->operations), i);

      if (g_strcmp0 (inn_operation_get_title (operation), title) == 0)
        return operation;
    }

  return NULL;
}

static gboolean
has_operation (gpointer data)
{
  Expect *expect = data;

  return find_operation (expect->fixture, expect->text) != NULL;
}

static gboolean
is_half (gpointer operation)
{
  return inn_operation_get_progress (operation) == 0.5;
}

static gboolean
is_cancelled (gpointer operation)
{
  return inn_operation_is_cancelled (operation);
}

static gboolean
is_ended (gpointer operation)
{
  return inn_operation_is_ended (operation);
}

static void
test_operation (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);
  g_autoptr (InnOperation) own = inn_operation_new ("vm.start", "object", "web1", "Starting web1");
  g_autoptr (GError) error =
      inn_error_new (INN_ERROR_CANCELLED, "libvirt said so", "Starting web1 was cancelled");
  Expect expect = { .fixture = b, .text = "Starting web1" };
  InnOperation *other;

  inn_operation_manager_add (a->operations, own);
  inn_test_wait (has_operation, &expect);
  other = find_operation (b, "Starting web1");
  g_assert_true (inn_operation_is_foreign (other));
  g_assert_cmpstr (inn_operation_get_id (other), ==, inn_operation_get_id (own));
  g_assert_cmpstr (inn_operation_get_object_name (other), ==, "web1");
  g_assert_cmpint (inn_operation_get_started_at (other), ==, inn_operation_get_started_at (own));

  inn_operation_set_progress (own, 0.5);
  inn_operation_set_detail (own, "half way");
  inn_test_wait (is_half, other);
  g_assert_cmpstr (inn_operation_get_detail (other), ==, "half way");

  inn_operation_cancel (other);
  inn_test_wait (is_cancelled, own);
  inn_operation_fail (own, error);
  inn_test_wait (is_ended, other);
  g_assert_cmpint (inn_operation_get_state (other), ==, INN_OPERATION_CANCELLED);
  g_assert_cmpstr (inn_error_get_details (inn_operation_get_error (other)), ==, "libvirt said so");
  g_assert_cmpint (inn_operation_get_ended_at (other), ==, inn_operation_get_ended_at (own));
  store_fixture_close (a);
  store_fixture_close (b);

  /* History is there for the next program. */
  a = store_fixture_open (dir);
  other = find_operation (a, "Starting web1");
  g_assert_nonnull (other);
  g_assert_cmpint (inn_operation_get_state (other), ==, INN_OPERATION_CANCELLED);
  store_fixture_close (a);
}

/* The owner dies: of two that look on, one ends its operation and says so. */
static void
test_abandoned (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (GSubprocess) worker = start_self ("--worker", dir, "w");
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);
  Expect at_a = { .fixture = a, .text = "Work of w" };
  Expect at_b = { .fixture = b, .text = "Work of w" };
  InnOperation *operation;
  g_autofree char *n = NULL;

  inn_test_wait (has_operation, &at_a);
  inn_test_wait (has_operation, &at_b);
  g_assert_false (inn_operation_is_ended (find_operation (a, "Work of w")));

  g_subprocess_send_signal (worker, SIGKILL);
  inn_test_wait (is_ended, find_operation (a, "Work of w"));
  inn_test_wait (is_ended, find_operation (b, "Work of w"));
  operation = find_operation (b, "Work of w");
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_ABANDONED);
  g_assert_nonnull (inn_operation_get_error (operation));

  inn_test_await_ok (inn_store_flush (a->store));
  inn_test_await_ok (inn_store_flush (b->store));
  n = store_fixture_sql (dir, "SELECT count(*) FROM event WHERE kind = 'operation.abandoned'");
  g_assert_cmpstr (n, ==, "1");
  store_fixture_close (a);
  store_fixture_close (b);
}

static gboolean
one_offers (gpointer data)
{
  Expect *pair = data;
  InnOperation *first = find_operation (pair[0].fixture, pair[0].text);
  InnOperation *second = find_operation (pair[1].fixture, pair[1].text);

  return first != NULL && second != NULL &&
         inn_operation_is_offered (first) + inn_operation_is_offered (second) == 1;
}

static gboolean
is_offered (gpointer operation)
{
  return inn_operation_is_offered (operation);
}

/* What the dead left is offered by one of those that may, by the next when that one goes, and by
 * nobody when it was dismissed. */
static void
test_offered (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (GSubprocess) worker = start_self ("--worker", dir, "w");
  StoreFixture *looker = store_fixture_open (dir);
  StoreFixture *f[] = { store_fixture_new (dir), store_fixture_new (dir), NULL };
  Expect pair[] = { { .fixture = f[0], .text = "Work of w" },
                    { .fixture = f[1], .text = "Work of w" } };
  Expect seen = { .fixture = looker, .text = "Work of w" };
  InnOperation *operation;
  guint i;

  for (i = 0; f[i] != NULL; i++)
    {
      inn_store_set_offers (f[i]->store, TRUE);
      inn_test_await_ok (inn_store_open (f[i]->store));
      inn_test_wait (has_operation, &pair[i]);
    }
  inn_test_wait (has_operation, &seen);
  g_subprocess_send_signal (worker, SIGKILL);
  inn_test_wait (one_offers, pair);
  inn_test_await_ok (inn_future_delay (2500000));
  g_assert_true (one_offers (pair));
  g_assert_false (inn_operation_is_offered (find_operation (looker, "Work of w")));

  /* This test is one process: for the other, the first lives on. */
  i = inn_operation_is_offered (find_operation (f[0], "Work of w")) ? 0 : 1;
  inn_operation_manager_clear_ended (f[i]->operations);
  operation = find_operation (f[i], "Work of w");
  g_assert_nonnull (operation);
  inn_operation_dismiss (operation);
  g_assert_false (inn_operation_is_offered (operation));
  for (guint n = 0; f[n] != NULL; n++)
    store_fixture_close (f[n]);

  f[0] = store_fixture_new (dir);
  inn_store_set_offers (f[0]->store, TRUE);
  inn_test_await_ok (inn_store_open (f[0]->store));
  g_assert_false (is_offered (find_operation (f[0], "Work of w")));
  store_fixture_close (f[0]);
  store_fixture_close (looker);
}

/* Who offered it died as well: in its place the next one that is started. */
static void
test_offered_again (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (GSubprocess) worker = start_self ("--worker", dir, "w");
  StoreFixture *f = store_fixture_open (dir);
  Expect expect = { .fixture = f, .text = "Work of w" };

  inn_test_wait (has_operation, &expect);
  g_subprocess_send_signal (worker, SIGKILL);
  inn_test_wait (is_ended, find_operation (f, "Work of w"));
  g_free (store_fixture_sql (dir, "UPDATE operation SET owner_pid = 1, owner_start = 'x y 0'"));
  store_fixture_close (f);

  f = store_fixture_new (dir);
  inn_store_set_offers (f->store, TRUE);
  inn_test_await_ok (inn_store_open (f->store));
  inn_test_wait (is_offered, find_operation (f, "Work of w"));
  store_fixture_close (f);
}

/* Cancelled from another process, by whoever sees it. */
static void
test_cancel_process (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (GSubprocess) worker = start_self ("--worker", dir, "w");
  StoreFixture *f = store_fixture_open (dir);
  Expect expect = { .fixture = f, .text = "Work of w" };
  InnOperation *operation;

  inn_test_wait (has_operation, &expect);
  operation = find_operation (f, "Work of w");
  inn_operation_cancel (operation);
  inn_test_wait (is_ended, operation);
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_CANCELLED);
  inn_test_await_ok (dex_subprocess_wait_check (worker));
  store_fixture_close (f);
}

#define GUEST_A "00000000-0000-4000-8000-00000000000a"
#define GUEST_B "00000000-0000-4000-8000-00000000000b"

static void
add_guest (InnHost *host, const char *uuid, const char *name, InnVmState state)
{
  const InnVmInfo info = {
    .uuid = (char *) uuid,
    .name = (char *) name,
    .domain_id = -1,
    .state = state,
    .persistent = TRUE,
  };
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (vms, inn_vm_new (&info));
  inn_host_add_vms (host, vms);
}

typedef struct
{
  StoreFixture *fixture;
  const char *uuid;
  const char *host; /* NULL: nowhere */
  InnVmState state;
} ExpectVm;

static gboolean
has_guest (gpointer data)
{
  ExpectVm *expect = data;
  InnVm *vm = inn_inventory_find_vm (expect->fixture->inventory, expect->uuid);

  if (expect->host == NULL)
    return vm == NULL;
  return vm != NULL && inn_vm_get_state (vm) == expect->state && inn_vm_get_host (vm) != NULL &&
         g_strcmp0 (inn_host_get_name (inn_vm_get_host (vm)), expect->host) == 0;
}

static gboolean
has_two_hosts (gpointer fixture)
{
  return store_fixture_get_n_hosts (fixture) == 2;
}

/* What A, which is connected, sees of hosts and guests comes to B, which is not. */
static void
test_hosts (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);
  g_autofree char *one = store_fixture_add_host (a, "one", "test:///one");
  g_autofree char *two = store_fixture_add_host (a, "two", "test:///two");
  InnHost *host = inn_inventory_find_host (a->inventory, one);
  const InnHostFacts facts = { .hostname = (char *) "one.example", .cpus = 12 };
  ExpectVm expect = { .fixture = b, .uuid = GUEST_A, .host = "one", .state = INN_VM_RUNNING };
  InnVm *seen;
  InnHost *seen_host;

  inn_test_wait (has_two_hosts, b);
  inn_host_set_state (host, INN_HOST_ONLINE, NULL);
  inn_host_set_state (inn_inventory_find_host (a->inventory, two), INN_HOST_ONLINE, NULL);
  inn_host_apply_facts (host, &facts);
  inn_host_set_last_seen (host, 1750000000);
  add_guest (host, GUEST_A, "web", INN_VM_RUNNING);
  inn_test_wait (has_guest, &expect);
  seen = inn_inventory_find_vm (b->inventory, GUEST_A);
  seen_host = inn_vm_get_host (seen);
  g_assert_true (inn_vm_get_stale (seen));
  g_assert_cmpstr (inn_host_get_facts (seen_host)->hostname, ==, "one.example");
  g_assert_cmpuint (inn_host_get_facts (seen_host)->cpus, ==, 12);
  g_assert_cmpint (inn_host_get_last_seen (seen_host), ==, 1750000000);

  inn_vm_apply_state (inn_inventory_find_vm (a->inventory, GUEST_A), INN_VM_PAUSED, 1, 7);
  inn_host_mark_dirty (host);
  expect.state = INN_VM_PAUSED;
  inn_test_wait (has_guest, &expect);
  g_assert_true (inn_inventory_find_vm (b->inventory, GUEST_A) == seen);

  /* It goes to another host, and stays what it is. */
  {
    g_autoptr (GPtrArray) moved = g_ptr_array_new_with_free_func (g_object_unref);

    g_ptr_array_add (moved, g_object_ref (inn_inventory_find_vm (a->inventory, GUEST_A)));
    inn_host_add_vms (inn_inventory_find_host (a->inventory, two), moved);
  }
  expect.host = "two";
  inn_test_wait (has_guest, &expect);
  g_assert_true (inn_inventory_find_vm (b->inventory, GUEST_A) == seen);
  g_assert_cmpuint (inn_host_get_n_vms (seen_host), ==, 0);

  host = inn_inventory_find_host (a->inventory, two);
  inn_host_remove_vm (host, inn_inventory_find_vm (a->inventory, GUEST_A));
  expect.host = NULL;
  inn_test_wait (has_guest, &expect);
  store_fixture_close (a);
  store_fixture_close (b);
}

/* Who is connected to a host believes the host and not the disk. */
static void
test_connected_wins (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);
  g_autofree char *one = store_fixture_add_host (a, "one", "test:///one");
  g_autofree char *two = store_fixture_add_host (a, "two", "test:///two");
  ExpectVm expect = { .fixture = b, .uuid = GUEST_B, .host = "two", .state = INN_VM_RUNNING };
  InnHost *host;

  inn_test_wait (has_two_hosts, b);
  host = inn_inventory_find_host (b->inventory, one);
  inn_host_set_state (host, INN_HOST_ONLINE, NULL);
  add_guest (host, GUEST_A, "ours", INN_VM_RUNNING);
  inn_test_await_ok (inn_store_flush (b->store));

  add_guest (inn_inventory_find_host (a->inventory, one), GUEST_A, "theirs", INN_VM_SHUTOFF);
  inn_host_mark_dirty (inn_inventory_find_host (a->inventory, one));
  inn_test_await_ok (inn_store_flush (a->store));
  /* Read after the other: by then that one was looked at. */
  add_guest (inn_inventory_find_host (a->inventory, two), GUEST_B, "db", INN_VM_RUNNING);
  inn_test_wait (has_guest, &expect);
  g_assert_cmpuint (inn_host_get_n_vms (host), ==, 1);
  g_assert_cmpstr (inn_vm_get_name (inn_host_find_vm (host, GUEST_A)), ==, "ours");
  g_assert_cmpint (inn_vm_get_state (inn_host_find_vm (host, GUEST_A)), ==, INN_VM_RUNNING);
  store_fixture_close (a);
  store_fixture_close (b);
}

static gboolean
has_n_hosts (gpointer data)
{
  Expect *expect = data;

  return store_fixture_get_n_hosts (expect->fixture) == expect->n;
}

/* Two processes write a thousand times each while a third looks on. */
static void
test_nothing_lost (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  GSubprocess *writers[N_WRITERS];
  StoreFixture *f = store_fixture_open (dir);
  Expect expect = { .fixture = f, .n = N_WRITERS * N_WRITES };
  g_autofree char *n_events = NULL;

  for (guint i = 0; i < N_WRITERS; i++)
    {
      g_autofree char *name = g_strdup_printf ("w%u", i);

      writers[i] = start_self ("--writer", dir, name);
    }
  for (guint i = 0; i < N_WRITERS; i++)
    {
      inn_test_await_ok (dex_subprocess_wait_check (writers[i]));
      g_object_unref (writers[i]);
    }

  inn_test_wait (has_n_hosts, &expect);
  n_events = store_fixture_sql (dir, "SELECT count(DISTINCT text) FROM event");
  g_assert_cmpint (atoi (n_events), ==, N_WRITERS * N_WRITES);
  store_fixture_close (f);
}

typedef struct
{
  const char *dir;
  const char *name;
} Role;

static DexFuture *
writer_fiber (gpointer data)
{
  const Role *role = data;
  StoreFixture *f = store_fixture_open (role->dir);

  for (guint i = 0; i < N_WRITES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-%u", role->name, i);

      g_free (store_fixture_add_host (f, name, "test:///default"));
      inn_inventory_report (f->inventory, INN_SEVERITY_INFO, "k", NULL, NULL, "%s", name);
    }
  store_fixture_close (f);

  return dex_future_new_true ();
}

static DexFuture *
worker_fiber (gpointer data)
{
  const Role *role = data;
  StoreFixture *f = store_fixture_open (role->dir);
  g_autofree char *title = g_strdup_printf ("Work of %s", role->name);
  g_autoptr (InnOperation) operation = inn_operation_new ("test.work", NULL, NULL, title);
  g_autoptr (GError) error = inn_error_new (INN_ERROR_CANCELLED, NULL, "Cancelled");

  inn_operation_manager_add (f->operations, operation);
  inn_test_wait (is_cancelled, operation);
  inn_operation_fail (operation, error);
  store_fixture_close (f);

  return dex_future_new_true ();
}

int
main (int argc, char *argv[])
{
  if (argc == 4 && g_str_has_prefix (argv[1], "--w"))
    {
      Role role = { .dir = argv[2], .name = argv[3] };

      inn_init ();
      return inn_test_settle (
                 inn_spawn ("role_fiber",
                            g_str_equal (argv[1], "--writer") ? writer_fiber : worker_fiber, &role,
                            NULL),
                 NULL)
                 ? 0
                 : 1;
    }

  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/store/share/config", test_config);
  inn_test_add_fiber ("/store/share/hosts", test_hosts);
  inn_test_add_fiber ("/store/share/connected-wins", test_connected_wins);
  inn_test_add_fiber ("/store/share/events", test_events);
  inn_test_add_fiber ("/store/share/operation", test_operation);
  inn_test_add_fiber ("/store/share/abandoned", test_abandoned);
  inn_test_add_fiber ("/store/share/offered", test_offered);
  inn_test_add_fiber ("/store/share/offered-again", test_offered_again);
  inn_test_add_fiber ("/store/share/cancel-process", test_cancel_process);
  inn_test_add_fiber ("/store/share/nothing-lost", test_nothing_lost);

  return g_test_run ();
}

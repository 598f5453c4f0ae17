/* test-store-events.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store-fixture.h"

#define VM_UUID "00000000-0000-4000-8000-000000000001"

static void
report (StoreFixture *f, const char *host_id, const char *vm_uuid, const char *text)
{
  g_autoptr (InnEvent) event =
      inn_event_new (g_get_real_time (), INN_SEVERITY_WARNING, "test.event", host_id, "host",
                     vm_uuid, "guest", text);

  inn_inventory_add_event (f->inventory, event);
}

/* Texts of the events, joined. */
static char *
query (StoreFixture *f, gint64 after_serial, const char *host_id, const char *vm_uuid, guint limit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = dex_await_boxed (
      inn_store_query_events (f->store, after_serial, host_id, vm_uuid, limit), &error);
  GString *text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < events->len; i++)
    g_string_append (text, inn_event_get_text (g_ptr_array_index (events, i)));

  return g_string_free_and_steal (text);
}

#define assert_query(expected, ...)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *_text = query (__VA_ARGS__);                                                  \
    g_assert_cmpstr (_text, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
test_query (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autoptr (InnEvent) second = NULL;

  assert_query ("", f, 0, NULL, NULL, 0);
  report (f, "h1", NULL, "a");
  report (f, "h1", VM_UUID, "b");
  report (f, "h2", VM_UUID, "c");
  report (f, NULL, NULL, "d");
  inn_test_await_ok (inn_store_flush (f->store));

  second = g_list_model_get_item (inn_inventory_get_events (f->inventory), 1);
  g_assert_cmpint (inn_event_get_serial (second), ==, 2);
  assert_query ("abcd", f, 0, NULL, NULL, 0);
  assert_query ("cd", f, 0, NULL, NULL, 2);
  assert_query ("cd", f, 2, NULL, NULL, 0);
  assert_query ("ab", f, 0, "h1", NULL, 0);
  assert_query ("bc", f, 0, NULL, VM_UUID, 0);
  assert_query ("b", f, 0, "h1", VM_UUID, 0);
  assert_query ("", f, 99, NULL, NULL, 0);
  store_fixture_close (f);
}

static void
test_return (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  GListModel *events;
  g_autoptr (InnEvent) event = NULL;

  report (f, "h1", VM_UUID, "<i>odd</i> %s \n 漢字");
  store_fixture_close (f);

  f = store_fixture_open (dir);
  events = inn_inventory_get_events (f->inventory);
  g_assert_cmpuint (g_list_model_get_n_items (events), ==, 1);
  event = g_list_model_get_item (events, 0);
  g_assert_cmpstr (inn_event_get_text (event), ==, "<i>odd</i> %s \n 漢字");
  g_assert_cmpstr (inn_event_get_kind (event), ==, "test.event");
  g_assert_cmpstr (inn_event_get_vm_uuid (event), ==, VM_UUID);
  g_assert_cmpint (inn_event_get_severity (event), ==, INN_SEVERITY_WARNING);
  store_fixture_close (f);
}

static gboolean
is_written (gpointer dir)
{
  g_autofree char *n = store_fixture_sql (dir, "SELECT count(*) FROM event");

  return g_strcmp0 (n, "1") == 0;
}

static void
test_by_itself (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);

  report (f, NULL, NULL, "a");
  inn_test_wait (is_written, dir);
  store_fixture_close (f);
}

static void
test_pruned (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *f = store_fixture_open (dir);
  g_autofree char *n = NULL;

  g_free (store_fixture_sql (
      dir, "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 100005) "
           "INSERT INTO event (writer, time, severity, kind, text) SELECT 1, i, 0, 'k', '' "
           "FROM c"));
  report (f, NULL, NULL, "newest");
  inn_test_await_ok (inn_store_flush (f->store));
  n = store_fixture_sql (dir, "SELECT count(*) || ' ' || min(serial) || ' ' || max(serial) "
                              "FROM event");
  g_assert_cmpstr (n, ==, "100000 7 100006");
  assert_query ("newest", f, 0, NULL, NULL, 1);
  store_fixture_close (f);
}

static gboolean
has_two (gpointer inventory)
{
  return g_list_model_get_n_items (inn_inventory_get_events (inventory)) == 2;
}

/* Two programs that are connected to one host see the same thing happen: it is told once, in
 * both. What differs is told by both. */
static void
test_seen_by_two (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  StoreFixture *a = store_fixture_open (dir);
  StoreFixture *b = store_fixture_open (dir);
  g_autofree char *n = NULL;
  gint64 now = g_get_real_time ();
  g_autoptr (InnEvent) seen_by_a = inn_event_new (now, INN_SEVERITY_INFO, "vm.started", "h1",
                                                  "rack1", "u1", "web1", "web1 started");
  g_autoptr (InnEvent) seen_by_b = inn_event_new (now + 20000, INN_SEVERITY_INFO, "vm.started",
                                                  "h1", "rack1", "u1", "web1", "web1 started");
  g_autoptr (InnEvent) other = inn_event_new (now + 30000, INN_SEVERITY_INFO, "vm.started", "h1",
                                              "rack1", "u2", "web2", "web2 started");

  inn_inventory_add_event (a->inventory, seen_by_a);
  inn_inventory_add_event (b->inventory, seen_by_b);
  inn_inventory_add_event (b->inventory, other);
  g_assert_true (dex_await (inn_store_flush (a->store), NULL));
  g_assert_true (dex_await (inn_store_flush (b->store), NULL));

  inn_test_wait (has_two, a->inventory);
  n = store_fixture_sql (dir, "SELECT count (*) FROM event");
  g_assert_cmpstr (n, ==, "2");
  g_assert_true (has_two (b->inventory));
  g_assert_cmpint (inn_event_get_serial (seen_by_a), ==, inn_event_get_serial (seen_by_b));

  store_fixture_close (b);
  store_fixture_close (a);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/store/events/query", test_query);
  inn_test_add_fiber ("/store/events/return", test_return);
  inn_test_add_fiber ("/store/events/by-itself", test_by_itself);
  inn_test_add_fiber ("/store/events/pruned", test_pruned);
  inn_test_add_fiber ("/store/events/seen-by-two", test_seen_by_two);

  return g_test_run ();
}

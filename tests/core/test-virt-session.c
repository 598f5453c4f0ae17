/* test-virt-session.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "virt-fixture.h"

#include <gio/gunixsocketaddress.h>

#define TEST_UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"

static void
test_list (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("test:///default", NULL);
  InnHost *host;
  InnVm *vm;

  fixture_start (fixture);
  host = fixture_host (fixture, 0);
  g_assert_cmpint (inn_host_get_state (host), ==, INN_HOST_OFFLINE);
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  inn_test_await_ok (inn_session_wait_first_list (fixture_session (fixture, 0)));

  g_assert_cmpint (inn_host_get_state (host), ==, INN_HOST_ONLINE);
  g_assert_cmpuint (inn_host_get_n_vms (host), ==, 1);
  vm = inn_host_find_vm (host, TEST_UUID);
  g_assert_nonnull (vm);
  g_assert_cmpstr (inn_vm_get_name (vm), ==, "test");
  g_assert_cmpint (inn_vm_get_state (vm), ==, INN_VM_RUNNING);
  g_assert_cmpuint (inn_vm_get_vcpus (vm), ==, 2);
  g_assert_cmpuint (inn_vm_get_max_memory_kib (vm), ==, 8388608);
  g_assert_true (inn_vm_get_persistent (vm));
  g_assert_false (inn_vm_get_autostart (vm));
  g_assert_cmpstr (inn_host_get_facts (host)->hypervisor, ==, "TEST");
  g_assert_cmpuint (inn_host_get_facts (host)->cpus, ==, 16);
  g_assert_cmpint (inn_host_get_last_seen (host), >, 0);
  g_assert_cmpuint (fixture_count_events (fixture, "host.connected"), ==, 1);

  inn_test_await_ok (inn_session_disconnect (fixture_session (fixture, 0)));
  g_assert_cmpint (inn_host_get_state (host), ==, INN_HOST_OFFLINE);
  g_assert_true (inn_vm_get_stale (vm));
}

static gboolean
suspend_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (conn, TEST_UUID);

  g_assert_nonnull (domain);
  g_assert_cmpint (data != NULL ? virDomainDestroy (domain) : virDomainSuspend (domain), ==, 0);
  virDomainFree (domain);
  return TRUE;
}

static gboolean
is_paused (gpointer vm)
{
  return inn_vm_get_state (vm) == INN_VM_PAUSED;
}

static gboolean
is_off (gpointer vm)
{
  return inn_vm_get_state (vm) == INN_VM_SHUTOFF;
}

/* A change reaches the model by the host's event, long before the next look. */
static void
test_events (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("test:///default", NULL);
  InnSession *session;
  InnVm *vm;

  fixture_start (fixture);
  session = fixture_session (fixture, 0);
  inn_session_set_interval (session, G_TIME_SPAN_HOUR);
  inn_test_await_ok (inn_session_connect (session));
  vm = inn_host_find_vm (fixture_host (fixture, 0), TEST_UUID);

  inn_test_await_ok (inn_session_run (session, suspend_thread, NULL, NULL, NULL));
  inn_test_wait (is_paused, vm);
  g_assert_cmpuint (fixture_count_events (fixture, "vm.paused"), ==, 1);
  inn_test_await_ok (inn_session_run (session, suspend_thread, session, NULL, NULL));
  inn_test_wait (is_off, vm);
  g_assert_cmpuint (fixture_count_events (fixture, "vm.stopped"), ==, 1);
  inn_test_await_ok (inn_session_refresh (session));
  g_assert_true (is_off (vm));
}

typedef struct
{
  InnHost *host;
  gint64 seen;
} SeenWait;

static gboolean
is_next_second (gpointer data)
{
  return g_get_real_time () / G_USEC_PER_SEC > ((SeenWait *) data)->seen;
}

static gboolean
was_seen (gpointer data)
{
  SeenWait *wait = data;

  return inn_host_get_last_seen (wait->host) > wait->seen;
}

/* A host was seen when it answered, not when it is asked the next time. */
static void
test_last_seen (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("test:///default", NULL);
  InnSession *session;
  SeenWait wait;

  fixture_start (fixture);
  session = fixture_session (fixture, 0);
  wait.host = fixture_host (fixture, 0);
  inn_session_set_interval (session, G_TIME_SPAN_HOUR);
  inn_test_await_ok (inn_session_connect (session));

  /* The look that an event brings. */
  wait.seen = inn_host_get_last_seen (wait.host);
  inn_test_wait (is_next_second, &wait);
  inn_test_await_ok (inn_session_run (session, suspend_thread, NULL, NULL, NULL));
  inn_test_wait (was_seen, &wait);

  wait.seen = inn_host_get_last_seen (wait.host);
  inn_test_wait (is_next_second, &wait);
  inn_test_await_ok (inn_session_refresh (session));
  g_assert_true (was_seen (&wait));
}

static void
assert_fails (const char *uri, InnError code, InnHostState state)
{
  g_autoptr (Fixture) fixture = fixture_new (uri, NULL);
  g_autoptr (GError) error = NULL;

  fixture_start (fixture);
  error = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
  g_assert_error (error, INN_ERROR, (int) code);
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, state);
  g_assert_error (inn_host_get_error (fixture_host (fixture, 0)), INN_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, "h0"));
}

static void
test_bad_uris (void)
{
  assert_fails ("", INN_ERROR_INVALID, INN_HOST_FAILED);
  assert_fails ("no uri at all", INN_ERROR_INVALID, INN_HOST_FAILED);
  assert_fails ("qemu+ssh", INN_ERROR_INVALID, INN_HOST_FAILED);
  assert_fails ("qemu+tcp://[::1/system", INN_ERROR_INVALID, INN_HOST_FAILED);
  assert_fails ("test:///no/such/file.xml", INN_ERROR_INVALID, INN_HOST_FAILED);
}

static void
test_refused (void)
{
  assert_fails ("qemu+tcp://127.0.0.1:1/system", INN_ERROR_REFUSED, INN_HOST_FAILED);
  assert_fails ("qemu+unix:///system?socket=/no/such/socket", INN_ERROR_REFUSED, INN_HOST_FAILED);
  assert_fails ("qemu+tcp://no-such-host.invalid/system", INN_ERROR_REFUSED, INN_HOST_FAILED);
}

/* A daemon that accepts and then says nothing. */
static void
test_hang (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "sock", NULL);
  g_autofree char *uri = g_strdup_printf ("qemu+unix:///system?socket=%s", path);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) listener =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (Fixture) fixture = fixture_new (uri, "test:///default", NULL);
  g_autoptr (GError) error = NULL;
  DexFuture *hanging;

  g_assert_true (g_socket_bind (listener, address, TRUE, NULL));
  g_assert_true (g_socket_listen (listener, NULL));
  fixture_start (fixture);
  g_object_set (fixture_session (fixture, 0), "open-timeout", (gint64) G_USEC_PER_SEC / 2, NULL);
  hanging = inn_session_connect (fixture_session (fixture, 0));
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 1)));
  error = inn_test_await_error (hanging);
  g_assert_error (error, INN_ERROR, INN_ERROR_TIMED_OUT);
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_FAILED);
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 1)), ==, INN_HOST_ONLINE);
}

/* Sessions that go in the middle of connecting take nothing with them. */
static void
test_drop (void)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ("test:///default", "test:///default", NULL);

      fixture_start (fixture);
      inn_session_manager_set_interval (fixture->manager, 100 * G_TIME_SPAN_MILLISECOND);
      dex_future_disown (inn_session_manager_autoconnect (fixture->manager));
      inn_test_await_ok (inn_future_delay (i * 2000));
    }
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/session/list", test_list);
  inn_test_add_fiber ("/virt/session/events", test_events);
  inn_test_add_fiber ("/virt/session/last-seen", test_last_seen);
  inn_test_add_fiber ("/virt/session/bad-uris", test_bad_uris);
  inn_test_add_fiber ("/virt/session/refused", test_refused);
  inn_test_add_fiber ("/virt/session/hang", test_hang);
  inn_test_add_fiber ("/virt/session/drop", test_drop);
  return g_test_run ();
}

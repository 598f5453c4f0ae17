/* test-virt-reconnect.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-sleep-watch.h"
#include "base/inn-error.h"
#include "virt-fixture.h"

/* A clock that moves when it is told to. */
#define TEST_TYPE_CLOCK (test_clock_get_type ())
G_DECLARE_FINAL_TYPE (TestClock, test_clock, TEST, CLOCK, InnClock)

struct _TestClock
{
  InnClock parent_instance;

  DexPromise *delay;
  gint64 usec; /* of the last delay that was asked for */
  guint delays;
};

G_DEFINE_FINAL_TYPE (TestClock, test_clock, INN_TYPE_CLOCK)

static DexFuture *
test_clock_delay (InnClock *clock, gint64 usec)
{
  TestClock *self = TEST_CLOCK (clock);

  dex_clear (&self->delay);
  self->delay = dex_promise_new ();
  self->usec = usec;
  self->delays++;
  return dex_ref (DEX_FUTURE (self->delay));
}

static void
test_clock_finalize (GObject *object)
{
  dex_clear (&TEST_CLOCK (object)->delay);
  G_OBJECT_CLASS (test_clock_parent_class)->finalize (object);
}

static void
test_clock_class_init (TestClockClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_clock_finalize;
  INN_CLOCK_CLASS (klass)->delay = test_clock_delay;
}

static void
test_clock_init (TestClock *self)
{
}

/* A transport that refuses, and says why, until it is told not to. */
#define TEST_TYPE_GATE (test_gate_get_type ())
G_DECLARE_FINAL_TYPE (TestGate, test_gate, TEST, GATE, GObject)

struct _TestGate
{
  GObject parent_instance;

  int code; /* -1: open */
  guint asked;
};

static DexFuture *
gate_open (InnTransport *transport,
           const char *host_id,
           const char *host_name,
           const char *uri,
           gboolean read_only,
           GCancellable *cancellable)
{
  TestGate *self = TEST_GATE (transport);

  self->asked++;
  if (self->code >= 0)
    return inn_reject (inn_error_new ((InnError) self->code, NULL, "“%s” is shut", host_name));

  return dex_future_new_take_boxed (INN_TYPE_ROUTE, inn_route_new (uri, FALSE));
}

static void
gate_close (InnTransport *transport, const char *host_id)
{
}

static void
gate_iface_init (InnTransportInterface *iface)
{
  iface->open = gate_open;
  iface->close = gate_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestGate,
                               test_gate,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_TRANSPORT, gate_iface_init))

static void
test_gate_class_init (TestGateClass *klass)
{
}

static void
test_gate_init (TestGate *self)
{
}

static Fixture *
shut (InnError code)
{
  Fixture *fixture = fixture_new ("test:///default", NULL);
  TestGate *gate = g_object_new (TEST_TYPE_GATE, NULL);

  gate->code = (int) code;
  g_clear_object (&fixture->transport);
  g_clear_object (&fixture->clock);
  fixture->transport = INN_TRANSPORT (gate);
  fixture->clock = g_object_new (TEST_TYPE_CLOCK, NULL);
  fixture_start (fixture);

  return fixture;
}

static gboolean
has_more_delays (gpointer data)
{
  TestClock *clock = data;

  return clock->delay != NULL && dex_future_is_pending (DEX_FUTURE (clock->delay));
}

static void
pass (TestClock *clock)
{
  dex_promise_resolve_boolean (clock->delay, TRUE);
  inn_test_wait (has_more_delays, clock);
}

/* 1 s, 2 s, 4 s … 60 s, each up to a quarter less, and again and again. */
static void
test_backoff (void)
{
  static const gint64 most[] = { 1, 2, 4, 8, 16, 32, 60, 60, 60 };
  g_autoptr (Fixture) fixture = shut (INN_ERROR_REFUSED);
  TestClock *clock = TEST_CLOCK (fixture->clock);
  TestGate *gate = TEST_GATE (fixture->transport);
  g_autoptr (GError) error = NULL;

  error = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
  for (guint i = 0; i < G_N_ELEMENTS (most); i++)
    {
      g_assert_cmpuint (gate->asked, ==, i + 1);
      g_assert_cmpint (clock->usec, <=, most[i] * G_USEC_PER_SEC);
      g_assert_cmpint (clock->usec, >=, most[i] * G_USEC_PER_SEC * 3 / 4);
      g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_FAILED);
      pass (clock);
    }
  g_assert_cmpuint (fixture_count_events (fixture, "host.failed"), ==, 1);

  gate->code = -1;
  dex_promise_resolve_boolean (clock->delay, TRUE);
  fixture_wait_state (fixture, 0, INN_HOST_ONLINE);
}

static void
test_reconnect_now (void)
{
  g_autoptr (Fixture) fixture = shut (INN_ERROR_TIMED_OUT);
  TestGate *gate = TEST_GATE (fixture->transport);
  g_autoptr (GError) error = NULL;

  error = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
  gate->code = -1;
  inn_session_manager_reconnect_now (fixture->manager);
  fixture_wait_state (fixture, 0, INN_HOST_ONLINE);
  g_assert_cmpuint (gate->asked, ==, 2);
}

typedef struct
{
  Fixture *fixture;
  GDBusConnection *bus;
} Wake;

/* Nothing tells when the watch listens, so it is told again and again. */
static gboolean
is_back_after_waking (gpointer data)
{
  Wake *wake = data;

  g_dbus_connection_emit_signal (wake->bus, NULL, "/org/freedesktop/login1",
                                 "org.freedesktop.login1.Manager", "PrepareForSleep",
                                 g_variant_new ("(b)", FALSE), NULL);
  return inn_host_get_state (fixture_host (wake->fixture, 0)) == INN_HOST_ONLINE;
}

/* A bus of our own, on which we are logind. */
static GDBusConnection *
become_logind (GTestDBus *daemon)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  GDBusConnection *bus;

  g_test_dbus_up (daemon);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (daemon), TRUE);
  bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (daemon),
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", "org.freedesktop.login1", 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);

  return bus;
}

static void
test_wake (void)
{
  g_autofree char *program = g_find_program_in_path ("dbus-daemon");
  g_autoptr (GTestDBus) daemon = NULL;
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (InnSleepWatch) watch = NULL;
  g_autoptr (GError) error = NULL;
  Wake wake;

  if (program == NULL)
    {
      g_test_skip ("There is no dbus-daemon");
      return;
    }

  daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  bus = become_logind (daemon);
  fixture = shut (INN_ERROR_TIMED_OUT);
  watch = inn_sleep_watch_new (fixture->manager);
  error = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
  TEST_GATE (fixture->transport)->code = -1;

  wake = (Wake) { fixture, bus };
  inn_test_wait (is_back_after_waking, &wake);
  g_assert_cmpuint (TEST_GATE (fixture->transport)->asked, ==, 2);
  g_test_dbus_stop (daemon);
}

/* What only a person can change is not tried again by itself. */
static void
test_person (void)
{
  static const InnError codes[] = { INN_ERROR_AUTH_FAILED, INN_ERROR_AUTH_CANCELLED,
                                    INN_ERROR_HOST_KEY_UNKNOWN, INN_ERROR_HOST_KEY_CHANGED };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (Fixture) fixture = shut (codes[i]);
      TestGate *gate = TEST_GATE (fixture->transport);
      g_autoptr (GError) error = NULL;

      error = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
      g_assert_error (error, INN_ERROR, (int) codes[i]);
      g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_AUTH_REQUIRED);
      g_assert_cmpuint (TEST_CLOCK (fixture->clock)->delays, ==, 0);
      inn_session_manager_reconnect_now (fixture->manager);
      g_assert_cmpuint (gate->asked, ==, 1);

      gate->code = -1;
      inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
    }
}

/* Disconnecting ends the back-off; removing the host ends the session. */
static void
test_disconnect (void)
{
  g_autoptr (Fixture) fixture = shut (INN_ERROR_REFUSED);
  TestClock *clock = TEST_CLOCK (fixture->clock);
  TestGate *gate = TEST_GATE (fixture->transport);
  g_autoptr (InnViewConfig) empty = inn_view_config_new ();
  g_autoptr (GError) error = NULL;

  error = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
  inn_test_await_ok (inn_session_disconnect (fixture_session (fixture, 0)));
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_OFFLINE);
  dex_promise_resolve_boolean (clock->delay, TRUE);
  inn_test_await_ok (inn_future_delay (20000));
  g_assert_cmpuint (gate->asked, ==, 1);

  gate->code = -1;
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  inn_inventory_apply_config (fixture->inventory, empty);
  g_assert_null (fixture_host (fixture, 0));
  inn_test_await_ok (inn_session_manager_close (fixture->manager));
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/reconnect/backoff", test_backoff);
  inn_test_add_fiber ("/virt/reconnect/now", test_reconnect_now);
  inn_test_add_fiber ("/virt/reconnect/wake", test_wake);
  inn_test_add_fiber ("/virt/reconnect/person", test_person);
  inn_test_add_fiber ("/virt/reconnect/disconnect", test_disconnect);
  return g_test_run ();
}

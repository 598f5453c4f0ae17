/* test-dex.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-test.h"

#define TRAP_USEC (60 * G_USEC_PER_SEC)

/* Shared by a test and its fibers. */
typedef struct
{
  DexPromise *gate;
  guint n_begun;
  guint n_ended;
  guint n_freed;
  guint n_cancelled;
} Probe;

static void
probe_count_free (gpointer data)
{
  ((Probe *) data)->n_freed++;
}

static DexFuture *
wait_fiber (gpointer data)
{
  Probe *probe = data;
  g_autoptr (GError) error = NULL;

  probe->n_begun++;
  dex_await (dex_ref (probe->gate), &error);
  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED))
    probe->n_cancelled++;
  probe->n_ended++;

  return dex_future_new_for_int (42);
}

static gboolean
has_begun (gpointer data)
{
  return ((Probe *) data)->n_begun > 0;
}

static gboolean
is_freed (gpointer data)
{
  return ((Probe *) data)->n_freed > 0;
}

static void
test_spawn_result (void)
{
  Probe probe = { .gate = dex_promise_new () };
  g_autoptr (GError) error = NULL;
  DexFuture *fiber;

  dex_promise_resolve_boolean (probe.gate, TRUE);
  fiber = inn_spawn ("wait_fiber", wait_fiber, &probe, probe_count_free);
  g_assert_cmpint (dex_await_int (fiber, &error), ==, 42);
  g_assert_no_error (error);
  inn_test_wait (is_freed, &probe);
  g_assert_cmpuint (probe.n_freed, ==, 1);
  dex_clear (&probe.gate);
}

/* Whoever raced a fiber against a deadline and went away has not cancelled it. */
static void
test_spawn_survives_discard (void)
{
  Probe probe = { .gate = dex_promise_new () };
  g_autoptr (GError) error = NULL;
  DexFuture *fiber = inn_spawn ("wait_fiber", wait_fiber, &probe, probe_count_free);

  dex_await (dex_future_first (fiber, dex_timeout_new_msec (1), NULL), &error);
  g_assert_error (error, DEX_ERROR, DEX_ERROR_TIMED_OUT);
  inn_test_wait (has_begun, &probe);
  g_assert_cmpuint (probe.n_ended, ==, 0);

  dex_promise_resolve_boolean (probe.gate, TRUE);
  inn_test_wait (is_freed, &probe);
  g_assert_cmpuint (probe.n_cancelled, ==, 0);
  g_assert_cmpuint (probe.n_ended, ==, 1);
  dex_clear (&probe.gate);
}

typedef DexFuture *(*Spawn) (Probe *probe);

static DexFuture *
spawn_ours (Probe *probe)
{
  return inn_spawn ("wait_fiber", wait_fiber, probe, probe_count_free);
}

static DexFuture *
spawn_bare (Probe *probe)
{
  return dex_scheduler_spawn (NULL, 0, wait_fiber, probe, probe_count_free);
}

static DexFuture *
pass_cb (DexFuture *completed, gpointer data)
{
  return NULL;
}

/* A fiber waits; the last future that depends on it goes; what it waits for ends before it is
 * scheduled again. libdex 0.10.0 then has the fiber twice in its run queue. */
static void
discard_many (Spawn spawn)
{
  for (guint i = 0; i < 50; i++)
    {
      Probe probe = { .gate = dex_promise_new () };
      DexFuture *block = dex_future_finally (spawn (&probe), pass_cb, NULL, NULL);

      inn_test_spin (has_begun, &probe);
      dex_unref (block);
      dex_promise_resolve_boolean (probe.gate, TRUE);
      inn_test_spin (is_freed, &probe);
      g_assert_cmpuint (probe.n_ended, ==, 1);
      dex_clear (&probe.gate);
    }
}

static void
test_discard_ours (void)
{
  if (g_test_subprocess ())
    {
      discard_many (spawn_ours);
      return;
    }

  g_test_trap_subprocess (NULL, TRAP_USEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

/* Says whether this libdex has the fault; either way is fine, since only inn_spawn() is used. */
static void
test_discard_bare (void)
{
  if (g_test_subprocess ())
    {
      discard_many (spawn_bare);
      return;
    }

  g_test_trap_subprocess (NULL, TRAP_USEC, G_TEST_SUBPROCESS_DEFAULT);
  if (g_test_trap_has_passed ())
    g_test_message ("this libdex survives the discard of a fiber that awaits");
  else
    g_test_message ("this libdex crashes when a fiber that awaits is discarded");
}

static void
test_timeout (void)
{
  g_autoptr (DexPromise) promise = dex_promise_new ();
  g_autoptr (GError) error = NULL;

  dex_await (inn_future_timeout (dex_ref (promise), 1000), &error);
  g_assert_error (error, INN_ERROR, INN_ERROR_TIMED_OUT);
  /* The leaf is still there for whoever tears it down. */
  g_assert_true (dex_future_is_pending (DEX_FUTURE (promise)));
}

static void
test_timeout_in_time (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (
      dex_await_int (inn_future_timeout (dex_future_new_for_int (7), G_USEC_PER_SEC), &error), ==,
      7);
  g_assert_no_error (error);

  dex_await (inn_future_timeout (
                 inn_reject (inn_error_new (INN_ERROR_REFUSED, "said so", "Refused")), 1000000),
             &error);
  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
  g_assert_cmpstr (inn_error_get_details (error), ==, "said so");
}

static void
test_delay (void)
{
  gint64 before = g_get_monotonic_time ();

  inn_test_await_ok (inn_future_delay (20000));
  g_assert_cmpint (g_get_monotonic_time () - before, >=, 20000);
}

static gboolean
identify_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_value_init (result, G_TYPE_POINTER);
  g_value_set_pointer (result, g_thread_self ());
  return TRUE;
}

static gboolean
fail_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  inn_error_set (error, INN_ERROR_REMOTE, data, "It failed");
  return FALSE;
}

static gboolean
fail_mutely_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  return FALSE;
}

static void
test_thread_run (void)
{
  g_autoptr (GError) error = NULL;
  gpointer thread;

  thread =
      dex_await_pointer (inn_thread_run ("identify", identify_thread, NULL, NULL, NULL), &error);
  g_assert_no_error (error);
  g_assert_true (thread != NULL && thread != g_thread_self ());

  dex_await (inn_thread_run ("fail", fail_thread, g_strdup ("why"), g_free, NULL), &error);
  g_assert_error (error, INN_ERROR, INN_ERROR_REMOTE);
  g_clear_error (&error);

  dex_await (inn_thread_run ("fail", fail_mutely_thread, NULL, NULL, NULL), &error);
  g_assert_error (error, INN_ERROR, INN_ERROR_FAILED);
}

static void
test_forget (void)
{
  DexPromise *quiet = dex_promise_new ();
  DexPromise *loud = dex_promise_new ();

  inn_future_forget (dex_ref (quiet), "quiet work");
  inn_future_forget (dex_ref (loud), "loud work");
  dex_promise_reject (quiet, inn_error_new (INN_ERROR_CANCELLED, NULL, "Nobody wants it"));

  g_test_expect_message ("inn-base", G_LOG_LEVEL_WARNING, "loud work: It broke");
  dex_promise_reject (loud, inn_error_new (INN_ERROR_FAILED, NULL, "It broke"));
  inn_test_settle (inn_future_delay (20000), NULL);
  g_test_assert_expected_messages ();

  dex_unref (quiet);
  dex_unref (loud);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/dex/spawn/result", test_spawn_result);
  inn_test_add_fiber ("/dex/spawn/survives-discard", test_spawn_survives_discard);
  g_test_add_func ("/dex/discard/ours", test_discard_ours);
  g_test_add_func ("/dex/discard/bare", test_discard_bare);
  inn_test_add_fiber ("/dex/timeout/expired", test_timeout);
  inn_test_add_fiber ("/dex/timeout/in-time", test_timeout_in_time);
  inn_test_add_fiber ("/dex/delay", test_delay);
  inn_test_add_fiber ("/dex/thread-run", test_thread_run);
  g_test_add_func ("/dex/forget", test_forget);

  return g_test_run ();
}

/* test-worker.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "base/inn-worker.h"
#include "inn-test.h"

#define N_JOBS 200

/* A door that jobs wait at, and what they leave behind. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean open;
  guint n_inside;
  guint most_inside;
  guint n_freed;
  GString *order;
} Door;

typedef struct
{
  Door *door;
  guint number;
} Visit;

static Door *
door_new (gboolean open)
{
  Door *door = g_new0 (Door, 1);

  g_mutex_init (&door->mutex);
  g_cond_init (&door->cond);
  door->open = open;
  door->order = g_string_new (NULL);
  return door;
}

static void
door_free (Door *door)
{
  g_mutex_clear (&door->mutex);
  g_cond_clear (&door->cond);
  g_string_free (door->order, TRUE);
  g_free (door);
}

static void
door_open (Door *door)
{
  g_mutex_lock (&door->mutex);
  door->open = TRUE;
  g_cond_broadcast (&door->cond);
  g_mutex_unlock (&door->mutex);
}

static Visit *
visit_new (Door *door, guint number)
{
  Visit *visit = g_new0 (Visit, 1);

  visit->door = door;
  visit->number = number;
  return visit;
}

static void
visit_free (gpointer data)
{
  Visit *visit = data;

  g_mutex_lock (&visit->door->mutex);
  visit->door->n_freed++;
  g_mutex_unlock (&visit->door->mutex);
  g_free (visit);
}

static gboolean
visit_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Visit *visit = data;
  Door *door = visit->door;

  g_mutex_lock (&door->mutex);
  door->n_inside++;
  door->most_inside = MAX (door->most_inside, door->n_inside);
  g_string_append_printf (door->order, "%u ", visit->number);
  g_cond_broadcast (&door->cond);
  while (!door->open)
    g_cond_wait (&door->cond, &door->mutex);
  door->n_inside--;
  g_mutex_unlock (&door->mutex);

  g_value_init (result, G_TYPE_UINT);
  g_value_set_uint (result, visit->number);
  return TRUE;
}

static gboolean
is_inside (gpointer data)
{
  Door *door = data;
  gboolean inside;

  g_mutex_lock (&door->mutex);
  inside = door->n_inside > 0;
  g_mutex_unlock (&door->mutex);

  return inside;
}

static void
test_order (void)
{
  g_autoptr (InnWorker) worker = inn_worker_new ("test", 1);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr (GString) expected = g_string_new (NULL);
  Door *door = door_new (TRUE);

  for (guint i = 0; i < N_JOBS; i++)
    {
      g_string_append_printf (expected, "%u ", i);
      g_ptr_array_add (
          futures, inn_worker_run (worker, visit_thread, visit_new (door, i), visit_free, NULL));
    }
  for (guint i = 0; i < N_JOBS; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (dex_await_uint (dex_ref (g_ptr_array_index (futures, i)), &error), ==, i);
      g_assert_no_error (error);
    }

  g_assert_cmpstr (door->order->str, ==, expected->str);
  g_assert_cmpuint (door->most_inside, ==, 1);
  g_assert_cmpuint (door->n_freed, ==, N_JOBS);
  door_free (door);
}

static gboolean
are_three_inside (gpointer data)
{
  Door *door = data;
  gboolean three;

  g_mutex_lock (&door->mutex);
  three = door->n_inside == 3;
  g_mutex_unlock (&door->mutex);

  return three;
}

/* A stuck job does not hold the others, and there are never more threads than asked for. */
static void
test_parallel (void)
{
  g_autoptr (InnWorker) worker = inn_worker_new ("test", 3);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  Door *door = door_new (FALSE);

  for (guint i = 0; i < 10; i++)
    g_ptr_array_add (futures,
                     inn_worker_run (worker, visit_thread, visit_new (door, i), visit_free, NULL));
  inn_test_wait (are_three_inside, door);
  g_assert_cmpuint (inn_worker_get_pending (worker), ==, 10);
  door_open (door);
  for (guint i = 0; i < futures->len; i++)
    inn_test_await_ok (dex_ref (g_ptr_array_index (futures, i)));

  g_assert_cmpuint (door->most_inside, ==, 3);
  door_free (door);
}

static void
test_cancelled_before (void)
{
  g_autoptr (InnWorker) worker = inn_worker_new ("test", 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Door *door = door_new (FALSE);
  DexFuture *first = inn_worker_run (worker, visit_thread, visit_new (door, 1), visit_free, NULL);
  DexFuture *second =
      inn_worker_run (worker, visit_thread, visit_new (door, 2), visit_free, cancellable);

  inn_test_wait (is_inside, door);
  g_cancellable_cancel (cancellable);
  door_open (door);
  inn_test_await_ok (first);
  error = inn_test_await_error (second);
  g_assert_error (error, INN_ERROR, INN_ERROR_CANCELLED);
  g_assert_cmpstr (door->order->str, ==, "1 ");
  g_assert_cmpuint (door->n_freed, ==, 2);
  door_free (door);
}

/* Closing waits for nobody: who waits is sent away, who runs comes to its end. */
static void
test_close (void)
{
  InnWorker *worker = inn_worker_new ("test", 1);
  g_autoptr (GError) waiting = NULL;
  g_autoptr (GError) late = NULL;
  Door *door = door_new (FALSE);
  DexFuture *first = inn_worker_run (worker, visit_thread, visit_new (door, 1), visit_free, NULL);
  DexFuture *second = inn_worker_run (worker, visit_thread, visit_new (door, 2), visit_free, NULL);

  inn_test_wait (is_inside, door);
  inn_worker_close (worker);
  waiting = inn_test_await_error (second);
  g_assert_error (waiting, INN_ERROR, INN_ERROR_CANCELLED);
  late = inn_test_await_error (
      inn_worker_run (worker, visit_thread, visit_new (door, 3), visit_free, NULL));
  g_assert_error (late, INN_ERROR, INN_ERROR_CANCELLED);

  g_object_unref (worker);
  door_open (door);
  inn_test_await_ok (first);
  g_assert_cmpuint (door->n_freed, ==, 3);
  door_free (door);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/worker/order", test_order);
  inn_test_add_fiber ("/worker/parallel", test_parallel);
  inn_test_add_fiber ("/worker/cancelled-before", test_cancelled_before);
  inn_test_add_fiber ("/worker/close", test_close);

  return g_test_run ();
}

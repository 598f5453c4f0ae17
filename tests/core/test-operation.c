/* test-operation.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "base/inn-log-line.h"
#include "base/inn-operation-manager.h"
#include "inn-test.h"

static void
count (gpointer n)
{
  (*(guint *) n)++;
}

static void
test_succeed (void)
{
  g_autoptr (InnOperation) operation = inn_operation_new ("vm.start", "id", "web", "Starting web");
  guint n_states = 0;

  g_signal_connect_swapped (operation, "notify::state", G_CALLBACK (count), &n_states);
  g_assert_false (inn_operation_is_foreign (operation));
  g_assert_cmpfloat (inn_operation_get_progress (operation), <, 0);
  inn_operation_set_progress (operation, 7);
  g_assert_cmpfloat (inn_operation_get_progress (operation), ==, 1);
  inn_operation_set_progress (operation, -3);
  g_assert_cmpfloat (inn_operation_get_progress (operation), ==, -1);

  inn_operation_succeed (operation);
  g_assert_cmpuint (n_states, ==, 1);
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_SUCCEEDED);
  g_assert_cmpint (inn_operation_get_ended_at (operation), >=,
                   inn_operation_get_started_at (operation));
  inn_test_await_ok (inn_operation_await (operation));
}

static void
test_fail (void)
{
  g_autoptr (InnOperation) operation = inn_operation_new ("k", NULL, NULL, "Title");
  g_autoptr (GError) error = inn_error_new (INN_ERROR_REMOTE, "details", "It failed");
  g_autoptr (GError) seen = NULL;

  inn_operation_fail (operation, error);
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_FAILED);
  g_assert_cmpstr (inn_error_get_details (inn_operation_get_error (operation)), ==, "details");
  seen = inn_test_await_error (inn_operation_await (operation));
  g_assert_error (seen, INN_ERROR, INN_ERROR_REMOTE);
}

static void
test_ends_once (void)
{
  g_autoptr (InnOperation) operation = inn_operation_new ("k", NULL, NULL, "Title");

  inn_operation_succeed (operation);
  g_test_expect_message ("inn-base", G_LOG_LEVEL_WARNING, "*ended twice*");
  inn_operation_succeed (operation);
  g_test_assert_expected_messages ();
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_SUCCEEDED);
}

static void
test_cancel (void)
{
  g_autoptr (InnOperation) operation = inn_operation_new ("k", NULL, NULL, "Title");
  g_autoptr (InnOperation) child = inn_operation_new ("k", NULL, NULL, "Child");
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  guint n_requests = 0;

  inn_operation_add_child (operation, child);
  g_signal_connect_swapped (operation, "cancel-requested", G_CALLBACK (count), &n_requests);
  inn_operation_set_no_cancel_reason (operation, "It is committing");
  inn_operation_cancel (operation);
  g_assert_false (inn_operation_is_cancelled (operation));

  inn_operation_set_no_cancel_reason (operation, NULL);
  inn_operation_cancel (operation);
  g_assert_true (inn_operation_is_cancelled (operation));
  g_assert_true (inn_operation_is_cancelled (child));
  g_assert_cmpuint (n_requests, ==, 1);
  /* It asks; whoever works ends it. */
  g_assert_false (inn_operation_is_ended (operation));
  inn_operation_fail (operation, error);
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_CANCELLED);
}

static void
test_follow (void)
{
  g_autoptr (InnOperation) good = inn_operation_new ("k", NULL, NULL, "Title");
  g_autoptr (InnOperation) bad = inn_operation_new ("k", NULL, NULL, "Title");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (dex_await_int (inn_operation_follow (good, dex_future_new_for_int (3)), &error),
                   ==, 3);
  g_assert_no_error (error);
  g_assert_cmpint (inn_operation_get_state (good), ==, INN_OPERATION_SUCCEEDED);

  error = inn_test_await_error (inn_operation_follow (
      bad, inn_reject (inn_error_new (INN_ERROR_TIMED_OUT, NULL, "No answer"))));
  g_assert_error (error, INN_ERROR, INN_ERROR_TIMED_OUT);
  g_assert_cmpint (inn_operation_get_state (bad), ==, INN_OPERATION_FAILED);
}

static void
test_log (void)
{
  g_autoptr (InnOperation) operation = inn_operation_new ("k", NULL, NULL, "Title");
  GListModel *log = inn_operation_get_log (operation);
  g_autoptr (InnLogLine) last = NULL;

  for (guint i = 0; i < 10010; i++)
    inn_operation_log (operation, "line %u", i);
  g_assert_cmpuint (g_list_model_get_n_items (log), <=, 10000);
  last = g_list_model_get_item (log, g_list_model_get_n_items (log) - 1);
  g_assert_cmpstr (inn_log_line_get_text (last), ==, "line 10009");
}

static void
test_state_nicks (void)
{
  for (InnOperationState i = INN_OPERATION_RUNNING; i <= INN_OPERATION_ABANDONED; i++)
    g_assert_cmpint (inn_operation_state_from_nick (inn_operation_state_to_nick (i)), ==, i);
  g_assert_cmpint (inn_operation_state_from_nick ("what"), ==, INN_OPERATION_ABANDONED);
  g_assert_cmpint (inn_operation_state_from_nick (NULL), ==, INN_OPERATION_ABANDONED);
}

static void
test_manager (void)
{
  g_autoptr (InnOperationManager) manager = inn_operation_manager_new ();
  g_autoptr (InnOperation) running = inn_operation_new ("k", NULL, NULL, "Runs");
  g_autoptr (InnOperation) first = NULL;
  guint n_ended = 0;

  g_signal_connect_swapped (manager, "ended", G_CALLBACK (count), &n_ended);
  inn_operation_manager_add (manager, running);
  for (guint i = 0; i < 250; i++)
    {
      g_autoptr (InnOperation) operation = inn_operation_new ("k", NULL, NULL, "Ends");

      inn_operation_manager_add (manager, operation);
      inn_operation_succeed (operation);
    }

  /* The newest come first, the oldest that are over go, one that runs stays. */
  g_assert_cmpuint (n_ended, ==, 250);
  g_assert_cmpuint (inn_operation_manager_get_n_running (manager), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 201);
  g_assert_true (inn_operation_manager_find (manager, inn_operation_get_id (running)) == running);
  first = g_list_model_get_item (G_LIST_MODEL (manager), 0);
  g_assert_cmpstr (inn_operation_get_title (first), ==, "Ends");

  inn_operation_manager_clear_ended (manager);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (manager)), ==, 1);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/operation/succeed", test_succeed);
  inn_test_add_fiber ("/operation/fail", test_fail);
  g_test_add_func ("/operation/ends-once", test_ends_once);
  g_test_add_func ("/operation/cancel", test_cancel);
  inn_test_add_fiber ("/operation/follow", test_follow);
  g_test_add_func ("/operation/log", test_log);
  g_test_add_func ("/operation/state-nicks", test_state_nicks);
  g_test_add_func ("/operation/manager", test_manager);

  return g_test_run ();
}

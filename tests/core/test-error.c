/* test-error.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-test.h"

#include <gio/gio.h>

static void
test_details (void)
{
  g_autoptr (GError) error =
      inn_error_new (INN_ERROR_REMOTE, "internal error: %s", "“%s” did not start", "a%nb");
  g_autoptr (GError) copy = g_error_copy (error);
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  g_assert_cmpstr (copy->message, ==, "“a%nb” did not start");
  g_assert_cmpstr (inn_error_get_details (copy), ==, "internal error: %s");
  g_assert_null (inn_error_get_details (other));
}

/* A promise carries the details across. */
static void
test_through_future (void)
{
  g_autoptr (GError) error = inn_test_await_error (
      inn_reject (inn_error_new (INN_ERROR_IN_USE, "the words", "It is in use")));

  g_assert_error (error, INN_ERROR, INN_ERROR_IN_USE);
  g_assert_cmpstr (inn_error_get_details (error), ==, "the words");
}

static void
test_nick (void)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (INN_TYPE_ERROR);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) odd = g_error_new_literal (INN_ERROR, 999, "x");

  g_assert_cmpuint (klass->n_values, ==, INN_ERROR_STORE + 1);
  for (guint i = 0; i < klass->n_values; i++)
    {
      g_autoptr (GError) error = inn_error_new (klass->values[i].value, NULL, "x");

      g_assert_cmpstr (inn_error_get_nick (error), ==, klass->values[i].value_nick);
      g_assert_true (g_hash_table_add (seen, (gpointer) klass->values[i].value_nick));
    }
  g_assert_cmpstr (inn_error_get_nick (foreign), ==, "cancelled");
  g_assert_cmpstr (inn_error_get_nick (odd), ==, "failed");
}

static void
test_set (void)
{
  g_autoptr (GError) error = NULL;

  inn_error_set (NULL, INN_ERROR_DENIED, NULL, "Nobody listens");
  inn_error_set (&error, INN_ERROR_DENIED, NULL, "%d", 5);
  g_assert_error (error, INN_ERROR, INN_ERROR_DENIED);
  g_assert_cmpstr (error->message, ==, "5");
  g_assert_false (inn_error_is_cancelled (error));
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/error/details", test_details);
  inn_test_add_fiber ("/error/through-future", test_through_future);
  g_test_add_func ("/error/nick", test_nick);
  g_test_add_func ("/error/set", test_set);

  return g_test_run ();
}

/* inn-test.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-test.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

/* How long a test may take before it counts as hanging; sanitizers and full machines are slow. */
#define WATCHDOG_SECONDS 120
#define POLL_USEC 2000

/**
 * inn_test_init:
 *
 * First thing in `main` of every test program.
 */
void
inn_test_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  inn_init ();
}

static gboolean
on_watchdog (gpointer data)
{
  g_error ("%s: the watchdog waited for %d s", (const char *) data, WATCHDOG_SECONDS);
  return G_SOURCE_REMOVE;
}

static gboolean
is_settled (gpointer future)
{
  return !dex_future_is_pending (future);
}

/**
 * inn_test_spin:
 * @condition: what to wait for
 * @data: handed to it
 *
 * Turns the main context until @condition holds.
 */
void
inn_test_spin (InnTestCondition condition, gpointer data)
{
  guint watchdog = g_timeout_add_seconds (WATCHDOG_SECONDS, on_watchdog, (gpointer) "spin");

  /* A promise that a thread settles wakes the context only when something is chained to it. */
  while (!condition (data))
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (POLL_USEC / 4);

  g_source_remove (watchdog);
}

/**
 * inn_test_settle:
 * @future: (transfer full): to be waited for
 * @error: why it was rejected
 *
 * Returns: whether it resolved
 */
gboolean
inn_test_settle (DexFuture *future, GError **error)
{
  g_autoptr (DexFuture) owned = future;

  inn_test_spin (is_settled, owned);
  return dex_future_get_value (owned, error) != NULL;
}

/**
 * inn_test_wait:
 * @condition: what to wait for
 * @data: handed to it
 *
 * Like inn_test_spin(), in a fiber: the others run on.
 */
void
inn_test_wait (InnTestCondition condition, gpointer data)
{
  gint64 until = g_get_monotonic_time () + WATCHDOG_SECONDS * G_USEC_PER_SEC;

  while (!condition (data))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      dex_await (inn_future_delay (POLL_USEC), NULL);
    }
}

/**
 * inn_test_await_error:
 * @future: (transfer full): must be rejected
 *
 * Returns: (transfer full): why
 */
GError *
inn_test_await_error (DexFuture *future)
{
  GError *error = NULL;

  dex_await (future, &error);
  g_assert_nonnull (error);

  return error;
}

static DexFuture *
body_fiber (gpointer data)
{
  InnTestFunc func = (InnTestFunc) data;

  func ();
  return dex_future_new_true ();
}

static void
run_body (gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  inn_test_settle (inn_spawn ("body_fiber", body_fiber, (gpointer) data, NULL), &error);
  g_assert_no_error (error);
}

/**
 * inn_test_add_fiber:
 * @path: name of the test
 * @func: its body; it may await
 */
void
inn_test_add_fiber (const char *path, InnTestFunc func)
{
  g_test_add_data_func (path, (gconstpointer) func, run_body);
}

/**
 * inn_test_dir_new:
 *
 * Returns: (transfer full): path of a new folder, for nobody else
 */
InnTestDir *
inn_test_dir_new (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("innkeeper-test-XXXXXX", &error);

  g_assert_no_error (error);
  return path;
}

/**
 * inn_test_remove_tree:
 * @path: a file or folder, removed with everything in it, also where modes forbid it
 */
void
inn_test_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_chmod (path, 0700);
      dir = g_dir_open (path, 0, NULL);
    }
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      inn_test_remove_tree (child);
    }
  g_remove (path);
}

/**
 * inn_test_dir_free:
 * @self: (transfer full): goes with everything in it
 */
void
inn_test_dir_free (InnTestDir *self)
{
  inn_test_remove_tree (self);
  g_free (self);
}

/* test-thread.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-thread.h"
#include "inn-test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* How a process ends whose threads still work: each test is a process of its own. */

#define SUBPROCESS_LIMIT (60 * G_USEC_PER_SEC)

/* What exit() does to libraries. */
static void
take_down (void)
{
  printf ("taken down\n");
}

static void
leave (void)
{
  atexit (take_down);
  printf ("written\n");
  exit (inn_leave (0));
}

static gpointer
busy_thread (gpointer data)
{
  /* Work, and not a wait for anything. */
  g_usleep (50 * G_TIME_SPAN_MILLISECOND);
  printf ("worked\n");
  return NULL;
}

static gpointer
stuck_thread (gpointer data)
{
  for (;;)
    pause ();
  return NULL;
}

static void
test_without_threads (void)
{
  if (g_test_subprocess ())
    leave ();

  g_test_trap_subprocess (NULL, SUBPROCESS_LIMIT, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*written\ntaken down\n");
}

static void
test_busy (void)
{
  if (g_test_subprocess ())
    {
      for (guint i = 0; i < 10; i++)
        inn_thread_start ("busy", busy_thread, NULL);
      leave ();
    }

  g_test_trap_subprocess (NULL, SUBPROCESS_LIMIT, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*worked\ntaken down\n");
}

static void
test_stuck (void)
{
  if (g_test_subprocess ())
    {
      inn_thread_start ("stuck", stuck_thread, NULL);
      leave ();
    }

  g_test_trap_subprocess (NULL, SUBPROCESS_LIMIT, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*written\n");
  g_test_trap_assert_stdout_unmatched ("*taken down*");
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/thread/leave-without", test_without_threads);
  g_test_add_func ("/thread/leave-busy", test_busy);
  g_test_add_func ("/thread/leave-stuck", test_stuck);

  return g_test_run ();
}

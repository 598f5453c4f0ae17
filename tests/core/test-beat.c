/* test-beat.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-beat.h"
#include "inn-test.h"

#define N_POSTS 300
#define N_THREADS 3

typedef struct
{
  guint n_taken;
  guint n_freed;
  guint last[N_THREADS]; /* number that each thread posted last, as it arrived */
  gboolean wrong_thread;
} Seen;

typedef struct
{
  guint thread;
  guint number;
} Letter;

static Seen seen;

static void
take (gpointer data)
{
  Letter *letter = data;

  seen.wrong_thread |= !g_main_context_is_owner (NULL);
  g_assert_cmpuint (letter->number, ==, seen.last[letter->thread] + 1);
  seen.last[letter->thread] = letter->number;
  seen.n_taken++;
}

static void
letter_free (gpointer data)
{
  seen.n_freed++;
  g_free (data);
}

static gpointer
post_thread (gpointer data)
{
  for (guint i = 1; i <= N_POSTS; i++)
    {
      Letter *letter = g_new0 (Letter, 1);

      letter->thread = GPOINTER_TO_UINT (data);
      letter->number = i;
      inn_beat_post (take, letter, letter_free);
      if (i % 50 == 0)
        g_thread_yield ();
    }

  return NULL;
}

static gboolean
all_taken (gpointer data)
{
  return seen.n_freed == N_POSTS * N_THREADS;
}

/* From several threads at once: each thread's posts in its order, none lost, on the main thread. */
static void
test_posts (void)
{
  GThread *threads[N_THREADS];

  seen = (Seen) { 0 };
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("post", post_thread, GUINT_TO_POINTER (i));
  inn_test_spin (all_taken, NULL);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (seen.n_taken, ==, N_POSTS * N_THREADS);
  g_assert_false (seen.wrong_thread);
}

static gboolean
count_cb (gpointer data)
{
  (*(guint *) data)++;
  return G_SOURCE_REMOVE;
}

static gboolean
all_counted (gpointer data)
{
  return *(guint *) data == 50;
}

/* What falls between two beats costs the main thread one turn, and comes neither early nor late. */
static void
test_shared (void)
{
  gint64 beat = inn_beat_after (g_get_monotonic_time ()) + INN_BEAT_USEC;
  guint n_turns = 0;
  guint n = 0;

  for (guint i = 0; i < 50; i++)
    inn_beat_add (beat - INN_BEAT_USEC + 1 + i * INN_BEAT_USEC / 50, count_cb, &n);
  for (; n < 50; n_turns++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (g_get_monotonic_time (), >=, beat);
  g_assert_cmpuint (n_turns, <, 20);
}

static void
test_after (void)
{
  g_assert_cmpint (inn_beat_after (0), ==, 0);
  g_assert_cmpint (inn_beat_after (1), ==, INN_BEAT_USEC);
  g_assert_cmpint (inn_beat_after (INN_BEAT_USEC), ==, INN_BEAT_USEC);
  g_assert_cmpint (inn_beat_after (INN_BEAT_USEC + 1), ==, 2 * INN_BEAT_USEC);
}

/* One that is taken back does not come. */
static void
test_removed (void)
{
  guint n = 0;
  guint removed = 0;
  guint id = inn_beat_add (g_get_monotonic_time (), count_cb, &removed);

  for (guint i = 0; i < 50; i++)
    inn_beat_add (g_get_monotonic_time (), count_cb, &n);
  g_source_remove (id);
  inn_test_spin (all_counted, &n);
  g_assert_cmpuint (removed, ==, 0);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  g_test_add_func ("/beat/after", test_after);
  g_test_add_func ("/beat/posts", test_posts);
  g_test_add_func ("/beat/shared", test_shared);
  g_test_add_func ("/beat/removed", test_removed);
  return g_test_run ();
}

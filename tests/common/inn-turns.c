/* inn-turns.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-turns.h"

#include <time.h>

/* How long the main loop is busy between two polls: what a person would notice. CPU time of the
 * thread, since wall time tells of the machine's neighbours. The poll function gets no data. */
static struct
{
  gint64 begin;
  gint64 longest;
  guint number;
} turns;

static gint64
get_thread_cpu (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gint
measuring_poll (GPollFD *fds, guint n, gint timeout)
{
  gint ready;

  if (turns.begin > 0)
    turns.longest = MAX (turns.longest, get_thread_cpu () - turns.begin);
  turns.number++;
  ready = g_poll (fds, n, timeout);
  turns.begin = get_thread_cpu ();

  return ready;
}

/**
 * inn_turns_start:
 *
 * Measures the turns of the main loop from here on; the rest of the present turn counts, too.
 */
void
inn_turns_start (void)
{
  g_main_context_set_poll_func (NULL, measuring_poll);
  turns.longest = 0;
  turns.number = 0;
  turns.begin = get_thread_cpu ();
}

/**
 * inn_turns_get_number:
 *
 * Returns: how many turns have ended since inn_turns_start()
 */
guint
inn_turns_get_number (void)
{
  return turns.number;
}

/**
 * inn_turns_get_longest:
 *
 * Returns: microseconds of CPU that the longest turn took; the present one counts as it is
 */
gint64
inn_turns_get_longest (void)
{
  return MAX (turns.longest, get_thread_cpu () - turns.begin);
}

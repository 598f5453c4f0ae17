/* inn-beat.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-beat.h"

/* Moments that everybody shares. A hundred hosts that are looked at each at its own moment wake the
 * main thread a hundred times a second, and each time costs more than what is then done. */

/* Below the drawing of a window, so that a busy cluster does not make it stutter */
#define POST_PRIORITY (G_PRIORITY_HIGH_IDLE + 30)
/* As long as that may be busy with posts before it looks at anything else. */
#define TURN_USEC (4 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  InnBeatFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Post;

static GMutex mutex;
static GQueue posts = G_QUEUE_INIT;
static gboolean waiting; /* a source will take the posts */

/**
 * inn_beat_after:
 * @time: monotonic microseconds
 *
 * Returns: the first beat that is not before @time
 */
gint64
inn_beat_after (gint64 time)
{
  return (time + INN_BEAT_USEC - 1) / INN_BEAT_USEC * INN_BEAT_USEC;
}

static guint
attach (int priority, gint64 ready, GSourceFunc func, gpointer data)
{
  g_autoptr (GSource) source = g_timeout_source_new (0);

  g_source_set_ready_time (source, ready);
  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, NULL);
  g_source_set_static_name (source, "InnBeat");
  return g_source_attach (source, NULL);
}

/**
 * inn_beat_add:
 * @not_before: monotonic microseconds
 * @func: what to run on the main thread, once; it returns %G_SOURCE_REMOVE
 * @data: for @func
 *
 * Returns: the source, for g_source_remove() until @func runs
 */
guint
inn_beat_add (gint64 not_before, GSourceFunc func, gpointer data)
{
  return attach (G_PRIORITY_DEFAULT, inn_beat_after (not_before), func, data);
}

static Post *
take (void)
{
  Post *post;

  g_mutex_lock (&mutex);
  post = g_queue_pop_head (&posts);
  if (post == NULL)
    waiting = FALSE;
  g_mutex_unlock (&mutex);

  return post;
}

static gboolean
take_posts (gpointer unused)
{
  gint64 end = g_get_monotonic_time () + TURN_USEC;
  Post *post;

  while ((post = take ()) != NULL)
    {
      post->func (post->data);
      if (post->destroy != NULL)
        post->destroy (post->data);
      g_free (post);
      if (g_get_monotonic_time () > end)
        return G_SOURCE_CONTINUE;
    }

  return G_SOURCE_REMOVE;
}

/**
 * inn_beat_post:
 * @func: takes @data on the main thread
 * @data: what to post
 * @destroy: (nullable): lets @data go afterwards, on the main thread
 *
 * Posts something to the main thread, where it arrives at the next beat together with all that was
 * posted until then, in this order. Any thread may post.
 */
void
inn_beat_post (InnBeatFunc func, gpointer data, GDestroyNotify destroy)
{
  Post *post = g_new (Post, 1);
  gboolean first;

  *post = (Post) { func, data, destroy };
  g_mutex_lock (&mutex);
  g_queue_push_tail (&posts, post);
  first = !waiting;
  waiting = TRUE;
  g_mutex_unlock (&mutex);

  if (first)
    attach (POST_PRIORITY, inn_beat_after (g_get_monotonic_time () + 1), take_posts, NULL);
}

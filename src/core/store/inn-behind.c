/* inn-behind.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-behind.h"

#include "base/inn-dex.h"

/**
 * InnBehind:
 *
 * Writes later, many changes at once, one write at a time. A write that fails is tried again: its
 * owner keeps what was not written. “failure-changed” tells when writing begins to fail, fails for
 * another reason, and works again.
 */
struct _InnBehind
{
  GObject parent_instance;

  const char *what;
  InnBehindFunc func;
  gpointer owner; /* unowned; it stops us before it goes */
  DexFuture *running;
  guint timer;
  gint64 due;
  GError *failure; /* of the last write; NULL when it worked */
  guint busy : 1;
};

G_DEFINE_FINAL_TYPE (InnBehind, inn_behind, G_TYPE_OBJECT)

enum
{
  FAILURE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

#define RETRY_MSEC 5000
#define AGAIN_MSEC 250

static void
inn_behind_dispose (GObject *object)
{
  inn_behind_stop (INN_BEHIND (object));

  G_OBJECT_CLASS (inn_behind_parent_class)->dispose (object);
}

static void
inn_behind_finalize (GObject *object)
{
  g_clear_error (&INN_BEHIND (object)->failure);

  G_OBJECT_CLASS (inn_behind_parent_class)->finalize (object);
}

static void
inn_behind_class_init (InnBehindClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_behind_dispose;
  object_class->finalize = inn_behind_finalize;

  signals[FAILURE_CHANGED] =
      g_signal_new ("failure-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    g_cclosure_marshal_VOID__VOID, G_TYPE_NONE, 0);
}

static void
inn_behind_init (InnBehind *self)
{
}

/**
 * inn_behind_new:
 * @what: a static string for the log
 * @func: starts a write
 * @owner: handed to @func; must call inn_behind_stop() before it goes
 *
 * Returns: (transfer full): nothing is behind yet
 */
InnBehind *
inn_behind_new (const char *what, InnBehindFunc func, gpointer owner)
{
  InnBehind *self = g_object_new (INN_TYPE_BEHIND, NULL);

  self->what = what;
  self->func = func;
  self->owner = owner;

  return self;
}

/* Takes @error; NULL when writing works. */
static void
set_failure (InnBehind *self, GError *error)
{
  gboolean same =
      error == self->failure || (error != NULL && self->failure != NULL &&
                                 g_strcmp0 (error->message, self->failure->message) == 0);

  /* Once a series: a full disk stays full for a while. */
  if (!same && error != NULL)
    g_message ("%s are behind: %s", self->what, error->message);

  g_clear_error (&self->failure);
  self->failure = error;
  if (!same)
    g_signal_emit (self, signals[FAILURE_CHANGED], 0);
}

static DexFuture *
written_cb (DexFuture *completed, gpointer data)
{
  InnBehind *self = data;
  GError *error = NULL;

  self->busy = FALSE;
  dex_clear (&self->running);
  dex_future_get_value (completed, &error);
  set_failure (self, error);
  if (error != NULL)
    {
      inn_behind_schedule (self, RETRY_MSEC);
      return NULL;
    }

  /* What came in the meantime; starting with nothing behind costs nothing. */
  inn_behind_schedule (self, AGAIN_MSEC);
  return NULL;
}

/* Returns (transfer full): the write that runs, or NULL when nothing is behind. */
static DexFuture *
start (InnBehind *self)
{
  DexFuture *work;

  if (self->busy)
    return dex_ref (self->running);
  if (self->owner == NULL)
    return NULL;
  if ((work = self->func (self->owner)) == NULL)
    {
      /* What could not be written is not wanted any more. */
      set_failure (self, NULL);
      return NULL;
    }

  /* The callback runs at once when the worker was faster than we are. */
  self->busy = TRUE;
  work = dex_future_finally (work, written_cb, g_object_ref (self), g_object_unref);
  if (self->busy)
    self->running = dex_ref (work);

  return work;
}

static gboolean
on_due (gpointer data)
{
  InnBehind *self = data;
  DexFuture *work;

  self->timer = 0;
  work = start (self);
  if (work != NULL)
    dex_future_disown (work);

  return G_SOURCE_REMOVE;
}

/**
 * inn_behind_schedule:
 * @self: the writer
 * @msec: how long it may wait; an earlier time that is set already stays
 *
 * Something is behind.
 */
void
inn_behind_schedule (InnBehind *self, guint msec)
{
  gint64 due = g_get_monotonic_time () + msec * G_TIME_SPAN_MILLISECOND;

  if (self->owner == NULL || self->busy)
    return;
  if (self->timer != 0 && (self->due <= due || self->failure != NULL))
    return;

  g_clear_handle_id (&self->timer, g_source_remove);
  self->due = due;
  self->timer = g_timeout_add (msec, on_due, self);
}

static DexFuture *
flush_fiber (gpointer data)
{
  InnBehind *self = data;
  DexFuture *work;

  while ((work = start (self)) != NULL)
    {
      g_autoptr (GError) error = NULL;

      dex_await (work, &error);
      if (error != NULL)
        return inn_reject (g_steal_pointer (&error));
    }

  return dex_future_new_true ();
}

/**
 * inn_behind_flush:
 * @self: the writer
 *
 * Returns: (transfer full): resolves when nothing is behind; rejects when a write fails, and goes
 *   on trying
 */
DexFuture *
inn_behind_flush (InnBehind *self)
{
  g_return_val_if_fail (INN_IS_BEHIND (self), NULL);

  return inn_spawn ("flush_fiber", flush_fiber, g_object_ref (self), g_object_unref);
}

/**
 * inn_behind_stop:
 * @self: the writer
 *
 * Starts no more writes. One that runs comes to its end.
 */
void
inn_behind_stop (InnBehind *self)
{
  self->owner = NULL;
  g_clear_handle_id (&self->timer, g_source_remove);
}

/**
 * inn_behind_get_failure:
 * @self: the writer
 *
 * Returns: (nullable): why the last write failed; %NULL when it worked
 */
const GError *
inn_behind_get_failure (InnBehind *self)
{
  g_return_val_if_fail (INN_IS_BEHIND (self), NULL);

  return self->failure;
}

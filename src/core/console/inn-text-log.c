/* inn-text-log.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-text-log.h"

#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "base/inn-worker.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <unistd.h>

/* So much may wait for a slow disk; then the source is held. */
#define MAX_WAITING (1024 * 1024)

/* What the thread has; closed with the last piece of work. */
typedef struct
{
  gatomicrefcount ref_count;
  char *path;
  int fd;
} Sink;

/**
 * InnTextLog:
 *
 * A file that gets each byte that a source reads, as it came: what a guest wrote is not made safe
 * for a terminal by writing it to a file. Only its owner may read it. An existing file is
 * continued.
 */
struct _InnTextLog
{
  GObject parent_instance;

  InnTextSource *source;
  InnWorker *worker;
  Sink *sink;
  GByteArray *waiting; /* for what is being written now */
  gboolean writing;
  gboolean holding;
  gboolean closed;
  GError *error;
};

G_DEFINE_FINAL_TYPE (InnTextLog, inn_text_log, G_TYPE_OBJECT)

static void
sink_unref (gpointer data)
{
  Sink *sink = data;

  if (!g_atomic_ref_count_dec (&sink->ref_count))
    return;

  g_clear_fd (&sink->fd, NULL);
  g_free (sink->path);
  g_free (sink);
}

static Sink *
sink_ref (Sink *sink)
{
  g_atomic_ref_count_inc (&sink->ref_count);
  return sink;
}

static void
hold (InnTextLog *self, gboolean holding)
{
  if (self->holding == holding)
    return;

  self->holding = holding;
  if (holding)
    inn_text_source_hold (self->source);
  else
    inn_text_source_release (self->source);
}

typedef struct
{
  Sink *sink;
  GBytes *bytes;
} Piece;

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  sink_unref (piece->sink);
  g_clear_pointer (&piece->bytes, g_bytes_unref);
  g_free (piece);
}

static Piece *
piece_new (InnTextLog *self, GBytes *bytes)
{
  Piece *piece = g_new0 (Piece, 1);

  piece->sink = sink_ref (self->sink);
  piece->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  return piece;
}

static gboolean
open_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Sink *sink = ((Piece *) data)->sink;

  if (sink->fd >= 0)
    return TRUE;

  sink->fd = open (sink->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  if (sink->fd >= 0)
    return TRUE;

  inn_error_set (error, INN_ERROR_DENIED, g_strerror (errno),
                 _ ("“%s” cannot be written to: choose another file"), sink->path);
  return FALSE;
}

static gboolean
write_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Piece *piece = data;
  gsize size;
  const char *bytes = g_bytes_get_data (piece->bytes, &size);

  while (size > 0)
    {
      gssize n = write (piece->sink->fd, bytes, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0 && errno == EAGAIN)
        {
          /* Somebody made it so: an output that is shared with others. */
          poll (&(struct pollfd) { piece->sink->fd, POLLOUT, 0 }, 1, -1);
          continue;
        }
      if (n < 0)
        {
          inn_error_set (
              error, errno == ENOSPC ? INN_ERROR_NO_SPACE : INN_ERROR_DENIED, g_strerror (errno),
              _ ("“%s” ends here: nothing more can be written to it"), piece->sink->path);
          return FALSE;
        }
      bytes += n;
      size -= (gsize) n;
    }

  return TRUE;
}

static DexFuture *written_cb (DexFuture *completed, gpointer weak);

static void
write_waiting (InnTextLog *self)
{
  g_autoptr (GBytes) bytes = NULL;

  if (self->waiting->len == 0)
    return;

  self->writing = TRUE;
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&self->waiting));
  self->waiting = g_byte_array_new ();
  hold (self, FALSE);
  dex_future_disown (dex_future_finally (
      inn_worker_run (self->worker, write_thread, piece_new (self, bytes), piece_free, NULL),
      written_cb, inn_weak_new (self), inn_weak_unref));
}

static void
stop (InnTextLog *self)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  g_signal_handlers_disconnect_by_data (self->source, self);
  hold (self, FALSE);
  if (self->error == NULL)
    write_waiting (self);
}

static void
fail (InnTextLog *self, GError *error)
{
  if (self->error != NULL)
    {
      g_error_free (error);
      return;
    }

  self->error = error;
  stop (self);
  g_signal_emit_by_name (self, "failed");
}

static DexFuture *
written_cb (DexFuture *completed, gpointer weak)
{
  g_autoptr (InnTextLog) self = inn_weak_get (weak);
  GError *error = NULL;

  if (self == NULL)
    return dex_future_new_true ();

  self->writing = FALSE;
  if (dex_future_get_value (completed, &error) == NULL)
    fail (self, error);
  else
    write_waiting (self);
  return dex_future_new_true ();
}

static void
received_cb (InnTextSource *source, GBytes *bytes, InnTextLog *self)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_byte_array_append (self->waiting, data, (guint) size);
  if (self->waiting->len > MAX_WAITING)
    hold (self, TRUE);
  /* One piece at a time, however small those are that come. */
  if (!self->writing)
    write_waiting (self);
}

static void
inn_text_log_dispose (GObject *object)
{
  InnTextLog *self = INN_TEXT_LOG (object);

  if (self->source != NULL)
    stop (self);
  g_clear_object (&self->source);
  g_clear_object (&self->worker);

  G_OBJECT_CLASS (inn_text_log_parent_class)->dispose (object);
}

static void
inn_text_log_finalize (GObject *object)
{
  InnTextLog *self = INN_TEXT_LOG (object);

  g_clear_pointer (&self->sink, sink_unref);
  g_byte_array_unref (self->waiting);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (inn_text_log_parent_class)->finalize (object);
}

static void
inn_text_log_class_init (InnTextLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_text_log_dispose;
  object_class->finalize = inn_text_log_finalize;

  g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
inn_text_log_init (InnTextLog *self)
{
  self->waiting = g_byte_array_new ();
  self->worker = inn_worker_new ("inn-text-log", 1);
}

static InnTextLog *
make (InnTextSource *source, const char *path, int fd)
{
  InnTextLog *self = g_object_new (INN_TYPE_TEXT_LOG, NULL);

  self->source = g_object_ref (source);
  self->sink = g_new0 (Sink, 1);
  g_atomic_ref_count_init (&self->sink->ref_count);
  self->sink->fd = fd;
  self->sink->path = g_strdup (path);
  return self;
}

/**
 * inn_text_log_new:
 * @source: what to write down
 * @path: (type filename): the file
 *
 * Returns: (transfer full): a log that is not open
 */
InnTextLog *
inn_text_log_new (InnTextSource *source, const char *path)
{
  g_return_val_if_fail (INN_IS_TEXT_SOURCE (source), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  return make (source, path, -1);
}

/**
 * inn_text_log_new_for_fd:
 * @source: what to write down
 * @fd: (transfer full): where to; it may block
 *
 * Returns: (transfer full): a log that is not open
 */
InnTextLog *
inn_text_log_new_for_fd (InnTextSource *source, int fd)
{
  g_return_val_if_fail (INN_IS_TEXT_SOURCE (source), NULL);
  g_return_val_if_fail (fd >= 0, NULL);

  return make (source, _ ("The output"), fd);
}

/**
 * inn_text_log_open:
 * @self: a log
 *
 * What the source reads from now on is in it.
 *
 * Returns: (transfer full): resolves when the file is open; rejects with %INN_ERROR_DENIED
 */
DexFuture *
inn_text_log_open (InnTextLog *self)
{
  g_return_val_if_fail (INN_IS_TEXT_LOG (self), NULL);

  g_signal_connect_object (self->source, "received", G_CALLBACK (received_cb), self, 0);
  return inn_worker_run (self->worker, open_thread, piece_new (self, NULL), piece_free, NULL);
}

static gboolean
nothing_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  return TRUE;
}

/**
 * inn_text_log_close:
 * @self: a log that is open
 *
 * Returns: (transfer full): resolves when all is written
 */
DexFuture *
inn_text_log_close (InnTextLog *self)
{
  g_return_val_if_fail (INN_IS_TEXT_LOG (self), NULL);

  stop (self);
  return inn_worker_run (self->worker, nothing_thread, NULL, NULL, NULL);
}

/**
 * inn_text_log_get_error:
 * @self: a log
 *
 * Returns: (nullable) (transfer none): why it takes no more
 */
const GError *
inn_text_log_get_error (InnTextLog *self)
{
  g_return_val_if_fail (INN_IS_TEXT_LOG (self), NULL);

  return self->error;
}

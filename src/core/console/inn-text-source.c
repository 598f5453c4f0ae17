/* inn-text-source.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-text-source.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

/* A turn of the main loop reads so much; when there was more, the next one comes a frame later. So
 * a flood takes its share of the main thread and no more, and the rest waits where it comes from.
 */
#define CHUNK (64 * 1024)
#define FLOOD_MSEC 16
/* What was typed and the other end does not take. */
#define MAX_TYPED (1024 * 1024)

enum
{
  SIGNAL_RECEIVED,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * InnTextSource:
 *
 * Bytes of a serial console, a channel or a shell. What it reads is handed out at once and never
 * kept; while somebody holds it, nothing is read.
 */
struct _InnTextSource
{
  GObject parent_instance;

  int fd;
  guint read_id;
  guint write_id;
  guint holds;
  GByteArray *typed;
  guint columns;
  guint rows;
  gboolean finishing;
};

G_DEFINE_FINAL_TYPE (InnTextSource, inn_text_source, G_TYPE_OBJECT)

static void watch (InnTextSource *self);

static void
shut (InnTextSource *self)
{
  g_clear_handle_id (&self->read_id, g_source_remove);
  g_clear_handle_id (&self->write_id, g_source_remove);
  g_clear_fd (&self->fd, NULL);
  g_byte_array_set_size (self->typed, 0);
}

static gboolean
flood_over_cb (gpointer data)
{
  InnTextSource *self = data;

  self->read_id = 0;
  watch (self);
  return G_SOURCE_REMOVE;
}

static gboolean
readable_cb (int fd, GIOCondition condition, gpointer data)
{
  g_autoptr (InnTextSource) self = g_object_ref (data);
  g_autofree char *buffer = g_malloc (CHUNK);
  gssize n = read (fd, buffer, CHUNK);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;

  self->read_id = 0;
  /* A terminal ends with an error. */
  if (n <= 0)
    {
      shut (self);
      g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
      return G_SOURCE_REMOVE;
    }

  if (n == CHUNK)
    self->read_id = g_timeout_add (FLOOD_MSEC, flood_over_cb, self);
  else
    watch (self);
  {
    g_autoptr (GBytes) bytes = g_bytes_new_take (g_steal_pointer (&buffer), (gsize) n);

    g_signal_emit (self, signals[SIGNAL_RECEIVED], 0, bytes);
  }
  return G_SOURCE_REMOVE;
}

/* Below what is drawn and what is typed. */
static void
watch (InnTextSource *self)
{
  if (self->fd < 0 || self->holds > 0 || self->read_id != 0)
    return;

  self->read_id = g_unix_fd_add_full (G_PRIORITY_DEFAULT_IDLE, self->fd,
                                      G_IO_IN | G_IO_HUP | G_IO_ERR, readable_cb, self, NULL);
}

static void
inn_text_source_finalize (GObject *object)
{
  InnTextSource *self = INN_TEXT_SOURCE (object);

  shut (self);
  g_byte_array_unref (self->typed);

  G_OBJECT_CLASS (inn_text_source_parent_class)->finalize (object);
}

static void
inn_text_source_class_init (InnTextSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = inn_text_source_finalize;

  signals[SIGNAL_RECEIVED] = g_signal_new ("received", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
inn_text_source_init (InnTextSource *self)
{
  self->fd = -1;
  self->typed = g_byte_array_new ();
}

/**
 * inn_text_source_new:
 *
 * Returns: (transfer full): a source that is closed
 */
InnTextSource *
inn_text_source_new (void)
{
  return g_object_new (INN_TYPE_TEXT_SOURCE, NULL);
}

static void
tell_size (InnTextSource *self)
{
  struct winsize size = { .ws_row = (unsigned short) self->rows,
                          .ws_col = (unsigned short) self->columns };

  /* A serial port has no size. */
  if (self->fd >= 0 && self->columns > 0 && ioctl (self->fd, TIOCSWINSZ, &size) < 0)
    g_debug ("It takes no size: %s", g_strerror (errno));
}

/**
 * inn_text_source_start:
 * @self: a source that is closed
 * @fd: (transfer full): a socket or the master of a terminal
 */
void
inn_text_source_start (InnTextSource *self, int fd)
{
  g_return_if_fail (INN_IS_TEXT_SOURCE (self));
  g_return_if_fail (fd >= 0);

  shut (self);
  self->fd = fd;
  self->finishing = FALSE;
  g_unix_set_fd_nonblocking (fd, TRUE, NULL);
  tell_size (self);
  watch (self);
}

/**
 * inn_text_source_close:
 * @self: a source
 *
 * Ends it; "closed" is not emitted.
 */
void
inn_text_source_close (InnTextSource *self)
{
  g_return_if_fail (INN_IS_TEXT_SOURCE (self));

  shut (self);
}

/**
 * inn_text_source_finish:
 * @self: a source of a guest
 *
 * Nothing more is typed. “closed” is emitted once the other end has taken what was.
 */
void
inn_text_source_finish (InnTextSource *self)
{
  g_return_if_fail (INN_IS_TEXT_SOURCE (self));

  self->finishing = TRUE;
  if (self->fd >= 0 && self->write_id == 0)
    shutdown (self->fd, SHUT_WR);
}

/**
 * inn_text_source_is_open:
 * @self: a source
 *
 * Returns: whether it has another end
 */
gboolean
inn_text_source_is_open (InnTextSource *self)
{
  g_return_val_if_fail (INN_IS_TEXT_SOURCE (self), FALSE);

  return self->fd >= 0;
}

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer data)
{
  InnTextSource *self = data;
  gssize n = send (fd, self->typed->data, self->typed->len, MSG_NOSIGNAL | MSG_DONTWAIT);

  if (n < 0 && errno == ENOTSOCK)
    n = write (fd, self->typed->data, self->typed->len);
  /* That it ended is found out by reading. */
  if (n < 0 && errno != EAGAIN && errno != EINTR)
    g_byte_array_set_size (self->typed, 0);
  else if (n > 0)
    g_byte_array_remove_range (self->typed, 0, (guint) n);
  if (self->typed->len > 0)
    return G_SOURCE_CONTINUE;

  self->write_id = 0;
  if (self->finishing)
    shutdown (fd, SHUT_WR);
  return G_SOURCE_REMOVE;
}

/**
 * inn_text_source_write:
 * @self: a source
 * @data: (array length=size) (element-type guint8): what was typed
 * @size: bytes
 *
 * Returns: whether it goes there; %FALSE when it is closed, or the other end has not taken a lot
 *   that was typed before
 */
gboolean
inn_text_source_write (InnTextSource *self, const char *data, gsize size)
{
  g_return_val_if_fail (INN_IS_TEXT_SOURCE (self), FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  if (self->fd < 0 || size > MAX_TYPED - self->typed->len)
    return FALSE;

  g_byte_array_append (self->typed, (const guint8 *) data, (guint) size);
  if (self->write_id == 0 && size > 0)
    self->write_id = g_unix_fd_add (self->fd, G_IO_OUT | G_IO_HUP | G_IO_ERR, writable_cb, self);
  return TRUE;
}

/**
 * inn_text_source_set_size:
 * @self: a source
 * @columns: characters in a row
 * @rows: rows
 *
 * Passed on where there is somebody who wants to know.
 */
void
inn_text_source_set_size (InnTextSource *self, guint columns, guint rows)
{
  g_return_if_fail (INN_IS_TEXT_SOURCE (self));

  if (self->columns == columns && self->rows == rows)
    return;

  self->columns = columns;
  self->rows = rows;
  tell_size (self);
}

/**
 * inn_text_source_hold:
 * @self: a source
 *
 * Nothing is read until inn_text_source_release(), which goes with it.
 */
void
inn_text_source_hold (InnTextSource *self)
{
  g_return_if_fail (INN_IS_TEXT_SOURCE (self));

  self->holds++;
  g_clear_handle_id (&self->read_id, g_source_remove);
}

/**
 * inn_text_source_release:
 * @self: a source that is held
 */
void
inn_text_source_release (InnTextSource *self)
{
  g_return_if_fail (INN_IS_TEXT_SOURCE (self));
  g_return_if_fail (self->holds > 0);

  self->holds--;
  watch (self);
}

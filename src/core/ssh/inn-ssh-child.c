/* inn-ssh-child.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-child.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#define CHUNK_BYTES (64 * 1024)

/* Runs between fork and exec: only what is safe there. A session of its own keeps the child from
 * the terminal (it asks through us and does not get its Ctrl+C); the signal makes it go when we
 * go, however we go. */
static void
prepare_child (gpointer data)
{
  setsid ();
  /* Where its input is a terminal that was made for it, it hears of its size. */
  ioctl (STDIN_FILENO, TIOCSCTTY, 0);
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != (pid_t) GPOINTER_TO_INT (data))
    _exit (1);
}

/**
 * inn_ssh_child_spawn:
 * @launcher: its streams and environment are set up
 * @argv: (array zero-terminated=1): an OpenSSH program with its arguments
 * @error: return location for %INN_ERROR_UNSUPPORTED when the program is missing
 *
 * Starts a program that ends with us. Main thread only, since the kernel ends it with the thread
 * that started it.
 *
 * Returns: (transfer full) (nullable): the child
 */
GSubprocess *
inn_ssh_child_spawn (GSubprocessLauncher *launcher, const char *const *argv, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GSubprocess *child;

  INN_ASSERT_MAIN ();

  g_subprocess_launcher_set_child_setup (launcher, prepare_child, GINT_TO_POINTER (getpid ()),
                                         NULL);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  child = g_subprocess_launcher_spawnv (launcher, argv, &local_error);
  if (child == NULL && g_error_matches (local_error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    inn_error_set (error, INN_ERROR_UNSUPPORTED, local_error->message,
                   _ ("The program “%s” is missing. Install the OpenSSH client (package "
                      "openssh-client or openssh-clients)."),
                   argv[0]);
  else if (child == NULL)
    inn_error_set (error, INN_ERROR_FAILED, local_error->message, _ ("“%s” could not be started"),
                   argv[0]);

  return child;
}

static void
wait_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  GSubprocess *child = G_SUBPROCESS (object);
  g_autoptr (DexPromise) promise = user_data;

  g_subprocess_wait_finish (child, result, NULL);
  if (g_subprocess_get_if_exited (child))
    dex_promise_resolve_int (promise, g_subprocess_get_exit_status (child));
  else
    dex_promise_resolve_int (promise, 128 + g_subprocess_get_term_sig (child));
}

/**
 * inn_ssh_child_wait:
 * @child: a child
 *
 * Returns: (transfer full): resolves with its exit status (an int), or 128 and the signal
 */
DexFuture *
inn_ssh_child_wait (GSubprocess *child)
{
  DexPromise *promise = dex_promise_new ();

  g_subprocess_wait_async (child, NULL, wait_ready, dex_ref (promise));
  return DEX_FUTURE (promise);
}

typedef struct
{
  DexPromise *promise;
  GInputStream *stream;
  GCancellable *cancellable;
  GByteArray *all;
  GString *line;
  InnSshLineFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Read;

static void
read_free (Read *read)
{
  if (read->destroy != NULL)
    read->destroy (read->data);
  dex_clear (&read->promise);
  g_clear_object (&read->stream);
  g_clear_object (&read->cancellable);
  g_clear_pointer (&read->all, g_byte_array_unref);
  g_string_free (read->line, TRUE);
  g_free (read);
}

static void
flush_line (Read *read)
{
  g_autofree char *valid = NULL;

  g_string_set_size (read->line,
                     read->line->len - (g_str_has_suffix (read->line->str, "\r") ? 1 : 0));
  valid = g_utf8_make_valid (read->line->str, (gssize) read->line->len);
  read->func (valid, read->data);
  g_string_truncate (read->line, 0);
}

static void
split_lines (Read *read, const char *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (data[i] == '\n' || read->line->len >= CHUNK_BYTES)
      {
        flush_line (read);
        if (data[i] != '\n')
          g_string_append_c (read->line, data[i]);
      }
    else
      g_string_append_c (read->line, data[i]);
}

static void
read_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Read *read = user_data;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (read->stream, result, NULL);
  gsize size = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (size > 0)
    {
      g_byte_array_append (read->all, (const guint8 *) data, (guint) size);
      if (read->func != NULL)
        split_lines (read, data, size);
      g_input_stream_read_bytes_async (read->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                       read->cancellable, read_ready, read);
      return;
    }

  if (read->func != NULL && read->line->len > 0)
    flush_line (read);
  dex_promise_resolve_boxed (read->promise, G_TYPE_BYTES,
                             g_byte_array_free_to_bytes (g_steal_pointer (&read->all)));
  read_free (read);
}

/**
 * inn_ssh_child_read:
 * @stream: an output of a child
 * @func: (nullable): called for each line as it comes, on the main thread
 * @data: for @func
 * @destroy: (nullable): frees @data
 * @cancellable: (nullable): ends the reading
 *
 * Returns: (transfer full): resolves with all that was read (GBytes, boxed) when the stream ends,
 *   fails or is cancelled
 */
DexFuture *
inn_ssh_child_read (GInputStream *stream,
                    InnSshLineFunc func,
                    gpointer data,
                    GDestroyNotify destroy,
                    GCancellable *cancellable)
{
  Read *read = g_new0 (Read, 1);
  DexPromise *promise = dex_promise_new ();

  read->promise = dex_ref (promise);
  read->stream = g_object_ref (stream);
  g_set_object (&read->cancellable, cancellable);
  read->all = g_byte_array_new ();
  read->line = g_string_new (NULL);
  read->func = func;
  read->data = data;
  read->destroy = destroy;
  g_input_stream_read_bytes_async (stream, CHUNK_BYTES, G_PRIORITY_DEFAULT, cancellable, read_ready,
                                   read);

  return DEX_FUTURE (promise);
}

typedef struct
{
  DexPromise *promise;
  GBytes *bytes;
} Write;

static void
close_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Write *write = user_data;

  g_output_stream_close_finish (G_OUTPUT_STREAM (object), result, NULL);
  dex_promise_resolve_boolean (write->promise, TRUE);
  dex_clear (&write->promise);
  g_bytes_unref (write->bytes);
  g_free (write);
}

static void
write_ready (GObject *object, GAsyncResult *result, gpointer user_data)
{
  /* A command that ends before it has read everything says by its exit status whether that was
   * right; a broken pipe is no error of its own. */
  g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL);
  g_output_stream_close_async (G_OUTPUT_STREAM (object), G_PRIORITY_DEFAULT, NULL, close_ready,
                               user_data);
}

/**
 * inn_ssh_child_write:
 * @stream: the input of a child
 * @bytes: what to write
 *
 * Writes everything and closes the stream.
 *
 * Returns: (transfer full): resolves with %TRUE, also when the child did not read it all
 */
DexFuture *
inn_ssh_child_write (GOutputStream *stream, GBytes *bytes)
{
  Write *write = g_new0 (Write, 1);
  DexPromise *promise = dex_promise_new ();
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  write->promise = dex_ref (promise);
  write->bytes = g_bytes_ref (bytes);
  g_output_stream_write_all_async (stream, data, size, G_PRIORITY_DEFAULT, NULL, write_ready,
                                   write);
  return DEX_FUTURE (promise);
}

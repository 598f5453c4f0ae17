/* test-text-log.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "console/inn-text-log.h"
#include "inn-test.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* A guest at one end of a socket, and a slow or broken file at the other. */

#define KIB ((gsize) 1024)
#ifdef __SANITIZE_ADDRESS__
/* What was freed is kept for a while. */
#define MOST (512 * 1024 * KIB)
#else
#define MOST (8 * 1024 * KIB)
#endif
#define PIECE "0123456789abcde\n"
#define N_PIECES (128 * 1024)

typedef struct
{
  InnTextSource *source;
  int guest;
  gsize received;
  gsize expected;
} Fixture;

static void
received_cb (InnTextSource *source, GBytes *bytes, Fixture *fixture)
{
  fixture->received += g_bytes_get_size (bytes);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  int ends[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), ==,
                   0);
  fixture->guest = ends[0];
  fixture->source = inn_text_source_new ();
  g_signal_connect (fixture->source, "received", G_CALLBACK (received_cb), fixture);
  inn_text_source_start (fixture->source, ends[1]);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->source);
  g_clear_fd (&fixture->guest, NULL);
}

static gboolean
has_all (gpointer data)
{
  Fixture *fixture = data;

  return fixture->received >= fixture->expected;
}

static void
say (Fixture *fixture, const char *text)
{
  g_assert_cmpint (write (fixture->guest, text, strlen (text)), ==, (gssize) strlen (text));
  fixture->expected += strlen (text);
}

static gsize
get_memory (void)
{
  g_autofree char *text = NULL;
  unsigned long resident = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*u %lu", &resident), ==, 1);
  return resident * (gsize) getpagesize ();
}

/* Returns what could be read from @fd without waiting. */
static gsize
drain (int fd)
{
  char buffer[4096];
  gsize all = 0;
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    all += (gsize) n;
  return all;
}

typedef struct
{
  int fd;
  gsize seen;
  gsize expected;
} Reader;

static gboolean
has_read (gpointer data)
{
  Reader *reader = data;

  reader->seen += drain (reader->fd);
  return reader->seen >= reader->expected;
}

/* A guest says little at a time and a lot in all: what waits for a reader that reads nothing takes
 * the room of its bytes, and comes to an end. */
static void
test_small_pieces (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnTextLog) log = NULL;
  g_autoptr (GError) error = NULL;
  Reader reader = { -1, 0, 0 };
  gsize before;
  gsize said = 0;
  int ends[2];

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC), ==, 0);
  g_unix_set_fd_nonblocking (ends[0], TRUE, NULL);
  reader.fd = ends[0];
  log = inn_text_log_new_for_fd (fixture->source, ends[1]);
  g_assert_true (inn_test_settle (inn_text_log_open (log), &error));
  g_assert_no_error (error);

  before = get_memory ();
  while (said < N_PIECES * strlen (PIECE))
    {
      gssize n = write (fixture->guest, PIECE, strlen (PIECE));
      gsize received = fixture->received;

      if (n < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          /* Held: nothing is taken, whatever happens here. */
          for (guint i = 0; i < 100; i++)
            g_main_context_iteration (NULL, FALSE);
          if (fixture->received == received)
            break;
          continue;
        }
      said += (gsize) n;
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (fixture->received, >=, 1024 * KIB);
  g_assert_cmpuint (fixture->received, <, 2048 * KIB);
  g_assert_cmpuint (get_memory (), <, before + MOST);

  /* Nothing of it is missing when somebody reads. */
  reader.expected = said;
  inn_test_spin (has_read, &reader);
  g_assert_cmpuint (fixture->received, ==, said);
  g_assert_true (inn_test_settle (inn_text_log_close (log), &error));
  g_assert_cmpuint (reader.seen, ==, said);
  close (ends[0]);
}

/* What came before the log was closed is in it, for others than its owner to keep out of. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnTestDir) folder = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (folder, "console.log", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (InnTextLog) log = inn_text_log_new (fixture->source, path);

      g_assert_true (inn_test_settle (inn_text_log_open (log), &error));
      say (fixture, round == 0 ? "one\033[31m" : "two\n");
      inn_test_spin (has_all, fixture);
      g_assert_true (inn_test_settle (inn_text_log_close (log), &error));
      say (fixture, "not in it");
      inn_test_spin (has_all, fixture);
    }

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "one\033[31mtwo\n");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0600);
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

static void
failed_cb (InnTextLog *log, gboolean *failed)
{
  *failed = TRUE;
}

/* A full disk ends the log with the reason, and not the console. */
static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnTextLog) log = NULL;
  g_autoptr (GError) error = NULL;
  gboolean failed = FALSE;

  log = inn_text_log_new (fixture->source, "/dev/full");
  g_signal_connect (log, "failed", G_CALLBACK (failed_cb), &failed);
  g_assert_true (inn_test_settle (inn_text_log_open (log), &error));
  say (fixture, "text");
  inn_test_spin (is_set, &failed);
  g_assert_error (inn_text_log_get_error (log), INN_ERROR, INN_ERROR_NO_SPACE);

  say (fixture, "more");
  inn_test_spin (has_all, fixture);
  g_assert_true (inn_text_source_is_open (fixture->source));
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);

#define ADD(name, func) g_test_add ("/text-log/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("small-pieces", test_small_pieces);
  ADD ("file", test_file);
  ADD ("full", test_full);

  return g_test_run ();
}

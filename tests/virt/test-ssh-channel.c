/* test-ssh-channel.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-login-private.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* What runs over a login at a real sshd: commands, copies, streams. */

static void
test_run (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GBytes) input = g_bytes_new_static ("two\nlines", 9);
  g_autofree char *copied = NULL;
  gint64 start = g_get_monotonic_time ();

  if (sshd == NULL)
    return;

  login = sshd_login (sshd, NULL, NULL);
  g_assert_false (inn_ssh_login_is_open (login));
  start = g_get_monotonic_time ();
  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  g_test_message ("login: %.0f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_true (inn_ssh_login_is_open (login));
  g_assert_cmpuint (count_runtime_entries (), ==, 1);

  start = g_get_monotonic_time ();
  output = await_output (
      login, (const char *const[]) { "printf", "%s|", "it's", "$HOME", "a  b", "", "ü\n*", NULL },
      NULL);
  g_test_message ("run: %.0f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpstr (output, ==, "it's|$HOME|a  b||ü\n*|");

  copied = await_output (login, (const char *const[]) { "cat", NULL }, input);
  g_assert_cmpstr (copied, ==, "two\nlines");

  inn_test_await_ok (inn_ssh_login_close (login));
  g_assert_false (inn_ssh_login_is_open (login));
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

static void
test_exit_status (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (InnOperation) operation = inn_operation_new ("test", NULL, NULL, "Test");
  g_autoptr (GError) error = NULL;
  g_autofree char *log = NULL;
  GListModel *lines = inn_operation_get_log (operation);

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  error = inn_test_await_error (inn_ssh_login_run (
      login,
      (const char *const[]) { "sh", "-c", "echo out; echo a; echo 'no %s' >&2; exit 7", NULL },
      NULL, operation, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_REMOTE);
  g_assert_nonnull (strstr (error->message, "7"));
  g_assert_nonnull (strstr (inn_error_get_details (error), "no %s"));
  g_assert_cmpuint (g_list_model_get_n_items (lines), >=, 3);
  await_close (login);

  g_clear_error (&error);
  error = inn_test_await_error (
      inn_ssh_login_run (login, (const char *const[]) { "true", NULL }, NULL, NULL, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_NOT_CONNECTED);
}

static void
test_cancel (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DexFuture) running = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  running = inn_ssh_login_run (login, (const char *const[]) { "sleep", "1000", NULL }, NULL, NULL,
                               cancellable);
  dex_await (inn_future_delay (G_USEC_PER_SEC / 5), NULL);
  g_assert_true (dex_future_is_pending (running));
  g_cancellable_cancel (cancellable);
  error = inn_test_await_error (dex_ref (running));
  g_assert_error (error, INN_ERROR, INN_ERROR_CANCELLED);
  after = await_output (login, (const char *const[]) { "echo", "still here", NULL }, NULL);
  g_assert_cmpstr (after, ==, "still here\n");
  await_close (login);
}

/* Twenty at once over a pool of eight, at an sshd that allows no more. */
static void
test_many (void)
{
  g_autoptr (Sshd) sshd = sshd_start ((const char *const[]) { "--max-sessions", "8", NULL });
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (dex_unref);
  gint64 start;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);

      g_ptr_array_add (runs,
                       inn_ssh_login_run (login, (const char *const[]) { "echo", number, NULL },
                                          NULL, NULL, NULL));
    }
  for (guint i = 0; i < runs->len; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%u\n", i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) output = dex_await_boxed (dex_ref (runs->pdata[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), expected,
                       strlen (expected));
    }
  g_test_message ("20 commands: %.0f ms", (double) (g_get_monotonic_time () - start) / 1000);
  await_close (login);
}

static gboolean
read_done_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  int fd = GPOINTER_TO_INT (data);
  char buffer[16];

  g_assert_cmpint (read (fd, buffer, sizeof buffer), ==, 5);
  g_assert_cmpint (read (fd, buffer, sizeof buffer), ==, 0);
  return TRUE;
}

/* The same at an sshd that allows fewer than we would take: the rest waits its turn. */
static void
test_few_sessions (gconstpointer limit)
{
  g_autoptr (Sshd) sshd = sshd_start ((const char *const[]) { "--max-sessions", limit, NULL });
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr (GPtrArray) channels = g_ptr_array_new_with_free_func (dex_unref);
  const char *const echo[] = { "sh", "-c", "sleep 0.1; echo done", NULL };

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  for (guint i = 0; i < 8; i++)
    {
      g_ptr_array_add (runs, inn_ssh_login_run (login, echo, NULL, NULL, NULL));
      g_ptr_array_add (channels, inn_ssh_login_open_channel (login, echo, NULL));
    }
  for (guint i = 0; i < runs->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) output = dex_await_boxed (dex_ref (runs->pdata[i]), &error);
      g_autofd int fd = -1;

      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), "done\n", 5);
      fd = dex_await_fd (dex_ref (channels->pdata[i]), &error);
      g_assert_no_error (error);
      inn_test_await_ok (
          inn_thread_run ("read", read_done_thread, GINT_TO_POINTER (fd), NULL, NULL));
    }
  await_close (login);
}

static void
test_three_sessions (void)
{
  test_few_sessions ("3");
}

static void
test_one_session (void)
{
  test_few_sessions ("1");
}

static void
test_copy (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *a = g_build_filename (dir, "a", NULL);
  g_autofree char *b = g_build_filename (dir, "b 'quoted' $x", NULL);
  g_autofree char *c = g_build_filename (dir, "c", NULL);
  g_autofree char *nowhere = g_build_filename (dir, "none", "x", NULL);
  g_autofree char *content = g_malloc (5000000);
  g_autofree char *copied = NULL;
  g_autoptr (GFile) from = g_file_new_for_path (a);
  g_autoptr (GFile) back = g_file_new_for_path (c);
  g_autoptr (InnOperation) operation = inn_operation_new ("test", NULL, NULL, "Test");
  g_autoptr (GError) error = NULL;
  gsize size;
  GStatBuf info;

  if (sshd == NULL)
    return;
  for (guint i = 0; i < 5000000; i++)
    content[i] = (char) (i * 7 + i / 251);
  g_assert_true (g_file_set_contents (a, content, 5000000, NULL));
  login = await_login (sshd);

  inn_test_await_ok (inn_ssh_login_copy_to (login, from, b, 0640, operation, NULL));
  g_assert_cmpint (g_stat (b, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 07777, ==, 0640);
  g_assert_cmpint (info.st_size, ==, 5000000);
  g_assert_cmpfloat (inn_operation_get_progress (operation), ==, 1.0);

  inn_test_await_ok (inn_ssh_login_copy_from (login, b, back, NULL, NULL));
  g_assert_true (g_file_get_contents (c, &copied, &size, NULL));
  g_assert_cmpmem (copied, size, content, 5000000);

  error = inn_test_await_error (inn_ssh_login_copy_to (login, from, nowhere, 0644, NULL, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_REMOTE);
  g_clear_error (&error);
  error = inn_test_await_error (inn_ssh_login_copy_from (login, nowhere, back, NULL, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_REMOTE);
  g_clear_pointer (&copied, g_free);
  g_assert_true (g_file_get_contents (c, &copied, &size, NULL));
  g_assert_cmpuint (size, ==, 5000000);
  await_close (login);
}

static gboolean
serve (GThreadedSocketService *service,
       GSocketConnection *connection,
       GObject *source,
       gpointer data)
{
  char buffer[16] = { 0 };
  gssize n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), buffer,
                                  sizeof buffer, NULL, NULL);

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), buffer,
                             (gsize) MAX (n, 0), NULL, NULL, NULL);
  return TRUE;
}

static gboolean
echo_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  int fd = GPOINTER_TO_INT (data);
  char buffer[16] = { 0 };

  g_assert_cmpint (write (fd, "hello", 5), ==, 5);
  g_assert_cmpint (read (fd, buffer, sizeof buffer), ==, 5);
  g_assert_cmpstr (buffer, ==, "hello");
  /* The far end closes, and we hear of it without writing. */
  g_assert_cmpint (read (fd, buffer, sizeof buffer), ==, 0);
  close (fd);
  return TRUE;
}

static void
check_echo (InnSshLogin *login, const char *address, guint16 port)
{
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();
  int fd = dex_await_fd (inn_ssh_login_connect (login, address, port, NULL), &error);

  g_assert_no_error (error);
  g_test_message ("connect to %s: %.0f ms", address,
                  (double) (g_get_monotonic_time () - start) / 1000);
  inn_test_await_ok (inn_thread_run ("echo", echo_thread, GINT_TO_POINTER (fd), NULL, NULL));
}

static gboolean
ping_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  int fd = GPOINTER_TO_INT (data);
  gint64 start = g_get_monotonic_time ();
  char buffer[16];

  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpint (write (fd, "line\n", 5), ==, 5);
      g_assert_cmpint (read (fd, buffer, sizeof buffer), ==, 5);
    }
  g_value_init (result, G_TYPE_DOUBLE);
  g_value_set_double (result, (double) (g_get_monotonic_time () - start) / 20);
  return TRUE;
}

static double
await_echo (int fd)
{
  g_autoptr (GError) error = NULL;
  double usec = dex_await_double (
      inn_thread_run ("ping", ping_thread, GINT_TO_POINTER (fd), NULL, NULL), &error);

  g_assert_no_error (error);
  return usec;
}

static gboolean
is_copying (gpointer login)
{
  InnSshLogin *bulk = ((InnSshLogin *) login)->bulk;

  return bulk != NULL && bulk->n_sessions == 1;
}

static guint
count_in_log (Sshd *sshd, const char *words)
{
  g_autofree char *path = sshd_dup_fact (sshd, "log");
  g_autofree char *log = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  for (const char *at = strstr (log, words); at != NULL; at = strstr (at + 1, words))
    n++;
  return n;
}

static GFile *
make_big_file (InnTestDir *dir)
{
  g_autofree char *path = g_build_filename (dir, "big", NULL);

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (truncate (path, 128 * 1024 * 1024), ==, 0);
  return g_file_new_for_path (path);
}

/* A console answers while the connection that something is copied over is stuck altogether. */
static void
test_bulk (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (GFile) file = make_big_file (dir);
  g_autofree char *there = g_build_filename (dir, "there", NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (DexFuture) copying = NULL;
  g_autoptr (GError) error = NULL;
  g_autofd int fd = -1;
  double idle;
  double busy;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  fd = dex_await_fd (
      inn_ssh_login_open_channel (login, (const char *const[]) { "cat", NULL }, NULL), &error);
  g_assert_no_error (error);
  /* The first one waits for the program to start. */
  await_echo (fd);
  idle = await_echo (fd);
  copying = inn_ssh_login_copy_to (login, file, there, 0600, NULL, NULL);
  inn_test_wait (is_copying, login);
  g_subprocess_send_signal (login->bulk->master, SIGSTOP);
  await_echo (fd);
  g_assert_true (dex_future_is_pending (copying));
  g_subprocess_send_signal (login->bulk->master, SIGCONT);
  busy = await_echo (fd);
  g_test_message ("an echo takes %.1f times as long while something is copied", busy / idle);
  inn_test_await_ok (dex_ref (copying));
  g_assert_cmpuint (count_in_log (sshd, "Accepted publickey"), ==, 2);
  g_clear_fd (&fd, NULL);
  await_close (login);
}

/* Where it would ask again everything goes over the one connection that there is. */
static void
test_bulk_would_ask (void)
{
  const char *const answers[] = { "innkeeper" };
  g_autoptr (TestPrompter) prompter = test_prompter_new (answers, 1);
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Sshd) sshd = sshd_start ((const char *const[]) { "--password", NULL });
  g_autoptr (GFile) file = make_big_file (dir);
  g_autoptr (InnSshLogin) login = NULL;
  g_autofree char *there = NULL;

  if (sshd == NULL)
    return;
  there = g_strdup_printf ("/tmp/innkeeper-test-%u-%" G_GINT64_FORMAT, getpid (),
                           g_get_monotonic_time ());
  login = sshd_login (sshd, NULL, INN_PROMPTER (prompter));
  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  inn_test_await_ok (inn_ssh_login_copy_to (login, file, there, 0600, NULL, NULL));
  g_assert_cmpint (unlink (there), ==, 0);
  g_assert_cmpuint (test_prompter_get_asked (prompter)->len, ==, 1);
  g_assert_cmpuint (count_in_log (sshd, "Accepted password"), ==, 1);
  g_assert_cmpuint (count_in_log (sshd, "Failed password"), ==, 0);
  await_close (login);
}

static void
test_connect (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (10);
  g_autoptr (GSocketListener) closed = g_socket_listener_new ();
  g_autofree char *path = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port;
  guint16 closed_port;

  if (sshd == NULL)
    return;
  path = g_build_filename (sshd->dir, "a b:c%d", NULL);
  address = g_unix_socket_address_new (path);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_assert_true (g_socket_listener_add_address (G_SOCKET_LISTENER (service), address,
                                                G_SOCKET_TYPE_STREAM, 0, NULL, NULL, &error));
  g_signal_connect (service, "run", G_CALLBACK (serve), NULL);
  g_socket_service_start (service);
  closed_port = g_socket_listener_add_any_inet_port (closed, NULL, NULL);
  g_socket_listener_close (closed);

  login = await_login (sshd);
  check_echo (login, "127.0.0.1", port);
  check_echo (login, "::1", port);
  check_echo (login, "localhost", port);
  check_echo (login, "localhost", port);
  check_echo (login, path, 0);

  error = inn_test_await_error (inn_ssh_login_connect (login, "127.0.0.1", closed_port, NULL));
  g_test_message ("%s | %s", error->message, inn_error_get_details (error));
  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
  g_clear_error (&error);
  error = inn_test_await_error (inn_ssh_login_connect (login, "/nowhere", 0, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
  g_clear_error (&error);
  error = inn_test_await_error (inn_ssh_login_connect (login, "-oProxyCommand=x", 1, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
  g_socket_service_stop (service);
  await_close (login);
}

static void
test_connect_forbidden (void)
{
  g_autoptr (Sshd) sshd = sshd_start ((const char *const[]) { "--no-tcp-forwarding", NULL });
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  error = inn_test_await_error (inn_ssh_login_connect (login, "127.0.0.1", sshd->port, NULL));
  g_test_message ("%s | %s", error->message, inn_error_get_details (error));
  g_assert_error (error, INN_ERROR, INN_ERROR_DENIED);
  await_close (login);
}

static gboolean
cat_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  int fd = GPOINTER_TO_INT (data);
  char buffer[16] = { 0 };

  g_assert_cmpint (write (fd, "line\n", 5), ==, 5);
  g_assert_cmpint (read (fd, buffer, sizeof buffer), ==, 5);
  g_assert_cmpint (shutdown (fd, SHUT_WR), ==, 0);
  g_assert_cmpint (read (fd, buffer, sizeof buffer), ==, 0);
  close (fd);
  return TRUE;
}

static void
test_channel (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  /* More than there are places: each is given back. */
  for (guint i = 0; i < 10; i++)
    {
      int fd;

      start = g_get_monotonic_time ();
      fd = dex_await_fd (
          inn_ssh_login_open_channel (login, (const char *const[]) { "cat", NULL }, NULL), &error);
      g_assert_no_error (error);
      if (i == 0)
        g_test_message ("open channel: %.0f ms", (double) (g_get_monotonic_time () - start) / 1000);
      inn_test_await_ok (inn_thread_run ("cat", cat_thread, GINT_TO_POINTER (fd), NULL, NULL));
    }
  await_close (login);
}

int
main (int argc, char **argv)
{
  g_autoptr (InnTestDir) runtime = NULL;

  inn_test_init (&argc, &argv);
  runtime = inn_test_dir_new ();
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("INNKEEPER_SSH_CONFIG", "none", TRUE);
  g_unsetenv ("SSH_AUTH_SOCK");

  inn_test_add_fiber ("/ssh/channel/run", test_run);
  inn_test_add_fiber ("/ssh/channel/exit-status", test_exit_status);
  inn_test_add_fiber ("/ssh/channel/cancel", test_cancel);
  inn_test_add_fiber ("/ssh/channel/many", test_many);
  inn_test_add_fiber ("/ssh/channel/three-sessions", test_three_sessions);
  inn_test_add_fiber ("/ssh/channel/one-session", test_one_session);
  inn_test_add_fiber ("/ssh/channel/copy", test_copy);
  inn_test_add_fiber ("/ssh/channel/bulk", test_bulk);
  inn_test_add_fiber ("/ssh/channel/bulk-would-ask", test_bulk_would_ask);
  inn_test_add_fiber ("/ssh/channel/connect", test_connect);
  inn_test_add_fiber ("/ssh/channel/connect-forbidden", test_connect_forbidden);
  inn_test_add_fiber ("/ssh/channel/channel", test_channel);

  return g_test_run ();
}

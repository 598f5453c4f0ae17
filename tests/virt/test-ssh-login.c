/* test-ssh-login.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "base/inn-error.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* InnSshLogin against a real sshd. */

static char *
await_output (InnSshLogin *login, const char *const *argv, GBytes *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) output =
      dex_await_boxed (inn_ssh_login_run (login, argv, input, NULL, NULL), &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
}

static guint
count_runtime_entries (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "innkeeper", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

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

static InnSshLogin *
await_login (Sshd *sshd)
{
  InnSshLogin *login = sshd_login (sshd, NULL, NULL);

  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  return login;
}

static void
await_close (InnSshLogin *login)
{
  inn_test_await_ok (inn_ssh_login_close (login));
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

static GError *
await_open_error (InnSshLogin *login)
{
  GError *error = inn_test_await_error (inn_ssh_login_open (login, NULL));

  g_test_message ("%s | %s", error->message, inn_error_get_details (error));
  g_assert_false (inn_ssh_login_is_open (login));
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
  return error;
}

static TestPrompter *
prompter (const char *first, const char *second, const char *third, guint n)
{
  return test_prompter_new ((const char *const[]) { first, second, third }, n);
}

static const InnPrompt *
asked (TestPrompter *self, guint i)
{
  g_assert_cmpuint (i, <, test_prompter_get_asked (self)->len);
  return g_ptr_array_index (test_prompter_get_asked (self), i);
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

static void
test_first_key (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (TestPrompter) answers = prompter (NULL, "yes", NULL, 2);
  g_autofree char *known_hosts = NULL;
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  known_hosts = g_build_filename (sshd->dir, "fresh", NULL);
  login = sshd_login (sshd, known_hosts, INN_PROMPTER (answers));

  error = await_open_error (login);
  g_assert_error (error, INN_ERROR, INN_ERROR_HOST_KEY_UNKNOWN);
  g_assert_cmpint (asked (answers, 0)->kind, ==, INN_PROMPT_CONFIRM);
  g_assert_cmpstr (asked (answers, 0)->host_id, ==, "host-1");
  g_assert_nonnull (strstr (asked (answers, 0)->message, sshd->fingerprint));
  g_assert_nonnull (strstr (asked (answers, 0)->message, "ED25519"));

  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  await_close (login);

  /* It is on record now: nobody is asked again. */
  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  g_assert_cmpuint (test_prompter_get_asked (answers)->len, ==, 2);
  await_close (login);
}

static void
rekey (Sshd *sshd)
{
  g_autofree char *program = g_test_build_filename (G_TEST_DIST, "common", "private-sshd", NULL);
  g_autofree char *dir = g_build_filename (sshd->dir, "sshd", NULL);
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, program, "rekey", "--dir", dir, NULL);

  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

static char *
fingerprint_of (const char *key)
{
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "ssh-keygen", "-lf", key, NULL);
  g_autofree char *output = NULL;
  g_auto (GStrv) words = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL));
  words = g_strsplit (output, " ", -1);
  return g_strdup (words[1]);
}

static void
test_changed_key (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (TestPrompter) answers = prompter ("yes", "yes", "yes", 3);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  g_autofree char *now = NULL;

  if (sshd == NULL)
    return;
  rekey (sshd);
  key = g_build_filename (sshd->dir, "sshd", "host_key.pub", NULL);
  now = fingerprint_of (key);
  g_assert_cmpstr (now, !=, sshd->fingerprint);

  /* sshd needs a moment for its new key. */
  for (guint i = 0; i < 100 && error == NULL; i++)
    {
      login = sshd_login (sshd, NULL, INN_PROMPTER (answers));
      if (!dex_await (inn_ssh_login_open (login, NULL), &error) &&
          !g_error_matches (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED))
        g_clear_error (&error);
      inn_test_await_ok (inn_ssh_login_close (login));
      g_clear_object (&login);
    }
  g_assert_error (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED);
  g_test_message ("%s | %s", error->message, inn_error_get_details (error));
  g_assert_nonnull (strstr (error->message, "ssh-keygen -R"));
  g_assert_nonnull (strstr (inn_error_get_details (error), now));
  g_assert_nonnull (strstr (inn_error_get_details (error), sshd->fingerprint));
  g_assert_cmpuint (test_prompter_get_asked (answers)->len, ==, 0);
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

/* A key of another type than the one on record must not pass for one that was never seen. */
static void
test_other_type (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (TestPrompter) answers = prompter ("yes", NULL, NULL, 1);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *known_hosts = NULL;
  g_autofree char *content = NULL;

  if (sshd == NULL)
    return;
  known_hosts = g_build_filename (sshd->dir, "other", NULL);
  content = g_strdup_printf (
      "[127.0.0.1]:%u ecdsa-sha2-nistp256 "
      "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNu"
      "G5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=\n",
      sshd->port);
  g_assert_true (g_file_set_contents (known_hosts, content, -1, NULL));
  login = sshd_login (sshd, known_hosts, INN_PROMPTER (answers));
  error = await_open_error (login);
  g_assert_error (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED);
  g_assert_cmpuint (test_prompter_get_asked (answers)->len, ==, 0);
}

#define PASSPHRASE "correct horse"

static Sshd *
start_with_passphrase (void)
{
  return sshd_start ((const char *const[]) { "--passphrase", PASSPHRASE, NULL });
}

/* No program that we started has the secret among its arguments or in its environment. */
static void
assert_secret_hidden (const char *secret)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *pid;

  while ((pid = g_dir_read_name (proc)) != NULL)
    for (guint i = 0; i < 2 && g_ascii_isdigit (*pid); i++)
      {
        g_autofree char *path = g_build_filename ("/proc", pid, i ? "environ" : "cmdline", NULL);
        g_autofree char *content = NULL;
        gsize size;

        if (g_file_get_contents (path, &content, &size, NULL) &&
            memmem (content, size, "ssh", 3) != NULL &&
            memmem (content, size, "private-sshd", 12) == NULL)
          g_assert_null (memmem (content, size, secret, strlen (secret)));
      }
}

static void
test_passphrase (void)
{
  g_autoptr (Sshd) sshd = start_with_passphrase ();
  g_autoptr (TestPrompter) answers = prompter ("wrong", "wrong too", PASSPHRASE, 3);
  g_autoptr (InnSshLogin) login = NULL;
  g_autofree char *output = NULL;

  if (sshd == NULL)
    return;
  login = sshd_login (sshd, NULL, INN_PROMPTER (answers));
  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  g_assert_cmpuint (test_prompter_get_asked (answers)->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (asked (answers, i)->kind, ==, INN_PROMPT_SECRET);
      g_assert_cmpstr (asked (answers, i)->purpose, ==, "ssh");
      g_assert_cmpuint (asked (answers, i)->attempt, ==, i);
      g_assert_true (asked (answers, i)->may_remember);
    }
  assert_secret_hidden (PASSPHRASE);
  output = await_output (login, (const char *const[]) { "echo", "in", NULL }, NULL);
  g_assert_cmpstr (output, ==, "in\n");
  await_close (login);
}

static void
test_passphrase_cancelled (void)
{
  g_autoptr (Sshd) sshd = start_with_passphrase ();
  g_autoptr (TestPrompter) answers = prompter (NULL, NULL, NULL, 1);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  login = sshd_login (sshd, NULL, INN_PROMPTER (answers));
  error = await_open_error (login);
  g_assert_error (error, INN_ERROR, INN_ERROR_AUTH_CANCELLED);
  g_assert_cmpuint (test_prompter_get_asked (answers)->len, ==, 1);

  /* Nobody to ask is the same. */
  g_clear_object (&login);
  g_clear_error (&error);
  login = sshd_login (sshd, NULL, NULL);
  error = await_open_error (login);
  g_assert_error (error, INN_ERROR, INN_ERROR_AUTH_CANCELLED);
}

static void
test_passphrase_wrong (void)
{
  g_autoptr (Sshd) sshd = start_with_passphrase ();
  g_autoptr (TestPrompter) answers = prompter ("a", "b", "c", 3);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  login = sshd_login (sshd, NULL, INN_PROMPTER (answers));
  error = await_open_error (login);
  g_assert_error (error, INN_ERROR, INN_ERROR_AUTH_FAILED);
}

static void
test_password (void)
{
  g_autoptr (Sshd) sshd = sshd_start ((const char *const[]) { "--password", NULL });
  g_autoptr (TestPrompter) answers = NULL;
  g_autoptr (InnSshLogin) login = NULL;
  g_autofree char *password = NULL;

  if (sshd == NULL)
    return;
  password = sshd_dup_fact (sshd, "password");
  answers = prompter ("wrong", password, NULL, 2);
  login = sshd_login (sshd, NULL, INN_PROMPTER (answers));
  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  g_assert_cmpstr (asked (answers, 1)->user, ==, sshd->user);
  g_assert_cmpuint (asked (answers, 1)->attempt, ==, 1);
  await_close (login);
}

static void
test_refused (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  sshd_stop (sshd);
  login = sshd_login (sshd, NULL, NULL);
  error = await_open_error (login);
  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
}

static void
test_unknown_name (void)
{
  InnSshTarget target = { .host = (char *) "no-such-host.invalid" };
  g_autoptr (InnSshLogin) login = inn_ssh_login_new ("h", "Nowhere", &target, NULL);
  g_autoptr (GError) error = await_open_error (login);

  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
}

/* Something accepts and then says nothing. */
static void
test_hangs (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  InnSshTarget target = { .host = (char *) "127.0.0.1", .port = port };
  g_autoptr (InnSshLogin) login = inn_ssh_login_new ("h", "Silent", &target, NULL);
  g_autoptr (GError) error = NULL;

  g_object_set (login, "connect-timeout", 1, NULL);
  error = await_open_error (login);
  g_assert_error (error, INN_ERROR, INN_ERROR_TIMED_OUT);
}

static void
test_open_cancelled (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  InnSshTarget target = { .host = (char *) "127.0.0.1", .port = port };
  g_autoptr (InnSshLogin) login = inn_ssh_login_new ("h", "Silent", &target, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DexFuture) opening = inn_ssh_login_open (login, cancellable);
  g_autoptr (GError) error = NULL;

  dex_await (inn_future_delay (G_USEC_PER_SEC / 5), NULL);
  g_assert_true (dex_future_is_pending (opening));
  g_cancellable_cancel (cancellable);
  error = inn_test_await_error (dex_ref (opening));
  g_assert_error (error, INN_ERROR, INN_ERROR_CANCELLED);
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

static void
count_lost (InnSshLogin *login, gpointer n)
{
  (*(guint *) n)++;
}

static gboolean
is_lost (gpointer n)
{
  return *(guint *) n == 1;
}

static void
test_lost (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  guint n = 0;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  g_signal_connect (login, "lost", G_CALLBACK (count_lost), &n);
  sshd_stop (sshd);
  inn_test_wait (is_lost, &n);
  g_assert_false (inn_ssh_login_is_open (login));
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
  await_close (login);
  g_assert_cmpuint (n, ==, 1);
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
  int status;

  inn_test_init (&argc, &argv);
  runtime = inn_test_dir_new ();
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("INNKEEPER_SSH_CONFIG", "none", TRUE);
  g_unsetenv ("SSH_AUTH_SOCK");

  inn_test_add_fiber ("/ssh/login/run", test_run);
  inn_test_add_fiber ("/ssh/login/exit-status", test_exit_status);
  inn_test_add_fiber ("/ssh/login/cancel", test_cancel);
  inn_test_add_fiber ("/ssh/login/many", test_many);
  inn_test_add_fiber ("/ssh/login/first-key", test_first_key);
  inn_test_add_fiber ("/ssh/login/changed-key", test_changed_key);
  inn_test_add_fiber ("/ssh/login/other-type", test_other_type);
  inn_test_add_fiber ("/ssh/login/passphrase", test_passphrase);
  inn_test_add_fiber ("/ssh/login/passphrase-cancelled", test_passphrase_cancelled);
  inn_test_add_fiber ("/ssh/login/passphrase-wrong", test_passphrase_wrong);
  inn_test_add_fiber ("/ssh/login/password", test_password);
  inn_test_add_fiber ("/ssh/login/refused", test_refused);
  inn_test_add_fiber ("/ssh/login/unknown-name", test_unknown_name);
  inn_test_add_fiber ("/ssh/login/hangs", test_hangs);
  inn_test_add_fiber ("/ssh/login/open-cancelled", test_open_cancelled);
  inn_test_add_fiber ("/ssh/login/lost", test_lost);
  inn_test_add_fiber ("/ssh/login/copy", test_copy);
  inn_test_add_fiber ("/ssh/login/connect", test_connect);
  inn_test_add_fiber ("/ssh/login/connect-forbidden", test_connect_forbidden);
  inn_test_add_fiber ("/ssh/login/channel", test_channel);

  status = g_test_run ();
  return status;
}

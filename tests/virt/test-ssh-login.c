/* test-ssh-login.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "base/inn-error.h"
#include "ssh/inn-ssh-runtime.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* InnSshLogin against a real sshd. */

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

static gboolean
is_settled (gpointer future)
{
  return !dex_future_is_pending (future);
}

/* Two wait for one attempt: each gives up for itself, and the last one ends it. */
static void
test_each_cancels_for_itself (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  InnSshTarget target = { .host = (char *) "127.0.0.1", .port = port };
  g_autoptr (InnSshLogin) login = inn_ssh_login_new ("h", "Silent", &target, NULL);
  g_autoptr (GCancellable) first = g_cancellable_new ();
  g_autoptr (GCancellable) second = g_cancellable_new ();
  g_autoptr (DexFuture) one = inn_ssh_login_open (login, first);
  g_autoptr (DexFuture) two = inn_ssh_login_open (login, second);
  g_autoptr (DexFuture) again = NULL;

  g_cancellable_cancel (first);
  inn_test_wait (is_settled, one);
  g_assert_true (dex_future_is_rejected (one));
  dex_await (inn_future_delay (G_USEC_PER_SEC / 2), NULL);
  g_assert_true (dex_future_is_pending (two));

  g_cancellable_cancel (second);
  /* Whoever comes now gets an attempt that nobody has given up. */
  again = inn_ssh_login_open (login, NULL);
  inn_test_wait (is_settled, two);
  g_assert_true (dex_future_is_rejected (two));
  dex_await (inn_future_delay (G_USEC_PER_SEC / 2), NULL);
  g_assert_true (dex_future_is_pending (again));
  inn_test_await_ok (inn_ssh_login_close (login));
  g_assert_true (dex_future_is_rejected (again));
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

/* A login that is opened while it is being closed is open in the end. */
static void
test_open_while_closing (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (DexFuture) closing = NULL;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  closing = inn_ssh_login_close (login);
  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  inn_test_await_ok (dex_ref (closing));
  g_assert_true (inn_ssh_login_is_open (login));
  await_close (login);
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

/* Whatever the administrator's configuration says of masters is for the administrator's own. */
static void
test_own_master (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autofree char *config = NULL;
  g_autofree char *control = NULL;
  g_autofree char *content = NULL;
  g_autofree char *output = NULL;

  if (sshd == NULL)
    return;
  config = g_build_filename (sshd->dir, "config", NULL);
  control = g_build_filename (sshd->dir, "user-master", NULL);
  content = g_strdup_printf ("Host *\n"
                             "  ControlMaster auto\n"
                             "  ControlPath %s\n"
                             "  ControlPersist 10m\n"
                             "  RemoteCommand echo mine\n"
                             "  RequestTTY force\n"
                             "  StrictHostKeyChecking no\n"
                             "  LogLevel QUIET\n"
                             "  LocalForward 127.0.0.1:%u 127.0.0.1:1\n",
                             control, sshd->port);
  g_assert_true (g_file_set_contents (config, content, -1, NULL));
  g_setenv ("INNKEEPER_SSH_CONFIG", config, TRUE);
  login = await_login (sshd);
  g_setenv ("INNKEEPER_SSH_CONFIG", "none", TRUE);
  g_assert_false (g_file_test (control, G_FILE_TEST_EXISTS));
  output = await_output (login, (const char *const[]) { "echo", "ours", NULL }, NULL);
  g_assert_cmpstr (output, ==, "ours\n");
  await_close (login);
}

/* In a process of its own, which dies without a word. */
static void
test_killed_subprocess (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;

  if (sshd == NULL)
    exit (77);
  login = await_login (sshd);
  kill (getpid (), SIGKILL);
}

static gboolean
no_ssh_is_left (gpointer folder)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *pid;

  while ((pid = g_dir_read_name (proc)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc", pid, "cmdline", NULL);
      g_autofree char *content = NULL;
      gsize size = 0;

      if (g_ascii_isdigit (*pid) && g_file_get_contents (path, &content, &size, NULL) &&
          memmem (content, size, folder, strlen (folder)) != NULL)
        return FALSE;
    }

  return TRUE;
}

static void
test_killed (void)
{
  g_autofree char *folder = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "innkeeper", NULL);

  g_test_trap_subprocess ("/ssh/login/killed/subprocess", 60 * G_USEC_PER_SEC,
                          G_TEST_SUBPROCESS_DEFAULT);
  g_assert_false (g_test_trap_has_passed ());
  if (count_runtime_entries () == 0)
    {
      g_test_skip ("this machine cannot run a private sshd");
      return;
    }
  inn_test_spin (no_ssh_is_left, folder);

  /* What it left is taken away by the next one. */
  inn_ssh_runtime_free (inn_ssh_runtime_new (NULL));
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

int
main (int argc, char **argv)
{
  g_autoptr (InnTestDir) runtime = NULL;

  inn_test_init (&argc, &argv);
  runtime = inn_test_dir_new ();
  if (!g_test_subprocess ())
    g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("INNKEEPER_SSH_CONFIG", "none", TRUE);
  g_unsetenv ("SSH_AUTH_SOCK");

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
  inn_test_add_fiber ("/ssh/login/each-cancels-for-itself", test_each_cancels_for_itself);
  inn_test_add_fiber ("/ssh/login/open-while-closing", test_open_while_closing);
  inn_test_add_fiber ("/ssh/login/lost", test_lost);
  inn_test_add_fiber ("/ssh/login/own-master", test_own_master);
  g_test_add_func ("/ssh/login/killed", test_killed);
  inn_test_add_fiber ("/ssh/login/killed/subprocess", test_killed_subprocess);

  return g_test_run ();
}

/* test-ssh-login.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "base/inn-error.h"

#include <glib/gstdio.h>

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

  status = g_test_run ();
  return status;
}

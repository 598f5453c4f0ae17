/* test-ssh-hostile.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-login-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* Hosts that talk too much, and what we rely on taken away while it is used. */

static char *
write_banner (InnTestDir *dir, gsize size)
{
  g_autofree char *path = g_build_filename (dir, "banner", NULL);
  g_autofree char *text = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    text[i] = i % 80 == 79 ? '\n' : 'x';
  text[size] = '\0';
  g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  return g_strconcat ("Banner ", path, NULL);
}

/* As long as a banner can be: a packet of the protocol. */
static void
test_banner (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *banner = write_banner (dir, 200 * 1024);
  g_autoptr (Sshd) sshd =
      sshd_start ((const char *const[]) { "--option", banner, "--option", "PrintMotd yes", NULL });
  g_autoptr (InnSshLogin) login = NULL;
  g_autofree char *output = NULL;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  output = await_output (login, (const char *const[]) { "echo", "here", NULL }, NULL);
  g_assert_cmpstr (output, ==, "here\n");
  g_assert_cmpuint (login->messages->len, <=, 64 * 1024);
  await_close (login);
}

/* What sshd itself cannot send ends the connection, and is said so. */
static void
test_banner_too_long (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *banner = write_banner (dir, 1024 * 1024);
  g_autoptr (Sshd) sshd = sshd_start ((const char *const[]) { "--option", banner, NULL });
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  login = sshd_login (sshd, NULL, NULL);
  error = inn_test_await_error (inn_ssh_login_open (login, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
}

/* As with a shell whose rc file prints something whoever comes. */
static void
test_talking_shell (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Sshd) sshd =
      sshd_start ((const char *const[]) { "--option",
                                          "ForceCommand echo Welcome to this machine; "
                                          "sh -c \"$SSH_ORIGINAL_COMMAND\"",
                                          NULL });
  g_autoptr (InnSshLogin) login = NULL;
  g_autofree char *path = g_build_filename (dir, "here", NULL);
  g_autofree char *there = g_build_filename (dir, "there", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  g_assert_true (g_file_set_contents (path, "content\n", -1, NULL));
  inn_test_await_ok (inn_ssh_login_copy_to (login, file, there, 0600, NULL, NULL));
  g_assert_true (g_file_get_contents (there, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "content\n");

  /* What the shell says is never taken for the file. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  error = inn_test_await_error (inn_ssh_login_copy_from (login, there, file, NULL, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_REMOTE);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  await_close (login);
}

static void
rekey (Sshd *sshd)
{
  g_autofree char *program = g_test_build_filename (G_TEST_DIST, "common", "private-sshd", NULL);
  g_autofree char *dir = g_path_get_dirname (sshd->identity);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, program, "rekey", "--dir", dir, NULL);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

/* The connection that is there is still the host's; the next one is not believed. */
static void
test_key_changes (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  rekey (sshd);
  output = await_output (login, (const char *const[]) { "echo", "here", NULL }, NULL);
  g_assert_cmpstr (output, ==, "here\n");
  await_close (login);
  /* sshd reads its keys again when it is told to, a moment later. */
  for (guint i = 0; i < 50 && error == NULL; i++)
    if (dex_await (inn_ssh_login_open (login, NULL), &error))
      {
        await_close (login);
        dex_await (inn_future_delay (G_USEC_PER_SEC / 10), NULL);
      }
  g_assert_error (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED);
}

static gboolean
is_closed (gpointer login)
{
  return !inn_ssh_login_is_open (login);
}

static void
count (InnSshLogin *login, guint *n)
{
  (*n)++;
}

static void
assert_lost (InnSshLogin *login, guint *n_lost, DexFuture *running)
{
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  inn_test_wait (is_closed, login);
  error = inn_test_await_error (dex_ref (running));
  g_assert_error (error, INN_ERROR, INN_ERROR_NOT_CONNECTED);
  g_assert_cmpuint (*n_lost, ==, 1);

  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  output = await_output (login, (const char *const[]) { "echo", "again", NULL }, NULL);
  g_assert_cmpstr (output, ==, "again\n");
}

static void
test_master_killed (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (DexFuture) running = NULL;
  guint n_lost = 0;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  g_signal_connect (login, "lost", G_CALLBACK (count), &n_lost);
  running =
      inn_ssh_login_run (login, (const char *const[]) { "sleep", "60", NULL }, NULL, NULL, NULL);
  dex_await (inn_future_delay (G_USEC_PER_SEC / 2), NULL);
  g_subprocess_send_signal (login->master, SIGKILL);
  assert_lost (login, &n_lost, running);
  await_close (login);
}

/* Without its socket a master is of no use to anybody: that is a lost connection, and the next one
 * has a folder of its own. */
static void
test_folder_deleted (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autoptr (InnSshLogin) login = NULL;
  g_autoptr (DexFuture) running = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *folder;
  const char *name;
  guint n_lost = 0;

  if (sshd == NULL)
    return;
  login = await_login (sshd);
  g_signal_connect (login, "lost", G_CALLBACK (count), &n_lost);
  folder = inn_ssh_runtime_get_directory (login->runtime);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);

  running =
      inn_ssh_login_run (login, (const char *const[]) { "echo", "lost", NULL }, NULL, NULL, NULL);
  assert_lost (login, &n_lost, running);
  await_close (login);
}

static void
assert_refused (InnSshTarget target, InnError code)
{
  g_autoptr (InnSshLogin) login = inn_ssh_login_new ("h", "Odd", &target, NULL);
  g_autoptr (GError) error = inn_test_await_error (inn_ssh_login_open (login, NULL));

  g_assert_error (error, INN_ERROR, (int) code);
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

/* None of it is an option, a command or another host to ssh. */
static void
test_odd_names (void)
{
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autofree char *proof = NULL;
  g_autofree char *command = NULL;

  if (sshd == NULL)
    return;
  proof = g_build_filename (sshd->dir, "proof", NULL);
  command = g_strdup_printf ("-oProxyCommand=touch %s", proof);
  assert_refused ((InnSshTarget) { .host = command }, INN_ERROR_INVALID);
  assert_refused ((InnSshTarget) { .host = (char *) "two words" }, INN_ERROR_INVALID);
  /* A user name is one argument, with all that is in it; sshd knows nobody of that name. */
  assert_refused ((InnSshTarget) { .user = (char *) "me@example.org",
                                   .host = sshd->address,
                                   .port = sshd->port,
                                   .identity = sshd->identity,
                                   .known_hosts = sshd->known_hosts },
                  INN_ERROR_AUTH_FAILED);
  /* One that begins like an option ssh itself refuses. */
  g_free (command);
  command = g_strdup_printf ("-oProxyCommand=touch %s", proof);
  assert_refused ((InnSshTarget) { .user = command,
                                   .host = sshd->address,
                                   .port = sshd->port,
                                   .identity = sshd->identity,
                                   .known_hosts = sshd->known_hosts },
                  INN_ERROR_INVALID);
  g_assert_false (g_file_test (proof, G_FILE_TEST_EXISTS));
}

/* A folder whose sockets would have no room in an address is not taken. */
static void
test_long_runtime (void)
{
  g_autofree char *before = g_strdup (g_getenv ("XDG_RUNTIME_DIR"));
  g_autoptr (Sshd) sshd = sshd_start (NULL);

  if (sshd == NULL)
    return;
  for (gsize length = 60; length <= 104; length += 2)
    {
      g_autoptr (InnTestDir) dir = inn_test_dir_new ();
      g_autoptr (InnSshLogin) login = sshd_login (sshd, NULL, NULL);
      gsize rest = length - MIN (length - 2, strlen (dir));
      g_autofree char *name = g_strnfill (rest, 'd');
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autofree char *output = NULL;

      g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
      g_setenv ("XDG_RUNTIME_DIR", path, TRUE);
      inn_test_await_ok (inn_ssh_login_open (login, NULL));
      output = await_output (login, (const char *const[]) { "echo", "here", NULL }, NULL);
      g_assert_cmpstr (output, ==, "here\n");
      inn_test_await_ok (inn_ssh_login_close (login));
      length += length < 76 ? 10 : 0;
    }
  g_setenv ("XDG_RUNTIME_DIR", before, TRUE);
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

  inn_test_add_fiber ("/ssh/hostile/banner", test_banner);
  inn_test_add_fiber ("/ssh/hostile/banner-too-long", test_banner_too_long);
  inn_test_add_fiber ("/ssh/hostile/talking-shell", test_talking_shell);
  inn_test_add_fiber ("/ssh/hostile/key-changes", test_key_changes);
  inn_test_add_fiber ("/ssh/hostile/master-killed", test_master_killed);
  inn_test_add_fiber ("/ssh/hostile/folder-deleted", test_folder_deleted);
  inn_test_add_fiber ("/ssh/hostile/odd-names", test_odd_names);
  inn_test_add_fiber ("/ssh/hostile/long-runtime", test_long_runtime);

  return g_test_run ();
}

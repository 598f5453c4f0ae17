/* test-ssh-ways.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "ssh/inn-ssh-uri.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

/* What administrators have in ~/.ssh works as in their terminal: aliases, jumps, agents,
 * certificates. */

static void
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static char *
read_fact_file (Sshd *sshd, const char *fact)
{
  g_autofree char *path = sshd_dup_fact (sshd, fact);
  char *content = NULL;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  return content;
}

static void
assert_works (const InnSshTarget *target)
{
  g_autoptr (InnSshLogin) login = inn_ssh_login_new ("h", "Host", target, NULL);
  g_autofree char *output = NULL;

  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  output = await_output (login, (const char *const[]) { "echo", "here", NULL }, NULL);
  g_assert_cmpstr (output, ==, "here\n");
  await_close (login);
}

static void
test_alias (void)
{
  g_autoptr (Sshd) sshd = sshd_start ((const char *const[]) { "--name", "attic", NULL });
  g_autofree char *config = sshd != NULL ? sshd_dup_fact (sshd, "ssh_config") : NULL;

  if (sshd == NULL)
    return;
  g_setenv ("INNKEEPER_SSH_CONFIG", config, TRUE);
  assert_works (&(InnSshTarget) { .host = (char *) "attic" });
  g_setenv ("INNKEEPER_SSH_CONFIG", "none", TRUE);
}

static void
test_proxy_jump (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Sshd) jump = sshd_start ((const char *const[]) { "--name", "gate", NULL });
  g_autoptr (Sshd) inner = sshd_start ((const char *const[]) { "--name", "inner", NULL });
  g_autofree char *path = g_build_filename (dir, "config", NULL);
  g_autofree char *all = NULL;
  g_autofree char *one = NULL;
  g_autofree char *two = NULL;
  g_autofree char *log = NULL;

  if (jump == NULL || inner == NULL)
    return;
  one = read_fact_file (jump, "ssh_config");
  two = read_fact_file (inner, "ssh_config");
  all = g_strconcat ("Host inner\n  ProxyJump gate\n", one, two, NULL);
  g_assert_true (g_file_set_contents (path, all, -1, NULL));
  g_setenv ("INNKEEPER_SSH_CONFIG", path, TRUE);
  assert_works (&(InnSshTarget) { .host = (char *) "inner" });
  g_setenv ("INNKEEPER_SSH_CONFIG", "none", TRUE);
  log = read_fact_file (jump, "log");
  g_assert_nonnull (strstr (log, "Accepted publickey"));
}

static void
test_agent (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autofree char *path = g_build_filename (dir, "agent", NULL);
  g_autoptr (GSubprocess) agent = NULL;
  g_autoptr (GError) error = NULL;

  if (sshd == NULL)
    return;
  agent = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "ssh-agent", "-D", "-a",
                            path, NULL);
  g_assert_no_error (error);
  g_setenv ("SSH_AUTH_SOCK", path, TRUE);
  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_usleep (10000);
  run ((const char *const[]) { "ssh-add", "-q", sshd->identity, NULL });
  g_assert_cmpint (g_unlink (sshd->identity), ==, 0);
  assert_works (&(InnSshTarget) { .user = sshd->user,
                                  .host = sshd->address,
                                  .port = sshd->port,
                                  .known_hosts = sshd->known_hosts });
  g_unsetenv ("SSH_AUTH_SOCK");
  g_subprocess_send_signal (agent, SIGTERM);
  g_subprocess_wait (agent, NULL, NULL);
}

static void
test_certificate (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Sshd) sshd = sshd_start (NULL);
  g_autofree char *authority = g_build_filename (dir, "ca", NULL);
  g_autofree char *authority_key = g_strconcat (authority, ".pub", NULL);
  g_autofree char *key = NULL;
  g_autofree char *public_key = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *authorized = NULL;
  g_autofree char *line = NULL;

  if (sshd == NULL)
    return;
  public_key = g_strconcat (sshd->identity, ".pub", NULL);
  folder = g_path_get_dirname (sshd->identity);
  authorized = g_build_filename (folder, "authorized_keys", NULL);
  run ((const char *const[]) { "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", authority,
                               NULL });
  run ((const char *const[]) { "ssh-keygen", "-q", "-s", authority, "-I", "test", "-n", sshd->user,
                               public_key, NULL });
  g_assert_true (g_file_get_contents (authority_key, &key, NULL, NULL));
  line = g_strconcat ("cert-authority ", key, NULL);
  g_assert_true (g_file_set_contents (authorized, line, -1, NULL));
  assert_works (&(InnSshTarget) { .user = sshd->user,
                                  .host = sshd->address,
                                  .port = sshd->port,
                                  .identity = sshd->identity,
                                  .known_hosts = sshd->known_hosts });
}

/* An address of many colons; with a zone it is the one that ssh is told. */
static void
test_ipv6 (void)
{
  g_autoptr (Sshd) sshd =
      sshd_start ((const char *const[]) { "--option", "ListenAddress ::1", NULL });
  g_autoptr (InnSshUri) zone =
      inn_ssh_uri_parse ("qemu+ssh://root@[fe80::1%25eth0]:2222/system", NULL);
  g_autofree char *log = NULL;
  g_autofree char *line = NULL;
  g_autofree char *known = NULL;
  const char *key;

  g_assert_cmpstr (zone->target.host, ==, "fe80::1%eth0");
  g_assert_cmpuint (zone->target.port, ==, 2222);
  if (sshd == NULL)
    return;
  log = read_fact_file (sshd, "log");
  if (strstr (log, "Server listening on ::1") == NULL)
    {
      g_test_skip ("this machine has no IPv6");
      return;
    }
  g_assert_true (g_file_get_contents (sshd->known_hosts, &known, NULL, NULL));
  key = strchr (known, ' ');
  line = g_strdup_printf ("[::1]:%u%s", sshd->port, key);
  g_assert_true (g_file_set_contents (sshd->known_hosts, line, -1, NULL));
  assert_works (&(InnSshTarget) { .user = sshd->user,
                                  .host = (char *) "::1",
                                  .port = sshd->port,
                                  .identity = sshd->identity,
                                  .known_hosts = sshd->known_hosts });
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

  inn_test_add_fiber ("/ssh/ways/alias", test_alias);
  inn_test_add_fiber ("/ssh/ways/proxy-jump", test_proxy_jump);
  inn_test_add_fiber ("/ssh/ways/agent", test_agent);
  inn_test_add_fiber ("/ssh/ways/certificate", test_certificate);
  inn_test_add_fiber ("/ssh/ways/ipv6", test_ipv6);

  return g_test_run ();
}

/* test-ssh-parts.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "ssh/inn-ssh-error.h"
#include "ssh/inn-ssh-prompt.h"
#include "ssh/inn-ssh-quote.h"
#include "ssh/inn-ssh-runtime.h"
#include "ssh/inn-ssh-uri.h"

#include "inn-test.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/un.h>

/* The parts of src/core/ssh that need no ssh. */

/* A shell is the judge of what a shell makes of it. */
static void
test_quote (void)
{
  static const char *const nasty[] = {
    "plain", "",         " ",     "a b",     "it's", "''",  "\"",       "$HOME", "`id`",  "$(id)",
    "a;b",   "a&b",      "a|b",   "*",       "?",    "[a]", "{a,b}",    "~",     "~root", "#x",
    "!x",    "-n",       "--",    "a\nb",    "a\\",  "\\'", "\t",       "\r\n",  "ü€",    "=x",
    "%s",    "\x80\xff", "a\\nb", "'\"'\"'", "<x",   ">x",  "\001\002", "a=b",   "(x)",   "\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (nasty); i++)
    {
      const char *const argv[] = { "printf", "%s|", nasty[i], "end", NULL };
      g_autofree char *command = inn_ssh_quote_command (argv);
      g_autofree char *expected = g_strdup_printf ("%s|end|", nasty[i]);
      g_autoptr (GSubprocess) shell =
          g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "sh", "-c", command, NULL);
      g_autoptr (GBytes) output = NULL;

      g_assert_true (g_subprocess_communicate (shell, NULL, NULL, &output, NULL, NULL));
      g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), expected,
                       strlen (expected));
    }
}

static void
assert_uri (const char *uri, const char *user, const char *host, guint16 port, const char *local)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnSshUri) parsed = inn_ssh_uri_parse (uri, &error);
  g_autofree char *made = NULL;

  g_assert_no_error (error);
  g_assert_true (inn_ssh_uri_is_ssh (uri));
  g_assert_cmpstr (parsed->target.user, ==, user);
  g_assert_cmpstr (parsed->target.host, ==, host);
  g_assert_cmpuint (parsed->target.port, ==, port);
  made = inn_ssh_uri_dup_local (parsed, "/run/a b");
  g_assert_cmpstr (made, ==, local);
}

static void
test_uri (void)
{
  const char *system = "qemu+unix:///system?socket=/run/a%20b";
  g_autoptr (InnSshUri) full = NULL;
  g_autofree char *on_host = NULL;
  g_auto (GStrv) names = NULL;

  assert_uri ("qemu+ssh://h/system", NULL, "h", 0, system);
  assert_uri ("QEMU+SSH://h/system", NULL, "h", 0, system);
  assert_uri ("qemu+ssh://root@h:2222/system", "root", "h", 2222, system);
  assert_uri ("qemu+ssh://a%40b@h/system", "a@b", "h", 0, system);
  assert_uri ("qemu+ssh://[fe80::1]:22/system", NULL, "fe80::1", 22, system);
  assert_uri ("qemu+ssh://[fe80::1%25eth0]/system", NULL, "fe80::1%eth0", 0, system);
  assert_uri ("qemu+ssh:///system", NULL, "localhost", 0, system);
  assert_uri ("qemu+ssh://h/system?no_verify=0&no_tty=1", NULL, "h", 0, system);
  assert_uri ("qemu+ssh://h/system?x=1%262", NULL, "h", 0,
              "qemu+unix:///system?socket=/run/a%20b&x=1%262");
  assert_uri ("test+ssh://h/default", NULL, "h", 0, "test+unix:///default?socket=/run/a%20b");
  assert_uri ("xen+ssh://h/system", NULL, "h", 0, "xen+unix:///system?socket=/run/a%20b");

  full = inn_ssh_uri_parse ("qemu+ssh://h/session?keyfile=/a%20b/k&known_hosts=/kh&socket=/s&"
                            "netcat=ncat&proxy=native&mode=direct",
                            NULL);
  g_assert_cmpstr (full->target.identity, ==, "/a b/k");
  g_assert_cmpstr (full->target.known_hosts, ==, "/kh");
  g_assert_cmpstr (full->socket, ==, "/s");
  g_assert_cmpstr (full->netcat, ==, "ncat");
  g_assert_cmpint (full->proxy, ==, INN_SSH_PROXY_NATIVE);
  g_assert_cmpint (full->mode, ==, INN_SSH_MODE_DIRECT);
  g_assert_true (inn_ssh_uri_is_session (full));
  on_host = inn_ssh_uri_dup_on_host (full);
  g_assert_cmpstr (on_host, ==, "qemu+unix:///session?socket=/s&mode=direct");
  names = inn_ssh_uri_dup_socket_names (full);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_cmpstr (names[0], ==, "virtqemud-sock");

  g_assert_false (inn_ssh_uri_is_ssh ("qemu:///system"));
  g_assert_false (inn_ssh_uri_is_ssh ("qemu+tls://h/system?x=+ssh:"));
  g_assert_false (inn_ssh_uri_is_ssh ("qemu+libssh://h/system"));
  g_assert_false (inn_ssh_uri_is_ssh ("qemu+libssh2://h/system"));
  g_assert_false (inn_ssh_uri_is_ssh ("nonsense"));
}

static void
test_uri_invalid (void)
{
  static const char *const uris[] = {
    "",
    "nonsense",
    "qemu+ssh://",
    "qemu+ssh://h",
    "qemu+ssh://h/",
    "+ssh://h/system",
    "qemu+ssh://h:0/system",
    "qemu+ssh://h:99999/system",
    "qemu+ssh://h:x/system",
    "qemu+ssh://-oProxyCommand=id/system",
    "qemu+ssh://-x@h/system",
    "qemu+ssh://@h/system",
    "qemu+ssh://user:secret@h/system",
    "qemu+ssh://h%0a/system",
    "qemu+ssh://h;id/system",
    "qemu+ssh://[fe80::1/system",
    "qemu+ssh://h/sys%00tem",
    "qemu+ssh://h/system?no_verify=1",
    "qemu+ssh://h/system?known_hosts_verify=ignore",
    "qemu+ssh://h/system?command=/bin/sh",
    "qemu+ssh://h/system?proxy=other",
    "qemu+ssh://h/system?mode=other",
    "qemu+ssh://h/system?keyfile=",
    "qemu+ssh://h/system?keyfile=/a%22b",
    "qemu+ssh://h/system?keyfile=/a%0ab",
    "qemu+ssh://h/system?known_hosts=$%7bHOME%7d",
    "qemu+ssh://h/system?keyfile",
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InnSshUri) parsed = inn_ssh_uri_parse (uris[i], &error);

      if (parsed != NULL)
        g_error ("%s was taken", uris[i]);
      g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
      /* A password must not be written anywhere. */
      g_assert_null (strstr (error->message, "secret"));
      g_assert_true (inn_error_get_details (error) == NULL ||
                     strstr (inn_error_get_details (error), "secret") == NULL);
    }
}

static void
assert_fits (InnSshRuntime *runtime)
{
  struct sockaddr_un address;
  g_autofree char *path = inn_ssh_runtime_dup_path (runtime, "12345678");
  struct stat info;

  g_assert_cmpuint (strlen (path) + INN_SSH_SOCKET_SUFFIX_LENGTH, <, sizeof address.sun_path);
  g_assert_cmpint (stat (inn_ssh_runtime_get_directory (runtime), &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

static void
test_runtime (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *name = g_strnfill (100, 'x');
  g_autofree char *long_dir = g_build_filename (dir, name, NULL);
  g_autofree char *stale = NULL;
  g_autofree char *leftover = NULL;
  g_autofree char *base = g_build_filename (dir, "innkeeper", NULL);
  InnSshRuntime *one;
  InnSshRuntime *two;

  g_setenv ("XDG_RUNTIME_DIR", dir, TRUE);
  one = inn_ssh_runtime_new (NULL);
  assert_fits (one);
  g_assert_true (g_str_has_prefix (inn_ssh_runtime_get_directory (one), dir));

  /* What a program that died left behind goes; what is in use stays. */
  stale = g_build_filename (base, "aaaaaa", NULL);
  leftover = g_build_filename (stale, "m", NULL);
  g_assert_cmpint (g_mkdir (stale, 0700), ==, 0);
  g_assert_true (g_file_set_contents (leftover, "", -1, NULL));
  two = inn_ssh_runtime_new (NULL);
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (inn_ssh_runtime_get_directory (one), G_FILE_TEST_IS_DIR));
  inn_ssh_runtime_free (one);
  inn_ssh_runtime_free (two);
  g_assert_false (g_file_test (base, G_FILE_TEST_EXISTS));

  /* Too long for a socket, or not there: elsewhere. */
  g_assert_cmpint (g_mkdir (long_dir, 0700), ==, 0);
  g_setenv ("XDG_RUNTIME_DIR", long_dir, TRUE);
  one = inn_ssh_runtime_new (NULL);
  assert_fits (one);
  inn_ssh_runtime_free (one);
  g_unsetenv ("XDG_RUNTIME_DIR");
  one = inn_ssh_runtime_new (NULL);
  assert_fits (one);
  inn_ssh_runtime_free (one);

  /* A folder that others may enter is not trusted. */
  g_setenv ("XDG_RUNTIME_DIR", dir, TRUE);
  g_assert_cmpint (g_mkdir (base, 0700), ==, 0);
  g_assert_cmpint (g_chmod (base, 0755), ==, 0);
  one = inn_ssh_runtime_new (NULL);
  g_assert_false (g_str_has_prefix (inn_ssh_runtime_get_directory (one), dir));
  inn_ssh_runtime_free (one);
}

static void
assert_prompt (const char *hint,
               const char *text,
               InnPromptKind kind,
               const char *user,
               gboolean may_remember,
               InnSshQuestion expected)
{
  InnSshQuestion question;
  g_autoptr (InnPrompt) prompt = inn_ssh_prompt_parse (hint, text, &question);

  g_assert_cmpint (prompt->kind, ==, kind);
  g_assert_cmpstr (prompt->purpose, ==, "ssh");
  g_assert_cmpstr (prompt->user, ==, user);
  g_assert_cmpint (prompt->may_remember, ==, may_remember);
  g_assert_cmpint (question, ==, expected);
}

static void
assert_host (const char *host, const char *shown)
{
  g_autofree char *text = g_strdup_printf ("The authenticity of host '%s' can't be established.\n"
                                           "ED25519 key fingerprint is SHA256:abc.\n",
                                           host);
  InnSshQuestion question;
  g_autoptr (InnPrompt) prompt = inn_ssh_prompt_parse ("", text, &question);

  g_assert_nonnull (strstr (prompt->message, shown));
}

static void
test_prompt (void)
{
  assert_prompt (NULL, "root@host's password: ", INN_PROMPT_SECRET, "root", TRUE,
                 INN_SSH_QUESTION_OTHER);
  assert_prompt ("", "(root@host) Password: ", INN_PROMPT_SECRET, "root", TRUE,
                 INN_SSH_QUESTION_OTHER);
  assert_prompt ("", "(root@host) Verification code: ", INN_PROMPT_SECRET, NULL, FALSE,
                 INN_SSH_QUESTION_OTHER);
  assert_prompt (NULL, "Enter passphrase for key '/home/me/.ssh/id': ", INN_PROMPT_SECRET,
                 "/home/me/.ssh/id", TRUE, INN_SSH_QUESTION_OTHER);
  assert_prompt (NULL, "Enter PIN for ED25519-SK key /home/me/.ssh/id: ", INN_PROMPT_SECRET, NULL,
                 FALSE, INN_SSH_QUESTION_OTHER);
  assert_prompt ("none", "Confirm user presence for key ED25519-SK SHA256:x", INN_PROMPT_NOTICE,
                 NULL, FALSE, INN_SSH_QUESTION_OTHER);
  assert_prompt ("confirm", "Allow use of key x?", INN_PROMPT_CONFIRM, NULL, FALSE,
                 INN_SSH_QUESTION_OTHER);
  assert_prompt ("",
                 "The authenticity of host 'h (1.2.3.4)' can't be established.\n"
                 "ED25519 key fingerprint is SHA256:abc.\n"
                 "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
                 INN_PROMPT_CONFIRM, NULL, FALSE, INN_SSH_QUESTION_HOST_KEY);
  assert_prompt ("",
                 "The authenticity of host 'h (1.2.3.4)' can't be established,\n"
                 "but keys of different type are already known for this host.\n"
                 "ED25519 key fingerprint is: SHA256:abc\n"
                 "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
                 INN_PROMPT_CONFIRM, NULL, FALSE, INN_SSH_QUESTION_OTHER_HOST_KEY);
  assert_host ("h (1.2.3.4)", "“h (1.2.3.4)”");
  assert_host ("[127.0.0.1]:5 ([127.0.0.1]:5)", "“[127.0.0.1]:5”");
  assert_prompt ("", "\xff\xfe%s <b>?", INN_PROMPT_SECRET, NULL, FALSE, INN_SSH_QUESTION_OTHER);
}

static void
test_error (void)
{
  static const struct
  {
    const char *output;
    InnError code;
  } cases[] = {
    { "ssh: connect to host h port 22: Connection refused\n", INN_ERROR_REFUSED },
    { "ssh: connect to host h port 22: No route to host\n", INN_ERROR_REFUSED },
    { "ssh: connect to host h port 22: Connection timed out\n", INN_ERROR_TIMED_OUT },
    { "ssh: Could not resolve hostname h: Temporary failure in name resolution\n",
      INN_ERROR_REFUSED },
    { "Connection timed out during banner exchange\n", INN_ERROR_TIMED_OUT },
    { "kex_exchange_identification: Connection closed by remote host\n"
      "Connection closed by 1.2.3.4 port 22\n",
      INN_ERROR_REFUSED },
    { "root@h: Permission denied (publickey,password).\n", INN_ERROR_AUTH_FAILED },
    { "Received disconnect from 1.2.3.4 port 22:2: Too many authentication failures\n",
      INN_ERROR_AUTH_FAILED },
    { "Host key verification failed.\n", INN_ERROR_HOST_KEY_UNKNOWN },
    { "Unable to negotiate with 1.2.3.4 port 22: no matching host key type found.\n",
      INN_ERROR_UNSUPPORTED },
    { "/x: line 1: Bad configuration option: y\n", INN_ERROR_INVALID },
    { "Bad owner or permissions on /x\n", INN_ERROR_INVALID },
    { "Load key \"/x\": Permission denied\nConnection closed by 1.2.3.4 port 22\n",
      INN_ERROR_REFUSED },
    { "", INN_ERROR_FAILED },
    { "\xff\n", INN_ERROR_FAILED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = inn_ssh_error_from_output ("my %s host", cases[i].output);

      g_assert_error (error, INN_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (error->message, "my %s host"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

/* The fingerprints are those that ssh-keygen -lf prints. */
static void
test_fingerprint (void)
{
  static const char key[] =
      "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZM"
      "y7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=";
  g_autofree char *plain = g_strdup_printf ("github.com ecdsa-sha2-nistp256 %s comment", key);
  g_autofree char *marked = g_strdup_printf ("@revoked *  ecdsa-sha2-nistp256\t%s", key);
  g_autofree char *one = inn_ssh_fingerprint_of_line (plain);
  g_autofree char *two = inn_ssh_fingerprint_of_line (marked);

  g_assert_cmpstr (one, ==, "SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM");
  g_assert_cmpstr (two, ==, one);
  g_assert_null (inn_ssh_fingerprint_of_line (""));
  g_assert_null (inn_ssh_fingerprint_of_line ("host"));
  g_assert_null (inn_ssh_fingerprint_of_line ("host type ''"));
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/ssh/quote", test_quote);
  g_test_add_func ("/ssh/uri", test_uri);
  g_test_add_func ("/ssh/uri/invalid", test_uri_invalid);
  g_test_add_func ("/ssh/runtime", test_runtime);
  g_test_add_func ("/ssh/prompt", test_prompt);
  g_test_add_func ("/ssh/error", test_error);
  g_test_add_func ("/ssh/fingerprint", test_fingerprint);

  return g_test_run ();
}

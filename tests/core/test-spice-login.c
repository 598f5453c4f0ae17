/* test-spice-login.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "spice-fixture.h"

#include "base/inn-error.h"
#include "console/inn-spice-tls.h"

#include <string.h>

/* Passwords and certificates, with a real QEMU; and servers that are none. */

static const char *const SECRET[] = { "-object", "secret,id=s,data=right", NULL };

static void
run (InnSpiceSession *session, InnScreen *screen)
{
  inn_console_session_start (INN_CONSOLE_SESSION (session), screen);
  inn_test_spin (spice_is_settled, session);
}

static const GError *
error_of (InnSpiceSession *session)
{
  return inn_console_session_get_error (INN_CONSOLE_SESSION (session));
}

static void
test_password (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "spice", NULL);
  g_autoptr (GSubprocess) qemu = spice_qemu_start (path, ",password-secret=s", SECRET);
  g_autoptr (InnPrompter) prompter =
      answers_new_for ("spice", (const char *[]) { "wrong", "right", NULL });
  g_autoptr (InnScreen) screen = spice_screen_new (path);
  g_autoptr (InnSpiceSession) session = spice_session_new_for (prompter, NULL, NULL);

  if (qemu == NULL)
    return;

  run (session, screen);
  g_assert_no_error (error_of (session));
  g_assert_true (spice_is_ready (session));
  g_assert_cmpuint (answers_get_asked (prompter), ==, 2);
  g_assert_cmpuint (answers_get_last_attempt (prompter), ==, 1);

  /* What was right once is not asked again. */
  inn_console_session_close (INN_CONSOLE_SESSION (session));
  run (session, screen);
  g_assert_true (spice_is_ready (session));
  g_assert_cmpuint (answers_get_asked (prompter), ==, 2);
  vnc_qemu_stop (qemu);
}

static void
test_wrong_password (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "spice", NULL);
  g_autoptr (GSubprocess) qemu = spice_qemu_start (path, ",password-secret=s", SECRET);
  g_autofree char *overlong = g_strnfill (200, 'x');
  g_autoptr (InnPrompter) prompter =
      answers_new_for ("spice", (const char *[]) { "a", "", overlong, "d", NULL });
  g_autoptr (InnScreen) screen = spice_screen_new (path);
  g_autoptr (InnSpiceSession) session = spice_session_new_for (prompter, NULL, NULL);

  if (qemu == NULL)
    return;

  run (session, screen);
  g_assert_error (error_of (session), INN_ERROR, INN_ERROR_AUTH_FAILED);
  g_assert_nonnull (strstr (error_of (session)->message, "bare"));
  g_assert_cmpuint (answers_get_asked (prompter), ==, INN_SPICE_MAX_ATTEMPTS);
  vnc_qemu_stop (qemu);
}

static void
test_closed_question (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "spice", NULL);
  g_autoptr (GSubprocess) qemu = spice_qemu_start (path, ",password-secret=s", SECRET);
  g_autoptr (InnPrompter) prompter = answers_new_for ("spice", (const char *[]) { NULL });
  g_autoptr (InnScreen) screen = spice_screen_new (path);

  if (qemu == NULL)
    return;

  for (int i = 0; i < 2; i++)
    {
      /* Nobody to ask is as good as nobody who answers. */
      g_autoptr (InnSpiceSession) session =
          spice_session_new_for (i == 0 ? prompter : NULL, NULL, NULL);

      run (session, screen);
      g_assert_error (error_of (session), INN_ERROR, INN_ERROR_AUTH_CANCELLED);
    }
  vnc_qemu_stop (qemu);
}

static char *
read_authority (const char *pki)
{
  g_autofree char *path = g_build_filename (pki, "cacert.pem", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
assert_refused (
    InnScreen *screen, const char *pki, const char *server_name, InnError code, const char *advice)
{
  g_autoptr (InnSpiceSession) session = spice_session_new_for (NULL, server_name, pki);

  run (session, screen);
  g_assert_error (error_of (session), INN_ERROR, (int) code);
  g_test_message ("%s (%s)", error_of (session)->message,
                  inn_error_get_details (error_of (session)));
  g_assert_nonnull (strstr (error_of (session)->message, "bare"));
  g_assert_nonnull (strstr (error_of (session)->message, advice));
}

/* What a connection file says counts more than what is known of the host. */
static void
assert_identities (InnScreen *screen, const char *right, const char *wrong)
{
  g_autofree char *good = read_authority (right);
  g_autofree char *bad = read_authority (wrong);
  g_autofree char *both = g_strconcat (bad, "\n", good, NULL);

  const struct
  {
    const char *server_name;
    const char *authorities;
    const char *subject;
    InnError code; /* or 0 */
    const char *words;
  } rows[] = {
    { "kvm1.example.com", good, NULL, 0, NULL },
    { "kvm1.example.com", both, NULL, 0, NULL },
    { "10.0.0.7", good, "CN=localhost", 0, NULL },
    { "10.0.0.7", good, "cn=localhost", 0, NULL },
    { "10.0.0.7", good, "CN=other", INN_ERROR_HOST_KEY_CHANGED, "CN=other" },
    { "10.0.0.7", good, "CN=localhost,O=More", INN_ERROR_HOST_KEY_CHANGED, "O=More" },
    { "10.0.0.7", good, NULL, INN_ERROR_HOST_KEY_CHANGED, "“10.0.0.7”, which the connection" },
    { "kvm1.example.com", bad, NULL, INN_ERROR_HOST_KEY_UNKNOWN, "connection file" },
    { "kvm1.example.com", bad, "CN=localhost", INN_ERROR_HOST_KEY_UNKNOWN, "connection file" },
    { "kvm1.example.com", "no certificate", NULL, INN_ERROR_HOST_KEY_UNKNOWN, "connection file" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (InnSpiceSession) session = spice_session_new_for (NULL, "kvm9.example.com", wrong);

      inn_screen_set_identity (screen, rows[i].server_name, rows[i].authorities, rows[i].subject);
      run (session, screen);
      g_test_message ("row %u: %s", i, error_of (session) ? error_of (session)->message : "shown");
      if (rows[i].code == 0)
        {
          g_assert_no_error (error_of (session));
          continue;
        }
      g_assert_error (error_of (session), INN_ERROR, (int) rows[i].code);
      g_assert_nonnull (strstr (error_of (session)->message, rows[i].words));
    }
}

static void
test_subjects (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    gboolean same;
  } rows[] = {
    { "O=Example,CN=kvm1", "CN=kvm1,O=Example", TRUE },
    { "O=Example, CN=kvm1", "cn=kvm1 ,o=Example", TRUE },
    { "O=One\\, Two,CN=kvm1", "CN=kvm1,O=One\\, Two", TRUE },
    { "O=Example,CN=kvm1", "CN=kvm1", FALSE },
    { "CN=kvm1,CN=kvm1", "CN=kvm1,CN=kvm2", FALSE },
    { "CN=kvm1", "CN=KVM1", FALSE },
    { "CN=kvm1", "CN=kvm1,", TRUE },
    { "", "", FALSE },
    { ",,", ",", FALSE },
    { "CN=a\\", "CN=a\\", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (inn_spice_tls_is_subject (rows[i].a, rows[i].b), ==, rows[i].same);
}

static void
test_certificates (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *right = g_build_filename (dir, "right", NULL);
  g_autofree char *wrong = g_build_filename (dir, "wrong", NULL);
  guint16 port = spice_find_port ();
  guint16 tls_port = spice_find_port ();
  g_autoptr (InnScreen) either = spice_screen_new_on (port, tls_port);
  g_autoptr (InnScreen) only = spice_screen_new_on (0, tls_port);
  InnScreen *const screens[] = { only, either };
  g_autofree char *options = NULL;
  g_autoptr (GSubprocess) qemu = NULL;

  if (!vnc_make_pki (right, "kvm1.example.com") || !vnc_make_pki (wrong, "kvm1.example.com"))
    return;

  /* Some channels have to be encrypted; whoever comes to the other port is told so. */
  options = g_strdup_printf ("addr=127.0.0.1,port=%u,tls-port=%u,x509-dir=%s,disable-ticketing=on,"
                             "tls-channel=main,tls-channel=inputs",
                             port, tls_port, right);
  qemu = spice_qemu_start_on (options, port, NULL);
  if (qemu == NULL)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      g_autoptr (InnSpiceSession) session = spice_session_new_for (NULL, "kvm1.example.com", right);

      run (session, screens[i]);
      g_assert_no_error (error_of (session));
      inn_test_spin (spice_is_lit, session);
    }

  assert_identities (only, right, wrong);
  inn_screen_set_identity (only, NULL, NULL, NULL);
  assert_refused (only, wrong, "kvm1.example.com", INN_ERROR_HOST_KEY_UNKNOWN,
                  "~/.pki/CA/cacert.pem");
  assert_refused (only, NULL, "kvm1.example.com", INN_ERROR_HOST_KEY_UNKNOWN,
                  "~/.pki/CA/cacert.pem");
  assert_refused (only, right, "kvm2.example.com", INN_ERROR_HOST_KEY_CHANGED, "kvm2.example.com");
  vnc_qemu_stop (qemu);
}

static DexFuture *
open_script (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  return dex_future_new_for_fd (vnc_serve (g_byte_array_ref (data), VNC_THEN_CLOSE));
}

static DexFuture *
open_silence (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  return dex_future_new_for_fd (vnc_serve (g_byte_array_ref (data), VNC_THEN_STAY));
}

static void
assert_ends (const char *bytes, gsize size, InnError code)
{
  g_autoptr (GByteArray) script = g_byte_array_new ();
  g_autoptr (InnScreen) screen =
      inn_screen_new (INN_SCREEN_SPICE, FALSE, open_script, script, NULL);

  g_byte_array_append (script, (const guint8 *) bytes, size);
  assert_refused (screen, NULL, NULL, code, "bare");
}

static void
test_other_servers (void)
{
  static const char other_version[] = "REDQ\3\0\0\0\1\0\0\0\24\0\0\0";
  static const char refuses[] = "REDQ\2\0\0\0\2\0\0\0\262\0\0\0\12\0\0\0";
  g_autofree char *long_refusal = g_malloc0 (16 + 178);
  static const char short_header[] = "REDQ\2\0\0\0\2\0\0\0\1\0\0\0";

  assert_ends ("", 0, INN_ERROR_NOT_CONNECTED);
  assert_ends ("REDQ", 4, INN_ERROR_NOT_CONNECTED);
  assert_ends ("RFB 003.008\nRFB 003.008\n", 24, INN_ERROR_REMOTE);
  assert_ends (other_version, sizeof other_version - 1, INN_ERROR_UNSUPPORTED);
  assert_ends (short_header, sizeof short_header - 1, INN_ERROR_REMOTE);

  memcpy (long_refusal, refuses, sizeof refuses - 1);
  assert_ends (long_refusal, 16 + 178, INN_ERROR_REMOTE);
}

static void
test_says_nothing (void)
{
  g_autoptr (GByteArray) script = g_byte_array_new ();
  g_autoptr (InnSpiceSession) session = spice_session_new_for (NULL, NULL, NULL);
  g_autoptr (InnScreen) screen =
      inn_screen_new (INN_SCREEN_SPICE, FALSE, open_silence, script, NULL);

  inn_spice_session_set_deadline (session, 1);
  run (session, screen);
  g_assert_error (error_of (session), INN_ERROR, INN_ERROR_TIMED_OUT);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  spice_test_init ();

  g_test_add_func ("/spice-login/password", test_password);
  g_test_add_func ("/spice-login/wrong-password", test_wrong_password);
  g_test_add_func ("/spice-login/closed-question", test_closed_question);
  g_test_add_func ("/spice-login/subjects", test_subjects);
  g_test_add_func ("/spice-login/certificates", test_certificates);
  g_test_add_func ("/spice-login/other-servers", test_other_servers);
  g_test_add_func ("/spice-login/says-nothing", test_says_nothing);

  return g_test_run ();
}

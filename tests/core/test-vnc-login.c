/* test-vnc-login.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "vnc-fixture.h"

#include "base/inn-error.h"

#include <string.h>

/* Certificates and user names, with a real QEMU. */

static gboolean
is_settled (gpointer source)
{
  return vnc_is_ready (source) || vnc_is_closed (source);
}

static InnVncSource *
connect_with (const char *path, const char *pki, const char *server_name, InnPrompter *prompter)
{
  InnVncSource *source = inn_vnc_source_new (prompter, "bare");

  inn_vnc_source_set_server_name (source, server_name);
  inn_vnc_source_set_pki_path (source, pki);
  inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_connect (path));
  inn_test_spin (is_settled, source);
  return source;
}

static void
assert_refused (
    const char *path, const char *pki, const char *server_name, InnError code, const char *advice)
{
  g_autoptr (InnVncSource) source = connect_with (path, pki, server_name, NULL);
  const GError *error = inn_display_source_get_error (INN_DISPLAY_SOURCE (source));

  g_assert_error (error, INN_ERROR, (int) code);
  g_test_message ("%s (%s)", error->message, inn_error_get_details (error));
  g_assert_nonnull (strstr (error->message, "bare"));
  g_assert_nonnull (strstr (error->message, advice));
  /* Nothing but a person can make that right. */
  g_assert_false (inn_display_source_can_retry (INN_DISPLAY_SOURCE (source)));
}

static void
test_certificates (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autofree char *right = g_build_filename (dir, "right", NULL);
  g_autofree char *wrong = g_build_filename (dir, "wrong", NULL);
  g_autofree char *object = NULL;
  g_autoptr (GSubprocess) qemu = NULL;
  g_autoptr (InnVncSource) source = NULL;

  if (!vnc_make_pki (right, "kvm1.example.com") || !vnc_make_pki (wrong, "kvm1.example.com"))
    return;

  object = g_strdup_printf ("tls-creds-x509,id=tls,endpoint=server,verify-peer=no,dir=%s", right);
  qemu = vnc_qemu_start (path, ",tls-creds=tls", (const char *[]) { "-object", object, NULL });
  if (qemu == NULL)
    return;

  source = connect_with (path, right, "kvm1.example.com", NULL);
  g_assert_no_error (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)));
  g_assert_true (vnc_is_ready (source));

  assert_refused (path, wrong, "kvm1.example.com", INN_ERROR_HOST_KEY_UNKNOWN,
                  "~/.pki/CA/cacert.pem");
  assert_refused (path, NULL, "kvm1.example.com", INN_ERROR_HOST_KEY_UNKNOWN,
                  "~/.pki/CA/cacert.pem");
  assert_refused (path, right, "kvm2.example.com", INN_ERROR_HOST_KEY_CHANGED, "kvm2.example.com");
  vnc_qemu_stop (qemu);
}

/* Where the server wants to know the client, too. */
static void
test_client_without_certificate (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autofree char *object = NULL;
  g_autoptr (GSubprocess) qemu = NULL;
  g_autoptr (InnVncSource) source = NULL;

  if (!vnc_make_pki (dir, "kvm1.example.com"))
    return;

  object = g_strdup_printf ("tls-creds-x509,id=tls,endpoint=server,verify-peer=yes,dir=%s", dir);
  qemu = vnc_qemu_start (path, ",tls-creds=tls", (const char *[]) { "-object", object, NULL });
  if (qemu == NULL)
    return;

  source = connect_with (path, dir, "kvm1.example.com", NULL);
  g_assert_true (vnc_is_closed (source));
  g_assert_nonnull (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)));
  g_test_message ("%s", inn_display_source_get_error (INN_DISPLAY_SOURCE (source))->message);
  vnc_qemu_stop (qemu);
}

/* A user name and a password, in a database of its own. */
static gboolean
prepare_sasl (const char *dir)
{
  g_autofree char *database = g_build_filename (dir, "passwd.db", NULL);
  g_autofree char *config = g_build_filename (dir, "qemu.conf", NULL);
  g_autofree char *text = g_strdup_printf ("mech_list: scram-sha-256\nsasldb_path: %s\n", database);
  g_autofree char *command = g_strdup_printf (
      "echo innkeeper | saslpasswd2 -p -c -f %s -a qemu -u $(hostname) admin", database);
  g_autofree char *program = g_find_program_in_path ("saslpasswd2");

  g_assert_true (g_file_set_contents (config, text, -1, NULL));
  if (program == NULL)
    {
      g_test_skip ("saslpasswd2 is not installed");
      return FALSE;
    }

  g_setenv ("SASL_CONF_PATH", dir, TRUE);
  return vnc_run_program ((const char *[]) { "sh", "-c", command, NULL });
}

static void
test_user_name (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autoptr (InnPrompter) prompter =
      answers_new ((const char *[]) { "admin", "wrong", "admin", "innkeeper", NULL });
  g_autoptr (GSubprocess) qemu = NULL;
  g_autoptr (InnVncSource) source = NULL;
  InnDisplaySource *display;

  if (!prepare_sasl (dir))
    return;

  qemu = vnc_qemu_start (path, ",sasl=on", NULL);
  if (qemu == NULL)
    return;

  source = connect_with (path, NULL, NULL, prompter);
  display = INN_DISPLAY_SOURCE (source);
  g_assert_error (inn_display_source_get_error (display), INN_ERROR, INN_ERROR_AUTH_FAILED);
  g_assert_true (inn_display_source_can_retry (display));

  inn_display_source_start (display, vnc_connect (path));
  inn_test_spin (is_settled, source);
  g_assert_no_error (inn_display_source_get_error (display));
  g_assert_true (vnc_is_ready (source));
  g_assert_cmpuint (answers_get_asked (prompter), ==, 4);
  vnc_qemu_stop (qemu);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/vnc-login/certificates", test_certificates);
  g_test_add_func ("/vnc-login/client-without-certificate", test_client_without_certificate);
  g_test_add_func ("/vnc-login/user-name", test_user_name);

  return g_test_run ();
}

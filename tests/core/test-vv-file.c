/* test-vv-file.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "console/inn-vv-file.h"
#include "inn-test.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* Connection files, as web interfaces hand them out and as nobody should. */

static InnVvFile *
parse (const char *text, GError **error)
{
  return inn_vv_file_parse (text, strlen (text), error);
}

static void
test_all (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnVvFile) file = parse ("[virt-viewer]\ntype=spice\nhost=h.example\nport=5900\n"
                                      "tls-port=5901\npassword=a\\sb;c\nca=-----BEGIN\\nX\\n\n"
                                      "host-subject=O=Org,CN=h\ntitle=Gast ä <b>%d\n"
                                      "delete-this-file=1\nfullscreen=0\nsecure-channels=main;\n"
                                      "[ovirt]\nhost=other\n",
                                      &error);

  g_assert_no_error (error);
  g_assert_cmpstr (file->type, ==, "spice");
  g_assert_cmpstr (file->host, ==, "h.example");
  g_assert_cmpuint (file->port, ==, 5900);
  g_assert_cmpuint (file->tls_port, ==, 5901);
  g_assert_cmpstr (file->password, ==, "a b;c");
  g_assert_cmpstr (file->ca, ==, "-----BEGIN\nX\n");
  g_assert_cmpstr (file->host_subject, ==, "O=Org,CN=h");
  g_assert_cmpstr (file->title, ==, "Gast ä <b>%d");
  g_assert_true (file->delete_this_file);
  g_assert_false (file->fullscreen);
}

static void
test_socket (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnVvFile) file =
      parse ("[virt-viewer]\ntype=vnc\nunix-path=/run/a b/c\nport=-1\n", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (file->unix_path, ==, "/run/a b/c");
  g_assert_cmpuint (file->port, ==, 0);
}

static void
test_hostile (void)
{
  static const struct
  {
    const char *text;
    int code;
    const char *said;
  } files[] = {
    { "", INN_ERROR_INVALID, "no connection file" },
    { "[virt-viewer", INN_ERROR_INVALID, "no connection file" },
    { "[other]\ntype=vnc\n", INN_ERROR_INVALID, "no connection file" },
    { "[virt-viewer]\nhost=h\nport=1\n", INN_ERROR_UNSUPPORTED, "SPICE and VNC" },
    { "[virt-viewer]\ntype=rdp\nhost=h\nport=1\n", INN_ERROR_UNSUPPORTED, "rdp" },
    { "[virt-viewer]\ntype=vnc\nport=1\n", INN_ERROR_INVALID, "no host" },
    { "[virt-viewer]\ntype=vnc\nhost=h\n", INN_ERROR_INVALID, "no port of h" },
    { "[virt-viewer]\ntype=vnc\nhost=h\nport=70000\n", INN_ERROR_INVALID, "70000" },
    { "[virt-viewer]\ntype=vnc\nhost=h\nport=-5\n", INN_ERROR_INVALID, "-5" },
    { "[virt-viewer]\ntype=vnc\nhost=h\nport=5900x\n", INN_ERROR_INVALID, "5900x" },
    { "[virt-viewer]\ntype=vnc\nhost=h\nport=\xff\n", INN_ERROR_INVALID, "“port”" },
    { "[virt-viewer]\ntype=vnc\nhost=a\\nb\nport=1\n", INN_ERROR_INVALID, "no name" },
    { "[virt-viewer]\ntype=vnc\nunix-path=run/x\n", INN_ERROR_INVALID, "root" },
    { "[virt-viewer]\ntype=vnc\nhost=h\nport=1\nproxy=http://p:3128\n", INN_ERROR_UNSUPPORTED,
      "proxy" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (files[i].text, &error));
      g_assert_error (error, INN_ERROR, files[i].code);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, files[i].said));
    }
}

static void
write_file (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
test_load (void)
{
  g_autoptr (InnTestDir) folder = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (folder, "a.vv", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *large = g_malloc (1024 * 1024);
  g_autoptr (GError) error = NULL;

  /* Kept when it cannot be used: somebody may want to look at it. */
  write_file (path, "[virt-viewer]\ntype=vnc\nhost=h\ndelete-this-file=1\n");
  error = inn_test_await_error (inn_vv_file_load (file));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
  g_assert_true (g_file_query_exists (file, NULL));
  g_clear_error (&error);

  write_file (path, "[virt-viewer]\ntype=vnc\nhost=h\nport=1\n");
  inn_test_await_ok (inn_vv_file_load (file));
  g_assert_true (g_file_query_exists (file, NULL));

  write_file (path, "[virt-viewer]\ntype=vnc\nhost=h\nport=1\ndelete-this-file=1\n");
  inn_test_await_ok (inn_vv_file_load (file));
  g_assert_false (g_file_query_exists (file, NULL));

  error = inn_test_await_error (inn_vv_file_load (file));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
  g_clear_error (&error);

  memset (large, '#', 1024 * 1024 - 1);
  large[1024 * 1024 - 1] = '\0';
  write_file (path, large);
  error = inn_test_await_error (inn_vv_file_load (file));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
  g_clear_error (&error);

  /* One that never ends. */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  error = inn_test_await_error (inn_vv_file_load (file));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  g_test_add_func ("/vv-file/all", test_all);
  g_test_add_func ("/vv-file/socket", test_socket);
  g_test_add_func ("/vv-file/hostile", test_hostile);
  inn_test_add_fiber ("/vv-file/load", test_load);

  return g_test_run ();
}

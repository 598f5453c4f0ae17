/* test-secret.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-test.h"
#include "secret/inn-libsecret-store.h"
#include "secret/inn-memory-secret-store.h"

#include <string.h>

static char *
lookup (InnSecretStore *store, const char *host_id, const char *purpose, const char *user)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnPromptReply) reply =
      dex_await_boxed (inn_secret_store_lookup (store, host_id, purpose, user), &error);

  if (reply == NULL)
    {
      g_assert_error (error, INN_ERROR, INN_ERROR_NOT_FOUND);
      return g_strdup ("none");
    }

  return g_strdup (inn_prompt_reply_get_text (reply));
}

#define assert_lookup(expected, ...)                                                               \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *_text = lookup (__VA_ARGS__);                                                 \
    g_assert_cmpstr (_text, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

/* What every keyring must do. */
static void
check_keyring (InnSecretStore *store)
{
  assert_lookup ("none", store, "h1", "ssh", "root");
  inn_test_await_ok (inn_secret_store_save (store, "h1", "ssh", "root", "Host 1", "pässwörd %s"));
  inn_test_await_ok (inn_secret_store_save (store, "h1", "libvirt", NULL, "Host 1", "two"));
  inn_test_await_ok (inn_secret_store_save (store, NULL, "ssh", "root", "A key", "three"));

  assert_lookup ("pässwörd %s", store, "h1", "ssh", "root");
  assert_lookup ("two", store, "h1", "libvirt", "");
  assert_lookup ("three", store, "", "ssh", "root");
  assert_lookup ("none", store, "h2", "ssh", "root");
  assert_lookup ("none", store, "h1", "ssh", "admin");

  inn_test_await_ok (inn_secret_store_save (store, "h1", "ssh", "root", "Host 1", "new"));
  assert_lookup ("new", store, "h1", "ssh", "root");
  inn_test_await_ok (inn_secret_store_forget (store, "h1", "ssh", "root"));
  inn_test_await_ok (inn_secret_store_forget (store, "h1", "ssh", "root"));
  assert_lookup ("none", store, "h1", "ssh", "root");
  assert_lookup ("two", store, "h1", "libvirt", NULL);
}

static void
test_memory (void)
{
  g_autoptr (InnSecretStore) store = inn_memory_secret_store_new ();

  check_keyring (store);
}

static DexFuture *
keyring_fiber (gpointer data)
{
  g_autoptr (InnSecretStore) store = inn_libsecret_store_new ();

  check_keyring (store);
  return dex_future_new_true ();
}

static DexFuture *
no_keyring_fiber (gpointer data)
{
  g_autoptr (InnSecretStore) store = inn_libsecret_store_new ();
  g_autoptr (GError) error = NULL;

  assert_lookup ("none", store, "h1", "ssh", "root");
  dex_await (inn_secret_store_save (store, "h1", "ssh", "root", "Host 1", "one"), &error);
  g_assert_error (error, INN_ERROR, INN_ERROR_UNSUPPORTED);
  g_assert_null (strstr (error->message, "one."));
  return dex_future_new_true ();
}

/* A keyring daemon of our own on a bus of our own: this program starts itself again in there. */
static void
run_on_bus (const char *role, const char *before)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *script = g_strconcat (before, "exec \"$0\" \"$1\"", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "HOME", dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CACHE_HOME", dir, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", dir, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, "dbus-run-session", "--", "sh", "-c",
                                         script, self, role, NULL);
  g_assert_no_error (error);
  inn_test_await_ok (dex_subprocess_wait_check (process));
}

static gboolean
lacks (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);
  g_autofree char *reason = g_strdup_printf ("%s is not installed", program);

  if (path == NULL)
    g_test_skip (reason);
  return path == NULL;
}

static void
test_keyring (void)
{
  if (lacks ("dbus-run-session") || lacks ("gnome-keyring-daemon"))
    return;

  run_on_bus ("--keyring", "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets "
                           ">\"$HOME/daemon.log\" 2>&1; ");
}

/* A desktop without any: no bus at all. */
static void
test_no_keyring (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *address = g_strdup_printf ("unix:path=%s/no-bus", dir);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, self, "--no-keyring", NULL);
  g_assert_no_error (error);
  inn_test_await_ok (dex_subprocess_wait_check (process));
}

int
main (int argc, char *argv[])
{
  if (argc == 2 && g_str_has_suffix (argv[1], "-keyring"))
    {
      g_autoptr (GError) error = NULL;

      inn_init ();
      inn_test_settle (
          inn_spawn ("role_fiber",
                     g_str_equal (argv[1], "--keyring") ? keyring_fiber : no_keyring_fiber, NULL,
                     NULL),
          &error);
      g_assert_no_error (error);
      return 0;
    }

  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/secret/memory", test_memory);
  inn_test_add_fiber ("/secret/keyring", test_keyring);
  inn_test_add_fiber ("/secret/no-keyring", test_no_keyring);

  return g_test_run ();
}

/* test-app-display.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-context.h"
#include "base/inn-error.h"
#include "console/inn-screen.h"
#include "virt-host.h"

#include <errno.h>
#include <unistd.h>

/* The whole core on one real host: from a guest to the first bytes of its screen. */

static InnHost *
add_host (InnAppContext *context, const char *name, const char *uri, gboolean read_only)
{
  InnHostConfig config = { .name = (char *) name, .uri = (char *) uri, .read_only = read_only };
  g_autoptr (GError) error = NULL;
  g_autofree char *id =
      dex_await_string (inn_store_add_host (inn_app_context_get_store (context), &config), &error);
  InnHost *host;

  g_assert_no_error (error);
  host = inn_inventory_find_host (inn_app_context_get_inventory (context), id);
  inn_test_await_ok (
      inn_session_connect (inn_session_manager_get (inn_app_context_get_sessions (context), host)));

  return host;
}

/* Defined and started. */
static InnVm *
start_guest (InnAppContext *context, InnHost *host, const char *name, const char *devices)
{
  InnSession *session = inn_session_manager_get (inn_app_context_get_sessions (context), host);

  virt_host_define (session, name, devices);
  virt_host_wait_guest (host, name, INN_VM_SHUTOFF);
  virt_host_start_guest (session, name);

  return virt_host_wait_guest (host, name, INN_VM_RUNNING);
}

static void
assert_shows (InnAppContext *context, InnVm *vm)
{
  g_autoptr (GError) error = NULL;
  char banner[4] = "";
  g_autoptr (InnScreen) screen =
      dex_await_object (inn_app_context_find_screen (context, vm, NULL), &error);
  int fd;

  g_assert_no_error (error);
  fd = dex_await_fd (inn_screen_open (screen, FALSE, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  while (read (fd, banner, 3) < 0 && errno == EAGAIN)
    inn_test_await_ok (inn_future_delay (10000));
  g_assert_cmpstr (banner, ==, "RFB");
  close (fd);
}

static void
assert_unsupported (InnAppContext *context, InnVm *vm, const char *advice)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnScreen) screen =
      dex_await_object (inn_app_context_find_screen (context, vm, NULL), &error);

  if (screen != NULL)
    error = inn_test_await_error (inn_screen_open (screen, FALSE, NULL));

  g_assert_error (error, INN_ERROR, INN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, inn_vm_get_name (vm)));
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, advice));
}

static void
test_display (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  const char *const options[] = { "--listen-tcp", "0", NULL };
  g_autoptr (Daemon) daemon = daemon_start (options);
  g_autofree char *tcp_uri = NULL;
  InnAppContext *context;
  InnHost *local;
  InnHost *remote;
  InnVm *nowhere;
  InnVm *loopback;

  if (daemon == NULL)
    return;

  tcp_uri = virt_host_dup_fact (daemon, "tcp_uri");
  context = inn_app_context_new (dir, NULL);
  inn_test_await_ok (inn_app_context_open (context));
  local = add_host (context, "local", daemon->uri, FALSE);
  nowhere = start_guest (context, local, "nowhere",
                         "<graphics type='vnc'><listen type='none'/></graphics>");
  loopback = start_guest (context, local, "loopback",
                          "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>");
  assert_shows (context, nowhere);
  assert_shows (context, loopback);
  assert_unsupported (context, start_guest (context, local, "blind", NULL),
                      "add a SPICE or VNC screen");

  if (tcp_uri != NULL)
    {
      remote = add_host (context, "remote", tcp_uri, FALSE);
      assert_unsupported (context, virt_host_wait_guest (remote, "nowhere", INN_VM_RUNNING),
                          "listens nowhere");
      assert_unsupported (context, virt_host_wait_guest (remote, "loopback", INN_VM_RUNNING),
                          "qemu+ssh");
    }

  inn_test_await_ok (inn_app_context_close (context));
  g_object_unref (context);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/app-display/local-and-remote", test_display);

  return g_test_run ();
}

/* test-app-reboot.c
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
#include <string.h>
#include <unistd.h>

/* A host that is reached over SSH alone goes down with all that was open to it, and comes back bit
 * by bit, as hosts do: sshd answers before libvirt does. */

typedef struct
{
  InnAppContext *context;
  InnHost *host;
  InnSession *session;
} View;

static void
open_view (View *view, const char *dir, Sshd *sshd)
{
  g_autofree char *uri =
      g_strdup_printf ("qemu+ssh://%s@%s:%u/system?keyfile=%s&known_hosts=%s", sshd->user,
                       sshd->address, sshd->port, sshd->identity, sshd->known_hosts);
  InnHostConfig config = { .name = (char *) "far", .uri = uri };
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  view->context = inn_app_context_new (dir, NULL);
  inn_test_await_ok (inn_app_context_open (view->context));
  id = dex_await_string (inn_store_add_host (inn_app_context_get_store (view->context), &config),
                         &error);
  g_assert_no_error (error);
  view->host = inn_inventory_find_host (inn_app_context_get_inventory (view->context), id);
  view->session =
      inn_session_manager_get (inn_app_context_get_sessions (view->context), view->host);
  inn_test_await_ok (inn_session_connect (view->session));
}

static int
start_with_host (virDomainPtr domain)
{
  return virDomainSetAutostart (domain, 1);
}

static void
start_guest (View *view, const char *name)
{
  virt_host_define (view->session, name,
                    "<graphics type='vnc' port='-1' autoport='yes' listen='127.0.0.1'/>"
                    "<serial type='pty'><target port='0'/></serial>");
  virt_host_start_guest (view->session, name);
  virt_host_wait_guest (view->host, name, INN_VM_RUNNING);
}

/* Its graphical console, over the login at the host; the first bytes of it have come. */
static int
open_screen (View *view, InnVm *vm)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnScreen) screen =
      dex_await_object (inn_app_context_find_screen (view->context, vm, NULL), &error);
  char banner[13] = "";
  int fd;

  g_assert_no_error (error);
  fd = dex_await_fd (inn_screen_open (screen, FALSE, NULL), &error);
  g_assert_no_error (error);
  while (read (fd, banner, 12) < 0 && errno == EAGAIN)
    inn_test_await_ok (inn_future_delay (10000));
  g_assert_true (g_str_has_prefix (banner, "RFB"));

  return fd;
}

static int
open_text (View *view, InnVm *vm)
{
  g_autoptr (GError) error = NULL;
  int fd = dex_await_fd (
      inn_session_open_text (view->session, inn_vm_get_uuid (vm), "serial0", FALSE, FALSE, NULL),
      &error);

  g_assert_no_error (error);
  return fd;
}

static gboolean
has_ended (gpointer data)
{
  char buffer[256];
  gssize n = read (*(int *) data, buffer, sizeof buffer);

  return n == 0 || (n < 0 && errno != EAGAIN);
}

static gboolean
is_lost (gpointer host)
{
  return inn_host_get_state (host) == INN_HOST_LOST;
}

static gboolean
is_online (gpointer host)
{
  return inn_host_get_state (host) == INN_HOST_ONLINE;
}

static gboolean
misses_libvirt (gpointer host)
{
  const GError *error = inn_host_get_error (host);

  return error != NULL && strstr (error->message, "libvirtd or virtqemud") != NULL;
}

static guint
count_events (View *view, const char *kind)
{
  GListModel *events = inn_inventory_get_events (inn_app_context_get_inventory (view->context));
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (InnEvent) event = g_list_model_get_item (events, i);

      count += g_str_equal (inn_event_get_kind (event), kind);
    }

  return count;
}

static void
assert_lost (View *view, InnVm *again, InnVm *off)
{
  const GError *error = inn_host_get_error (view->host);
  g_autoptr (GError) refused = NULL;

  g_assert_error (error, INN_ERROR, INN_ERROR_NOT_CONNECTED);
  g_assert_nonnull (strstr (error->message, "far"));
  g_assert_nonnull (strstr (error->message, "check the network"));
  g_assert_cmpuint (count_events (view, "host.lost"), ==, 1);
  g_assert_true (inn_vm_get_stale (again) && inn_vm_get_stale (off));
  refused =
      inn_test_await_error (inn_session_fetch_vm_xml (view->session, inn_vm_get_uuid (off), FALSE));
  g_assert_error (refused, INN_ERROR, INN_ERROR_NOT_CONNECTED);
}

static void
test_reboot (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Sshd) sshd = NULL;
  View view = { 0 };
  InnVm *again;
  InnVm *off;
  int screen;
  int text;

  if (daemon == NULL)
    return;
  sshd = sshd_start ((const char *const[]) { "--host", daemon->path, NULL });
  if (sshd == NULL)
    return;

  open_view (&view, dir, sshd);
  start_guest (&view, "again");
  start_guest (&view, "off");
  virt_host_do (view.session, "again", start_with_host);
  again = virt_host_find (view.host, "again");
  off = virt_host_find (view.host, "off");
  screen = open_screen (&view, off);
  text = open_text (&view, off);

  daemon_crash (daemon);
  inn_test_wait (is_lost, view.host);
  assert_lost (&view, again, off);
  inn_test_wait (has_ended, &screen);
  inn_test_wait (has_ended, &text);
  close (screen);
  close (text);

  /* It is up, but libvirt is not yet. */
  daemon_start_again (daemon);
  virt_host_control (daemon, "daemon-stop");
  sshd_start_again (sshd);
  inn_test_wait (misses_libvirt, view.host);
  g_assert_true (is_lost (view.host));
  virt_host_control (daemon, "daemon-start");
  inn_test_wait (is_online, view.host);

  g_assert_true (virt_host_wait_guest (view.host, "again", INN_VM_RUNNING) == again);
  g_assert_true (virt_host_wait_guest (view.host, "off", INN_VM_SHUTOFF) == off);
  g_assert_false (inn_vm_get_stale (again) || inn_vm_get_stale (off));
  g_assert_cmpuint (count_events (&view, "host.lost"), ==, 1);
  close (open_screen (&view, again));
  close (open_text (&view, again));

  inn_test_await_ok (inn_app_context_close (view.context));
  g_object_unref (view.context);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/app/reboot", test_reboot);

  return g_test_run ();
}

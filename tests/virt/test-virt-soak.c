/* test-virt-soak.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-context.h"
#include "console/inn-screen.h"
#include "virt-host.h"

#include <errno.h>
#include <unistd.h>

/* The whole core, again and again: add a host, connect, look, open a screen, disconnect, remove.
 * Nothing of it may stay: no object, no descriptor, no thread. A build with sanitizers tells of
 * memory. */

#define N_ROUNDS 50
#define GUEST "try-me"

typedef struct
{
  InnAppContext *context;
  const char *uri;
  gpointer host; /* weak */
  gpointer session;
} Soak;

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;

  return n;
}

typedef struct
{
  guint n_fds;
  guint n_threads;
} Held;

static Held
count_held (void)
{
  return (Held) { count_entries ("/proc/self/fd"), count_entries ("/proc/self/task") };
}

static gboolean
holds_no_more (gpointer data)
{
  const Held *start = data;
  Held now = count_held ();

  return now.n_fds <= start->n_fds && now.n_threads <= start->n_threads;
}

/* Threads that have nothing to do end after a while: so long that their number has not changed for
 * longer than that. */
static Held
settle_held (void)
{
  Held held = count_held ();
  gint64 since = g_get_monotonic_time ();

  while (g_get_monotonic_time () - since < 15 * G_USEC_PER_SEC)
    {
      Held now;

      inn_test_await_ok (inn_future_delay (G_USEC_PER_SEC / 10));
      now = count_held ();
      if (now.n_fds != held.n_fds || now.n_threads != held.n_threads)
        since = g_get_monotonic_time ();
      held = now;
    }

  return held;
}

static gboolean
is_null (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
look_at_screen (InnAppContext *context, InnVm *vm)
{
  g_autoptr (GError) error = NULL;
  char banner[4] = "";
  g_autoptr (InnScreen) screen =
      dex_await_object (inn_app_context_find_screen (context, vm, NULL), &error);
  int fd;

  g_assert_no_error (error);
  fd = dex_await_fd (inn_screen_open (screen, FALSE, NULL), &error);
  g_assert_no_error (error);
  while (read (fd, banner, 3) < 0 && errno == EAGAIN)
    inn_test_await_ok (inn_future_delay (2000));
  g_assert_cmpstr (banner, ==, "RFB");
  close (fd);
}

static void
watch (gpointer *weak, gpointer object)
{
  g_set_weak_pointer (weak, object);
}

static DexFuture *
round_fiber (gpointer data)
{
  Soak *soak = data;
  InnStore *store = inn_app_context_get_store (soak->context);
  InnHostConfig config = { .name = (char *) "host", .uri = (char *) soak->uri };
  g_autoptr (GError) error = NULL;
  g_autofree char *id = dex_await_string (inn_store_add_host (store, &config), &error);
  g_autofree char *xml = NULL;
  InnSession *session;
  InnHost *host;
  InnVm *vm;

  g_assert_no_error (error);
  host = inn_inventory_find_host (inn_app_context_get_inventory (soak->context), id);
  session = inn_session_manager_get (inn_app_context_get_sessions (soak->context), host);
  watch (&soak->host, host);
  watch (&soak->session, session);

  inn_test_await_ok (inn_session_connect (session));
  vm = virt_host_wait_guest (host, GUEST, INN_VM_RUNNING);
  xml = dex_await_string (inn_session_fetch_vm_xml (session, inn_vm_get_uuid (vm), FALSE), &error);
  g_assert_no_error (error);
  look_at_screen (soak->context, vm);

  inn_test_await_ok (inn_session_disconnect (session));
  inn_test_await_ok (inn_store_remove_host (store, id));

  return dex_future_new_true ();
}

/* With a limit of its own for each round. */
static void
go_round (Soak *soak)
{
  g_autoptr (GError) error = NULL;

  inn_test_settle (inn_spawn ("round_fiber", round_fiber, soak, NULL), &error);
  g_assert_no_error (error);
  inn_test_spin (is_null, &soak->session);
  inn_test_spin (is_null, &soak->host);
}

static DexFuture *
start_guest_fiber (gpointer data)
{
  Soak *soak = data;
  g_autoptr (Fixture) fixture = fixture_new (soak->uri, NULL);
  InnHost *host;

  fixture_start (fixture);
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  host = fixture_host (fixture, 0);
  virt_host_define (fixture_session (fixture, 0), GUEST,
                    "<graphics type='vnc'><listen type='none'/></graphics>");
  virt_host_wait_guest (host, GUEST, INN_VM_SHUTOFF);
  virt_host_start_guest (fixture_session (fixture, 0), GUEST);
  virt_host_wait_guest (host, GUEST, INN_VM_RUNNING);

  return dex_future_new_true ();
}

static DexFuture *
settle_fiber (gpointer data)
{
  *(Held *) data = settle_held ();

  return dex_future_new_true ();
}

static void
test_rounds (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  Soak soak = { 0 };
  Held start;
  Held end;

  if (daemon == NULL)
    return;

  soak.uri = daemon->uri;
  g_assert_true (inn_test_settle (inn_spawn ("guest", start_guest_fiber, &soak, NULL), NULL));
  soak.context = inn_app_context_new (dir, NULL);
  g_assert_true (inn_test_settle (inn_app_context_open (soak.context), NULL));

  /* What is made once, such as libvirt's event loop, is made in the first one. */
  go_round (&soak);
  inn_test_settle (inn_spawn ("settle_fiber", settle_fiber, &start, NULL), NULL);
  for (guint i = 1; i < N_ROUNDS; i++)
    go_round (&soak);
  inn_test_spin (holds_no_more, &start);
  end = count_held ();
  g_test_message ("%u rounds: %u descriptors before, %u after; %u threads before, %u after",
                  N_ROUNDS, start.n_fds, end.n_fds, start.n_threads, end.n_threads);

  g_assert_true (inn_test_settle (inn_app_context_close (soak.context), NULL));
  g_assert_finalize_object (soak.context);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  g_test_add_func ("/virt-soak/rounds", test_rounds);

  return g_test_run ();
}

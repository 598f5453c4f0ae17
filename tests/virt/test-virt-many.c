/* test-virt-many.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-turns.h"
#include "virt-host.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Twenty real hosts at the usual pace. One that hangs, or one guest that hangs, may not make what
 * is shown of the others old. */

#define N_HOSTS 20
#define N_GUESTS 3 /* of the last host; the others have one each */
#define TICK (3 * G_USEC_PER_SEC)
#define WATCH (30 * G_USEC_PER_SEC)
/* What is promised: two ticks. */
#define MAX_AGE (2 * TICK)
/* A question is asked up to a tick after the host hung, may be open for two ticks, and its age is
 * looked at once a tick. */
#define MAX_LOST (4 * TICK + G_USEC_PER_SEC)
#define MAX_TURN 50000
#define DISK_BYTES 65536

/* A boot sector that reads one to eight sectors of its disk with each tick of the PC's clock, more
 * and more: its rate is another one with each look, so that a look that was shown can be told from
 * one that was not. */
static const guint8 boot_code[] = {
  0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0, 0xbc, 0x00, 0x7c, 0xb8, 0x00, 0x10, 0x8e,
  0xc0, 0xfb, 0xf4, 0xa0, 0x6c, 0x04, 0xc0, 0xe8, 0x05, 0xfe, 0xc0, 0xb4, 0x02,
  0xbb, 0x00, 0x00, 0xb9, 0x01, 0x00, 0xb6, 0x00, 0xcd, 0x13, 0xeb, 0xe9,
};

/* What is shown of one guest. */
typedef struct
{
  InnVm *vm;
  char *name;
  guint host;
  gint64 shown; /* monotonic microseconds of the last news */
  gint64 worst; /* the oldest it was, in microseconds */
} Guest;

typedef struct
{
  InnTestDir *disks;
  GPtrArray *daemons;
  GPtrArray *guests;
  Fixture *fixture;
} Lab;

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  if (guest->vm != NULL)
    g_signal_handlers_disconnect_by_data (guest->vm, guest);
  g_clear_object (&guest->vm);
  g_free (guest->name);
  g_free (guest);
}

static void
on_news (InnVm *vm, GParamSpec *pspec, gpointer data)
{
  Guest *guest = data;

  guest->shown = g_get_monotonic_time ();
}

static char *
make_disk (Lab *lab, const char *name)
{
  char *path = g_build_filename (lab->disks, name, NULL);
  g_autofree guint8 *bytes = g_malloc0 (DISK_BYTES);
  g_autoptr (GError) error = NULL;

  memcpy (bytes, boot_code, sizeof boot_code);
  bytes[510] = 0x55;
  bytes[511] = 0xaa;
  g_file_set_contents (path, (char *) bytes, DISK_BYTES, &error);
  g_assert_no_error (error);

  return path;
}

static void
add_guest (Lab *lab, guint host, guint number)
{
  InnSession *session = fixture_session (lab->fixture, host);
  Guest *guest = g_new0 (Guest, 1);
  g_autofree char *disk = NULL;
  g_autofree char *devices = NULL;

  guest->host = host;
  guest->name = g_strdup_printf ("inn-many-%d-%u-%u", getpid (), host, number);
  g_ptr_array_add (lab->guests, guest);
  disk = make_disk (lab, guest->name);
  devices = g_strdup_printf ("<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
                             "<source file='%s'/><target dev='hda' bus='ide'/></disk>",
                             disk);
  virt_host_define (session, guest->name, devices);
  virt_host_start_guest (session, guest->name);
  guest->vm = g_object_ref (
      virt_host_wait_guest (fixture_host (lab->fixture, host), guest->name, INN_VM_RUNNING));
  g_signal_connect (guest->vm, "notify::disk-bps", G_CALLBACK (on_news), guest);
}

static gboolean
all_have_news (gpointer data)
{
  Lab *lab = data;

  for (guint i = 0; i < lab->guests->len; i++)
    if (((Guest *) g_ptr_array_index (lab->guests, i))->shown == 0)
      return FALSE;

  return TRUE;
}

static DexFuture *
set_up_fiber (gpointer data)
{
  Lab *lab = data;

  inn_session_manager_set_interval (lab->fixture->manager, TICK);
  for (guint i = 0; i < N_HOSTS; i++)
    inn_test_await_ok (inn_session_connect (fixture_session (lab->fixture, i)));
  for (guint i = 0; i < N_HOSTS; i++)
    for (guint g = 0; g < (i == N_HOSTS - 1 ? N_GUESTS : 1); g++)
      add_guest (lab, i, g);
  inn_test_wait (all_have_news, lab);

  return dex_future_new_true ();
}

static void
begin_watch (Lab *lab)
{
  for (guint i = 0; i < lab->guests->len; i++)
    ((Guest *) g_ptr_array_index (lab->guests, i))->worst = 0;
  inn_turns_start ();
}

static void
look_at_ages (Lab *lab)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < lab->guests->len; i++)
    {
      Guest *guest = g_ptr_array_index (lab->guests, i);

      guest->worst = MAX (guest->worst, now - guest->shown);
    }
}

/* Goes on to the other numbers. */
static void
check_age (gint64 age)
{
  if (age > MAX_AGE)
    g_test_fail_printf ("the data became %.2f s old", (double) age / G_USEC_PER_SEC);
}

/* Says how old the data of a class of guests became, and what the main loop took. */
static gint64
tell_ages (Lab *lab, const char *what, guint host, gboolean others, const Guest *but)
{
  gint64 worst = 0;
  guint n = 0;

  for (guint i = 0; i < lab->guests->len; i++)
    {
      Guest *guest = g_ptr_array_index (lab->guests, i);

      if (guest == but || (guest->host == host) == others)
        continue;
      worst = MAX (worst, guest->worst);
      n++;
    }
  g_test_message ("%-40s %3u guests, oldest data %6.2f s", what, n,
                  (double) worst / G_USEC_PER_SEC);

  return worst;
}

static void
check_turns (const char *what)
{
  g_test_message ("%-40s %5u turns, longest %6.2f ms of CPU", what, inn_turns_get_number (),
                  (double) inn_turns_get_longest () / 1000);
  g_assert_cmpint (inn_turns_get_longest (), <, MAX_TURN);
}

static DexFuture *
calm_fiber (gpointer data)
{
  Lab *lab = data;
  gint64 until = g_get_monotonic_time () + WATCH / 2;

  begin_watch (lab);
  while (g_get_monotonic_time () < until)
    {
      inn_test_await_ok (inn_future_delay (100000));
      look_at_ages (lab);
    }
  check_age (tell_ages (lab, "control, all well", N_HOSTS, TRUE, NULL));
  check_turns ("control, all well");

  return dex_future_new_true ();
}

static DexFuture *
host_fiber (gpointer data)
{
  Lab *lab = data;
  InnHost *stuck = fixture_host (lab->fixture, 0);
  Daemon *daemon = g_ptr_array_index (lab->daemons, 0);
  gint64 start = g_get_monotonic_time ();
  gint64 lost = 0;

  begin_watch (lab);
  virt_host_signal (daemon, SIGSTOP);
  while (g_get_monotonic_time () < start + WATCH)
    {
      inn_test_await_ok (inn_future_delay (100000));
      look_at_ages (lab);
      if (lost == 0 && inn_host_get_state (stuck) == INN_HOST_LOST)
        lost = g_get_monotonic_time () - start;
      for (guint i = 1; i < N_HOSTS; i++)
        g_assert_cmpint (inn_host_get_state (fixture_host (lab->fixture, i)), ==, INN_HOST_ONLINE);
    }
  tell_ages (lab, "one libvirtd stopped: its guests", 0, FALSE, NULL);
  check_age (tell_ages (lab, "one libvirtd stopped: all others", 0, TRUE, NULL));
  check_turns ("one libvirtd stopped");
  g_test_message ("shown as lost after %.2f s", (double) lost / G_USEC_PER_SEC);
  g_assert_cmpint (lost, >, 0);
  g_assert_cmpint (lost, <=, MAX_LOST);

  start = g_get_monotonic_time ();
  virt_host_signal (daemon, SIGCONT);
  fixture_wait_state (lab->fixture, 0, INN_HOST_ONLINE);
  g_test_message ("online again %.2f s after SIGCONT",
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  while (((Guest *) g_ptr_array_index (lab->guests, 0))->shown < start)
    inn_test_await_ok (inn_future_delay (100000));
  g_test_message ("live data again %.2f s after SIGCONT",
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);

  return dex_future_new_true ();
}

static DexFuture *
guest_fiber (gpointer data)
{
  Lab *lab = data;
  guint host = N_HOSTS - 1;
  Guest *stuck = g_ptr_array_index (lab->guests, host);
  gint64 start = g_get_monotonic_time ();

  g_assert_cmpuint (stuck->host, ==, host);
  virt_host_signal_guest (stuck->name, SIGSTOP);
  begin_watch (lab);
  while (g_get_monotonic_time () < start + WATCH)
    {
      inn_test_await_ok (inn_future_delay (100000));
      look_at_ages (lab);
      for (guint i = 0; i < N_HOSTS; i++)
        g_assert_cmpint (inn_host_get_state (fixture_host (lab->fixture, i)), ==, INN_HOST_ONLINE);
    }
  virt_host_signal_guest (stuck->name, SIGCONT);
  g_test_message ("%-40s %3u guest,  oldest data %6.2f s", "one QEMU stopped: itself", 1,
                  (double) stuck->worst / G_USEC_PER_SEC);
  check_age (tell_ages (lab, "one QEMU stopped: guests beside it", host, FALSE, stuck));
  check_age (tell_ages (lab, "one QEMU stopped: other hosts", host, TRUE, NULL));
  check_turns ("one QEMU stopped");

  return dex_future_new_true ();
}

/* Each part has a watchdog of its own. */
static void
run_part (Lab *lab, DexFuture *(*fiber) (gpointer))
{
  g_autoptr (GError) error = NULL;

  inn_test_settle (inn_spawn ("part", fiber, lab, NULL), &error);
  g_assert_no_error (error);
}

static Fixture *
start_hosts (Lab *lab)
{
  Fixture *fixture = fixture_new (NULL, NULL);

  for (guint i = 0; i < N_HOSTS; i++)
    {
      Daemon *daemon = daemon_start (NULL);

      if (daemon == NULL)
        {
          fixture_free (fixture);
          return NULL;
        }
      g_ptr_array_add (lab->daemons, daemon);
      g_ptr_array_add (fixture->uris, g_strdup (daemon->uri));
    }
  fixture_start (fixture);

  return fixture;
}

static void
test_twenty_hosts (void)
{
  g_autoptr (InnTestDir) disks = inn_test_dir_new ();
  g_autoptr (GPtrArray) daemons = g_ptr_array_new_with_free_func ((GDestroyNotify) daemon_free);
  g_autoptr (GPtrArray) guests = g_ptr_array_new_with_free_func (guest_free);
  Lab lab = { .disks = disks, .daemons = daemons, .guests = guests };
  g_autoptr (Fixture) fixture = start_hosts (&lab);

  if (fixture == NULL)
    return;

  lab.fixture = fixture;
  run_part (&lab, set_up_fiber);
  run_part (&lab, calm_fiber);
  run_part (&lab, host_fiber);
  run_part (&lab, guest_fiber);
  g_ptr_array_set_size (guests, 0);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  g_test_add_func ("/virt/many/twenty-hosts", test_twenty_hosts);
  return g_test_run ();
}

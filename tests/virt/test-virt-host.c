/* test-virt-host.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "virt-host.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define TICK (500 * G_TIME_SPAN_MILLISECOND)

static Fixture *
view_of (const char *first, const char *second)
{
  Fixture *fixture = fixture_new (first, second, NULL);

  fixture_start (fixture);
  inn_session_manager_set_interval (fixture->manager, TICK);
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  if (second != NULL)
    inn_test_await_ok (inn_session_connect (fixture_session (fixture, 1)));

  return fixture;
}

static gint64
age_of (Fixture *fixture, guint i)
{
  return g_get_real_time () / G_USEC_PER_SEC - inn_host_get_last_seen (fixture_host (fixture, i));
}

/* Waits for a state of the first host while the second must stay fresh. */
static void
wait_while_other_is_fresh (Fixture *fixture, InnHostState state)
{
  while (inn_host_get_state (fixture_host (fixture, 0)) != state)
    {
      inn_test_await_ok (inn_future_delay (TICK / 5));
      g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 1)), ==, INN_HOST_ONLINE);
      /* Two ticks are one second; ages are whole seconds. */
      g_assert_cmpint (age_of (fixture, 1), <=, 3);
    }
}

static void
test_daemon_stopped (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Fixture) fixture = NULL;

  if (daemon == NULL)
    return;

  fixture = view_of (daemon->uri, "test:///default");
  virt_host_signal (daemon, SIGSTOP);
  wait_while_other_is_fresh (fixture, INN_HOST_LOST);
  g_assert_error (inn_host_get_error (fixture_host (fixture, 0)), INN_ERROR, INN_ERROR_TIMED_OUT);
  g_assert_cmpuint (fixture_count_events (fixture, "host.lost"), ==, 1);
  virt_host_signal (daemon, SIGCONT);
  wait_while_other_is_fresh (fixture, INN_HOST_ONLINE);
  g_assert_cmpuint (fixture_count_events (fixture, "host.lost"), ==, 1);
}

static gboolean
is_disconnected (gpointer host)
{
  return g_error_matches (inn_host_get_error (host), INN_ERROR, INN_ERROR_NOT_CONNECTED);
}

/* So long that keep-alive gives the connection up: the next one waits for the daemon, too. */
static void
test_daemon_stopped_long (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Fixture) fixture = NULL;

  if (daemon == NULL)
    return;

  fixture = view_of (daemon->uri, NULL);
  virt_host_signal (daemon, SIGSTOP);
  fixture_wait_state (fixture, 0, INN_HOST_LOST);
  inn_test_wait (is_disconnected, fixture_host (fixture, 0));
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_LOST);
  inn_test_await_ok (inn_future_delay (3 * G_USEC_PER_SEC));
  virt_host_signal (daemon, SIGCONT);
  fixture_wait_state (fixture, 0, INN_HOST_ONLINE);
  g_assert_cmpuint (fixture_count_events (fixture, "host.lost"), ==, 1);
}

/* A person who does not want to wait gets a new connection, although the old one may yet answer. */
static void
test_reconnect_stuck (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *answer;
  gint64 start;

  if (daemon == NULL)
    return;

  fixture = view_of (daemon->uri, NULL);
  virt_host_signal (daemon, SIGSTOP);
  answer = inn_session_fetch_vm_xml (fixture_session (fixture, 0),
                                     "00000000-0000-0000-0000-000000000001", FALSE);
  fixture_wait_state (fixture, 0, INN_HOST_LOST);
  start = g_get_monotonic_time ();
  inn_session_reconnect_now (fixture_session (fixture, 0));
  error = inn_test_await_error (answer);
  g_assert_error (error, INN_ERROR, INN_ERROR_NOT_CONNECTED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 3 * G_USEC_PER_SEC);
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_LOST);
  virt_host_signal (daemon, SIGCONT);
  fixture_wait_state (fixture, 0, INN_HOST_ONLINE);
}

/* Whoever leaves does not wait for a host that hangs. */
static void
test_leave (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *answer;
  gint64 start;

  if (daemon == NULL)
    return;

  fixture = view_of (daemon->uri, NULL);
  virt_host_signal (daemon, SIGSTOP);
  answer = inn_session_fetch_vm_xml (fixture_session (fixture, 0),
                                     "00000000-0000-0000-0000-000000000001", FALSE);
  start = g_get_monotonic_time ();
  inn_test_await_ok (inn_session_manager_close (fixture->manager));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_OFFLINE);
  error = inn_test_await_error (answer);
  g_assert_error (error, INN_ERROR, INN_ERROR_NOT_CONNECTED);
  virt_host_signal (daemon, SIGCONT);
}

static void
test_tls (void)
{
  g_autoptr (InnTestDir) pki = inn_test_dir_new ();
  g_autofree char *make = g_test_build_filename (G_TEST_DIST, "common", "make-pki", NULL);
  const char *argv[] = { make, pki, NULL };
  const char *options[] = { "--listen-tls", "0", "--pki", pki, NULL };
  g_autoptr (Daemon) daemon = NULL;
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *bare = NULL;
  g_autofree char *uri = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                               NULL, NULL, NULL, NULL));
  daemon = daemon_start (options);
  if (daemon == NULL)
    return;

  bare = virt_host_dup_fact (daemon, "tls_uri");
  uri = strstr (bare, "pkipath=") != NULL
            ? g_strdup (bare)
            : g_strdup_printf ("%s%cpkipath=%s", bare, strchr (bare, '?') ? '&' : '?', pki);
  fixture = fixture_new (uri, "qemu+tls://127.0.0.1:1/system?pkipath=/no/such/folder", NULL);
  fixture_start (fixture);
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  g_assert_false (inn_session_supports (fixture_session (fixture, 0), "open-graphics"));
  error = inn_test_await_error (inn_session_connect (fixture_session (fixture, 1)));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
}

static void
test_daemon_killed (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Fixture) fixture = NULL;

  if (daemon == NULL)
    return;

  fixture = view_of (daemon->uri, NULL);
  virt_host_define (fixture_session (fixture, 0), "stays", NULL);
  virt_host_wait_guest (fixture_host (fixture, 0), "stays", INN_VM_SHUTOFF);
  virt_host_control (daemon, "daemon-stop");
  fixture_wait_state (fixture, 0, INN_HOST_LOST);
  g_assert_true (inn_vm_get_stale (virt_host_find (fixture_host (fixture, 0), "stays")));
  virt_host_control (daemon, "daemon-start");
  fixture_wait_state (fixture, 0, INN_HOST_ONLINE);
  g_assert_false (inn_vm_get_stale (virt_host_find (fixture_host (fixture, 0), "stays")));
}

static gboolean
has_title (gpointer vm)
{
  return inn_vm_get_title (vm) != NULL;
}

static gboolean
has_cpu (gpointer vm)
{
  return inn_vm_get_sample (vm)->cpu_percent >= 0;
}

static void
test_guest_life (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (GError) error = NULL;
  InnSession *session;
  InnHost *host;
  InnVm *vm;
  char banner[4] = "";
  int fd;

  if (daemon == NULL)
    return;

  fixture = view_of (daemon->uri, NULL);
  session = fixture_session (fixture, 0);
  host = fixture_host (fixture, 0);
  g_assert_cmpstr (inn_host_get_facts (host)->hypervisor, ==, "QEMU");
  g_assert_nonnull (inn_host_get_facts (host)->uuid);

  virt_host_define (session, "inn-life", "<graphics type='vnc'><listen type='none'/></graphics>");
  vm = virt_host_wait_guest (host, "inn-life", INN_VM_SHUTOFF);
  g_assert_true (inn_vm_get_persistent (vm));
  g_assert_cmpuint (inn_vm_get_max_memory_kib (vm), ==, 32 * 1024);
  inn_test_wait (has_title, vm);
  g_assert_cmpstr (inn_vm_get_title (vm), ==, "Title of inn-life");

  virt_host_start_guest (session, "inn-life");
  virt_host_wait_guest (host, "inn-life", INN_VM_RUNNING);
  g_assert_cmpuint (fixture_count_events (fixture, "vm.started"), ==, 1);
  g_assert_cmpint (inn_vm_get_started_at (vm), >, 0);
  inn_test_wait (has_cpu, vm);

  fd = dex_await_fd (inn_session_open_graphics (session, inn_vm_get_uuid (vm), 0, NULL), &error);
  g_assert_no_error (error);
  while (read (fd, banner, 3) < 0 && errno == EAGAIN)
    inn_test_await_ok (inn_future_delay (10000));
  g_assert_cmpstr (banner, ==, "RFB");
  close (fd);

  virt_host_do (session, "inn-life", virDomainSuspend);
  virt_host_wait_guest (host, "inn-life", INN_VM_PAUSED);
  virt_host_do (session, "inn-life", virDomainResume);
  virt_host_wait_guest (host, "inn-life", INN_VM_RUNNING);
  virt_host_do (session, "inn-life", virDomainDestroy);
  virt_host_wait_guest (host, "inn-life", INN_VM_SHUTOFF);
  g_assert_cmpuint (fixture_count_events (fixture, "vm.stopped"), ==, 1);
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* As administrators do it: "ssh -L /here:/run/libvirt/libvirt-sock host". */
static GSubprocess *
forward_by_hand (Sshd *sshd, const char *path)
{
  g_autofree char *config = sshd_dup_fact (sshd, "ssh_config");
  g_autofree char *name = sshd_dup_fact (sshd, "name");
  g_autofree char *forward = g_strconcat (path, ":/run/libvirt/libvirt-sock", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *ssh = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "ssh", "-F", config, "-N",
                                       "-o", "BatchMode=yes", "-L", forward, name, NULL);

  g_assert_no_error (error);
  inn_test_wait (is_there, (gpointer) path);
  return ssh;
}

/* A socket that only looks local: the call that passes a descriptor would close the connection. */
static void
test_forwarded_by_hand (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "sock", NULL);
  g_autofree char *uri = g_strdup_printf ("qemu+unix:///system?socket=%s", path);
  g_autoptr (Sshd) sshd = NULL;
  g_autoptr (GSubprocess) ssh = NULL;
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (GError) error = NULL;
  InnSession *session;
  InnVm *vm;

  if (daemon == NULL)
    return;
  sshd = sshd_start ((const char *const[]) { "--host", daemon->path, NULL });
  if (sshd == NULL)
    return;

  ssh = forward_by_hand (sshd, path);
  fixture = view_of (uri, daemon->uri);
  session = fixture_session (fixture, 0);
  g_assert_false (inn_session_is_local (session));
  g_assert_false (inn_session_supports (session, "open-graphics"));
  g_assert_true (inn_session_is_local (fixture_session (fixture, 1)));
  g_assert_true (inn_session_supports (fixture_session (fixture, 1), "open-graphics"));

  virt_host_define (session, "inn-hand", "<graphics type='vnc'><listen type='none'/></graphics>");
  virt_host_start_guest (session, "inn-hand");
  vm = virt_host_wait_guest (fixture_host (fixture, 0), "inn-hand", INN_VM_RUNNING);
  error = inn_test_await_error (inn_session_open_graphics (session, inn_vm_get_uuid (vm), 0, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "inn-hand"));
  inn_test_await_ok (inn_session_refresh (session));
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_ONLINE);
  g_assert_cmpuint (fixture_count_events (fixture, "host.lost"), ==, 0);

  virt_host_do (session, "inn-hand", virDomainDestroy);
  inn_test_await_ok (inn_session_disconnect (session));
  g_subprocess_send_signal (ssh, SIGTERM);
  g_assert_true (g_subprocess_wait (ssh, NULL, NULL));
}

typedef struct
{
  InnHost *host;
  gint64 until;
} SeenWait;

static gboolean
is_seen (gpointer data)
{
  SeenWait *wait = data;

  return inn_host_get_last_seen (wait->host) > wait->until;
}

/* One guest whose emulator hangs, and then a second: their host answers all the same. */
static void
test_guest_stopped (void)
{
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Fixture) fixture = NULL;
  InnSession *session;
  SeenWait wait;

  if (daemon == NULL)
    return;

  fixture = view_of (daemon->uri, NULL);
  session = fixture_session (fixture, 0);
  wait.host = fixture_host (fixture, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("inn-hang-%d-%u", getpid (), i);

      virt_host_define (session, name, NULL);
      virt_host_start_guest (session, name);
      virt_host_wait_guest (wait.host, name, INN_VM_RUNNING);
    }
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *name = g_strdup_printf ("inn-hang-%d-%u", getpid (), i);

      virt_host_signal_guest (name, SIGSTOP);
      /* Longer than the deadline of a host. */
      wait.until = inn_host_get_last_seen (wait.host) + 8;
      while (!is_seen (&wait))
        {
          inn_test_await_ok (inn_future_delay (TICK / 5));
          g_assert_cmpint (inn_host_get_state (wait.host), ==, INN_HOST_ONLINE);
          g_assert_cmpint (age_of (fixture, 0), <=, 3);
        }
    }
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("inn-hang-%d-%u", getpid (), i);

      if (i < 2)
        virt_host_signal_guest (name, SIGCONT);
      virt_host_do (session, name, virDomainDestroy);
      virt_host_wait_guest (wait.host, name, INN_VM_SHUTOFF);
    }
}

static void
test_sasl (void)
{
  static const char *const options[] = { "--listen-tcp", "0", "--sasl", NULL };
  g_autoptr (Daemon) daemon = daemon_start (options);
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) closed = NULL;
  g_autofree char *uri = NULL;
  guint asked;

  if (daemon == NULL)
    return;

  uri = virt_host_dup_fact (daemon, "tcp_uri");
  fixture = fixture_new (uri, NULL);
  fixture->prompter = virt_host_prompter_new ("admin", "wrong");
  fixture_start (fixture);
  wrong = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
  g_assert_error (wrong, INN_ERROR, INN_ERROR_AUTH_FAILED);
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_AUTH_REQUIRED);
  asked = virt_host_prompter_get_asked (fixture->prompter);
  g_assert_cmpuint (asked, >=, 1);

  virt_host_prompter_set_password (fixture->prompter, NULL);
  closed = inn_test_await_error (inn_session_connect (fixture_session (fixture, 0)));
  g_assert_error (closed, INN_ERROR, INN_ERROR_AUTH_CANCELLED);
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_AUTH_REQUIRED);

  virt_host_prompter_set_password (fixture->prompter, "innkeeper");
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_ONLINE);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/host/guest-life", test_guest_life);
  inn_test_add_fiber ("/virt/host/daemon-stopped", test_daemon_stopped);
  inn_test_add_fiber ("/virt/host/daemon-stopped-long", test_daemon_stopped_long);
  inn_test_add_fiber ("/virt/host/reconnect-stuck", test_reconnect_stuck);
  inn_test_add_fiber ("/virt/host/leave", test_leave);
  inn_test_add_fiber ("/virt/host/tls", test_tls);
  inn_test_add_fiber ("/virt/host/daemon-killed", test_daemon_killed);
  inn_test_add_fiber ("/virt/host/guest-stopped", test_guest_stopped);
  inn_test_add_fiber ("/virt/host/sasl", test_sasl);
  inn_test_add_fiber ("/virt/host/forwarded-by-hand", test_forwarded_by_hand);
  return g_test_run ();
}

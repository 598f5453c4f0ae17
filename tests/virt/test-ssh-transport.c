/* test-ssh-transport.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "app/inn-ssh-transport.h"
#include "base/inn-error.h"
#include "virt/inn-local-transport.h"

#include <glib/gstdio.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* InnSshTransport between a real libvirtd and a real sshd. */

typedef struct
{
  Daemon *daemon;
  Sshd *sshd;
  InnTransport *transport;
  char *uri;
} Fixture;

static void
fixture_free (Fixture *fixture)
{
  g_clear_object (&fixture->transport);
  g_clear_pointer (&fixture->sshd, sshd_free);
  g_clear_pointer (&fixture->daemon, daemon_free);
  g_free (fixture->uri);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static Fixture *
fixture_new (const char *daemon_option, const char *sshd_option, const char *query)
{
  g_autoptr (Fixture) fixture = g_new0 (Fixture, 1);
  g_autoptr (InnTransport) local = INN_TRANSPORT (inn_local_transport_new ());

  fixture->daemon = daemon_start ((const char *const[]) { daemon_option, NULL });
  if (fixture->daemon == NULL)
    return NULL;
  fixture->sshd =
      sshd_start ((const char *const[]) { "--host", fixture->daemon->path, sshd_option, NULL });
  if (fixture->sshd == NULL)
    return NULL;

  fixture->transport = INN_TRANSPORT (inn_ssh_transport_new (NULL, local));
  fixture->uri = g_strdup_printf ("qemu+ssh://%s@%s:%u/system?keyfile=%s&known_hosts=%s%s",
                                  fixture->sshd->user, fixture->sshd->address, fixture->sshd->port,
                                  fixture->sshd->identity, fixture->sshd->known_hosts, query);
  return g_steal_pointer (&fixture);
}

/* In a thread, as the session does it. */
static gboolean
define_and_list (gpointer uri, GCancellable *cancellable, GValue *result, GError **error)
{
  static const char xml[] =
      "<domain "
      "type='qemu'><name>over-ssh</name><uuid>5f1d9e3c-3f9b-4b8e-9a44-0d2f5c6a7b01</"
      "uuid><memory>16384</memory>"
      "<os><type arch='x86_64'>hvm</type></os></domain>";
  virConnectPtr connection = virConnectOpen (uri);
  virDomainPtr domain;
  char *host;

  if (connection == NULL)
    {
      inn_error_set (error, INN_ERROR_REMOTE, NULL, "%s", virGetLastErrorMessage ());
      return FALSE;
    }

  domain = virDomainDefineXML (connection, xml);
  g_assert_nonnull (domain);
  virDomainFree (domain);
  domain = virDomainLookupByName (connection, "over-ssh");
  g_assert_nonnull (domain);
  host = virConnectGetURI (connection);
  g_test_message ("opened %s", host);
  free (host);
  virDomainFree (domain);
  virConnectClose (connection);
  return TRUE;
}

/* How many of that program run in the private host: there is none when nothing was bridged. */
static void
check_route (Fixture *fixture, const char *what)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnRoute) route = NULL;
  gint64 start = g_get_monotonic_time ();

  route = dex_await_boxed (
      inn_transport_open (fixture->transport, "host-1", "Test host", fixture->uri, FALSE, NULL),
      &error);
  g_assert_no_error (error);
  g_test_message ("%s: route in %.0f ms: %s", what,
                  (double) (g_get_monotonic_time () - start) / 1000, route->uri);
  g_assert_true (route->forwarded);
  g_assert_true (g_str_has_prefix (route->uri, "qemu+unix:///system?socket="));

  start = g_get_monotonic_time ();
  inn_test_await_ok (
      inn_thread_run ("test-open", define_and_list, g_strdup (route->uri), g_free, NULL));
  g_test_message ("%s: open, define, look up, close: %.0f ms", what,
                  (double) (g_get_monotonic_time () - start) / 1000);
}

static gboolean
is_runtime_empty (gpointer data)
{
  return count_runtime_entries () == 0;
}

static void
check_close (Fixture *fixture)
{
  g_autoptr (InnSshLogin) login =
      inn_ssh_transport_dup_login (INN_SSH_TRANSPORT (fixture->transport), "host-1");

  g_assert_true (inn_ssh_login_is_open (login));
  inn_transport_close (fixture->transport, "host-1");
  inn_test_wait (is_runtime_empty, NULL);
  g_assert_false (inn_ssh_login_is_open (login));
  g_assert_null (inn_ssh_transport_dup_login (INN_SSH_TRANSPORT (fixture->transport), "host-1"));
}

static void
test_monolithic (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, NULL, "");

  if (fixture == NULL)
    return;
  check_route (fixture, "forwarded");
  check_route (fixture, "again over the same login");
  check_close (fixture);
}

static void
test_modular (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("--modular", NULL, "");

  if (fixture == NULL)
    return;
  check_route (fixture, "modular");
  check_close (fixture);
}

static void
test_forbidden (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, "--no-stream-forwarding", "");

  if (fixture == NULL)
    return;
  check_route (fixture, "by virt-ssh-helper");
  check_close (fixture);
}

static void
test_netcat (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, NULL, "&proxy=netcat");

  if (fixture == NULL)
    return;
  check_route (fixture, "by netcat");
  check_close (fixture);
}

static gboolean
look_only (gpointer uri, GCancellable *cancellable, GValue *result, GError **error)
{
  virConnectPtr connection = virConnectOpenReadOnly (uri);

  if (connection == NULL)
    {
      inn_error_set (error, INN_ERROR_REMOTE, NULL, "%s", virGetLastErrorMessage ());
      return FALSE;
    }
  g_assert_cmpint (virConnectNumOfDefinedDomains (connection), ==, 0);
  g_assert_null (virDomainDefineXML (connection, "<domain type='qemu'/>"));
  virConnectClose (connection);
  return TRUE;
}

/* A user who may use libvirt's read-only socket alone: enough for who only wants to look, by each
 * way. */
static void
check_read_only (const char *daemon_option, const char *sshd_option, const char *query)
{
  const char *const answers[] = { "innkeeper", "innkeeper", "innkeeper" };
  g_autoptr (TestPrompter) prompter = test_prompter_new (answers, G_N_ELEMENTS (answers));
  g_autoptr (InnTransport) local = INN_TRANSPORT (inn_local_transport_new ());
  g_autoptr (Daemon) daemon = daemon_start ((const char *const[]) { daemon_option, NULL });
  g_autoptr (Sshd) sshd = NULL;
  g_autoptr (InnTransport) transport = NULL;
  g_autoptr (InnRoute) route = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *socket = NULL;
  g_autofree char *uri = NULL;

  if (daemon == NULL)
    return;
  sshd = sshd_start (
      (const char *const[]) { "--host", daemon->path, "--password", sshd_option, NULL });
  if (sshd == NULL)
    return;

  socket = g_strdup (strstr (daemon->uri, "socket=") + strlen ("socket="));
  g_assert_cmpint (g_chmod (socket, 0700), ==, 0);
  transport = INN_TRANSPORT (inn_ssh_transport_new (INN_PROMPTER (prompter), local));
  uri = g_strdup_printf ("qemu+ssh://%s@%s:%u/system?known_hosts=%s%s", sshd->user, sshd->address,
                         sshd->port, sshd->known_hosts, query);

  route = dex_await_boxed (inn_transport_open (transport, "h", "Host", uri, TRUE, NULL), &error);
  g_assert_no_error (error);
  inn_test_await_ok (inn_thread_run ("look", look_only, g_strdup (route->uri), g_free, NULL));
  inn_transport_close (transport, "h");
  inn_test_wait (is_runtime_empty, NULL);
  if (*query != '\0')
    return;

  error = inn_test_await_error (inn_transport_open (transport, "h", "Host", uri, FALSE, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_DENIED);
}

static void
test_read_only (void)
{
  check_read_only (NULL, NULL, "");
}

static void
test_read_only_modular (void)
{
  check_read_only ("--modular", NULL, "");
}

static void
test_read_only_helper (void)
{
  check_read_only (NULL, "--no-stream-forwarding", "");
}

static void
test_read_only_netcat (void)
{
  check_read_only (NULL, NULL, "&proxy=netcat");
}

static gboolean
open_session (gpointer uri, GCancellable *cancellable, GValue *result, GError **error)
{
  virConnectPtr connection = virConnectOpen (uri);
  g_autofree char *opened = NULL;

  if (connection == NULL)
    {
      inn_error_set (error, INN_ERROR_REMOTE, NULL, "%s", virGetLastErrorMessage ());
      return FALSE;
    }
  opened = virConnectGetURI (connection);
  g_assert_true (g_str_has_prefix (opened, "qemu+unix:///session"));
  g_assert_cmpint (virConnectNumOfDefinedDomains (connection), ==, 0);
  virConnectClose (connection);
  return TRUE;
}

/* A session daemon, which nobody has started yet: virt-ssh-helper does. */
static void
test_session (void)
{
  const char *const answers[] = { "innkeeper" };
  g_autoptr (TestPrompter) prompter = test_prompter_new (answers, 1);
  g_autoptr (InnTransport) local = INN_TRANSPORT (inn_local_transport_new ());
  g_autoptr (Daemon) daemon = daemon_start (NULL);
  g_autoptr (Sshd) sshd = NULL;
  g_autoptr (InnTransport) transport = NULL;
  g_autoptr (InnRoute) route = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *above = NULL;

  if (daemon == NULL)
    return;
  /* The user's home is in there. */
  above = g_path_get_dirname (daemon->dir);
  g_assert_cmpint (g_chmod (daemon->dir, 0755), ==, 0);
  if (!g_str_equal (above, "/tmp"))
    g_assert_cmpint (g_chmod (above, 0711), ==, 0);
  sshd = sshd_start ((const char *const[]) { "--host", daemon->path, "--password", NULL });
  if (sshd == NULL)
    return;

  transport = INN_TRANSPORT (inn_ssh_transport_new (INN_PROMPTER (prompter), local));
  uri = g_strdup_printf ("qemu+ssh://%s@%s:%u/session?known_hosts=%s", sshd->user, sshd->address,
                         sshd->port, sshd->known_hosts);
  route = dex_await_boxed (inn_transport_open (transport, "h", "Host", uri, FALSE, NULL), &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (route->uri, "qemu+unix:///session?socket="));
  inn_test_await_ok (inn_thread_run ("session", open_session, g_strdup (route->uri), g_free, NULL));
  inn_transport_close (transport, "h");
  inn_test_wait (is_runtime_empty, NULL);
}

static void
test_socket_missing (void)
{
  g_autoptr (Fixture) fixture = fixture_new (NULL, NULL, "&socket=/nowhere/sock");
  g_autoptr (GError) error = NULL;

  if (fixture == NULL)
    return;
  error = inn_test_await_error (
      inn_transport_open (fixture->transport, "host-1", "Test host", fixture->uri, FALSE, NULL));
  g_test_message ("%s | %s", error->message, inn_error_get_details (error));
  g_assert_error (error, INN_ERROR, INN_ERROR_REFUSED);
}

static void
test_invalid (void)
{
  g_autoptr (InnTransport) local = INN_TRANSPORT (inn_local_transport_new ());
  g_autoptr (InnTransport) transport = INN_TRANSPORT (inn_ssh_transport_new (NULL, local));
  g_autoptr (GError) error = inn_test_await_error (inn_transport_open (
      transport, "h", "Host", "qemu+ssh://host/system?no_verify=1", FALSE, NULL));
  g_autoptr (InnRoute) route = NULL;

  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "no_verify"));

  /* An imported view is not checked before it is kept; what it says is, before it is done. */
  g_clear_error (&error);
  error = inn_test_await_error (inn_transport_open (
      transport, "h", "Host", "qemu+ext:///system?command=/bin/id", FALSE, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
  g_clear_error (&error);
  error = inn_test_await_error (inn_transport_open (
      transport, "h", "Host", "qemu+tls://host/system?no_verify=1", FALSE, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);

  route = dex_await_boxed (
      inn_transport_open (transport, "h", "Host", "test:///default", FALSE, NULL), NULL);
  g_assert_cmpstr (route->uri, ==, "test:///default");
  g_assert_false (route->forwarded);
}

int
main (int argc, char **argv)
{
  g_autoptr (InnTestDir) runtime = NULL;

  inn_test_init (&argc, &argv);
  runtime = inn_test_dir_new ();
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("INNKEEPER_SSH_CONFIG", "none", TRUE);
  g_unsetenv ("SSH_AUTH_SOCK");

  inn_test_add_fiber ("/ssh/transport/invalid", test_invalid);
  inn_test_add_fiber ("/ssh/transport/monolithic", test_monolithic);
  inn_test_add_fiber ("/ssh/transport/modular", test_modular);
  inn_test_add_fiber ("/ssh/transport/forwarding-forbidden", test_forbidden);
  inn_test_add_fiber ("/ssh/transport/netcat", test_netcat);
  inn_test_add_fiber ("/ssh/transport/socket-missing", test_socket_missing);
  inn_test_add_fiber ("/ssh/transport/session", test_session);
  inn_test_add_fiber ("/ssh/transport/read-only", test_read_only);
  inn_test_add_fiber ("/ssh/transport/read-only-modular", test_read_only_modular);
  inn_test_add_fiber ("/ssh/transport/read-only-helper", test_read_only_helper);
  inn_test_add_fiber ("/ssh/transport/read-only-netcat", test_read_only_netcat);

  return g_test_run ();
}

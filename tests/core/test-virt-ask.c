/* test-virt-ask.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "virt-fixture.h"

#include <string.h>

#define TEST_UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"

/* A transport that says of a local socket that it ends elsewhere. */
#define TEST_TYPE_FORWARD (test_forward_get_type ())
G_DECLARE_FINAL_TYPE (TestForward, test_forward, TEST, FORWARD, GObject)

struct _TestForward
{
  GObject parent_instance;
};

static DexFuture *
forward_open (InnTransport *transport,
              const char *host_id,
              const char *host_name,
              const char *uri,
              gboolean read_only,
              GCancellable *cancellable)
{
  return dex_future_new_take_boxed (INN_TYPE_ROUTE, inn_route_new (uri, TRUE));
}

static void
forward_close (InnTransport *transport, const char *host_id)
{
}

static void
forward_iface_init (InnTransportInterface *iface)
{
  iface->open = forward_open;
  iface->close = forward_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestForward,
                               test_forward,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_TRANSPORT, forward_iface_init))

static void
test_forward_class_init (TestForwardClass *klass)
{
}

static void
test_forward_init (TestForward *self)
{
}

static Fixture *
connect_default (gboolean forwarded)
{
  Fixture *fixture = fixture_new ("test:///default", NULL);

  if (forwarded)
    {
      g_clear_object (&fixture->transport);
      fixture->transport = g_object_new (TEST_TYPE_FORWARD, NULL);
    }
  fixture_start (fixture);
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));

  return fixture;
}

static gboolean
set_title_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (conn, TEST_UUID);

  g_assert_cmpint (virDomainSetMetadata (domain, VIR_DOMAIN_METADATA_TITLE, "A <title> & more",
                                         NULL, NULL, VIR_DOMAIN_AFFECT_LIVE),
                   ==, 0);
  virDomainFree (domain);
  return TRUE;
}

static void
test_xml (void)
{
  g_autoptr (Fixture) fixture = connect_default (FALSE);
  InnSession *session = fixture_session (fixture, 0);
  InnVm *vm = inn_host_find_vm (fixture_host (fixture, 0), TEST_UUID);
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = NULL;

  inn_test_await_ok (inn_session_run (session, set_title_thread, NULL, NULL, NULL));
  xml = dex_await_string (inn_session_fetch_vm_xml (session, TEST_UUID, FALSE), &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (xml, "<name>test</name>"));
  g_assert_cmpstr (inn_vm_get_title (vm), ==, "A <title> & more");

  error = inn_test_await_error (
      inn_session_fetch_vm_xml (session, "00000000-0000-0000-0000-000000000001", FALSE));
  g_assert_error (error, INN_ERROR, INN_ERROR_NOT_FOUND);
}

static void
test_screenshot (void)
{
  g_autoptr (Fixture) fixture = connect_default (FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) image = dex_await_boxed (
      inn_session_fetch_screenshot (fixture_session (fixture, 0), TEST_UUID, 0), &error);

  if (image == NULL)
    {
      /* Its picture is a file of libvirt's that not every package has. */
      g_test_skip (inn_error_get_details (error));
      return;
    }
  g_assert_cmpuint (g_bytes_get_size (image), >, 8);
  g_assert_cmpmem (g_bytes_get_data (image, NULL), 4, "\x89PNG", 4);
}

static void
test_addresses (void)
{
  g_autoptr (Fixture) fixture = connect_default (FALSE);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) addresses = dex_await_boxed (
      inn_session_fetch_addresses (fixture_session (fixture, 0), TEST_UUID), &error);

  g_assert_no_error (error);
  g_assert_nonnull (addresses);
}

/* The call that passes a descriptor is never made where it would break the connection. */
static void
test_forwarded (void)
{
  g_autoptr (Fixture) fixture = connect_default (TRUE);
  InnSession *session = fixture_session (fixture, 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (inn_session_is_forwarded (session));
  g_assert_false (inn_session_supports (session, "open-graphics"));
  error = inn_test_await_error (inn_session_open_graphics (session, TEST_UUID, 0, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "test"));
  g_assert_null (inn_error_get_details (error));
  inn_test_await_ok (inn_session_refresh (session));
  g_assert_cmpint (inn_host_get_state (fixture_host (fixture, 0)), ==, INN_HOST_ONLINE);
}

static void
test_unsupported (void)
{
  g_autoptr (Fixture) fixture = connect_default (FALSE);
  InnSession *session = fixture_session (fixture, 0);
  g_autoptr (GError) error = NULL;

  g_assert_false (inn_session_supports (session, "migrate"));
  g_assert_false (inn_session_supports (session, "no such feature"));
  g_assert_true (inn_session_supports (session, "managed-save"));
  error = inn_test_await_error (inn_session_open_graphics (session, TEST_UUID, 0, NULL));
  g_assert_error (error, INN_ERROR, INN_ERROR_UNSUPPORTED);
}

static void
test_offline (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("test:///default", NULL);
  g_autoptr (GError) xml = NULL;
  g_autoptr (GError) refresh = NULL;
  g_autoptr (GError) addresses = NULL;

  fixture_start (fixture);
  xml = inn_test_await_error (
      inn_session_fetch_vm_xml (fixture_session (fixture, 0), TEST_UUID, FALSE));
  g_assert_error (xml, INN_ERROR, INN_ERROR_NOT_CONNECTED);
  refresh = inn_test_await_error (inn_session_refresh (fixture_session (fixture, 0)));
  g_assert_error (refresh, INN_ERROR, INN_ERROR_NOT_CONNECTED);
  addresses =
      inn_test_await_error (inn_session_fetch_addresses (fixture_session (fixture, 0), TEST_UUID));
  g_assert_error (addresses, INN_ERROR, INN_ERROR_NOT_CONNECTED);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/ask/xml", test_xml);
  inn_test_add_fiber ("/virt/ask/screenshot", test_screenshot);
  inn_test_add_fiber ("/virt/ask/addresses", test_addresses);
  inn_test_add_fiber ("/virt/ask/forwarded", test_forwarded);
  inn_test_add_fiber ("/virt/ask/unsupported", test_unsupported);
  inn_test_add_fiber ("/virt/ask/offline", test_offline);
  return g_test_run ();
}

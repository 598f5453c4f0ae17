/* inn-local-transport.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-local-transport.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <unistd.h>

/**
 * InnLocalTransport:
 *
 * The way to hosts that need no help: libvirt opens the URI as it is, and a stream is a connection
 * from here.
 */
struct _InnLocalTransport
{
  GObject parent_instance;
};

typedef struct
{
  char *address;
  char *machine;
  guint16 port;
} Dial;

static void
dial_free (gpointer data)
{
  Dial *dial = data;

  g_free (dial->address);
  g_free (dial->machine);
  g_free (dial);
}

static gboolean
is_loopback (const char *address)
{
  return g_str_equal (address, "localhost") || g_str_has_prefix (address, "127.") ||
         g_str_equal (address, "::1") || g_str_equal (address, "0.0.0.0") ||
         g_str_equal (address, "::");
}

/* A guest that listens on all addresses, or on its host's loopback, is reached at the machine that
 * the URI names; without one, it is this machine. */
static char *
address_from_here (const Dial *dial)
{
  if (dial->machine != NULL && is_loopback (dial->address))
    return g_strdup (dial->machine);
  if (g_str_equal (dial->address, "0.0.0.0"))
    return g_strdup ("127.0.0.1");
  if (g_str_equal (dial->address, "::"))
    return g_strdup ("::1");

  return g_strdup (dial->address);
}

static GSocketConnectable *
dial_target (const Dial *dial)
{
  g_autofree char *address = NULL;

  if (dial->port == 0)
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (dial->address));

  address = address_from_here (dial);
  return g_network_address_new (address, dial->port);
}

static InnError
code_of (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return INN_ERROR_CANCELLED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return INN_ERROR_TIMED_OUT;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    return INN_ERROR_DENIED;

  return INN_ERROR_REFUSED;
}

static gboolean
dial_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Dial *dial = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) target = dial_target (dial);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) local = NULL;
  int fd;

  g_socket_client_set_timeout (client, 15);
  connection = g_socket_client_connect (client, target, cancellable, &local);
  if (connection == NULL)
    {
      inn_error_set (error, code_of (local), local->message,
                     _ ("Could not connect to “%s”. Check that the guest's port is open and that "
                        "no firewall is in between."),
                     dial->address);
      return FALSE;
    }

  fd = fcntl (g_socket_get_fd (g_socket_connection_get_socket (connection)), F_DUPFD_CLOEXEC, 3);
  if (fd < 0)
    {
      inn_error_set (error, INN_ERROR_FAILED, g_strerror (errno),
                     _ ("Could not keep the connection to “%s”"), dial->address);
      return FALSE;
    }

  g_value_init (result, G_TYPE_INT);
  g_value_set_int (result, fd);
  return TRUE;
}

/* dex_await_fd() wants its own kind of value, which only libdex makes. */
static DexFuture *
wrap_fd_cb (DexFuture *completed, gpointer data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  DexPromise *promise;

  if (value == NULL)
    return NULL;

  promise = dex_promise_new ();
  dex_promise_resolve_fd (promise, g_value_get_int (value));
  return DEX_FUTURE (promise);
}

static DexFuture *
inn_local_transport_open (InnTransport *transport,
                          const char *host_id,
                          const char *host_name,
                          const char *uri,
                          gboolean read_only,
                          GCancellable *cancellable)
{
  return dex_future_new_take_boxed (INN_TYPE_ROUTE, inn_route_new (uri, FALSE));
}

static void
inn_local_transport_close (InnTransport *transport, const char *host_id)
{
}

static DexFuture *
inn_local_transport_connect_stream (InnTransport *transport,
                                    const char *host_id,
                                    const char *uri,
                                    const char *address,
                                    guint16 port,
                                    GCancellable *cancellable)
{
  g_autoptr (GUri) parsed = uri != NULL ? g_uri_parse (uri, G_URI_FLAGS_NONE, NULL) : NULL;
  const char *machine = parsed != NULL ? g_uri_get_host (parsed) : NULL;
  Dial *dial = g_new0 (Dial, 1);

  dial->address = g_strdup (address);
  dial->machine = machine != NULL && machine[0] != '\0' ? g_strdup (machine) : NULL;
  dial->port = port;

  return dex_future_then (inn_thread_run ("inn-dial", dial_thread, dial, dial_free, cancellable),
                          wrap_fd_cb, NULL, NULL);
}

static void
transport_iface_init (InnTransportInterface *iface)
{
  iface->open = inn_local_transport_open;
  iface->close = inn_local_transport_close;
  iface->connect_stream = inn_local_transport_connect_stream;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnLocalTransport,
                               inn_local_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_TRANSPORT, transport_iface_init))

static void
inn_local_transport_class_init (InnLocalTransportClass *klass)
{
}

static void
inn_local_transport_init (InnLocalTransport *self)
{
}

/**
 * inn_local_transport_new:
 *
 * Returns: (transfer full): a transport that hands URIs through
 */
InnLocalTransport *
inn_local_transport_new (void)
{
  return g_object_new (INN_TYPE_LOCAL_TRANSPORT, NULL);
}

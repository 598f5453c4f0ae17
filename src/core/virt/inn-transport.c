/* inn-transport.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-transport.h"

#include "base/inn-dex.h"

G_DEFINE_BOXED_TYPE (InnRoute, inn_route, inn_route_copy, inn_route_free)
G_DEFINE_INTERFACE (InnTransport, inn_transport, G_TYPE_OBJECT)

static void
inn_transport_default_init (InnTransportInterface *iface)
{
}

/**
 * inn_route_new:
 * @uri: what libvirt is to open
 * @forwarded: whether its socket ends on another machine although it looks local
 *
 * Returns: (transfer full): a route
 */
InnRoute *
inn_route_new (const char *uri, gboolean forwarded)
{
  InnRoute *self = g_new0 (InnRoute, 1);

  self->uri = g_strdup (uri);
  self->forwarded = !!forwarded;

  return self;
}

/**
 * inn_route_copy:
 * @self: a route
 *
 * Returns: (transfer full): a copy
 */
InnRoute *
inn_route_copy (const InnRoute *self)
{
  return inn_route_new (self->uri, self->forwarded);
}

/**
 * inn_route_free:
 * @self: (transfer full): a route
 */
void
inn_route_free (InnRoute *self)
{
  g_free (self->uri);
  g_free (self);
}

/**
 * inn_transport_open:
 * @self: a transport
 * @host_id: record id of the host
 * @host_name: its name, for questions and errors
 * @uri: the administrator's URI
 * @read_only: whether a way that changes nothing will do
 * @cancellable: (nullable): ends the attempt
 *
 * Makes the host reachable.
 *
 * Returns: (transfer full): resolves with an [struct@Route] (boxed), rejects with %INN_ERROR
 */
DexFuture *
inn_transport_open (InnTransport *self,
                    const char *host_id,
                    const char *host_name,
                    const char *uri,
                    gboolean read_only,
                    GCancellable *cancellable)
{
  g_return_val_if_fail (INN_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  return INN_TRANSPORT_GET_IFACE (self)->open (self, host_id, host_name, uri, read_only,
                                               cancellable);
}

/**
 * inn_transport_close:
 * @self: a transport
 * @host_id: record id of the host
 *
 * Drops what was made for that host; nothing when there is nothing.
 */
void
inn_transport_close (InnTransport *self, const char *host_id)
{
  g_return_if_fail (INN_IS_TRANSPORT (self));

  INN_TRANSPORT_GET_IFACE (self)->close (self, host_id);
}

/**
 * inn_transport_connect_stream:
 * @self: a transport
 * @host_id: record id of the host
 * @uri: its URI
 * @address: a host name or address as seen from the host, or a UNIX socket path with @port 0
 * @port: TCP port, or 0
 * @cancellable: (nullable): ends the attempt
 *
 * Returns: (transfer full): resolves with a connected file descriptor, rejects with %INN_ERROR
 */
DexFuture *
inn_transport_connect_stream (InnTransport *self,
                              const char *host_id,
                              const char *uri,
                              const char *address,
                              guint16 port,
                              GCancellable *cancellable)
{
  g_return_val_if_fail (INN_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  return INN_TRANSPORT_GET_IFACE (self)->connect_stream (self, host_id, uri, address, port,
                                                         cancellable);
}

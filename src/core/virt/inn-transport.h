/* inn-transport.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define INN_TYPE_ROUTE (inn_route_get_type ())

/**
 * InnRoute:
 * @uri: what libvirt is to open: the administrator's URI, or one with `socket=` of a forwarded
 *   socket
 * @forwarded: whether that socket ends on another machine although it looks local; calls that pass
 *   file descriptors would close the whole connection and are refused
 *
 * How a host is reached. Boxed.
 */
typedef struct
{
  char *uri;
  gboolean forwarded;
} InnRoute;

GType inn_route_get_type (void);
InnRoute *inn_route_new (const char *uri, gboolean forwarded);
InnRoute *inn_route_copy (const InnRoute *self);
void inn_route_free (InnRoute *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnRoute, inn_route_free)

#define INN_TYPE_TRANSPORT (inn_transport_get_type ())

G_DECLARE_INTERFACE (InnTransport, inn_transport, INN, TRANSPORT, GObject)

/**
 * InnTransportInterface:
 * @open: makes the host reachable; resolves with an [struct@Route] (boxed), rejects with
 *   %INN_ERROR
 * @close: drops what @open made for that host; nothing when there is nothing
 * @connect_stream: opens a byte stream to an address *as seen from the host* (its graphics or
 *   serial port): @address is a host name or IP with @port, or, with @port 0, the path of a UNIX
 *   socket; resolves with a connected file descriptor (DexFuture of an fd)
 *
 * The way to a host, behind an interface: this room does not know SSH.
 */
struct _InnTransportInterface
{
  GTypeInterface parent_iface;

  DexFuture *(*open) (InnTransport *self,
                      const char *host_id,
                      const char *host_name,
                      const char *uri,
                      gboolean read_only,
                      GCancellable *cancellable);
  void (*close) (InnTransport *self, const char *host_id);
  DexFuture *(*connect_stream) (InnTransport *self,
                                const char *host_id,
                                const char *uri,
                                const char *address,
                                guint16 port,
                                GCancellable *cancellable);
};

DexFuture *inn_transport_open (InnTransport *self,
                               const char *host_id,
                               const char *host_name,
                               const char *uri,
                               gboolean read_only,
                               GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void inn_transport_close (InnTransport *self, const char *host_id);
DexFuture *inn_transport_connect_stream (InnTransport *self,
                                         const char *host_id,
                                         const char *uri,
                                         const char *address,
                                         guint16 port,
                                         GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

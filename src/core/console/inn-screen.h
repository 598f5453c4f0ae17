/* inn-screen.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * InnScreenProtocol:
 * @INN_SCREEN_VNC: one connection a screen
 * @INN_SCREEN_SPICE: a connection for each channel
 */
typedef enum
{
  INN_SCREEN_VNC,
  INN_SCREEN_SPICE,
} InnScreenProtocol;

#define INN_TYPE_SCREEN (inn_screen_get_type ())

G_DECLARE_FINAL_TYPE (InnScreen, inn_screen, INN, SCREEN, GObject)

/**
 * InnScreenOpenFunc:
 * @self: the screen
 * @tls: whether the port for TLS is wanted; the handshake is the caller's
 * @cancellable: (nullable): gives up
 * @data: of whoever made the screen
 *
 * Returns: (transfer full): resolves with a connected file descriptor
 */
typedef DexFuture *(*InnScreenOpenFunc) (InnScreen *self,
                                         gboolean tls,
                                         GCancellable *cancellable,
                                         gpointer data);

InnScreen *inn_screen_new (InnScreenProtocol protocol,
                           gboolean tls_only,
                           InnScreenOpenFunc func,
                           gpointer data,
                           GDestroyNotify destroy);

InnScreenProtocol inn_screen_get_protocol (InnScreen *self);
gboolean inn_screen_get_tls_only (InnScreen *self);
void inn_screen_set_identity (InnScreen *self,
                              const char *server_name,
                              const char *authorities,
                              const char *subject);
const char *inn_screen_get_server_name (InnScreen *self);
const char *inn_screen_get_authorities (InnScreen *self);
const char *inn_screen_get_subject (InnScreen *self);
DexFuture *inn_screen_open (InnScreen *self,
                            gboolean tls,
                            GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* inn-session.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-clock.h"
#include "base/inn-prompter.h"
#include "model/inn-inventory.h"
#include "virt/inn-transport.h"

#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/**
 * InnConnectionFunc:
 * @conn: the open connection; borrowed for the call
 * @data: plain data
 * @cancellable: fires when the caller no longer wants the result
 * @result: (out caller-allocates): an unset value, see [callback@WorkFunc]
 * @error: return location for a #GError; set from libvirt's with inn_virt_set_error()
 *
 * Blocking libvirt calls, run on one of the host's own threads.
 *
 * Returns: whether it worked
 */
typedef gboolean (*InnConnectionFunc) (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);

#define INN_TYPE_SESSION (inn_session_get_type ())

G_DECLARE_FINAL_TYPE (InnSession, inn_session, INN, SESSION, GObject)

InnSession *inn_session_new (InnHost *host,
                             InnInventory *inventory,
                             InnTransport *transport,
                             InnPrompter *prompter,
                             InnClock *clock);

/* Connecting. The host object carries state and error. */
DexFuture *inn_session_connect (InnSession *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_disconnect (InnSession *self) G_GNUC_WARN_UNUSED_RESULT;
void inn_session_reconnect_now (InnSession *self);

/* Watching. */
void inn_session_set_interval (InnSession *self, gint64 usec);
DexFuture *inn_session_refresh (InnSession *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_wait_first_list (InnSession *self) G_GNUC_WARN_UNUSED_RESULT;

/* Asking. Each resolves on the main loop; each rejects with %INN_ERROR_NOT_CONNECTED when the host
 * is not online. */
DexFuture *inn_session_run (InnSession *self,
                            InnConnectionFunc func,
                            gpointer data,
                            GDestroyNotify destroy,
                            GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_ask (InnSession *self,
                            InnConnectionFunc func,
                            gpointer data,
                            GDestroyNotify destroy,
                            GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_request (InnSession *self,
                                InnConnectionFunc func,
                                gpointer data,
                                GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_fetch_vm_xml (InnSession *self,
                                     const char *uuid,
                                     gboolean inactive) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_wait_addresses (InnSession *self);
DexFuture *inn_session_fetch_addresses (InnSession *self,
                                        const char *uuid) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_fetch_screenshot (InnSession *self,
                                         const char *uuid,
                                         guint screen) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_open_graphics (InnSession *self,
                                      const char *uuid,
                                      guint index,
                                      GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_session_open_text (InnSession *self,
                                  const char *uuid,
                                  const char *device,
                                  gboolean is_channel,
                                  gboolean force,
                                  GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
gboolean inn_session_supports (InnSession *self, const char *feature);
gboolean inn_session_is_forwarded (InnSession *self);
gboolean inn_session_is_local (InnSession *self);

G_END_DECLS

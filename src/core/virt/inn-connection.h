/* inn-connection.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "virt/inn-session.h"
#include "virt/inn-watch.h"

G_BEGIN_DECLS

/**
 * InnLane:
 * @INN_LANE_ACTION: what a person wants done
 * @INN_LANE_QUESTION: what is read for a page
 * @INN_LANE_SCREEN: pictures of screens, for which a guest's emulator has to answer
 * @INN_LANE_LOOK: the looks at the host
 *
 * Each has threads of its own, so that guests that hang hold up their kind of call only.
 */
typedef enum
{
  INN_LANE_ACTION,
  INN_LANE_QUESTION,
  INN_LANE_SCREEN,
  INN_LANE_LOOK,
  INN_N_LANES
} InnLane;

#define INN_TYPE_CONNECTION (inn_connection_get_type ())

G_DECLARE_FINAL_TYPE (InnConnection, inn_connection, INN, CONNECTION, GObject)

InnConnection *inn_connection_new (const InnRoute *route,
                                   const char *host_id,
                                   const char *host_name,
                                   gboolean read_only,
                                   InnPrompter *prompter,
                                   guint attempt);
DexFuture *inn_connection_open (InnConnection *self,
                                InnConnectionFunc first,
                                gpointer data,
                                GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_connection_run (InnConnection *self,
                               InnLane lane,
                               InnConnectionFunc func,
                               gpointer data,
                               GDestroyNotify destroy,
                               GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_connection_poll (InnConnection *self,
                                InnConnectionFunc func,
                                gpointer data,
                                GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;
void inn_connection_check (InnConnection *self);
GCancellable *inn_connection_get_ended (InnConnection *self);
gboolean inn_connection_is_asking (InnConnection *self);
gboolean inn_connection_is_acting (InnConnection *self);
gboolean inn_connection_is_forwarded (InnConnection *self);
gboolean inn_connection_is_local (InnConnection *self);
DexFuture *inn_connection_close (InnConnection *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

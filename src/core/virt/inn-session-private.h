/* inn-session-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-weak.h"
#include "virt/inn-connection.h"
#include "virt/inn-sampler.h"
#include "virt/inn-session.h"

G_BEGIN_DECLS

/* A connection beside the one that watches the host, opened when it is needed first. */
typedef struct
{
  InnConnection *connection;
  DexFuture *opened; /* settled when it is open, or not */
} InnSide;

/* Shared by inn-session.c (the object), inn-session-connect.c (connecting), inn-session-tick.c
 * (looking), inn-session-model.c (what is seen becomes the model), inn-session-events.c (what
 * happened) and inn-session-ask.c. */
struct _InnSession
{
  GObject parent_instance;

  InnHost *host;
  InnInventory *inventory;
  InnTransport *transport;
  InnPrompter *prompter;
  InnClock *clock;

  /* Connecting */
  InnConnection *connection; /* the open one, or the attempt */
  InnRoute *route;           /* it was opened by */
  InnSide text;              /* for serial consoles */
  InnSide requests;          /* for what guests are asked to do */
  GCancellable *cancellable; /* of the attempt */
  DexPromise *connecting;    /* settled when the attempt has ended */
  guint64 attempt;           /* answers to an older attempt are dropped */
  guint deadline_id;
  gint64 open_timeout;
  DexFuture *backoff;
  guint failures;
  guint refusals;
  gboolean wanted;
  gboolean online;     /* the connection is open and its first list was applied */
  gboolean was_online; /* since it was wanted */
  gboolean mute;       /* alive as far as we know, but does not answer */

  /* Looking */
  InnWeak *weak; /* for threads to hold; resolved on the main thread only */
  InnSampler *sampler;
  gint64 interval;
  guint tick_id;
  guint soon_id;
  guint late_id;
  gboolean soon_full;
  gint64 next_reconcile;
  gint64 noted_answer;
  gint64 acted_at;       /* monotonic, when an action was last seen at work; 0 for never */
  gboolean missed_event; /* one came before the first list was shown */
  /* Of what turns an answer into the model: below the drawing of the window, so that a busy cluster
   * does not make it stutter, and of its own, since one turn of the main loop dispatches all that
   * is ready at one priority. */
  int apply_priority;
  GQueue deltas; /* of InnDelta, to be applied in order */
  guint delta_row;
  guint apply_id;
  InnDelta *first; /* what the connection opened with, until its turn comes */
  guint first_id;
  GHashTable *seen;     /* UUIDs of a first list that is being applied; NULL else */
  GQueue waiting;       /* of DexPromise: wait for the first list */
  GHashTable *held;     /* UUID -> guests that are arriving */
  GHashTable *leaving;  /* UUID -> gint64: guests that migrated away, kept until then */
  GHashTable *incoming; /* UUIDs of guests that an event said are arriving */
  guint held_id;
  GHashTable *undescribed; /* UUIDs of guests whose definition is to be read */
  gboolean describing;
  gboolean has_definitions;
  GHashTable *searches; /* UUID -> guests whose addresses are followed */
  gboolean searching;
  GQueue address_waiting; /* of DexPromise: wait until each was asked once */
};

/* inn-session-state.c */
GError *_inn_session_not_connected (InnSession *self);
gboolean _inn_session_needs_person (const GError *error);
gboolean _inn_session_is_final (const GError *error);
gboolean _inn_session_check_uri (InnSession *self, GError **error);
void _inn_session_report_failure (InnSession *self, InnHostState old, const GError *error);
void _inn_session_set_mute (InnSession *self, gboolean mute);

/* inn-session-tick.c */
InnConnectionFunc
_inn_session_first_look (InnSession *self, gpointer *data, GDestroyNotify *destroy);
void _inn_session_start_ticking (InnSession *self);
void _inn_session_stop_ticking (InnSession *self);
void _inn_session_look_soon (InnSession *self, gboolean full);

/* inn-session-model.c */
void _inn_session_queue_delta (InnSession *self, InnDelta *delta);
void _inn_session_drop_deltas (InnSession *self);
void _inn_session_fill_info (InnVmInfo *info, const InnRow *row, InnVm *vm);

/* inn-session-arrival.c */
gboolean _inn_session_arrive (InnSession *self, const InnRow *row);
gboolean _inn_session_depart (InnSession *self, InnVm *vm);
void _inn_session_check_arrivals (InnSession *self);
void _inn_session_drop_arrivals (InnSession *self);
void _inn_session_held_free (gpointer data);

/* inn-session-describe.c */
void _inn_session_describe (InnSession *self, const char *uuid, const char *xml);
void _inn_session_want_description (InnSession *self, const char *uuid);
void _inn_session_describe_some (InnSession *self);
void _inn_session_ask_hostname (InnSession *self);
void _inn_session_drop_descriptions (InnSession *self);

/* inn-session-addresses.c */
void _inn_session_show_addresses (InnSession *self, const char *uuid, const char *const *addresses);
void _inn_session_follow_addresses (InnSession *self, InnVm *vm);
void _inn_session_renew_addresses (InnSession *self, const char *uuid);
void _inn_session_ask_addresses (InnSession *self);
void _inn_session_drop_addresses (InnSession *self);

/* inn-session-side.c */
gboolean _inn_session_await_side (InnSession *self, InnSide *side, GError **error);
void _inn_session_drop_sides (InnSession *self);

/* inn-session-events.c */
void _inn_session_on_happened (InnSession *self, InnHappened *happened);

G_END_DECLS

/* inn-look.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-stats.h"

G_BEGIN_DECLS

typedef enum
{
  INN_POLL_NORMAL = 0,
  INN_POLL_FIRST = 1 << 0,     /* read facts, tell everything */
  INN_POLL_RECONCILE = 1 << 1, /* also what no event and no statistic tells */
  INN_POLL_REDUCED = 1 << 2,   /* only what a stuck guest cannot hold up */
} InnPollFlags;

/* What a driver turned out not to know; asked once a connection. Any thread may find out, and all
 * find the same. */
typedef struct
{
  gint no_nowait;
  gint no_bulk;
} InnLookLimits;

#define INN_LOOK_N_FILTERS 3

/* The answers to one look, before they are compared with the last one's. */
typedef struct
{
  virDomainStatsRecordPtr *records;
  virDomainPtr *domains; /* instead of records, for drivers without bulk statistics */
  InnStats *stats;
  guint n;
  gint64 at; /* monotonic microseconds */
  gboolean have_filters;
  virDomainPtr *filtered[INN_LOOK_N_FILTERS];
  int n_filtered[INN_LOOK_N_FILTERS];
} InnLook;

extern const unsigned int inn_look_filters[INN_LOOK_N_FILTERS];

gboolean inn_look_read (
    InnLook *self, virConnectPtr conn, InnLookLimits *limits, InnPollFlags flags, GError **error);
void inn_look_read_filters (InnLook *self, virConnectPtr conn, InnPollFlags flags);
void inn_look_clear (InnLook *self);
virDomainPtr inn_look_get_domain (InnLook *self, guint i);

G_END_DECLS

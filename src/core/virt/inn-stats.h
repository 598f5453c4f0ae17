/* inn-stats.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-delta.h"

G_BEGIN_DECLS

/* One guest's statistics, decoded but not yet compared with the ones before. */
typedef struct
{
  unsigned char uuid[VIR_UUID_BUFLEN];
  const char *name; /* borrowed from the list */
  int domain_id;
  guint8 state;
  int reason;
  guint have_cpu : 1;
  guint have_block : 1;
  guint have_net : 1;
  guint have_vcpus : 1;
  guint have_memory : 1;
  guint have_used : 1;
  guint vcpus;
  guint64 cpu_time;
  guint64 memory_kib;
  guint64 max_memory_kib;
  guint64 memory_used_kib;
  guint64 read_bytes;
  guint64 written_bytes;
  guint64 rx_bytes;
  guint64 tx_bytes;
} InnStats;

void inn_stats_decode (InnStats *self, virDomainPtr domain, const virTypedParameter *params, int n);
void inn_stats_complete (InnStats *self, virDomainPtr domain);

/* The host's own counters. */
typedef struct
{
  gboolean no_cpu;
  gboolean no_memory;
  int n_cpu_params;
  int n_memory_params;
  guint64 busy;
  guint64 total;
  double cpu_percent;
  guint64 memory_used_kib;
} InnNodeStats;

void inn_node_stats_read (InnNodeStats *self, virConnectPtr conn);

void inn_host_facts_read (InnHostFacts *facts, virConnectPtr conn);

G_END_DECLS

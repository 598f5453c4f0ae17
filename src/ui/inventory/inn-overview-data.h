/* inn-overview-data.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation-manager.h"
#include "model/inn-inventory.h"

G_BEGIN_DECLS

/* How many of the busiest are told. */
#define INN_OVERVIEW_N_BUSIEST 5
/* How many things that need attention are told; the rest are counted. */
#define INN_OVERVIEW_N_ATTENTION 12

/**
 * InnAttention:
 * @object: (nullable): the host, guest or operation it is about
 * @severity: how bad
 * @title: name of the object
 * @text: what is the matter
 */
typedef struct
{
  GObject *object;
  InnSeverity severity;
  char *title;
  char *text;
} InnAttention;

/**
 * InnOverviewData:
 *
 * The figures of the overview at one moment.
 */
typedef struct
{
  guint n_hosts;
  guint n_online;
  guint n_vms;
  guint n_running;
  double cpu_percent; /* of all online hosts, by their CPUs; negative for unknown */
  guint cpus;
  guint64 memory_kib;
  guint64 memory_used_kib;
  GPtrArray *attention; /* of InnAttention */
  guint n_attention;    /* all of them, also those that are not in the list */
  GPtrArray *hosts;     /* busiest first */
  GPtrArray *vms;       /* busiest first */
} InnOverviewData;

InnOverviewData *inn_overview_data_new (InnInventory *inventory, InnOperationManager *operations);
void inn_overview_data_free (InnOverviewData *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnOverviewData, inn_overview_data_free)

G_END_DECLS

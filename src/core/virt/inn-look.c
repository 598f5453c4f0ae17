/* inn-look.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-look.h"

#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>
#include <libvirt/virterror.h>

/* All else is asked of the guest's emulator: also the time of its processors, since newer libvirts
 * tell with it how long they polled. */
#define STATS_REDUCED VIR_DOMAIN_STATS_STATE
#define STATS_FULL                                                                                 \
  (VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_CPU_TOTAL | VIR_DOMAIN_STATS_BALLOON |                \
   VIR_DOMAIN_STATS_VCPU | VIR_DOMAIN_STATS_INTERFACE | VIR_DOMAIN_STATS_BLOCK)

/* The facts that no statistic tells, each asked for all guests at once. */
const unsigned int inn_look_filters[INN_LOOK_N_FILTERS] = {
  VIR_CONNECT_LIST_DOMAINS_PERSISTENT,
  VIR_CONNECT_LIST_DOMAINS_AUTOSTART,
  VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE,
};

static void
free_domains (virDomainPtr *domains, int n)
{
  if (domains == NULL)
    return;

  for (int i = 0; i < n; i++)
    virDomainFree (domains[i]);
  free (domains);
}

void
inn_look_clear (InnLook *self)
{
  if (self->records != NULL)
    virDomainStatsRecordListFree (self->records);
  if (self->domains != NULL)
    free_domains (self->domains, (int) self->n);
  for (guint i = 0; i < INN_LOOK_N_FILTERS; i++)
    free_domains (self->filtered[i], self->n_filtered[i]);
  g_free (self->stats);
}

virDomainPtr
inn_look_get_domain (InnLook *self, guint i)
{
  return self->records != NULL ? self->records[i]->dom : self->domains[i];
}

static gboolean
is_unsupported (void)
{
  int code = virGetLastErrorCode ();

  return code == VIR_ERR_NO_SUPPORT || code == VIR_ERR_OPERATION_UNSUPPORTED ||
         code == VIR_ERR_ARGUMENT_UNSUPPORTED || code == VIR_ERR_INVALID_ARG;
}

static int
read_bulk (InnLook *self, virConnectPtr conn, InnLookLimits *limits, InnPollFlags flags)
{
  unsigned int stats = flags & INN_POLL_REDUCED ? STATS_REDUCED : STATS_FULL;
  unsigned int nowait =
      g_atomic_int_get (&limits->no_nowait) ? 0 : VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT;
  int n = virConnectGetAllDomainStats (conn, stats, &self->records, nowait);

  if (n < 0 && nowait != 0 && is_unsupported () && virGetLastErrorCode () != VIR_ERR_NO_SUPPORT)
    {
      n = virConnectGetAllDomainStats (conn, stats, &self->records, 0);
      g_atomic_int_set (&limits->no_nowait, n >= 0);
    }

  return n;
}

static void
decode_bulk (InnLook *self)
{
  for (guint i = 0; i < self->n; i++)
    inn_stats_decode (&self->stats[i], self->records[i]->dom, self->records[i]->params,
                      self->records[i]->nparams);
}

static gboolean
read_one_by_one (virConnectPtr conn, InnLook *self)
{
  int n = virConnectListAllDomains (conn, &self->domains, 0);

  if (n < 0)
    return FALSE;

  self->n = (guint) n;
  self->at = g_get_monotonic_time ();
  self->stats = g_new0 (InnStats, MAX (self->n, 1));
  for (guint i = 0; i < self->n; i++)
    {
      InnStats *stats = &self->stats[i];
      int state = 0;

      inn_stats_decode (stats, self->domains[i], NULL, 0);
      inn_stats_complete (stats, self->domains[i]);
      if (virDomainGetState (self->domains[i], &state, &stats->reason, 0) == 0)
        stats->state = (guint8) state;
    }

  return TRUE;
}

gboolean
inn_look_read (
    InnLook *self, virConnectPtr conn, InnLookLimits *limits, InnPollFlags flags, GError **error)
{
  int n = -1;

  if (!g_atomic_int_get (&limits->no_bulk))
    {
      n = read_bulk (self, conn, limits, flags);
      g_atomic_int_set (&limits->no_bulk, n < 0 && virGetLastErrorCode () == VIR_ERR_NO_SUPPORT);
    }
  if (n >= 0)
    {
      self->n = (guint) n;
      self->at = g_get_monotonic_time ();
      self->stats = g_new (InnStats, MAX (self->n, 1));
      decode_bulk (self);
      return TRUE;
    }
  if (g_atomic_int_get (&limits->no_bulk) && read_one_by_one (conn, self))
    return TRUE;

  inn_virt_set_error (error, _ ("Could not read the guests of the host. Check its libvirt log."));
  return FALSE;
}

static void
complete_missing (InnLook *self)
{
  for (guint i = 0; i < self->n; i++)
    if (!self->stats[i].have_vcpus || !self->stats[i].have_memory)
      inn_stats_complete (&self->stats[i], inn_look_get_domain (self, i));
}

/* A reduced look asks for nothing that a guest answers; only the other completes what is missing.
 */
void
inn_look_read_filters (InnLook *self, virConnectPtr conn, InnPollFlags flags)
{
  for (guint i = 0; i < INN_LOOK_N_FILTERS; i++)
    {
      self->n_filtered[i] =
          virConnectListAllDomains (conn, &self->filtered[i], inn_look_filters[i]);
      if (self->n_filtered[i] < 0)
        self->n_filtered[i] = 0;
    }
  self->have_filters = TRUE;
  if (!(flags & INN_POLL_REDUCED))
    complete_missing (self);
}

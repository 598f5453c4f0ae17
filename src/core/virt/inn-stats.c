/* inn-stats.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-stats.h"

#include "virt/inn-xml.h"

#include <string.h>

static guint64
number_of (const virTypedParameter *param)
{
  switch (param->type)
    {
    case VIR_TYPED_PARAM_INT:
      return param->value.i < 0 ? 0 : (guint64) param->value.i;
    case VIR_TYPED_PARAM_UINT:
      return param->value.ui;
    case VIR_TYPED_PARAM_LLONG:
      return param->value.l < 0 ? 0 : (guint64) param->value.l;
    case VIR_TYPED_PARAM_ULLONG:
      return param->value.ul;
    case VIR_TYPED_PARAM_BOOLEAN:
      return param->value.b != 0;
    default:
      return 0;
    }
}

/* What the balloon says; all KiB. */
typedef struct
{
  guint64 available;
  guint64 unused;
  guint64 usable;
  guint64 rss;
  gboolean have_unused;
} Balloon;

static void
decode_balloon (InnStats *self, Balloon *balloon, const virTypedParameter *param)
{
  const char *field = param->field + strlen ("balloon.");

  if (g_str_equal (field, "current"))
    {
      self->memory_kib = number_of (param);
      self->have_memory = TRUE;
    }
  else if (g_str_equal (field, "maximum"))
    self->max_memory_kib = number_of (param);
  else if (g_str_equal (field, "available"))
    balloon->available = number_of (param);
  else if (g_str_equal (field, "usable"))
    balloon->usable = number_of (param);
  else if (g_str_equal (field, "rss"))
    balloon->rss = number_of (param);
  else if (g_str_equal (field, "unused"))
    {
      balloon->unused = number_of (param);
      balloon->have_unused = TRUE;
    }
}

static gboolean
ends_in (const char *field, const char *tail)
{
  gsize size = strlen (field);
  gsize tail_size = strlen (tail);

  return size > tail_size && memcmp (field + size - tail_size, tail, tail_size) == 0;
}

static void
decode_block (InnStats *self, const virTypedParameter *param)
{
  if (ends_in (param->field, ".rd.bytes"))
    self->read_bytes += number_of (param);
  else if (ends_in (param->field, ".wr.bytes"))
    self->written_bytes += number_of (param);
  else
    return;

  self->have_block = TRUE;
}

static void
decode_net (InnStats *self, const virTypedParameter *param)
{
  if (ends_in (param->field, ".rx.bytes"))
    self->rx_bytes += number_of (param);
  else if (ends_in (param->field, ".tx.bytes"))
    self->tx_bytes += number_of (param);
  else
    return;

  self->have_net = TRUE;
}

/* Without the balloon driver's own word it is what the process of the guest holds on its host. */
static void
take_used (InnStats *self, const Balloon *balloon)
{
  if (balloon->available > 0 && balloon->usable > 0 && balloon->usable <= balloon->available)
    self->memory_used_kib = balloon->available - balloon->usable;
  else if (balloon->available > 0 && balloon->have_unused && balloon->unused <= balloon->available)
    self->memory_used_kib = balloon->available - balloon->unused;
  else if (balloon->rss > 0)
    self->memory_used_kib =
        self->memory_kib > 0 ? MIN (balloon->rss, self->memory_kib) : balloon->rss;
  else
    return;

  self->have_used = TRUE;
}

/* Reads what libvirt reported of one guest. Every field is optional: drivers and guests that hold
 * a job leave out most. */
void
inn_stats_decode (InnStats *self, virDomainPtr domain, const virTypedParameter *params, int n)
{
  Balloon balloon = { 0 };

  memset (self, 0, sizeof *self);
  virDomainGetUUID (domain, self->uuid);
  self->name = virDomainGetName (domain);
  self->domain_id = (int) virDomainGetID (domain);

  for (int i = 0; i < n; i++)
    {
      const virTypedParameter *param = &params[i];
      const char *field = param->field;

      if (field[0] == 'b' && strncmp (field, "block.", 6) == 0)
        decode_block (self, param);
      else if (field[0] == 'b' && strncmp (field, "balloon.", 8) == 0)
        decode_balloon (self, &balloon, param);
      else if (field[0] == 'n' && strncmp (field, "net.", 4) == 0)
        decode_net (self, param);
      else if (field[0] == 's' && g_str_equal (field, "state.state"))
        self->state = (guint8) number_of (param);
      else if (field[0] == 's' && g_str_equal (field, "state.reason"))
        self->reason = (int) number_of (param);
      else if (field[0] == 'c' && g_str_equal (field, "cpu.time"))
        {
          self->cpu_time = number_of (param);
          self->have_cpu = TRUE;
        }
      else if (field[0] == 'v' && g_str_equal (field, "vcpu.current"))
        {
          self->vcpus = (guint) number_of (param);
          self->have_vcpus = self->vcpus > 0;
        }
    }

  take_used (self, &balloon);
}

/* Asks for what the statistics left out: one call, for drivers that know few statistics. */
void
inn_stats_complete (InnStats *self, virDomainPtr domain)
{
  virDomainInfo info;

  if (virDomainGetInfo (domain, &info) < 0)
    return;

  self->vcpus = info.nrVirtCpu;
  self->have_vcpus = TRUE;
  self->memory_kib = info.memory;
  self->max_memory_kib = info.maxMem;
  self->have_memory = TRUE;
}

static void
read_cpu (InnNodeStats *self, virConnectPtr conn)
{
  virNodeCPUStats params[32];
  int n = self->n_cpu_params;
  guint64 total = 0;
  guint64 idle = 0;

  if (n == 0)
    {
      if (virNodeGetCPUStats (conn, VIR_NODE_CPU_STATS_ALL_CPUS, NULL, &n, 0) < 0 || n <= 0 ||
          n > (int) G_N_ELEMENTS (params))
        {
          self->no_cpu = TRUE;
          return;
        }
      self->n_cpu_params = n;
    }
  if (virNodeGetCPUStats (conn, VIR_NODE_CPU_STATS_ALL_CPUS, params, &n, 0) < 0)
    return;

  for (int i = 0; i < n; i++)
    {
      if (g_str_equal (params[i].field, VIR_NODE_CPU_STATS_UTILIZATION))
        {
          self->cpu_percent = CLAMP ((double) params[i].value, 0.0, 100.0);
          return;
        }
      total += params[i].value;
      if (g_str_equal (params[i].field, VIR_NODE_CPU_STATS_IDLE) ||
          g_str_equal (params[i].field, VIR_NODE_CPU_STATS_IOWAIT))
        idle += params[i].value;
    }

  if (self->total > 0 && total > self->total)
    {
      double busy = (double) (total - idle) - (double) self->busy;

      self->cpu_percent = CLAMP (100.0 * busy / (double) (total - self->total), 0.0, 100.0);
      self->cpu_percent = (double) (int) (self->cpu_percent * 10 + 0.5) / 10;
    }
  self->busy = total - idle;
  self->total = total;
}

static void
read_memory (InnNodeStats *self, virConnectPtr conn)
{
  virNodeMemoryStats params[32];
  int n = self->n_memory_params;
  guint64 total = 0;
  guint64 free = 0;

  if (n == 0)
    {
      if (virNodeGetMemoryStats (conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, NULL, &n, 0) < 0 ||
          n <= 0 || n > (int) G_N_ELEMENTS (params))
        {
          self->no_memory = TRUE;
          return;
        }
      self->n_memory_params = n;
    }
  if (virNodeGetMemoryStats (conn, VIR_NODE_MEMORY_STATS_ALL_CELLS, params, &n, 0) < 0)
    return;

  for (int i = 0; i < n; i++)
    {
      if (g_str_equal (params[i].field, VIR_NODE_MEMORY_STATS_TOTAL))
        total = params[i].value;
      else if (g_str_equal (params[i].field, VIR_NODE_MEMORY_STATS_FREE) ||
               g_str_equal (params[i].field, VIR_NODE_MEMORY_STATS_BUFFERS) ||
               g_str_equal (params[i].field, VIR_NODE_MEMORY_STATS_CACHED))
        free += params[i].value;
    }

  /* In steps of 1 MiB: less is noise that would redraw every host on every tick. */
  self->memory_used_kib = total > free ? (total - free) & ~(guint64) 1023 : 0;
}

/* Reads the host's own load. What a host cannot tell is asked once. */
void
inn_node_stats_read (InnNodeStats *self, virConnectPtr conn)
{
  if (!self->no_cpu)
    read_cpu (self, conn);
  if (!self->no_memory)
    read_memory (self, conn);
}

static void
read_capabilities (InnHostFacts *facts, virConnectPtr conn)
{
  char *text = virConnectGetCapabilities (conn);
  g_autoptr (InnXml) xml = NULL;

  if (text == NULL)
    return;

  xml = inn_xml_parse (text, NULL);
  free (text);
  if (xml == NULL)
    return;

  facts->uuid = inn_xml_string (xml, NULL, "/capabilities/host/uuid");
  facts->arch = inn_xml_string (xml, NULL, "/capabilities/host/cpu/arch");
  facts->cpu_model = inn_xml_string (xml, NULL, "/capabilities/host/cpu/model");
}

/* Reads what a host says of itself, once a connection. What it does not say stays unset; its name
 * is not asked here, because a host with broken name resolution takes seconds to tell it. */
void
inn_host_facts_read (InnHostFacts *facts, virConnectPtr conn)
{
  const char *type = virConnectGetType (conn);
  unsigned long version = 0;
  virNodeInfo node;

  read_capabilities (facts, conn);
  facts->hypervisor = type != NULL ? g_utf8_make_valid (type, -1) : NULL;
  if (virConnectGetVersion (conn, &version) == 0)
    facts->hypervisor_version = version;
  if (virConnectGetLibVersion (conn, &version) == 0)
    facts->libvirt_version = version;

  if (virNodeGetInfo (conn, &node) < 0)
    return;

  facts->cpus = node.cpus;
  facts->sockets = node.sockets * MAX (node.nodes, 1u);
  facts->cores = node.cores;
  facts->threads = node.threads;
  facts->cpu_mhz = node.mhz;
  facts->memory_kib = node.memory;
  if (facts->arch == NULL)
    facts->arch = g_utf8_make_valid (node.model, strnlen (node.model, sizeof node.model));
}

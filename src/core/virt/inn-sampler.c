/* inn-sampler.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-sampler.h"

#include <string.h>

/* A guest as it was last told to the main thread, with the counters that rates are made of. */
typedef struct
{
  unsigned char uuid[VIR_UUID_BUFLEN];
  guint generation;
  guint64 touched; /* the first poll that may overrule what an event said */
  gboolean force;
  InnRow row;
  gint64 cpu_at;
  gint64 block_at;
  gint64 net_at;
  guint64 cpu_time;
  guint64 read_bytes;
  guint64 written_bytes;
  guint64 rx_bytes;
  guint64 tx_bytes;
} Entry;

struct _InnSampler
{
  gatomicrefcount ref_count;
  GMutex mutex;
  GHashTable *entries; /* raw UUID -> Entry */
  guint64 next_serial;
  guint64 applied_serial;
  guint generation;
  GArray *outstanding; /* of Pending */
  gint64 last_answer;
  InnLookLimits limits;
  InnNodeStats node;
  double told_cpu;
  guint64 told_memory;
};

typedef struct
{
  guint64 serial;
  gint64 since;
} Pending;

static guint
uuid_hash (gconstpointer key)
{
  guint hash;

  memcpy (&hash, key, sizeof hash);
  return hash;
}

static gboolean
uuid_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, VIR_UUID_BUFLEN) == 0;
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  inn_row_clear (&entry->row);
  g_free (entry);
}

/* A sampler that has seen nothing. */
InnSampler *
inn_sampler_new (void)
{
  InnSampler *self = g_new0 (InnSampler, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->entries = g_hash_table_new_full (uuid_hash, uuid_equal, NULL, entry_free);
  self->outstanding = g_array_new (FALSE, FALSE, sizeof (Pending));
  self->node.cpu_percent = -1;
  self->told_cpu = -1;

  return self;
}

InnSampler *
inn_sampler_ref (InnSampler *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
inn_sampler_unref (InnSampler *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_hash_table_unref (self->entries);
  g_array_unref (self->outstanding);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Announces a look. From here on it is outstanding, until inn_sampler_end(). */
guint64
inn_sampler_begin (InnSampler *self)
{
  Pending pending = { 0, g_get_monotonic_time () };

  g_mutex_lock (&self->mutex);
  pending.serial = ++self->next_serial;
  g_array_append_val (self->outstanding, pending);
  g_mutex_unlock (&self->mutex);

  return pending.serial;
}

/* Ends a look, whether the host @answered or the connection broke. */
void
inn_sampler_end (InnSampler *self, guint64 serial, gboolean answered)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->outstanding->len; i++)
    if (g_array_index (self->outstanding, Pending, i).serial == serial)
      {
        g_array_remove_index_fast (self->outstanding, i);
        break;
      }
  if (answered)
    self->last_answer = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);
}

/* How many looks the host has not answered. */
guint
inn_sampler_get_outstanding (InnSampler *self)
{
  guint n;

  g_mutex_lock (&self->mutex);
  n = self->outstanding->len;
  g_mutex_unlock (&self->mutex);

  return n;
}

/* Monotonic microseconds when the oldest outstanding look began; 0 for none. */
gint64
inn_sampler_get_oldest (InnSampler *self)
{
  gint64 oldest = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < self->outstanding->len; i++)
    {
      gint64 since = g_array_index (self->outstanding, Pending, i).since;

      oldest = oldest == 0 ? since : MIN (oldest, since);
    }
  g_mutex_unlock (&self->mutex);

  return oldest;
}

/* Monotonic microseconds of the last answer; 0 for none. */
gint64
inn_sampler_get_last_answer (InnSampler *self)
{
  gint64 at;

  g_mutex_lock (&self->mutex);
  at = self->last_answer;
  g_mutex_unlock (&self->mutex);

  return at;
}

static gboolean
parse_uuid (const char *uuid, unsigned char raw[VIR_UUID_BUFLEN])
{
  guint n = 0;

  for (const char *c = uuid; *c != '\0' && n < 2 * VIR_UUID_BUFLEN; c++)
    {
      int digit = g_ascii_xdigit_value (*c);

      if (digit < 0)
        continue;
      raw[n / 2] = n % 2 == 0 ? (unsigned char) (digit << 4) : (unsigned char) (raw[n / 2] | digit);
      n++;
    }

  return n == 2 * VIR_UUID_BUFLEN;
}

/* An event said something of this guest: looks that began before know less, and the next one tells
 * the guest's state even if it is what was told before. */
void
inn_sampler_touch (InnSampler *self, const char *uuid)
{
  unsigned char raw[VIR_UUID_BUFLEN];
  Entry *entry;

  if (!parse_uuid (uuid, raw))
    return;

  g_mutex_lock (&self->mutex);
  entry = g_hash_table_lookup (self->entries, raw);
  if (entry != NULL)
    {
      entry->touched = self->next_serial + 1;
      entry->force = TRUE;
    }
  g_mutex_unlock (&self->mutex);
}

/* Whether an event said something of this guest after the look @serial began. */
gboolean
inn_sampler_is_overtaken (InnSampler *self, const char *uuid, guint64 serial)
{
  unsigned char raw[VIR_UUID_BUFLEN];
  Entry *entry;
  gboolean overtaken;

  if (!parse_uuid (uuid, raw))
    return FALSE;

  g_mutex_lock (&self->mutex);
  entry = g_hash_table_lookup (self->entries, raw);
  overtaken = entry != NULL && entry->touched > serial;
  g_mutex_unlock (&self->mutex);

  return overtaken;
}

static gboolean
has_unknown (InnSampler *self, InnLook *look)
{
  gboolean unknown = FALSE;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < look->n && !unknown; i++)
    unknown = !g_hash_table_contains (self->entries, look->stats[i].uuid);
  g_mutex_unlock (&self->mutex);

  return unknown;
}

static float
rate (guint64 now, guint64 before, gint64 usec)
{
  if (now < before || usec <= 0)
    return -1;

  /* A host that counts nonsense must not bring more than an integer holds. */
  return (float) (guint64) MIN ((double) (now - before) * G_USEC_PER_SEC / (double) usec, 1e18);
}

static float
percent (guint64 nsec, gint64 usec, guint vcpus)
{
  double value = (double) nsec / 10.0 / (double) usec / MAX (vcpus, 1u);

  return (float) ((int) (CLAMP (value, 0.0, 100.0) * 10 + 0.5)) / 10;
}

/* A counter that was not reported this time keeps its last rate: guests that hold a job report
 * little, and that is no news. */
static void
take_rates (Entry *entry, const InnStats *stats, gint64 at)
{
  InnVmSample *sample = &entry->row.sample;

  if (stats->have_cpu)
    {
      sample->cpu_percent =
          entry->cpu_at > 0 && stats->cpu_time >= entry->cpu_time && at > entry->cpu_at
              ? percent (stats->cpu_time - entry->cpu_time, at - entry->cpu_at, entry->row.vcpus)
              : -1;
      entry->cpu_time = stats->cpu_time;
      entry->cpu_at = at;
    }
  if (stats->have_block)
    {
      gint64 usec = entry->block_at > 0 ? at - entry->block_at : 0;

      sample->disk_read_bps = rate (stats->read_bytes, entry->read_bytes, usec);
      sample->disk_write_bps = rate (stats->written_bytes, entry->written_bytes, usec);
      entry->read_bytes = stats->read_bytes;
      entry->written_bytes = stats->written_bytes;
      entry->block_at = at;
    }
  if (stats->have_net)
    {
      gint64 usec = entry->net_at > 0 ? at - entry->net_at : 0;

      sample->net_rx_bps = rate (stats->rx_bytes, entry->rx_bytes, usec);
      sample->net_tx_bps = rate (stats->tx_bytes, entry->tx_bytes, usec);
      entry->rx_bytes = stats->rx_bytes;
      entry->tx_bytes = stats->tx_bytes;
      entry->net_at = at;
    }
  if (stats->have_used)
    sample->memory_used_kib = stats->memory_used_kib;
}

static void
forget_rates (Entry *entry)
{
  entry->cpu_at = entry->block_at = entry->net_at = 0;
  entry->row.sample = INN_VM_SAMPLE_UNKNOWN;
}

static gboolean
same_row (const InnRow *a, const InnRow *b)
{
  return a->state == b->state && a->reason == b->reason && a->domain_id == b->domain_id &&
         a->vcpus == b->vcpus && a->memory_kib == b->memory_kib &&
         a->max_memory_kib == b->max_memory_kib && a->persistent == b->persistent &&
         a->autostart == b->autostart && a->managed_save == b->managed_save &&
         memcmp (&a->sample, &b->sample, sizeof a->sample) == 0;
}

static void
take_stats (Entry *entry, const InnStats *stats, gint64 at)
{
  InnRow *row = &entry->row;

  row->state = stats->state;
  row->reason = stats->reason;
  row->domain_id = stats->domain_id;
  if (stats->have_vcpus)
    row->vcpus = stats->vcpus;
  if (stats->have_memory)
    {
      row->memory_kib = stats->memory_kib;
      row->max_memory_kib = MAX (stats->max_memory_kib, stats->memory_kib);
    }
  if (inn_vm_state_is_active ((InnVmState) row->state))
    take_rates (entry, stats, at);
  else
    forget_rates (entry);
}

static Entry *
entry_for (InnSampler *self, const InnStats *stats, virDomainPtr domain)
{
  Entry *entry = g_hash_table_lookup (self->entries, stats->uuid);

  if (entry != NULL)
    return entry;

  entry = g_new0 (Entry, 1);
  memcpy (entry->uuid, stats->uuid, sizeof entry->uuid);
  virDomainGetUUIDString (domain, entry->row.uuid);
  entry->row.flags = INN_ROW_NEW;
  entry->row.sample = INN_VM_SAMPLE_UNKNOWN;
  g_hash_table_insert (self->entries, entry->uuid, entry);

  return entry;
}

static gboolean
take_name (Entry *entry, const char *name)
{
  g_autofree char *valid = NULL;

  if (g_strcmp0 (entry->row.name, name) == 0)
    return FALSE;

  valid = g_utf8_make_valid (name != NULL ? name : "", -1);
  return g_set_str (&entry->row.name, valid);
}

static void
take_filters (InnSampler *self, InnLook *look)
{
  for (guint i = 0; i < look->n; i++)
    {
      Entry *entry = g_hash_table_lookup (self->entries, look->stats[i].uuid);

      if (entry != NULL)
        entry->row.persistent = entry->row.autostart = entry->row.managed_save = FALSE;
    }
  for (guint f = 0; f < INN_LOOK_N_FILTERS; f++)
    for (int i = 0; i < look->n_filtered[f]; i++)
      {
        unsigned char raw[VIR_UUID_BUFLEN];
        Entry *entry;

        virDomainGetUUID (look->filtered[f][i], raw);
        entry = g_hash_table_lookup (self->entries, raw);
        if (entry == NULL)
          continue;
        entry->row.persistent |= inn_look_filters[f] == VIR_CONNECT_LIST_DOMAINS_PERSISTENT;
        entry->row.autostart |= inn_look_filters[f] == VIR_CONNECT_LIST_DOMAINS_AUTOSTART;
        entry->row.managed_save |= inn_look_filters[f] == VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE;
      }
}

static void
tell (InnDelta *delta, const InnRow *row)
{
  InnRow *copy;

  g_array_set_size (delta->rows, delta->rows->len + 1);
  copy = &g_array_index (delta->rows, InnRow, delta->rows->len - 1);
  inn_row_copy (row, copy);
}

static void
compare_guests (InnSampler *self, InnLook *look, guint64 serial, InnDelta *delta)
{
  g_autofree InnRow *before = g_new (InnRow, MAX (look->n, 1));
  g_autofree Entry **entries = g_new (Entry *, MAX (look->n, 1));

  self->generation++;
  for (guint i = 0; i < look->n; i++)
    {
      Entry *entry = entry_for (self, &look->stats[i], inn_look_get_domain (look, i));

      entries[i] = entry;
      before[i] = entry->row;
      entry->generation = self->generation;
      if (entry->touched <= serial)
        take_stats (entry, &look->stats[i], look->at);
    }
  if (look->have_filters)
    take_filters (self, look);

  for (guint i = 0; i < look->n; i++)
    {
      Entry *entry = entries[i];
      gboolean named = take_name (entry, look->stats[i].name);

      if (entry->touched > serial)
        continue;
      if (delta->first || named || entry->force || !same_row (&before[i], &entry->row))
        tell (delta, &entry->row);
      entry->force = FALSE;
      entry->row.flags = INN_ROW_CHANGED;
    }
}

static void
drop_missing (InnSampler *self, guint64 serial, InnDelta *delta)
{
  GHashTableIter iter;
  Entry *entry;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &entry))
    {
      if (entry->generation == self->generation || entry->touched > serial)
        continue;

      entry->row.flags = INN_ROW_GONE;
      tell (delta, &entry->row);
      g_hash_table_iter_remove (&iter);
    }
}

static void
compare_host (InnSampler *self, const InnNodeStats *node, InnDelta *delta)
{
  self->node = *node;
  if (!delta->first && node->cpu_percent == self->told_cpu &&
      node->memory_used_kib == self->told_memory)
    return;

  delta->have_host = TRUE;
  delta->cpu_percent = self->told_cpu = node->cpu_percent;
  delta->memory_used_kib = self->told_memory = node->memory_used_kib;
}

/**
 * inn_sampler_poll:
 * @self: the host's sampler
 * @conn: its connection
 * @serial: from inn_sampler_begin()
 * @flags: how much to ask
 * @error: return location for a #GError
 *
 * Looks at the host: one bulk call for all guests, its own load, and on demand what no statistic
 * tells. Blocking, on any thread; answers that are overtaken by a later look are dropped.
 *
 * Returns: (transfer full) (nullable): what is different from what was told before
 */
InnDelta *
inn_sampler_poll (
    InnSampler *self, virConnectPtr conn, guint64 serial, InnPollFlags flags, GError **error)
{
  g_autoptr (InnDelta) delta = inn_delta_new ();
  InnLook look = { 0 };
  InnNodeStats node;

  if (!inn_look_read (&look, conn, &self->limits, flags, error))
    {
      inn_look_clear (&look);
      return NULL;
    }
  if (flags & (INN_POLL_FIRST | INN_POLL_RECONCILE) || has_unknown (self, &look))
    inn_look_read_filters (&look, conn, flags);

  g_mutex_lock (&self->mutex);
  node = self->node;
  g_mutex_unlock (&self->mutex);
  inn_node_stats_read (&node, conn);

  delta->serial = serial;
  delta->first = (flags & INN_POLL_FIRST) != 0;
  if (delta->first)
    {
      inn_host_facts_read (&delta->facts, conn);
      delta->have_facts = TRUE;
    }

  g_mutex_lock (&self->mutex);
  if (serial > self->applied_serial)
    {
      self->applied_serial = serial;
      compare_guests (self, &look, serial, delta);
      drop_missing (self, serial, delta);
      compare_host (self, &node, delta);
    }
  g_mutex_unlock (&self->mutex);

  inn_look_clear (&look);
  return g_steal_pointer (&delta);
}

/* inn-vm-query.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-vm-query-private.h"

#include <string.h>

/**
 * InnVmQuery:
 *
 * A filter over guests, as people type it: words that all must match, separated by spaces.
 * `web` looks into name, title, address and UUID; `host:rack1`, `state:running`, `tag:web` look
 * into one field; `mem>4G`, `cpu>=80`, `uptime<1h` compare; `-` before a word turns it round;
 * quotation marks keep spaces together. Immutable.
 */

G_DEFINE_FINAL_TYPE (InnVmQuery, inn_vm_query, G_TYPE_OBJECT)

void
_inn_query_term_clear (gpointer data)
{
  g_free (((InnQueryTerm *) data)->text);
}

static void
inn_vm_query_finalize (GObject *object)
{
  InnVmQuery *self = INN_VM_QUERY (object);

  g_clear_pointer (&self->terms, g_array_unref);
  g_clear_object (&self->inventory);

  G_OBJECT_CLASS (inn_vm_query_parent_class)->finalize (object);
}

static void
inn_vm_query_class_init (InnVmQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_vm_query_finalize;
}

static void
inn_vm_query_init (InnVmQuery *self)
{
  self->terms = g_array_new (FALSE, TRUE, sizeof (InnQueryTerm));
  g_array_set_clear_func (self->terms, _inn_query_term_clear);
}

static gboolean
contains (const InnQueryTerm *term, const char *hay)
{
  g_autofree char *folded = NULL;

  if (hay == NULL)
    return FALSE;
  if (term->ascii)
    return strcasestr (hay, term->text) != NULL;

  folded = g_utf8_casefold (hay, -1);
  return strstr (folded, term->text) != NULL;
}

static gboolean
any_contains (const InnQueryTerm *term, const char *const *strv)
{
  for (guint i = 0; strv != NULL && strv[i] != NULL; i++)
    if (contains (term, strv[i]))
      return TRUE;

  return FALSE;
}

static const char *
get_cluster_name (InnVmQuery *self, InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  InnCluster *cluster = NULL;

  if (host != NULL && self->inventory != NULL)
    cluster = inn_inventory_get_cluster_of (self->inventory, host);

  return cluster != NULL ? inn_cluster_get_name (cluster) : NULL;
}

static gboolean
matches_number (const InnQueryTerm *term, double value)
{
  if (value < 0)
    return FALSE;

  switch (term->compare)
    {
    case INN_QUERY_COMPARE_LESS:
      return value < term->number;
    case INN_QUERY_COMPARE_LESS_EQUAL:
      return value <= term->number;
    case INN_QUERY_COMPARE_MORE:
      return value > term->number;
    case INN_QUERY_COMPARE_MORE_EQUAL:
      return value >= term->number;
    case INN_QUERY_COMPARE_IS:
    default:
      return ABS (value - term->number) < 0.5;
    }
}

static double
sum (float a, float b)
{
  return a < 0 && b < 0 ? -1 : MAX (a, 0) + MAX (b, 0);
}

static double
get_number (const InnQueryTerm *term, InnVm *vm)
{
  const InnVmSample *sample = inn_vm_get_sample (vm);
  gint64 started_at = inn_vm_get_started_at (vm);

  switch ((guint) term->field)
    {
    case INN_QUERY_FIELD_CPU:
      return sample->cpu_percent;
    case INN_QUERY_FIELD_MEMORY:
      return inn_vm_get_max_memory_kib (vm) * 1024.0;
    case INN_QUERY_FIELD_USED:
      return sample->memory_used_kib > 0 ? sample->memory_used_kib * 1024.0 : -1;
    case INN_QUERY_FIELD_VCPUS:
      return inn_vm_get_vcpus (vm);
    case INN_QUERY_FIELD_DISK:
      return sum (sample->disk_read_bps, sample->disk_write_bps);
    case INN_QUERY_FIELD_NET:
      return sum (sample->net_rx_bps, sample->net_tx_bps);
    case INN_QUERY_FIELD_UPTIME:
      return started_at > 0 ? g_get_real_time () / G_USEC_PER_SEC - started_at : -1;
    default:
      return -1;
    }
}

static gboolean
matches_term (InnVmQuery *self, const InnQueryTerm *term, InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);

  switch (term->field)
    {
    case INN_QUERY_FIELD_ANY:
      return contains (term, inn_vm_get_name (vm)) || contains (term, inn_vm_get_title (vm)) ||
             any_contains (term, inn_vm_get_addresses (vm)) ||
             contains (term, inn_vm_get_uuid (vm));
    case INN_QUERY_FIELD_NAME:
      return contains (term, inn_vm_get_name (vm));
    case INN_QUERY_FIELD_HOST:
      return host != NULL && contains (term, inn_host_get_name (host));
    case INN_QUERY_FIELD_CLUSTER:
      return contains (term, get_cluster_name (self, vm));
    case INN_QUERY_FIELD_STATE:
      return (term->states & (1u << inn_vm_get_state (vm))) != 0;
    case INN_QUERY_FIELD_TAG:
      return any_contains (term, inn_vm_get_tags (vm));
    case INN_QUERY_FIELD_OS:
      return contains (term, inn_vm_get_os (vm));
    case INN_QUERY_FIELD_ADDRESS:
      return any_contains (term, inn_vm_get_addresses (vm));
    case INN_QUERY_FIELD_UUID:
      return contains (term, inn_vm_get_uuid (vm));
    case INN_QUERY_FIELD_AUTOSTART:
      return inn_vm_get_autostart (vm) == (term->number > 0);
    case INN_QUERY_FIELD_PERSISTENT:
      return inn_vm_get_persistent (vm) == (term->number > 0);
    case INN_QUERY_FIELD_CPU:
    case INN_QUERY_FIELD_MEMORY:
    case INN_QUERY_FIELD_USED:
    case INN_QUERY_FIELD_VCPUS:
    case INN_QUERY_FIELD_DISK:
    case INN_QUERY_FIELD_NET:
    case INN_QUERY_FIELD_UPTIME:
    default:
      return matches_number (term, get_number (term, vm));
    }
}

/**
 * inn_vm_query_matches:
 * @self: a filter
 * @vm: a guest
 *
 * Returns: whether every word of the filter fits the guest
 */
gboolean
inn_vm_query_matches (InnVmQuery *self, InnVm *vm)
{
  g_return_val_if_fail (INN_IS_VM_QUERY (self), FALSE);

  for (guint i = 0; i < self->terms->len; i++)
    {
      const InnQueryTerm *term = &g_array_index (self->terms, InnQueryTerm, i);

      if (matches_term (self, term, vm) == term->negated)
        return FALSE;
    }

  return TRUE;
}

/**
 * inn_vm_query_is_empty:
 * @self: a filter
 *
 * Returns: whether it lets every guest through
 */
gboolean
inn_vm_query_is_empty (InnVmQuery *self)
{
  g_return_val_if_fail (INN_IS_VM_QUERY (self), TRUE);

  return self->terms->len == 0;
}

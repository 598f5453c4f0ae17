/* inn-overview-data.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/inventory/inn-overview-data.h"

#include <glib/gi18n.h>

static void
attention_free (InnAttention *attention)
{
  g_clear_object (&attention->object);
  g_free (attention->title);
  g_free (attention->text);
  g_free (attention);
}

static void
add_attention (InnOverviewData *self,
               gpointer object,
               InnSeverity severity,
               const char *title,
               const char *text)
{
  InnAttention *attention;

  guint place = 0;

  self->n_attention++;
  /* The worst first, and otherwise in the order in which they were found. */
  while (place < self->attention->len &&
         ((InnAttention *) g_ptr_array_index (self->attention, place))->severity >= severity)
    place++;
  if (place >= INN_OVERVIEW_N_ATTENTION)
    return;

  attention = g_new0 (InnAttention, 1);
  attention->object = g_object_ref (object);
  attention->severity = severity;
  attention->title = g_strdup (title);
  attention->text = g_strdup (text);
  g_ptr_array_insert (self->attention, (int) place, attention);
  if (self->attention->len > INN_OVERVIEW_N_ATTENTION)
    g_ptr_array_set_size (self->attention, INN_OVERVIEW_N_ATTENTION);
}

typedef double (*Measure) (gpointer object);

static double
measure_host (gpointer object)
{
  return inn_host_get_cpu_percent (object);
}

static double
measure_vm (gpointer object)
{
  return inn_vm_get_sample (object)->cpu_percent;
}

/* Keeps the few busiest in order; what is idle is not busy. */
static void
rank (GPtrArray *busiest, gpointer object, Measure measure)
{
  double value = measure (object);
  guint i = busiest->len;

  if (value < 0.5)
    return;
  while (i > 0 && measure (g_ptr_array_index (busiest, i - 1)) < value)
    i--;
  if (i >= INN_OVERVIEW_N_BUSIEST)
    return;

  g_ptr_array_insert (busiest, (int) i, g_object_ref (object));
  if (busiest->len > INN_OVERVIEW_N_BUSIEST)
    g_ptr_array_set_size (busiest, INN_OVERVIEW_N_BUSIEST);
}

static void
look_at_host (InnOverviewData *self, InnHost *host)
{
  const GError *error = inn_host_get_error (host);
  InnHostState state = inn_host_get_state (host);

  if (state == INN_HOST_LOST || state == INN_HOST_FAILED || state == INN_HOST_AUTH_REQUIRED)
    add_attention (self, host,
                   state == INN_HOST_AUTH_REQUIRED ? INN_SEVERITY_WARNING : INN_SEVERITY_ERROR,
                   inn_host_get_name (host),
                   error != NULL ? error->message : inn_host_state_get_label (state));
  if (inn_host_get_duplicate (host))
    add_attention (self, host, INN_SEVERITY_WARNING, inn_host_get_name (host),
                   _ ("Another host reports the same UUID; one of them may be a clone"));
}

static void
look_at_vm (InnOverviewData *self, InnVm *vm)
{
  InnVmState state = inn_vm_get_state (vm);
  const char *host = inn_host_get_name (inn_vm_get_host (vm));
  g_autofree char *text = NULL;

  if (state == INN_VM_CRASHED)
    text = g_strdup_printf (_ ("The guest crashed on %s"), host);
  else if (inn_vm_has_io_error (vm))
    text = g_strdup_printf (_ ("Paused on %s after an error of its storage"), host);

  if (text != NULL)
    add_attention (self, vm, INN_SEVERITY_ERROR, inn_vm_get_name (vm), text);
}

static void
add_host (InnOverviewData *self, InnHost *host, double *busy_cpus)
{
  const InnHostFacts *facts = inn_host_get_facts (host);
  GListModel *vms = inn_host_get_vms (host);
  guint n = g_list_model_get_n_items (vms);

  self->n_hosts++;
  self->n_vms += n;
  look_at_host (self, host);
  if (!inn_host_is_online (host))
    return;

  self->n_online++;
  self->n_running += inn_host_get_n_running (host);
  if (inn_host_get_cpu_percent (host) >= 0)
    {
      *busy_cpus += inn_host_get_cpu_percent (host) / 100 * facts->cpus;
      self->cpus += facts->cpus;
    }
  if (inn_host_get_memory_used_kib (host) > 0)
    {
      self->memory_kib += facts->memory_kib;
      self->memory_used_kib += inn_host_get_memory_used_kib (host);
    }
  rank (self->hosts, host, measure_host);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      look_at_vm (self, vm);
      rank (self->vms, vm, measure_vm);
    }
}

static void
look_at_operations (InnOverviewData *self, InnOperationManager *operations)
{
  GListModel *model = G_LIST_MODEL (operations);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (model, i);
      const GError *error = inn_operation_get_error (operation);
      gint64 age = g_get_real_time () - inn_operation_get_ended_at (operation);

      if (inn_operation_get_state (operation) == INN_OPERATION_FAILED && error != NULL &&
          age < G_TIME_SPAN_HOUR)
        add_attention (self, operation, INN_SEVERITY_WARNING, inn_operation_get_title (operation),
                       error->message);
    }
}

/**
 * inn_overview_data_new:
 * @inventory: the view
 * @operations: what was done
 *
 * Counts everything once: a few milliseconds for 10,000 guests.
 *
 * Returns: (transfer full): the figures of this moment
 */
InnOverviewData *
inn_overview_data_new (InnInventory *inventory, InnOperationManager *operations)
{
  InnOverviewData *self = g_new0 (InnOverviewData, 1);
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  guint n = g_list_model_get_n_items (hosts);
  double busy_cpus = 0;

  self->attention = g_ptr_array_new_with_free_func ((GDestroyNotify) attention_free);
  self->hosts = g_ptr_array_new_with_free_func (g_object_unref);
  self->vms = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      add_host (self, host, &busy_cpus);
    }
  self->cpu_percent = self->cpus > 0 ? busy_cpus / self->cpus * 100 : -1;
  look_at_operations (self, operations);

  return self;
}

/**
 * inn_overview_data_free:
 * @self: (transfer full): figures
 */
void
inn_overview_data_free (InnOverviewData *self)
{
  g_ptr_array_unref (self->attention);
  g_ptr_array_unref (self->hosts);
  g_ptr_array_unref (self->vms);
  g_free (self);
}

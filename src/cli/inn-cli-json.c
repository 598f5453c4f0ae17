/* inn-cli-json.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-json.h"

#include "inn-cli-output.h"

#define KIB_PER_MIB 1024

static void
add_mib (JsonBuilder *builder, const char *name, guint64 kib)
{
  if (kib > 0)
    inn_cli_json_int (builder, name, (gint64) (kib / KIB_PER_MIB));
  else
    inn_cli_json_null (builder, name);
}

static void
add_percent (JsonBuilder *builder, const char *name, double percent)
{
  if (percent >= 0)
    inn_cli_json_double (builder, name, percent);
  else
    inn_cli_json_null (builder, name);
}

static void
add_count (JsonBuilder *builder, const char *name, guint count)
{
  if (count > 0)
    inn_cli_json_int (builder, name, count);
  else
    inn_cli_json_null (builder, name);
}

static void
add_version (JsonBuilder *builder, const char *name, guint64 version)
{
  g_autofree char *text = inn_host_format_version (version);

  inn_cli_json_string (builder, name, text);
}

static void
add_strings (JsonBuilder *builder, const char *name, const char *const *strings)
{
  json_builder_set_member_name (builder, name);
  if (strings == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }

  json_builder_begin_array (builder);
  for (guint i = 0; strings[i] != NULL; i++)
    {
      g_autofree char *valid = g_utf8_make_valid (strings[i], -1);

      json_builder_add_string_value (builder, valid);
    }
  json_builder_end_array (builder);
}

static void
add_place (JsonBuilder *builder, InnInventory *inventory, InnHost *host)
{
  InnCluster *cluster = host != NULL ? inn_inventory_get_cluster_of (inventory, host) : NULL;
  InnDataCenter *data_center =
      cluster != NULL ? inn_inventory_get_data_center_of (inventory, cluster) : NULL;

  inn_cli_json_string (builder, "cluster", cluster != NULL ? inn_cluster_get_name (cluster) : NULL);
  inn_cli_json_string (builder, "datacenter",
                       data_center != NULL ? inn_data_center_get_name (data_center) : NULL);
}

void
inn_cli_json_error (JsonBuilder *builder, const char *name, const GError *error)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_value (builder, inn_cli_error_to_json (error));
}

static void
add_host_facts (JsonBuilder *builder, const InnHostFacts *facts)
{
  inn_cli_json_string (builder, "hostname", facts->hostname);
  inn_cli_json_string (builder, "arch", facts->arch);
  inn_cli_json_string (builder, "cpu_model", facts->cpu_model);
  add_count (builder, "cpus", facts->cpus);
  add_mib (builder, "memory_mib", facts->memory_kib);
  inn_cli_json_string (builder, "hypervisor", facts->hypervisor);
  add_version (builder, "libvirt_version", facts->libvirt_version);
  add_version (builder, "hypervisor_version", facts->hypervisor_version);
}

void
inn_cli_json_add_host (JsonBuilder *builder, InnInventory *inventory, InnHost *host)
{
  const InnHostFacts *facts = inn_host_get_facts (host);

  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "id", inn_host_get_id (host));
  inn_cli_json_string (builder, "uuid", facts->uuid);
  inn_cli_json_string (builder, "name", inn_host_get_name (host));
  inn_cli_json_string (builder, "uri", inn_host_get_uri (host));
  inn_cli_json_string (builder, "state", inn_host_state_to_nick (inn_host_get_state (host)));
  inn_cli_json_error (builder, "error", inn_host_get_error (host));
  add_place (builder, inventory, host);
  add_host_facts (builder, facts);
  add_percent (builder, "cpu_percent", inn_host_get_cpu_percent (host));
  add_mib (builder, "memory_used_mib", inn_host_get_memory_used_kib (host));
  inn_cli_json_int (builder, "vms", inn_host_get_n_vms (host));
  inn_cli_json_int (builder, "vms_running", inn_host_get_n_running (host));
  inn_cli_json_time (builder, "last_seen", inn_host_get_last_seen (host) * G_TIME_SPAN_SECOND);
  inn_cli_json_boolean (builder, "read_only", inn_host_get_read_only (host));
  inn_cli_json_boolean (builder, "autoconnect", inn_host_get_autoconnect (host));
  inn_cli_json_boolean (builder, "duplicate", inn_host_get_duplicate (host));
  json_builder_end_object (builder);
}

void
inn_cli_json_add_cluster (JsonBuilder *builder, InnInventory *inventory, InnCluster *cluster)
{
  InnDataCenter *data_center = inn_inventory_get_data_center_of (inventory, cluster);

  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "id", inn_cluster_get_id (cluster));
  inn_cli_json_string (builder, "name", inn_cluster_get_name (cluster));
  inn_cli_json_string (builder, "datacenter",
                       data_center != NULL ? inn_data_center_get_name (data_center) : NULL);
  inn_cli_json_string (builder, "datacenter_id", inn_cluster_get_data_center_id (cluster));
  inn_cli_json_int (builder, "hosts", g_list_model_get_n_items (inn_cluster_get_hosts (cluster)));
  json_builder_end_object (builder);
}

void
inn_cli_json_add_data_center (JsonBuilder *builder, InnDataCenter *data_center)
{
  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "id", inn_data_center_get_id (data_center));
  inn_cli_json_string (builder, "name", inn_data_center_get_name (data_center));
  inn_cli_json_boolean (builder, "demo", inn_data_center_get_demo (data_center));
  inn_cli_json_int (builder, "clusters",
                    g_list_model_get_n_items (inn_data_center_get_clusters (data_center)));
  json_builder_end_object (builder);
}

gboolean
inn_cli_vm_is_stale (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);

  return host == NULL || !inn_host_is_online (host) || inn_vm_get_stale (vm);
}

void
inn_cli_json_add_vm (JsonBuilder *builder, InnInventory *inventory, InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  const InnVmSample *sample = inn_vm_get_sample (vm);

  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "uuid", inn_vm_get_uuid (vm));
  inn_cli_json_string (builder, "name", inn_vm_get_name (vm));
  inn_cli_json_string (builder, "title", inn_vm_get_title (vm));
  inn_cli_json_string (builder, "host", host != NULL ? inn_host_get_name (host) : NULL);
  inn_cli_json_string (builder, "host_uuid", host != NULL ? inn_host_get_facts (host)->uuid : NULL);
  inn_cli_json_string (builder, "host_id", host != NULL ? inn_host_get_id (host) : NULL);
  add_place (builder, inventory, host);
  inn_cli_json_string (builder, "state", inn_vm_state_to_nick (inn_vm_get_state (vm)));
  inn_cli_json_string (builder, "reason", inn_vm_get_reason_nick (vm));
  add_count (builder, "vcpus", inn_vm_get_vcpus (vm));
  add_mib (builder, "memory_mib", inn_vm_get_max_memory_kib (vm));
  add_percent (builder, "cpu_percent", sample->cpu_percent);
  add_mib (builder, "memory_used_mib", sample->memory_used_kib);
  add_strings (builder, "addresses", inn_vm_get_addresses (vm));
  add_strings (builder, "tags", inn_vm_get_tags (vm));
  inn_cli_json_string (builder, "os", inn_vm_get_os (vm));
  inn_cli_json_boolean (builder, "autostart", inn_vm_get_autostart (vm));
  inn_cli_json_boolean (builder, "persistent", inn_vm_get_persistent (vm));
  inn_cli_json_boolean (builder, "managed_save", inn_vm_get_managed_save (vm));
  inn_cli_json_boolean (builder, "stale", inn_cli_vm_is_stale (vm));
  json_builder_end_object (builder);
}

void
inn_cli_json_add_event (JsonBuilder *builder, InnEvent *event)
{
  json_builder_begin_object (builder);
  inn_cli_json_int (builder, "serial", inn_event_get_serial (event));
  inn_cli_json_time (builder, "time", inn_event_get_time (event));
  inn_cli_json_string (builder, "severity", inn_severity_to_nick (inn_event_get_severity (event)));
  inn_cli_json_string (builder, "kind", inn_event_get_kind (event));
  inn_cli_json_string (builder, "host", inn_event_get_host_name (event));
  inn_cli_json_string (builder, "host_id", inn_event_get_host_id (event));
  inn_cli_json_string (builder, "vm", inn_event_get_vm_name (event));
  inn_cli_json_string (builder, "vm_uuid", inn_event_get_vm_uuid (event));
  inn_cli_json_string (builder, "text", inn_event_get_text (event));
  json_builder_end_object (builder);
}

void
inn_cli_json_add_operation (JsonBuilder *builder, InnOperation *operation)
{
  double progress = inn_operation_get_progress (operation);

  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "id", inn_operation_get_id (operation));
  inn_cli_json_string (builder, "kind", inn_operation_get_kind (operation));
  inn_cli_json_string (builder, "object", inn_operation_get_object_name (operation));
  inn_cli_json_string (builder, "object_id", inn_operation_get_object_id (operation));
  inn_cli_json_string (builder, "title", inn_operation_get_title (operation));
  inn_cli_json_string (builder, "detail", inn_operation_get_detail (operation));
  inn_cli_json_string (builder, "state",
                       inn_operation_state_to_nick (inn_operation_get_state (operation)));
  if (progress >= 0)
    inn_cli_json_double (builder, "progress", progress);
  else
    inn_cli_json_null (builder, "progress");
  inn_cli_json_time (builder, "started", inn_operation_get_started_at (operation));
  inn_cli_json_time (builder, "ended", inn_operation_get_ended_at (operation));
  inn_cli_json_error (builder, "error", inn_operation_get_error (operation));
  inn_cli_json_boolean (builder, "foreign", inn_operation_is_foreign (operation));
  inn_cli_json_boolean (builder, "cancellable",
                        !inn_operation_is_ended (operation) &&
                            inn_operation_get_no_cancel_reason (operation) == NULL);
  json_builder_end_object (builder);
}

/* inn-debug-report.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-private.h"

#include "app/inn-masker.h"
#include "base/inn-error.h"

#include <libvirt/libvirt.h>
#include <libxml/xmlversion.h>

/* A text for a bug report, in English: it is read by those who mend. It is put together from what
 * cannot tell whose it is (versions, counts, states) and from errors, which are masked. */

#define MOST_PROBLEMS 30

static void
learn_groups (InnMasker *masker, InnInventory *inventory)
{
  GListModel *data_centers = inn_inventory_get_data_centers (inventory);
  guint n = g_list_model_get_n_items (data_centers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);
      GListModel *clusters = inn_data_center_get_clusters (data_center);
      guint n_clusters = g_list_model_get_n_items (clusters);

      inn_masker_add (masker, "datacenter", inn_data_center_get_name (data_center));
      for (guint c = 0; c < n_clusters; c++)
        {
          g_autoptr (InnCluster) cluster = g_list_model_get_item (clusters, c);

          inn_masker_add (masker, "cluster", inn_cluster_get_name (cluster));
        }
    }
}

static void
learn_host (InnMasker *masker, InnHost *host)
{
  g_autofree char *machine = _inn_app_uri_get_host (inn_host_get_uri (host));
  g_autofree char *user = _inn_app_uri_get_user (inn_host_get_uri (host));

  inn_masker_add (masker, "host", inn_host_get_name (host));
  inn_masker_add (masker, "host", machine);
  inn_masker_add (masker, "host", inn_host_get_facts (host)->hostname);
  inn_masker_add (masker, "user", user);
  inn_masker_add (masker, "uri", inn_host_get_uri (host));
}

static void
learn_vms (InnMasker *masker, InnInventory *inventory)
{
  GListModel *vms = inn_inventory_get_vms (inventory);
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      inn_masker_add (masker, "vm", inn_vm_get_name (vm));
      inn_masker_add (masker, "vm", inn_vm_get_title (vm));
    }
}

/* All that has a name here, so that errors can speak of host-1 and vm-7. */
static InnMasker *
make_masker (InnInventory *inventory)
{
  InnMasker *masker = inn_masker_new ();
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      learn_host (masker, host);
    }
  learn_vms (masker, inventory);
  learn_groups (masker, inventory);
  inn_masker_add (masker, "user", g_get_user_name ());
  inn_masker_add (masker, "user", g_get_real_name ());
  inn_masker_add (masker, "host", g_get_host_name ());

  return masker;
}

static void
add_versions (GString *report)
{
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  unsigned long libvirt = 0;

  virGetVersion (&libvirt, NULL, NULL);
  g_string_append_printf (report, "Innkeeper %s\n", PACKAGE_VERSION);
  g_string_append_printf (report, "System: %s\n", os != NULL ? os : "unknown");
  g_string_append_printf (
      report, "GLib %u.%u.%u, libdex %d.%d.%d, libvirt %lu.%lu.%lu, libxml2 %s\n",
      glib_major_version, glib_minor_version, glib_micro_version, (int) DEX_MAJOR_VERSION,
      (int) DEX_MINOR_VERSION, (int) DEX_MICRO_VERSION, libvirt / 1000000, libvirt / 1000 % 1000,
      libvirt % 1000, LIBXML_DOTTED_VERSION);
}

static char *
get_scheme (const char *uri)
{
  char *scheme = g_uri_parse_scheme (uri);

  return scheme != NULL ? scheme : g_strdup ("?");
}

static void
add_error (GString *report, InnMasker *masker, const GError *error)
{
  const char *details = inn_error_get_details (error);
  g_autofree char *message = inn_masker_mask (masker, error->message);
  g_autofree char *masked_details = inn_masker_mask (masker, details);

  g_string_append_printf (report, "    %s: %s\n", inn_error_get_nick (error), message);
  if (details != NULL)
    g_string_append_printf (report, "    %s\n", masked_details);
}

static void
add_host (GString *report, InnMasker *masker, InnHost *host)
{
  const InnHostFacts *facts = inn_host_get_facts (host);
  g_autofree char *name = inn_masker_mask (masker, inn_host_get_name (host));
  g_autofree char *scheme = get_scheme (inn_host_get_uri (host));
  g_autofree char *libvirt = inn_host_format_version (facts->libvirt_version);
  g_autofree char *hypervisor = inn_host_format_version (facts->hypervisor_version);

  g_string_append_printf (report, "  %s: %s, %s%s%s\n", name, scheme,
                          inn_host_state_to_nick (inn_host_get_state (host)),
                          inn_host_get_read_only (host) ? ", read-only" : "",
                          inn_host_get_duplicate (host) ? ", duplicate UUID" : "");
  g_string_append_printf (
      report, "    libvirt %s, %s %s, %s, %u CPUs, %u of %u guests running\n",
      libvirt != NULL ? libvirt : "?", facts->hypervisor != NULL ? facts->hypervisor : "?",
      hypervisor != NULL ? hypervisor : "?", facts->arch != NULL ? facts->arch : "?", facts->cpus,
      inn_host_get_n_running (host), inn_host_get_n_vms (host));
  if (inn_host_get_error (host) != NULL)
    add_error (report, masker, inn_host_get_error (host));
}

static void
add_hosts (GString *report, InnMasker *masker, InnInventory *inventory)
{
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  guint n = g_list_model_get_n_items (hosts);

  g_string_append_printf (report, "\n%u data centers, %u hosts, %u guests\n",
                          g_list_model_get_n_items (inn_inventory_get_data_centers (inventory)), n,
                          g_list_model_get_n_items (inn_inventory_get_vms (inventory)));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      add_host (report, masker, host);
    }
}

static void
add_operations (GString *report, InnMasker *masker, InnOperationManager *manager)
{
  GListModel *operations = G_LIST_MODEL (manager);
  guint n = g_list_model_get_n_items (operations);
  guint n_shown = 0;

  g_string_append (report, "\nLast operations that failed\n");
  for (guint i = 0; i < n && n_shown < MOST_PROBLEMS; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, i);
      const GError *error = inn_operation_get_error (operation);

      if (error == NULL || inn_operation_get_state (operation) == INN_OPERATION_CANCELLED)
        continue;
      g_string_append_printf (report, "  %s\n", inn_operation_get_kind (operation));
      add_error (report, masker, error);
      n_shown++;
    }
}

static void
add_events (GString *report, InnMasker *masker, InnInventory *inventory)
{
  GListModel *events = inn_inventory_get_events (inventory);
  guint n = g_list_model_get_n_items (events);
  guint n_shown = 0;

  g_string_append (report, "\nLast warnings\n");
  for (guint i = n; i > 0 && n_shown < MOST_PROBLEMS; i--)
    {
      g_autoptr (InnEvent) event = g_list_model_get_item (events, i - 1);
      g_autofree char *text = NULL;

      if (inn_event_get_severity (event) == INN_SEVERITY_INFO)
        continue;
      /* A guest that is gone is still named in its events. */
      inn_masker_add (masker, "vm", inn_event_get_vm_name (event));
      inn_masker_add (masker, "host", inn_event_get_host_name (event));
      text = inn_masker_mask (masker, inn_event_get_text (event));
      g_string_append_printf (report, "  %s: %s\n", inn_event_get_kind (event), text);
      n_shown++;
    }
}

/**
 * inn_app_context_debug_report:
 * @self: a context that is open
 *
 * Versions, hosts with their states, and the last errors, in English. Names, addresses, UUIDs and
 * paths are masked, each always in the same way.
 *
 * Returns: (transfer full): resolves with a string
 */
DexFuture *
inn_app_context_debug_report (InnAppContext *self)
{
  g_autoptr (InnMasker) masker = NULL;
  InnInventory *inventory;
  const char *notice;
  GString *report;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  inventory = inn_app_context_get_inventory (self);
  masker = make_masker (inventory);
  report = g_string_new (NULL);

  add_versions (report);
  notice = inn_store_get_notice (inn_app_context_get_store (self));
  if (notice != NULL)
    {
      g_autofree char *masked = inn_masker_mask (masker, notice);

      g_string_append_printf (report, "View: %s\n", masked);
    }
  add_hosts (report, masker, inventory);
  add_operations (report, masker, inn_app_context_get_operations (self));
  add_events (report, masker, inventory);

  return dex_future_new_take_string (g_string_free_and_steal (report));
}

/* fake-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "fake-view.h"

#include "base/inn-error.h"

/* A view that no host stands behind: for looking at widgets, and for tests of them. */

static const char *const odd_names[] = {
  "東京データセンター検証用仮想マシン第一号機（長い名前の確認）",
  "<b>not markup</b> & \"quotes\"",
  "שרת-בדיקה",
  "web_with_underscore_10",
};

static void
set_samples (InnVm *vm, guint seed)
{
  InnVmSample sample = INN_VM_SAMPLE_UNKNOWN;
  char address[32];
  const char *addresses[] = { address, NULL };
  const char *tags[] = { seed % 2 ? "web" : "database", seed % 5 ? NULL : "nightly", NULL };

  inn_vm_set_tags (vm, tags);
  if (!inn_vm_is_active (vm))
    return;
  sample.cpu_percent = (seed * 37 % 1000) / 10.0f;
  sample.memory_used_kib = (1 + seed % 7) * 300000ull;
  sample.disk_read_bps = seed % 13 * 300000.0f;
  sample.disk_write_bps = seed % 11 * 90000.0f;
  sample.net_rx_bps = seed % 7 * 1100000.0f;
  sample.net_tx_bps = seed % 3 * 40000.0f;
  inn_vm_apply_sample (vm, &sample);
  g_snprintf (address, sizeof address, "10.0.%u.%u", seed / 250 % 250, seed % 250 + 1);
  inn_vm_set_addresses (vm, addresses);
  inn_vm_set_started_at (vm, g_get_real_time () / G_USEC_PER_SEC - seed * 977 % 4000000);
}

/**
 * fake_view_add_vms:
 * @host: gets guests
 * @number: the number of the host
 * @n_vms: how many
 */
void
fake_view_add_vms (InnHost *host, guint number, guint n_vms)
{
  static const InnVmState states[] = { INN_VM_RUNNING, INN_VM_RUNNING, INN_VM_RUNNING,
                                       INN_VM_SHUTOFF, INN_VM_PAUSED,  INN_VM_CRASHED };
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n_vms; i++)
    {
      guint seed = number * 1000 + i;
      g_autofree char *uuid = g_strdup_printf ("00000000-0000-4000-8000-%012u", seed);
      g_autofree char *name = number == 0 && i < G_N_ELEMENTS (odd_names)
                                  ? g_strdup (odd_names[i])
                                  : g_strdup_printf ("vm%u-%u", number, i);
      InnVmInfo info = { .uuid = uuid,
                         .name = name,
                         .os = (char *) (seed % 3 ? "debian13" : "rhel9"),
                         .domain_id = -1,
                         .state = states[seed % G_N_ELEMENTS (states)],
                         .persistent = TRUE,
                         .vcpus = 1 + seed % 8,
                         .max_memory_kib = (1 + seed % 16) * 1048576ull,
                         .memory_kib = 1048576 };
      InnVm *vm = inn_vm_new (&info);

      set_samples (vm, seed);
      g_ptr_array_add (vms, vm);
    }
  inn_host_add_vms (host, vms);
}

static void
set_host_state (InnHost *host, guint number)
{
  g_autoptr (GError) error = NULL;
  InnHostFacts facts = { .uuid = (char *) "11111111-0000-4000-8000-000000000000",
                         .hostname = (char *) "node.example.org",
                         .hypervisor = (char *) "QEMU",
                         .hypervisor_version = 10000002,
                         .libvirt_version = 11003000,
                         .arch = (char *) "x86_64",
                         .cpu_model = (char *) "EPYC-Milan",
                         .cpus = 64,
                         .sockets = 2,
                         .cores = 16,
                         .threads = 2,
                         .cpu_mhz = 2450,
                         .memory_kib = 268435456,
                         .boot_time = g_get_real_time () / G_USEC_PER_SEC - 3000000 };

  inn_host_apply_facts (host, &facts);
  inn_host_set_last_seen (host, g_get_real_time () / G_USEC_PER_SEC - 180);
  inn_host_apply_sample (host, number * 23 % 100, (number * 41 % 100) * 2684354ull);
  if (number == 3)
    {
      error = inn_error_new (INN_ERROR_TIMED_OUT, "keepalive: no response in 15 s",
                             "host3 does not answer; reconnecting by itself");
      inn_host_set_state (host, INN_HOST_LOST, error);
    }
  else if (number == 4)
    {
      error =
          inn_error_new (INN_ERROR_HOST_KEY_CHANGED, "recorded SHA256:AAAA\noffered SHA256:BBBB",
                         "The host key of host4 is another one than the one on record. If the "
                         "machine was set up anew, remove the old key with ssh-keygen -R host4");
      inn_host_set_state (host, INN_HOST_FAILED, error);
    }
  else
    inn_host_set_state (host, INN_HOST_ONLINE, NULL);
}

/**
 * fake_view_fill:
 * @inventory: an empty view
 * @n_hosts: how many hosts
 * @n_vms: how many guests each
 */
void
fake_view_fill (InnInventory *inventory, guint n_hosts, guint n_vms)
{
  g_autoptr (InnViewConfig) config = inn_view_config_new ();
  GListModel *hosts = inn_inventory_get_hosts (inventory);

  inn_view_config_add_data_center (config, "dc1", "Vienna", FALSE);
  inn_view_config_add_data_center (config, "dc2", "Demo", TRUE);
  inn_view_config_add_cluster (config, "c1", "dc1", "Production");
  inn_view_config_add_cluster (config, "c2", "dc1", "Test");
  inn_view_config_add_cluster (config, "c3", "dc2", "Demo cluster");
  for (guint i = 0; i < n_hosts; i++)
    {
      g_autofree char *id = g_strdup_printf ("h%u", i);
      g_autofree char *name = g_strdup_printf ("host%u", i);
      InnHostConfig host = { .id = id,
                             .name = name,
                             .uri = (char *) "qemu+ssh://root@node.example.org/system",
                             .cluster_id = (char *) (i % 3 == 0   ? "c1"
                                                     : i % 3 == 1 ? "c2"
                                                                  : "c3"),
                             .autoconnect = TRUE };

      inn_view_config_add_host (config, &host);
    }
  inn_inventory_apply_config (inventory, config);

  for (guint i = 0; i < n_hosts; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      fake_view_add_vms (host, i, n_vms);
      set_host_state (host, i);
      inn_inventory_report (inventory, i % 3, "host.connected", host, NULL, "Something about %s",
                            inn_host_get_name (host));
    }
}

/**
 * fake_view_sample:
 * @inventory: a filled view
 *
 * New figures for every active guest, as one tick of all hosts.
 */
void
fake_view_sample (InnInventory *inventory)
{
  GListModel *vms = inn_inventory_get_vms (inventory);
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);
      InnVmSample sample = *inn_vm_get_sample (vm);

      if (sample.cpu_percent < 0)
        continue;
      sample.cpu_percent = (float) g_random_double_range (0, 100);
      sample.memory_used_kib = (guint64) g_random_int_range (100000, 4000000);
      sample.net_rx_bps = (float) g_random_double_range (0, 9000000);
      sample.disk_read_bps = (float) g_random_double_range (0, 9000000);
      inn_vm_apply_sample (vm, &sample);
    }
}

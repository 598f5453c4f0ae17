/* test-model.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-test.h"
#include "model/inn-inventory.h"

static void
count (gpointer n)
{
  (*(guint *) n)++;
}

static void
add_host (InnViewConfig *config, const char *id, const char *name, const char *cluster_id)
{
  const InnHostConfig host = {
    .id = (char *) id,
    .name = (char *) name,
    .uri = (char *) "test:///default",
    .cluster_id = (char *) cluster_id,
  };

  inn_view_config_add_host (config, &host);
}

/* One data center, clusters c1 and c2, host h1 in @cluster and h2 in c1. */
static InnViewConfig *
make_config (const char *cluster)
{
  InnViewConfig *config = inn_view_config_new ();

  inn_view_config_add_data_center (config, "d", "DC", FALSE);
  inn_view_config_add_cluster (config, "c1", "d", "one");
  inn_view_config_add_cluster (config, "c2", "d", "two");
  add_host (config, "h1", "host1", cluster);
  add_host (config, "h2", "host2", "c1");
  return config;
}

static void
apply (InnInventory *inventory, InnViewConfig *config)
{
  inn_inventory_apply_config (inventory, config);
  inn_view_config_unref (config);
}

static guint
n_hosts_of (InnInventory *inventory, const char *cluster)
{
  return g_list_model_get_n_items (
      inn_cluster_get_hosts (inn_inventory_find_cluster (inventory, cluster)));
}

static void
test_apply (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  InnHost *host;
  guint n_changes = 0;

  apply (inventory, make_config ("c1"));
  host = inn_inventory_find_host (inventory, "h1");
  g_assert_cmpuint (n_hosts_of (inventory, "c1"), ==, 2);

  g_signal_connect_swapped (inn_inventory_get_hosts (inventory), "items-changed",
                            G_CALLBACK (count), &n_changes);
  g_signal_connect_swapped (inn_inventory_get_data_centers (inventory), "items-changed",
                            G_CALLBACK (count), &n_changes);
  g_signal_connect_swapped (inn_cluster_get_hosts (inn_inventory_find_cluster (inventory, "c1")),
                            "items-changed", G_CALLBACK (count), &n_changes);
  g_signal_connect_swapped (host, "notify", G_CALLBACK (count), &n_changes);
  apply (inventory, make_config ("c1"));
  g_assert_cmpuint (n_changes, ==, 0);

  apply (inventory, make_config ("c2"));
  g_assert_true (inn_inventory_find_host (inventory, "h1") == host);
  g_assert_cmpuint (n_hosts_of (inventory, "c1"), ==, 1);
  g_assert_cmpuint (n_hosts_of (inventory, "c2"), ==, 1);

  apply (inventory, inn_view_config_new ());
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_hosts (inventory)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_data_centers (inventory)), ==, 0);
  g_assert_null (inn_inventory_find_cluster (inventory, "c1"));
}

static InnVm *
make_vm (const char *uuid, InnVmState state)
{
  const InnVmInfo info = {
    .uuid = (char *) uuid,
    .name = (char *) uuid,
    .domain_id = -1,
    .state = state,
  };

  return inn_vm_new (&info);
}

static void
add_vms (InnHost *host, const char *prefix, guint n, InnVmState state)
{
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *uuid = g_strdup_printf ("%s%u", prefix, i);

      g_ptr_array_add (vms, make_vm (uuid, state));
    }
  inn_host_add_vms (host, vms);
}

/* The list of all guests is what the hosts have, one after the other, through every change. */
static void
assert_vm_list (InnInventory *inventory)
{
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  GListModel *all = inn_inventory_get_vms (inventory);
  guint position = 0;

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      for (guint j = 0; j < inn_host_get_n_vms (host); j++)
        {
          g_autoptr (InnVm) expected = g_list_model_get_item (inn_host_get_vms (host), j);
          g_autoptr (InnVm) vm = g_list_model_get_item (all, position++);

          g_assert_true (vm == expected);
        }
    }
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, position);
  g_assert_null (g_list_model_get_item (all, position));
}

/* What somebody who only hears the changes believes the length to be. */
static void
on_changed (GListModel *model, guint position, guint removed, guint added, guint *length)
{
  g_assert_cmpuint (position + removed, <=, *length);
  *length = *length - removed + added;
  g_assert_cmpuint (*length, ==, g_list_model_get_n_items (model));
}

static void
test_vm_list (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  InnViewConfig *config = make_config ("c1");
  InnHost *h1;
  InnHost *h2;
  guint length = 0;

  g_signal_connect (inn_inventory_get_vms (inventory), "items-changed", G_CALLBACK (on_changed),
                    &length);
  apply (inventory, config);
  h1 = inn_inventory_find_host (inventory, "h1");
  h2 = inn_inventory_find_host (inventory, "h2");
  g_assert_false (inn_inventory_may_have_vm (inventory, "b1"));
  add_vms (h2, "b", 3, INN_VM_SHUTOFF);
  assert_vm_list (inventory);
  g_assert_true (inn_inventory_may_have_vm (inventory, "b1"));
  g_assert_true (inn_inventory_find_vm (inventory, "b1") == inn_host_find_vm (h2, "b1"));
  add_vms (h1, "a", 2, INN_VM_RUNNING);
  assert_vm_list (inventory);
  inn_host_remove_vm (h2, inn_host_find_vm (h2, "b1"));
  assert_vm_list (inventory);

  config = make_config ("c1");
  add_host (config, "h3", "host3", "c2");
  g_ptr_array_remove_index (config->hosts, 0);
  apply (inventory, config);
  g_assert_null (inn_inventory_find_host (inventory, "h1"));
  add_vms (inn_inventory_find_host (inventory, "h3"), "c", 4, INN_VM_RUNNING);
  assert_vm_list (inventory);
  g_assert_cmpuint (length, ==, 6);
}

static void
test_migrate (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  g_autoptr (GPtrArray) moved = g_ptr_array_new ();
  InnHost *h1;
  InnHost *h2;
  InnVm *vm;

  apply (inventory, make_config ("c1"));
  h1 = inn_inventory_find_host (inventory, "h1");
  h2 = inn_inventory_find_host (inventory, "h2");
  add_vms (h1, "a", 2, INN_VM_RUNNING);
  vm = inn_host_find_vm (h1, "a0");
  g_assert_cmpuint (inn_host_get_n_running (h1), ==, 2);

  g_ptr_array_add (moved, vm);
  g_object_ref (vm);
  inn_host_add_vms (h2, moved);
  g_object_unref (vm);
  g_assert_true (inn_vm_get_host (vm) == h2);
  g_assert_null (inn_host_find_vm (h1, "a0"));
  g_assert_true (inn_inventory_find_vm (inventory, "a0") == vm);
  g_assert_cmpuint (inn_host_get_n_running (h1), ==, 1);
  g_assert_cmpuint (inn_host_get_n_running (h2), ==, 1);
  inn_vm_apply_state (vm, INN_VM_SHUTOFF, 1, -1);
  g_assert_cmpuint (inn_host_get_n_running (h2), ==, 0);
  assert_vm_list (inventory);
}

/* Cloned hosts report the same guests: both are shown, and the active one is found first. */
static void
test_duplicates (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  InnHost *h1;
  InnHost *h2;

  apply (inventory, make_config ("c1"));
  h1 = inn_inventory_find_host (inventory, "h1");
  h2 = inn_inventory_find_host (inventory, "h2");
  add_vms (h1, "same", 1, INN_VM_SHUTOFF);
  add_vms (h2, "same", 1, INN_VM_RUNNING);
  g_assert_cmpuint (g_list_model_get_n_items (inn_inventory_get_vms (inventory)), ==, 2);
  g_assert_true (inn_vm_get_host (inn_inventory_find_vm (inventory, "same0")) == h2);

  /* The same again on the same host is left out. */
  add_vms (h2, "same", 1, INN_VM_RUNNING);
  g_assert_cmpuint (inn_host_get_n_vms (h2), ==, 1);
}

static void
test_vm (void)
{
  g_autoptr (InnVm) vm = make_vm ("u", INN_VM_RUNNING);
  InnVmInfo info = {
    .uuid = (char *) "u",
    .name = (char *) "bad \xff name",
    .domain_id = 3,
    .state = INN_VM_RUNNING,
    .vcpus = 2,
  };
  static const char *const addresses[] = { "192.0.2.1", NULL };
  guint n_notified = 0;

  g_assert_true (inn_vm_apply_info (vm, &info));
  g_assert_true (g_utf8_validate (inn_vm_get_name (vm), -1, NULL));
  g_assert_false (inn_vm_apply_info (vm, &info));

  inn_vm_set_name (vm, "web2");
  info.name = (char *) "web2";
  g_signal_connect_swapped (vm, "notify", G_CALLBACK (count), &n_notified);
  g_assert_false (inn_vm_apply_info (vm, &info));
  g_assert_cmpuint (n_notified, ==, 0);

  inn_vm_set_addresses (vm, addresses);
  g_assert_true (inn_vm_apply_state (vm, INN_VM_SHUTOFF, 1, -1));
  g_assert_true (inn_vm_get_addresses (vm) == NULL || inn_vm_get_addresses (vm)[0] == NULL);
  g_assert_cmpint (inn_vm_get_domain_id (vm), ==, -1);
}

static void
test_name_key (void)
{
  g_autoptr (InnVm) two = make_vm ("web2", INN_VM_RUNNING);
  g_autoptr (InnVm) ten = make_vm ("web10", INN_VM_RUNNING);

  g_assert_cmpstr (inn_vm_get_name_key (two), <, inn_vm_get_name_key (ten));
  inn_vm_set_name (two, "web20");
  g_assert_cmpstr (inn_vm_get_name_key (two), >, inn_vm_get_name_key (ten));
}

static void
test_stale (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  InnHost *host;

  apply (inventory, make_config ("c1"));
  host = inn_inventory_find_host (inventory, "h1");
  add_vms (host, "a", 1, INN_VM_RUNNING);
  g_assert_true (inn_vm_get_stale (inn_host_find_vm (host, "a0")));
  inn_host_set_state (host, INN_HOST_ONLINE, NULL);
  g_assert_false (inn_vm_get_stale (inn_host_find_vm (host, "a0")));
  inn_host_set_state (host, INN_HOST_LOST, NULL);
  g_assert_true (inn_vm_get_stale (inn_host_find_vm (host, "a0")));
}

static void
test_events (void)
{
  g_autoptr (InnInventory) inventory = inn_inventory_new ();
  GListModel *events = inn_inventory_get_events (inventory);
  g_autoptr (InnEvent) first = NULL;
  guint n_reported = 0;

  g_signal_connect_swapped (inventory, "event-reported", G_CALLBACK (count), &n_reported);
  for (guint i = 0; i < 5010; i++)
    inn_inventory_report (inventory, INN_SEVERITY_INFO, "k", NULL, NULL, "event %u", i);
  g_assert_cmpuint (n_reported, ==, 5010);
  g_assert_cmpuint (g_list_model_get_n_items (events), ==, 5000);
  first = g_list_model_get_item (events, 0);
  g_assert_cmpstr (inn_event_get_text (first), ==, "event 10");
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/model/apply", test_apply);
  g_test_add_func ("/model/vm-list", test_vm_list);
  g_test_add_func ("/model/migrate", test_migrate);
  g_test_add_func ("/model/duplicates", test_duplicates);
  g_test_add_func ("/model/vm", test_vm);
  g_test_add_func ("/model/name-key", test_name_key);
  g_test_add_func ("/model/stale", test_stale);
  g_test_add_func ("/model/events", test_events);

  return g_test_run ();
}

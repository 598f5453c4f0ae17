/* test-debug-report.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-context.h"
#include "base/inn-error.h"
#include "inn-test.h"
#include "inn-turns.h"

#include <string.h>

#define N_HOSTS 100
#define N_VMS 100
/* CPU time that the main thread may spend between two polls. */
#define MOST_TURN (50 * G_TIME_SPAN_MILLISECOND)

static void
add_hosts (InnInventory *inventory, guint n)
{
  g_autoptr (InnViewConfig) config = inn_view_config_new ();

  inn_view_config_add_data_center (config, "dc", "Wiener Keller", FALSE);
  inn_view_config_add_cluster (config, "cluster", "dc", "Nordturm");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("h%u", i);
      g_autofree char *name = g_strdup_printf ("blade%u", i);
      g_autofree char *uri = g_strdup_printf ("qemu+ssh://kunz@blade%u.firma.example/system", i);
      InnHostConfig host = { .id = id, .name = name, .uri = uri, .cluster_id = (char *) "cluster" };

      inn_view_config_add_host (config, &host);
    }
  inn_inventory_apply_config (inventory, config);
}

static void
add_vms (InnHost *host, guint first, guint n)
{
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *uuid = g_strdup_printf ("00000000-0000-4000-8000-%012u", i);
      g_autofree char *name = g_strdup_printf ("customer-database-number-%05u", i);
      InnVmInfo info = { .uuid = uuid, .name = name, .title = name, .domain_id = -1 };

      g_ptr_array_add (vms, inn_vm_new (&info));
    }
  inn_host_add_vms (host, vms);
}

static void
set_trouble (InnInventory *inventory, InnHost *host)
{
  g_autoptr (GError) error = inn_error_new (
      INN_ERROR_TIMED_OUT, "connecting kunz@10.9.8.7: customer-database-number-00003",
      "%s does not answer", inn_host_get_name (host));

  inn_host_set_state (host, INN_HOST_FAILED, error);
  inn_inventory_report (inventory, INN_SEVERITY_WARNING, "host.failed", host, NULL,
                        "%s of Nordturm failed, and Wiener Keller with it",
                        inn_host_get_name (host));
}

static char *
make_report (InnAppContext *context)
{
  g_autoptr (GError) error = NULL;
  char *report = dex_await_string (inn_app_context_debug_report (context), &error);

  g_assert_no_error (error);
  return report;
}

static InnAppContext *
open_context (const char *dir, guint n_hosts, guint n_vms)
{
  InnAppContext *context = inn_app_context_new (dir, NULL);
  InnInventory *inventory = inn_app_context_get_inventory (context);

  inn_test_await_ok (inn_app_context_open (context));
  add_hosts (inventory, n_hosts);
  for (guint i = 0; i < n_hosts; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (inn_inventory_get_hosts (inventory), i);

      add_vms (host, i * n_vms, n_vms);
      if (i % 2 == 0)
        set_trouble (inventory, host);
    }

  return context;
}

static void
close_context (InnAppContext *context)
{
  inn_test_await_ok (inn_app_context_close (context));
  g_object_unref (context);
}

/* What is said, and that nothing in it says whose it is. */
static void
test_contents (void)
{
  static const char *const secrets[] = { "blade",    "firma",  "kunz",    "10.9.8.7",
                                         "customer", "Keller", "Nordturm" };
  static const char *const said[] = {
    "\n1 data centers, 3 hosts, 15 guests\n",
    "\n  host-1: qemu+ssh, failed\n",
    "\n    timed-out: host-1 does not answer\n    connecting user-1@192.0.2.1: vm-4\n",
    "\n  host-3: qemu+ssh, offline\n",
    "\nLast warnings\n",
    "\n  host.failed: host-1 of cluster-1 failed, and datacenter-1 with it\n",
  };
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  InnAppContext *context = open_context (dir, 3, 5);
  g_autofree char *report = make_report (context);

  g_test_message ("%s", report);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (report, secrets[i]));
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    g_assert_nonnull (strstr (report, said[i]));
  close_context (context);
}

/* The window goes on while a report of ten thousand guests is made. */
static void
test_many (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  InnAppContext *context = open_context (dir, N_HOSTS, N_VMS);
  g_autofree char *report = NULL;
  gint64 idle;
  gint64 worst;

  /* What is behind the new guests (their writing to the store) is not asked about. */
  inn_test_await_ok (inn_store_flush (inn_app_context_get_store (context)));
  inn_turns_start ();
  inn_test_await_ok (inn_future_delay (200 * G_TIME_SPAN_MILLISECOND));
  idle = inn_turns_get_longest ();

  inn_turns_start ();
  report = make_report (context);
  worst = inn_turns_get_longest ();

  g_test_message ("longest turn: %.1f ms of CPU, %.1f ms when idle", (double) worst / 1000,
                  (double) idle / 1000);
  g_assert_nonnull (strstr (report, "100 hosts, 10000 guests"));
  g_assert_null (strstr (report, "customer"));
  g_assert_cmpint (worst, <, MOST_TURN);
  close_context (context);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);

  inn_test_add_fiber ("/debug-report/contents", test_contents);
  inn_test_add_fiber ("/debug-report/many", test_many);

  return g_test_run ();
}

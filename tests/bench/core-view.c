/* core-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What looking at many hosts costs with the core and no window: the same work as bare-view, the
 * same output, with the longest turn of the main loop besides.
 *
 * Usage: core-view [--poll SECONDS] [--ticks N] URI...        (or URIs on stdin, one a line) */

#include "config.h"

#include "base/inn-dex.h"
#include "virt/inn-local-transport.h"
#include "virt/inn-session-manager.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double longest;

static double
cpu (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long
rss_kib (void)
{
  g_autofree char *text = NULL;
  long total = 0;
  long resident = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      sscanf (text, "%ld %ld", &total, &resident) != 2)
    return 0;

  return resident * (sysconf (_SC_PAGESIZE) / 1024);
}

static double
thread_cpu (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

static void
turn (void)
{
  double before = thread_cpu ();

  g_main_context_iteration (NULL, TRUE);
  longest = MAX (longest, thread_cpu () - before);
}

static void
add_hosts (InnInventory *inventory, char **uris)
{
  g_autoptr (InnViewConfig) config = inn_view_config_new ();

  inn_view_config_add_data_center (config, "dc", "Data center", FALSE);
  inn_view_config_add_cluster (config, "cluster", "dc", "Cluster");
  for (guint i = 0; uris[i] != NULL; i++)
    {
      g_autofree char *id = g_strdup_printf ("host-%u", i);
      InnHostConfig host = {
        .id = id, .name = id, .uri = uris[i], .cluster_id = (char *) "cluster", .autoconnect = TRUE
      };

      inn_view_config_add_host (config, &host);
    }
  inn_inventory_apply_config (inventory, config);
}

static guint
count (InnInventory *inventory, InnHostState state)
{
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  guint found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      found += inn_host_get_state (host) == state;
    }

  return found;
}

static void
print (const char *phase, InnInventory *inventory, double wall, double used, int ticks)
{
  printf ("{\"phase\": \"%s\", \"hosts\": %u, \"failed\": %u, \"guests\": %u, \"wall_s\": %.4f, "
          "\"cpu_s\": %.4f, \"rss_kib\": %ld, \"ticks\": %d, \"longest_turn_ms\": %.2f, "
          "\"main_cpu_s\": %.4f}\n",
          phase, g_list_model_get_n_items (inn_inventory_get_hosts (inventory)),
          count (inventory, INN_HOST_FAILED),
          g_list_model_get_n_items (inn_inventory_get_vms (inventory)), wall, used, rss_kib (),
          ticks, longest * 1000, thread_cpu ());
  fflush (stdout);
}

static gboolean
is_over (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_loaded (InnInventory *inventory, guint hosts)
{
  return count (inventory, INN_HOST_ONLINE) + count (inventory, INN_HOST_FAILED) == hosts;
}

static char **
read_lines (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  char *line = NULL;
  size_t size = 0;

  while (getline (&line, &size, stdin) > 0)
    g_strv_builder_add (builder, g_strchomp (line));
  free (line);

  return g_strv_builder_end (builder);
}

int
main (int argc, char *argv[])
{
  g_autoptr (InnInventory) inventory = NULL;
  g_autoptr (InnTransport) transport = NULL;
  g_autoptr (InnClock) clock = NULL;
  g_autoptr (InnSessionManager) manager = NULL;
  g_auto (GStrv) uris = NULL;
  double poll = 3;
  int ticks = 0;
  int first = 1;
  gboolean over = FALSE;
  gint64 start;
  double begun;

  for (; first + 1 < argc && g_str_has_prefix (argv[first], "--"); first += 2)
    if (g_str_equal (argv[first], "--poll"))
      poll = g_ascii_strtod (argv[first + 1], NULL);
    else
      ticks = atoi (argv[first + 1]);
  uris = first < argc ? g_strdupv (argv + first) : read_lines ();

  inn_init ();
  inventory = inn_inventory_new ();
  transport = INN_TRANSPORT (inn_local_transport_new ());
  clock = inn_clock_new ();
  add_hosts (inventory, uris);
  manager = inn_session_manager_new (inventory, transport, NULL, clock);
  inn_session_manager_set_interval (manager, (gint64) (poll * G_USEC_PER_SEC));

  start = g_get_monotonic_time ();
  begun = cpu (RUSAGE_SELF);
  dex_future_disown (inn_session_manager_autoconnect (manager));
  while (!is_loaded (inventory, g_strv_length (uris)))
    turn ();
  print ("load", inventory, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
         cpu (RUSAGE_SELF) - begun, 0);

  if (ticks > 0)
    {
      start = g_get_monotonic_time ();
      begun = cpu (RUSAGE_SELF);
      longest = 0;
      g_timeout_add ((guint) (poll * ticks * 1000), is_over, &over);
      while (!over)
        turn ();
      print ("steady", inventory, (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
             cpu (RUSAGE_SELF) - begun, ticks);
    }

  over = FALSE;
  dex_future_disown (inn_session_manager_close (manager));
  g_timeout_add (200, is_over, &over);
  while (!over)
    turn ();
  return 0;
}

/* inn-process.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-process.h"

#include <gio/gio.h>
#include <string.h>

/* Field 22 of /proc/PID/stat, counted after the name, which may hold anything. */
#define START_FIELD_AFTER_NAME 20

static char *
read_start (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/stat", pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;
  const char *after;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  after = strrchr (text, ')');
  fields = g_strsplit (after != NULL ? after + 1 : "", " ", START_FIELD_AFTER_NAME + 2);
  /* A zombie works no more. */
  if (g_strv_length (fields) <= START_FIELD_AFTER_NAME || g_strcmp0 (fields[1], "Z") == 0 ||
      g_strcmp0 (fields[1], "X") == 0)
    return NULL;

  return g_strdup (fields[START_FIELD_AFTER_NAME]);
}

static char *
read_boot (void)
{
  char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return g_strdup ("unknown");

  return g_strstrip (text);
}

static char *
read_namespace (void)
{
  char *name = g_file_read_link ("/proc/self/ns/pid", NULL);

  return name != NULL ? name : g_strdup ("unknown");
}

/**
 * inn_process_get_mark:
 * @pid: a process
 *
 * A process id is used again; with this mark it names one process for all time: the boot, the
 * namespace the id counts in (a sandbox has its own), and when the process began.
 *
 * Returns: (transfer full) (nullable): the mark; %NULL when there is no such process
 */
char *
inn_process_get_mark (gint64 pid)
{
  g_autofree char *boot = read_boot ();
  g_autofree char *namespace = read_namespace ();
  g_autofree char *start = read_start (pid);

  return start != NULL ? g_strdup_printf ("%s %s %s", boot, namespace, start) : NULL;
}

/**
 * inn_process_is_alive:
 * @pid: a process
 * @mark: its mark, maybe of long ago
 *
 * Returns: %FALSE when that process has certainly ended; %TRUE also when it cannot be seen from
 *   here
 */
gboolean
inn_process_is_alive (gint64 pid, const char *mark)
{
  g_autofree char *boot = read_boot ();
  g_autofree char *namespace = read_namespace ();
  g_autofree char *start = NULL;
  g_auto (GStrv) parts = g_strsplit (mark, " ", 3);

  if (g_strv_length (parts) != 3 || g_strcmp0 (parts[0], boot) != 0)
    return FALSE;
  if (g_strcmp0 (parts[1], namespace) != 0)
    return TRUE;

  start = read_start (pid);
  return g_strcmp0 (start, parts[2]) == 0;
}

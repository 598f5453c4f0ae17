/* inn-sorted-hosts.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/inventory/inn-sorted-hosts.h"

#include "model/inn-host.h"

static int
compare_hosts (gconstpointer a, gconstpointer b, gpointer data)
{
  g_autofree char *first = g_utf8_collate_key_for_filename (inn_host_get_name ((InnHost *) a), -1);
  g_autofree char *second = g_utf8_collate_key_for_filename (inn_host_get_name ((InnHost *) b), -1);

  return strcmp (first, second);
}

static void
on_renamed (GtkSorter *sorter)
{
  gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

/* A sorter does not see that the name of a host changed. */
static void
watch_names (GListModel *hosts, guint position, guint n_removed, guint n_added, GtkSorter *sorter)
{
  for (guint i = position; i < position + n_added; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      /* It may have been in this cluster before. */
      g_signal_handlers_disconnect_by_func (host, on_renamed, sorter);
      g_signal_connect_object (host, "notify::name", G_CALLBACK (on_renamed), sorter,
                               G_CONNECT_SWAPPED);
    }
}

/**
 * inn_sorted_hosts_new:
 * @hosts: (transfer none): a list of #InnHost
 *
 * Returns: (transfer full): the same hosts by name, also after one was renamed
 */
GListModel *
inn_sorted_hosts_new (GListModel *hosts)
{
  GtkSorter *sorter;

  g_return_val_if_fail (G_IS_LIST_MODEL (hosts), NULL);

  sorter = GTK_SORTER (gtk_custom_sorter_new (compare_hosts, NULL, NULL));
  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (watch_names), sorter, 0);
  watch_names (hosts, 0, 0, g_list_model_get_n_items (hosts), sorter);

  return G_LIST_MODEL (gtk_sort_list_model_new (g_object_ref (hosts), sorter));
}

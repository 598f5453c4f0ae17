/* inn-vm-columns.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-columns.h"

#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>
#include <string.h>

static InnCluster *
get_cluster (InnVm *vm, InnInventory *inventory)
{
  InnHost *host = inn_vm_get_host (vm);

  return host != NULL ? inn_inventory_get_cluster_of (inventory, host) : NULL;
}

static const char *
get_host_name (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);

  return host != NULL ? inn_host_get_name (host) : "";
}

static const char *
get_cluster_name (InnVm *vm, InnInventory *inventory)
{
  InnCluster *cluster = get_cluster (vm, inventory);

  return cluster != NULL ? inn_cluster_get_name (cluster) : "";
}

static const char *
get_first (const char *const *strv)
{
  return strv != NULL && strv[0] != NULL ? strv[0] : "";
}

static double
get_disk (InnVm *vm)
{
  const InnVmSample *sample = inn_vm_get_sample (vm);

  return sample->disk_read_bps < 0 ? -1 : sample->disk_read_bps + MAX (sample->disk_write_bps, 0);
}

static double
get_net (InnVm *vm)
{
  const InnVmSample *sample = inn_vm_get_sample (vm);

  return sample->net_rx_bps < 0 ? -1 : sample->net_rx_bps + MAX (sample->net_tx_bps, 0);
}

static char *
format_name (InnVm *vm, InnInventory *inventory)
{
  return g_strdup (inn_vm_get_name (vm));
}

static char *
format_state (InnVm *vm, InnInventory *inventory)
{
  return g_strdup (inn_vm_get_state_word (vm));
}

static char *
format_host (InnVm *vm, InnInventory *inventory)
{
  return g_strdup (get_host_name (vm));
}

static char *
format_cluster (InnVm *vm, InnInventory *inventory)
{
  return g_strdup (get_cluster_name (vm, inventory));
}

static char *
format_cpu (InnVm *vm, InnInventory *inventory)
{
  return inn_format_percent (inn_vm_get_sample (vm)->cpu_percent);
}

static char *
format_vcpus (InnVm *vm, InnInventory *inventory)
{
  return g_strdup_printf ("%u", inn_vm_get_vcpus (vm));
}

static char *
format_used (InnVm *vm, InnInventory *inventory)
{
  return inn_format_kib (inn_vm_get_sample (vm)->memory_used_kib);
}

static char *
format_memory (InnVm *vm, InnInventory *inventory)
{
  return inn_format_kib (inn_vm_get_max_memory_kib (vm));
}

static char *
format_disk (InnVm *vm, InnInventory *inventory)
{
  return inn_format_rate (get_disk (vm));
}

static char *
format_net (InnVm *vm, InnInventory *inventory)
{
  return inn_format_rate (get_net (vm));
}

static char *
format_address (InnVm *vm, InnInventory *inventory)
{
  return g_strdup (get_first (inn_vm_get_addresses (vm)));
}

static char *
format_uptime (InnVm *vm, InnInventory *inventory)
{
  return inn_format_uptime (inn_vm_get_started_at (vm));
}

static char *
format_os (InnVm *vm, InnInventory *inventory)
{
  return g_strdup (inn_vm_get_os (vm) != NULL ? inn_vm_get_os (vm) : "");
}

static char *
format_tags (InnVm *vm, InnInventory *inventory)
{
  const char *const *tags = inn_vm_get_tags (vm);

  return tags != NULL ? g_strjoinv (", ", (char **) tags) : g_strdup ("");
}

static int
compare_numbers (double a, double b)
{
  return (a > b) - (a < b);
}

/* Empty goes last: nobody sorts by address to see those that have none. */
static int
compare_texts (const char *a, const char *b)
{
  if (a == NULL || b == NULL || *a == '\0' || *b == '\0')
    return (a == NULL || *a == '\0') - (b == NULL || *b == '\0');

  return g_ascii_strcasecmp (a, b);
}

static int
compare_name (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return strcmp (inn_vm_get_name_key (a), inn_vm_get_name_key (b));
}

static int
compare_state (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return (int) inn_vm_get_state (a) - (int) inn_vm_get_state (b);
}

static int
compare_host (InnVm *a, InnVm *b, InnInventory *inventory)
{
  if (inn_vm_get_host (a) == inn_vm_get_host (b))
    return 0;

  return compare_texts (get_host_name (a), get_host_name (b));
}

static int
compare_cluster (InnVm *a, InnVm *b, InnInventory *inventory)
{
  if (inn_vm_get_host (a) == inn_vm_get_host (b))
    return 0;

  return compare_texts (get_cluster_name (a, inventory), get_cluster_name (b, inventory));
}

static int
compare_cpu (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_numbers (inn_vm_get_sample (a)->cpu_percent, inn_vm_get_sample (b)->cpu_percent);
}

static int
compare_vcpus (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_numbers (inn_vm_get_vcpus (a), inn_vm_get_vcpus (b));
}

static int
compare_used (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_numbers (inn_vm_get_sample (a)->memory_used_kib,
                          inn_vm_get_sample (b)->memory_used_kib);
}

static int
compare_memory (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_numbers (inn_vm_get_max_memory_kib (a), inn_vm_get_max_memory_kib (b));
}

static int
compare_disk (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_numbers (get_disk (a), get_disk (b));
}

static int
compare_net (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_numbers (get_net (a), get_net (b));
}

static int
compare_address (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_texts (get_first (inn_vm_get_addresses (a)), get_first (inn_vm_get_addresses (b)));
}

/* Longest first would need a later start to be smaller; unknown goes to the short end. */
static int
compare_uptime (InnVm *a, InnVm *b, InnInventory *inventory)
{
  gint64 first = inn_vm_get_started_at (a);
  gint64 second = inn_vm_get_started_at (b);

  return compare_numbers (first > 0 ? -(double) first : -G_MAXDOUBLE,
                          second > 0 ? -(double) second : -G_MAXDOUBLE);
}

static int
compare_os (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_texts (inn_vm_get_os (a), inn_vm_get_os (b));
}

static int
compare_tags (InnVm *a, InnVm *b, InnInventory *inventory)
{
  return compare_texts (get_first (inn_vm_get_tags (a)), get_first (inn_vm_get_tags (b)));
}

static const InnVmColumn columns[] = {
  { "name", N_ ("Name"), 160, FALSE, FALSE, TRUE, "name state", format_name, NULL, compare_name },
  { "state", N_ ("State"), 88, FALSE, FALSE, TRUE, "state", format_state, inn_vm_dup_state_text,
    compare_state },
  { "host", N_ ("Host"), 104, FALSE, FALSE, TRUE, "host", format_host, NULL, compare_host },
  { "cluster", N_ ("Cluster"), 120, FALSE, FALSE, FALSE, "host", format_cluster, NULL,
    compare_cluster },
  { "cpu", N_ ("CPU"), 68, TRUE, TRUE, TRUE, "cpu-percent", format_cpu, NULL, compare_cpu },
  { "used", N_ ("Memory Used"), 112, TRUE, TRUE, TRUE, "memory-used-kib", format_used, NULL,
    compare_used },
  { "memory", N_ ("Memory"), 100, TRUE, FALSE, FALSE, "max-memory-kib", format_memory, NULL,
    compare_memory },
  { "vcpus", N_ ("vCPUs"), 80, TRUE, FALSE, FALSE, "vcpus", format_vcpus, NULL, compare_vcpus },
  { "disk", N_ ("Disk"), 84, TRUE, TRUE, TRUE, "disk-bps", format_disk, NULL, compare_disk },
  { "net", N_ ("Network"), 88, TRUE, TRUE, TRUE, "net-bps", format_net, NULL, compare_net },
  { "address", N_ ("Address"), 116, FALSE, FALSE, TRUE, "addresses", format_address, NULL,
    compare_address },
  { "uptime", N_ ("Uptime"), 84, TRUE, FALSE, TRUE, "started-at time", format_uptime, NULL,
    compare_uptime },
  { "os", N_ ("System"), 120, FALSE, FALSE, FALSE, "os", format_os, NULL, compare_os },
  { "tags", N_ ("Tags"), 140, FALSE, FALSE, FALSE, "tags", format_tags, NULL, compare_tags },
};

/**
 * inn_vm_columns_get:
 * @n: (out): how many there are
 *
 * Returns: (transfer none) (array length=n): all columns, in their first order
 */
const InnVmColumn *
inn_vm_columns_get (guint *n)
{
  *n = G_N_ELEMENTS (columns);
  return columns;
}

/**
 * inn_vm_columns_find:
 * @id: (nullable): a column's name
 *
 * Returns: (transfer none) (nullable): the column
 */
const InnVmColumn *
inn_vm_columns_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (g_strcmp0 (columns[i].id, id) == 0)
      return &columns[i];

  return NULL;
}

/**
 * inn_vm_column_depends_on:
 * @self: a column
 * @property: name of a property of the guest
 *
 * Returns: whether a cell of the column looks different when that property changed
 */
gboolean
inn_vm_column_depends_on (const InnVmColumn *self, const char *property)
{
  gsize length = strlen (property);
  const char *at = self->watch;

  while ((at = strstr (at, property)) != NULL)
    {
      if ((at == self->watch || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
        return TRUE;
      at += length;
    }

  return FALSE;
}

/* What a cell of a column view has around its text, in pixels. */
#define CELL_EDGES 13

/**
 * inn_vm_column_get_width:
 * @self: a column
 * @list: what has the font
 *
 * Returns: how wide the column is at first, in pixels: no state is cut, in whatever language
 */
int
inn_vm_column_get_width (const InnVmColumn *self, GtkWidget *list)
{
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (PangoLayout) layout = NULL;
  int width = self->width;

  if (!g_str_equal (self->id, "state"))
    return width;

  words = inn_vm_list_state_words ();
  layout = pango_layout_new (gtk_widget_get_pango_context (list));
  for (guint i = 0; i < words->len; i++)
    {
      int word_width;

      pango_layout_set_text (layout, g_ptr_array_index (words, i), -1);
      pango_layout_get_pixel_size (layout, &word_width, NULL);
      width = MAX (width, word_width + CELL_EDGES);
    }

  return width;
}

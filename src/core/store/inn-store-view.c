/* inn-store-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-view.h"

#include <gnu/libc-version.h>
#include <locale.h>

G_DEFINE_BOXED_TYPE (InnStoreView, inn_store_view, inn_store_view_ref, inn_store_view_unref)

#define STRING_CHUNK_BYTES (64 * 1024)

static void
host_view_free (InnHostView *view)
{
  g_free (view->host_id);
  inn_host_facts_clear (&view->facts);
  g_array_unref (view->vms);
  g_free (view);
}

/**
 * inn_store_dup_collation:
 *
 * Returns: (transfer full): a mark of the language and the C library that sort names here; keys of
 *   another mark do not compare with ours
 */
char *
inn_store_dup_collation (void)
{
  g_autofree char *order =
      g_strdup_printf ("%s %s", setlocale (LC_COLLATE, NULL), gnu_get_libc_version ());

  return g_strdup_printf ("%08x:", g_str_hash (order));
}

/**
 * inn_store_view_new:
 *
 * Returns: (transfer full): an empty view
 */
InnStoreView *
inn_store_view_new (void)
{
  InnStoreView *self = g_new0 (InnStoreView, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) host_view_free);
  self->strings = g_string_chunk_new (STRING_CHUNK_BYTES);
  self->collation = inn_store_dup_collation ();

  return self;
}

/**
 * inn_store_view_ref:
 * @self: a view
 *
 * Returns: (transfer full): @self
 */
InnStoreView *
inn_store_view_ref (InnStoreView *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * inn_store_view_unref:
 * @self: (transfer full): a view
 */
void
inn_store_view_unref (InnStoreView *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->config, inn_view_config_unref);
  g_ptr_array_unref (self->hosts);
  g_string_chunk_free (self->strings);
  g_free (self->collation);
  g_free (self);
}

static gboolean
read_groups (InnDatabase *db, InnViewConfig *config, GError **error)
{
  GError *failure = NULL;
  sqlite3_stmt *row;

  row =
      inn_database_query (db, &failure, "SELECT id, name, demo FROM data_center ORDER BY key", "");
  while (row != NULL && inn_database_next (db, row, &failure))
    inn_view_config_add_data_center (config, inn_row_text (row, 0), inn_row_text (row, 1),
                                     inn_row_int (row, 2) != 0);
  if (failure == NULL)
    {
      row = inn_database_query (db, &failure,
                                "SELECT id, data_center_id, name FROM cluster ORDER BY key", "");
      while (row != NULL && inn_database_next (db, row, &failure))
        inn_view_config_add_cluster (config, inn_row_text (row, 0), inn_row_text (row, 1),
                                     inn_row_text (row, 2));
    }
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
read_hosts (InnDatabase *db, InnViewConfig *config, GError **error)
{
  GError *failure = NULL;
  sqlite3_stmt *row =
      inn_database_query (db, &failure,
                          "SELECT id, name, uri, cluster_id, read_only, autoconnect FROM host "
                          "ORDER BY key",
                          "");

  while (row != NULL && inn_database_next (db, row, &failure))
    {
      const InnHostConfig host = {
        .id = (char *) inn_row_text (row, 0),
        .name = (char *) inn_row_text (row, 1),
        .uri = (char *) inn_row_text (row, 2),
        .cluster_id = (char *) inn_row_text (row, 3),
        .read_only = inn_row_int (row, 4) != 0,
        .autoconnect = inn_row_int (row, 5) != 0,
      };

      inn_view_config_add_host (config, &host);
    }
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

/**
 * inn_store_read_config:
 * @db: an open database, best in a transaction
 * @revision: (out): the number of the last change
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the whole grouping
 */
InnViewConfig *
inn_store_read_config (InnDatabase *db, gint64 *revision, GError **error)
{
  g_autoptr (InnViewConfig) config = inn_view_config_new ();

  if (!inn_database_get_int (db, revision, error,
                             "SELECT value FROM meta WHERE key = 'config-revision'", "") ||
      !read_groups (db, config, error) || !read_hosts (db, config, error))
    return NULL;

  return g_steal_pointer (&config);
}

static const char *
keep_text (InnStoreView *self, sqlite3_stmt *row, int column)
{
  const char *text = inn_row_text (row, column);

  return text != NULL
             ? g_string_chunk_insert_len (self->strings, text, sqlite3_column_bytes (row, column))
             : NULL;
}

static void
read_facts_row (InnHostFacts *facts, sqlite3_stmt *row)
{
  facts->uuid = g_strdup (inn_row_text (row, 3));
  facts->hostname = g_strdup (inn_row_text (row, 4));
  facts->hypervisor = g_strdup (inn_row_text (row, 5));
  facts->hypervisor_version = (guint64) inn_row_int (row, 6);
  facts->libvirt_version = (guint64) inn_row_int (row, 7);
  facts->arch = g_strdup (inn_row_text (row, 8));
  facts->cpu_model = g_strdup (inn_row_text (row, 9));
  facts->cpus = (guint) inn_row_int (row, 10);
  facts->sockets = (guint) inn_row_int (row, 11);
  facts->cores = (guint) inn_row_int (row, 12);
  facts->threads = (guint) inn_row_int (row, 13);
  facts->cpu_mhz = (guint) inn_row_int (row, 14);
  facts->memory_kib = (guint64) inn_row_int (row, 15);
  facts->boot_time = inn_row_int (row, 16);
}

static InnHostView *
take_host_row (InnStoreView *self, sqlite3_stmt *row)
{
  InnHostView *view = g_new0 (InnHostView, 1);

  view->host_id = g_strdup (inn_row_text (row, 1));
  view->last_seen = inn_row_int (row, 2);
  view->vms = g_array_new (FALSE, FALSE, sizeof (InnVmRecord));
  read_facts_row (&view->facts, row);
  g_ptr_array_add (self->hosts, view);

  return view;
}

#define HOST_COLUMNS                                                                               \
  "host.key, host.id, last_seen, uuid, hostname, hypervisor, hypervisor_version, "                 \
  "libvirt_version, arch, cpu_model, cpus, sockets, cores, threads, cpu_mhz, memory_kib, "         \
  "boot_time"

static gboolean
read_facts (InnDatabase *db, InnStoreView *self, GHashTable *by_key, GError **error)
{
  GError *failure = NULL;
  sqlite3_stmt *row = inn_database_query (
      db, &failure, "SELECT " HOST_COLUMNS " FROM host JOIN host_facts ON host_key = host.key", "");

  while (row != NULL && inn_database_next (db, row, &failure))
    g_hash_table_insert (by_key, GSIZE_TO_POINTER ((gsize) inn_row_int (row, 0)),
                         take_host_row (self, row));
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

static const char *
keep_name_key (InnStoreView *self, sqlite3_stmt *row, int column)
{
  const char *text = inn_row_text (row, column);
  gsize mark = strlen (self->collation);

  return text != NULL && strncmp (text, self->collation, mark) == 0
             ? g_string_chunk_insert (self->strings, text + mark)
             : NULL;
}

static void
read_vm_row (InnStoreView *self, InnVmRecord *vm, sqlite3_stmt *row)
{
  vm->info.uuid = (char *) keep_text (self, row, 1);
  vm->info.name = (char *) keep_text (self, row, 2);
  vm->info.title = (char *) keep_text (self, row, 3);
  vm->info.description = (char *) keep_text (self, row, 4);
  vm->info.os = (char *) keep_text (self, row, 5);
  vm->info.domain_id = (int) inn_row_int (row, 6);
  vm->info.state = (InnVmState) CLAMP (inn_row_int (row, 7), 0, INN_VM_PMSUSPENDED);
  vm->info.reason = (int) inn_row_int (row, 8);
  vm->info.persistent = inn_row_int (row, 9) != 0;
  vm->info.autostart = inn_row_int (row, 10) != 0;
  vm->info.managed_save = inn_row_int (row, 11) != 0;
  vm->info.vcpus = (guint) inn_row_int (row, 12);
  vm->info.max_memory_kib = (guint64) inn_row_int (row, 13);
  vm->info.memory_kib = (guint64) inn_row_int (row, 14);
  vm->started_at = inn_row_int (row, 15);
  vm->addresses = keep_text (self, row, 16);
  vm->tags = keep_text (self, row, 17);
  vm->name_key = keep_name_key (self, row, 18);
}

#define VM_COLUMNS                                                                                 \
  "host_key, uuid, name, title, description, os, domain_id, state, reason, persistent, "           \
  "autostart, managed_save, vcpus, max_memory_kib, memory_kib, started_at, addresses, tags, "      \
  "name_key"

static gboolean
read_vms (InnDatabase *db, InnStoreView *self, GHashTable *by_key, guint most, GError **error)
{
  GError *failure = NULL;
  sqlite3_stmt *row =
      most == 0
          ? inn_database_query (db, &failure, "SELECT " VM_COLUMNS " FROM vm ORDER BY key", "")
          : inn_database_query (db, &failure,
                                "SELECT " VM_COLUMNS " FROM vm ORDER BY name_key, uuid LIMIT ?1",
                                "i", (gint64) most);

  while (row != NULL && inn_database_next (db, row, &failure))
    {
      InnHostView *view =
          g_hash_table_lookup (by_key, GSIZE_TO_POINTER ((gsize) inn_row_int (row, 0)));
      InnVmRecord vm = { 0 };

      if (view == NULL)
        continue;
      read_vm_row (self, &vm, row);
      g_array_append_val (view->vms, vm);
    }
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
count_vms (InnDatabase *db, GHashTable *by_key, guint *total, GError **error)
{
  GError *failure = NULL;
  sqlite3_stmt *row =
      inn_database_query (db, &failure, "SELECT host_key, count(*) FROM vm GROUP BY host_key", "");

  while (row != NULL && inn_database_next (db, row, &failure))
    {
      InnHostView *view =
          g_hash_table_lookup (by_key, GSIZE_TO_POINTER ((gsize) inn_row_int (row, 0)));

      if (view == NULL)
        continue;
      view->n_vms = (guint) inn_row_int (row, 1);
      *total += view->n_vms;
    }
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

/* Whether all names were sorted as they are sorted here, so that the disk knows which come first.
 */
static gboolean
is_in_order (InnDatabase *db, InnStoreView *self, gboolean *in_order, GError **error)
{
  g_autofree char *end = g_strdup (self->collation);
  gint64 others = 0;

  /* The mark ends with a colon: what follows all keys with it begins with the next letter. */
  end[strlen (end) - 1]++;
  if (!inn_database_get_int (db, &others, error,
                             "SELECT EXISTS (SELECT 1 FROM vm WHERE name_key IS NULL) OR "
                             "EXISTS (SELECT 1 FROM vm WHERE name_key < ?1) OR "
                             "EXISTS (SELECT 1 FROM vm WHERE name_key >= ?2)",
                             "ss", self->collation, end))
    return FALSE;

  *in_order = others == 0;
  return TRUE;
}

static gboolean
read_first_vms (InnDatabase *db, InnStoreView *self, GHashTable *by_key, guint most, GError **error)
{
  guint total = 0;

  if (!count_vms (db, by_key, &total, error) ||
      (total > most && !is_in_order (db, self, &self->in_part, error)))
    return FALSE;

  return read_vms (db, self, by_key, self->in_part ? most : 0, error);
}

static gboolean
read_revision (InnDatabase *db, InnStoreView *self, GError **error)
{
  return inn_database_get_int (db, &self->revision, error,
                               "SELECT value FROM meta WHERE key = 'revision'", "");
}

/**
 * inn_store_view_read:
 * @db: an open database
 * @most: how many guests to read, the first by name, if there are more; 0 for all
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was last seen, of one moment; “in_part” when there are
 *   more guests
 */
InnStoreView *
inn_store_view_read (InnDatabase *db, guint most, GError **error)
{
  g_autoptr (InnStoreView) self = inn_store_view_new ();
  g_autoptr (GHashTable) by_key = g_hash_table_new (NULL, NULL);
  gboolean ok;

  if (!inn_database_run (db, error, "BEGIN", ""))
    return NULL;

  self->config = inn_store_read_config (db, &self->config_revision, error);
  ok = self->config != NULL && read_facts (db, self, by_key, error) &&
       (most > 0 ? read_first_vms (db, self, by_key, most, error)
                 : read_vms (db, self, by_key, 0, error)) &&
       read_revision (db, self, error);

  return inn_database_end (db, ok, error) ? g_steal_pointer (&self) : NULL;
}

/* Returns: (transfer container): keys of the hosts of @self, in the same order */
static GArray *
read_news_facts (InnDatabase *db,
                 InnStoreView *self,
                 gint64 revision,
                 gint64 writer,
                 GHashTable *except,
                 GError **error)
{
  GError *failure = NULL;
  GArray *keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *row = inn_database_query (db, &failure,
                                          "SELECT " HOST_COLUMNS " FROM host_facts JOIN host ON "
                                          "host.key = host_key WHERE revision > ?1 AND writer <> "
                                          "?2 ORDER BY host_key",
                                          "ii", revision, writer);

  while (row != NULL && inn_database_next (db, row, &failure))
    {
      gint64 key = inn_row_int (row, 0);

      if (g_hash_table_contains (except, inn_row_text (row, 1)))
        continue;
      take_host_row (self, row);
      g_array_append_val (keys, key);
    }
  if (failure == NULL)
    return keys;

  g_array_unref (keys);
  g_propagate_error (error, failure);
  return NULL;
}

static gboolean
read_vms_of (InnDatabase *db, InnStoreView *self, gint64 key, InnHostView *view, GError **error)
{
  GError *failure = NULL;
  sqlite3_stmt *row = inn_database_query (
      db, &failure, "SELECT " VM_COLUMNS " FROM vm WHERE host_key = ?1 ORDER BY key", "i", key);

  while (row != NULL && inn_database_next (db, row, &failure))
    {
      InnVmRecord vm = { 0 };

      read_vm_row (self, &vm, row);
      g_array_append_val (view->vms, vm);
    }
  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, failure);
  return FALSE;
}

/**
 * inn_store_view_read_news:
 * @db: an open database, in a transaction
 * @revision: what is shown already
 * @writer: the number of this program run
 * @except: (element-type utf8): record ids of hosts that nobody asks about
 * @error: return location
 *
 * Costs what changed, not what is there.
 *
 * Returns: (transfer full) (nullable): the hosts that other program runs wrote, without the
 * grouping
 */
InnStoreView *
inn_store_view_read_news (
    InnDatabase *db, gint64 revision, gint64 writer, GHashTable *except, GError **error)
{
  g_autoptr (InnStoreView) self = inn_store_view_new ();
  g_autoptr (GArray) keys = read_news_facts (db, self, revision, writer, except, error);

  if (keys == NULL || !read_revision (db, self, error))
    return NULL;

  for (guint i = 0; i < keys->len; i++)
    if (!read_vms_of (db, self, g_array_index (keys, gint64, i), g_ptr_array_index (self->hosts, i),
                      error))
      return NULL;

  return g_steal_pointer (&self);
}

static void
apply_list (InnVm *vm, const char *text, void (*set) (InnVm *, const char *const *))
{
  g_auto (GStrv) list = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  set (vm, (const char *const *) list);
}

static void
apply_row (const InnVmRecord *row, InnVm *vm)
{
  if (row->name_key != NULL)
    inn_vm_set_name_key (vm, row->name_key);
  inn_vm_set_started_at (vm, row->started_at);
  apply_list (vm, row->addresses, inn_vm_set_addresses);
  apply_list (vm, row->tags, inn_vm_set_tags);
}

/**
 * inn_store_view_take_gone:
 * @view: a host as it was last seen
 * @host: the same host, which nobody here is connected to
 * @left: (element-type utf8 InnVm): takes the guests that the host has no more
 */
void
inn_store_view_take_gone (const InnHostView *view, InnHost *host, GHashTable *left)
{
  GListModel *vms = inn_host_get_vms (host);
  g_autoptr (GHashTable) here = NULL;

  if (g_list_model_get_n_items (vms) == 0)
    return;

  here = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < view->vms->len; i++)
    g_hash_table_add (here, g_array_index (view->vms, InnVmRecord, i).info.uuid);

  for (guint i = g_list_model_get_n_items (vms); i > 0; i--)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i - 1);

      if (g_hash_table_contains (here, inn_vm_get_uuid (vm)))
        continue;
      inn_host_remove_vm (host, vm);
      g_hash_table_insert (left, (gpointer) inn_vm_get_uuid (vm), g_object_ref (vm));
    }
}

/**
 * inn_store_view_apply_host:
 * @view: a host as it was last seen
 * @host: the same host, which nobody here is connected to
 * @left: (element-type utf8 InnVm): guests that left other hosts; one that came here stays the same
 *
 * Gives the host its facts and its guests.
 */
void
inn_store_view_apply_host (const InnHostView *view, InnHost *host, GHashTable *left)
{
  g_autoptr (GPtrArray) came = g_ptr_array_new_with_free_func (g_object_unref);

  inn_host_apply_facts (host, &view->facts);
  inn_host_set_last_seen (host, view->last_seen);
  for (guint i = 0; i < view->vms->len; i++)
    {
      const InnVmRecord *row = &g_array_index (view->vms, InnVmRecord, i);
      InnVm *vm = inn_host_find_vm (host, row->info.uuid);

      if (vm == NULL && (vm = g_hash_table_lookup (left, row->info.uuid)) != NULL)
        g_ptr_array_add (came, g_object_ref (vm));
      if (vm != NULL)
        inn_vm_apply_info (vm, &row->info);
      else
        g_ptr_array_add (came, vm = inn_vm_new (&row->info));
      apply_row (row, vm);
    }
  inn_host_add_vms (host, came);
}

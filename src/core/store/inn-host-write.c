/* inn-host-write.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-host-write.h"

#include "store/inn-store-config.h"

typedef struct
{
  InnHostView view;
  GPtrArray *gone; /* UUIDs */
  gboolean replace;
} HostRows;

struct _InnHostWrite
{
  GPtrArray *hosts; /* of HostRows */
  GStringChunk *strings;
  char *collation;
  gint64 writer;
  guint n_rows;
};

#define STRING_CHUNK_BYTES 4096

static void
host_rows_free (gpointer data)
{
  HostRows *rows = data;

  g_free (rows->view.host_id);
  inn_host_facts_clear (&rows->view.facts);
  g_array_unref (rows->view.vms);
  g_ptr_array_unref (rows->gone);
  g_free (rows);
}

/**
 * inn_host_write_new:
 * @writer: the number of this program run
 *
 * Returns: (transfer full): no rows
 */
InnHostWrite *
inn_host_write_new (gint64 writer)
{
  InnHostWrite *self = g_new0 (InnHostWrite, 1);

  self->hosts = g_ptr_array_new_with_free_func (host_rows_free);
  self->strings = g_string_chunk_new (STRING_CHUNK_BYTES);
  self->collation = inn_store_dup_collation ();
  self->writer = writer;

  return self;
}

/**
 * inn_host_write_free:
 * @data: (transfer full): rows
 */
void
inn_host_write_free (gpointer data)
{
  InnHostWrite *self = data;

  g_ptr_array_unref (self->hosts);
  g_string_chunk_free (self->strings);
  g_free (self->collation);
  g_free (self);
}

/**
 * inn_host_write_get_n_rows:
 * @self: rows
 *
 * Returns: how many there are
 */
guint
inn_host_write_get_n_rows (InnHostWrite *self)
{
  return self->n_rows;
}

static void
copy_facts (InnHostFacts *copy, const InnHostFacts *facts)
{
  *copy = *facts;
  copy->uuid = g_strdup (facts->uuid);
  copy->hostname = g_strdup (facts->hostname);
  copy->hypervisor = g_strdup (facts->hypervisor);
  copy->arch = g_strdup (facts->arch);
  copy->cpu_model = g_strdup (facts->cpu_model);
}

/**
 * inn_host_write_add_host:
 * @self: rows
 * @host: what was seen of it is copied
 * @replace: whether its guests on disk all make place for those that are added
 *
 * The guests that are added next are its.
 */
void
inn_host_write_add_host (InnHostWrite *self, InnHost *host, gboolean replace)
{
  HostRows *rows = g_new0 (HostRows, 1);

  rows->view.host_id = g_strdup (inn_host_get_id (host));
  rows->view.last_seen = inn_host_get_last_seen (host);
  rows->view.vms = g_array_new (FALSE, FALSE, sizeof (InnVmRecord));
  rows->gone = g_ptr_array_new_with_free_func (g_free);
  rows->replace = replace;
  copy_facts (&rows->view.facts, inn_host_get_facts (host));
  g_ptr_array_add (self->hosts, rows);
  self->n_rows++;
}

static HostRows *
last_host (InnHostWrite *self)
{
  return g_ptr_array_index (self->hosts, self->hosts->len - 1);
}

static char *
keep (InnHostWrite *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert (self->strings, text) : NULL;
}

static const char *
keep_list (InnHostWrite *self, const char *const *list)
{
  g_autofree char *joined = NULL;

  if (list == NULL || list[0] == NULL)
    return NULL;

  joined = g_strjoinv ("\n", (char **) list);
  return keep (self, joined);
}

/**
 * inn_host_write_add_vm:
 * @self: rows, with a host
 * @vm: a guest of the last host; copied
 */
void
inn_host_write_add_vm (InnHostWrite *self, InnVm *vm)
{
  g_autofree char *name_key = g_strconcat (self->collation, inn_vm_get_name_key (vm), NULL);
  const InnVmRecord row = {
    .info = {
      .uuid = keep (self, inn_vm_get_uuid (vm)),
      .name = keep (self, inn_vm_get_name (vm)),
      .title = keep (self, inn_vm_get_title (vm)),
      .description = keep (self, inn_vm_get_description (vm)),
      .os = keep (self, inn_vm_get_os (vm)),
      .domain_id = inn_vm_get_domain_id (vm),
      .state = inn_vm_get_state (vm),
      .reason = inn_vm_get_reason (vm),
      .persistent = inn_vm_get_persistent (vm),
      .autostart = inn_vm_get_autostart (vm),
      .managed_save = inn_vm_get_managed_save (vm),
      .vcpus = inn_vm_get_vcpus (vm),
      .max_memory_kib = inn_vm_get_max_memory_kib (vm),
      .memory_kib = inn_vm_get_memory_kib (vm),
    },
    .started_at = inn_vm_get_started_at (vm),
    .addresses = keep_list (self, inn_vm_get_addresses (vm)),
    .tags = keep_list (self, inn_vm_get_tags (vm)),
    .name_key = keep (self, name_key),
  };

  g_array_append_val (last_host (self)->view.vms, row);
  self->n_rows++;
}

/**
 * inn_host_write_add_gone:
 * @self: rows, with a host
 * @uuid: a guest that the last host has no more
 */
void
inn_host_write_add_gone (InnHostWrite *self, const char *uuid)
{
  g_ptr_array_add (last_host (self)->gone, g_strdup (uuid));
  self->n_rows++;
}

static gboolean
write_facts (InnDatabase *db,
             gint64 key,
             const InnHostView *view,
             gint64 writer,
             gint64 revision,
             GError **error)
{
  const InnHostFacts *facts = &view->facts;

  return inn_database_run (
      db, error,
      "INSERT OR REPLACE INTO host_facts (host_key, last_seen, uuid, hostname, hypervisor, "
      "hypervisor_version, libvirt_version, arch, cpu_model, cpus, sockets, cores, threads, "
      "cpu_mhz, memory_kib, boot_time, writer, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
      "?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
      "iisssiissiiiiiiiii", key, view->last_seen, facts->uuid, facts->hostname, facts->hypervisor,
      (gint64) facts->hypervisor_version, (gint64) facts->libvirt_version, facts->arch,
      facts->cpu_model, (gint64) facts->cpus, (gint64) facts->sockets, (gint64) facts->cores,
      (gint64) facts->threads, (gint64) facts->cpu_mhz, (gint64) facts->memory_kib,
      facts->boot_time, writer, revision);
}

static gboolean
write_vm (InnDatabase *db, gint64 key, const InnVmRecord *row, GError **error)
{
  const InnVmInfo *info = &row->info;

  return inn_database_run (
      db, error,
      "INSERT INTO vm (host_key, uuid, name, title, description, os, domain_id, state, reason, "
      "persistent, autostart, managed_save, vcpus, max_memory_kib, memory_kib, started_at, "
      "addresses, tags, name_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
      "?14, "
      "?15, ?16, ?17, ?18, ?19) ON CONFLICT (host_key, uuid) DO UPDATE SET name = excluded.name, "
      "title = excluded.title, description = excluded.description, os = excluded.os, "
      "domain_id = excluded.domain_id, state = excluded.state, reason = excluded.reason, "
      "persistent = excluded.persistent, autostart = excluded.autostart, "
      "managed_save = excluded.managed_save, vcpus = excluded.vcpus, "
      "max_memory_kib = excluded.max_memory_kib, memory_kib = excluded.memory_kib, "
      "started_at = excluded.started_at, addresses = excluded.addresses, tags = excluded.tags, "
      "name_key = excluded.name_key",
      "isssssiiiiiiiiiisss", key, info->uuid, info->name, info->title, info->description, info->os,
      (gint64) info->domain_id, (gint64) info->state, (gint64) info->reason,
      (gint64) info->persistent, (gint64) info->autostart, (gint64) info->managed_save,
      (gint64) info->vcpus, (gint64) info->max_memory_kib, (gint64) info->memory_kib,
      row->started_at, row->addresses, row->tags, row->name_key);
}

static gboolean
write_host (InnDatabase *db, const HostRows *rows, gint64 writer, gint64 revision, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gint64 key = 0;

  /* Another process may have removed it; then nobody wants to know. */
  if (!inn_database_get_int (db, &key, &failure, "SELECT key FROM host WHERE id = ?1", "s",
                             rows->view.host_id))
    {
      if (failure == NULL)
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  if (!write_facts (db, key, &rows->view, writer, revision, error))
    return FALSE;
  if (rows->replace &&
      !inn_database_run (db, error, "DELETE FROM vm WHERE host_key = ?1", "i", key))
    return FALSE;
  for (guint i = 0; i < rows->gone->len; i++)
    if (!inn_database_run (db, error, "DELETE FROM vm WHERE host_key = ?1 AND uuid = ?2", "is", key,
                           (const char *) g_ptr_array_index (rows->gone, i)))
      return FALSE;
  for (guint i = 0; i < rows->view.vms->len; i++)
    if (!write_vm (db, key, &g_array_index (rows->view.vms, InnVmRecord, i), error))
      return FALSE;

  return TRUE;
}

/**
 * inn_host_write_run:
 * @db: an open database
 * @data: the rows
 * @result: left unset
 * @error: return location
 *
 * On the worker: writes all, or nothing.
 *
 * Returns: whether it is committed
 */
gboolean
inn_host_write_run (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  InnHostWrite *self = data;
  gint64 revision;
  gboolean ok;

  if (!inn_database_begin (db, FALSE, error))
    return FALSE;

  revision = inn_store_next_revision (db, error);
  ok = revision > 0;
  for (guint i = 0; ok && i < self->hosts->len; i++)
    ok = write_host (db, g_ptr_array_index (self->hosts, i), self->writer, revision, error);

  return inn_database_end (db, ok, error);
}

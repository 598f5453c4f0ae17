/* inn-store-writer.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-writer.h"

#include "store/inn-behind.h"
#include "store/inn-host-write.h"
#include "store/inn-store-private.h"

/**
 * InnStoreWriter:
 *
 * Writes what hosts say behind them: some seconds later, several hosts in one transaction, and of
 * their guests only those that differ from what is on disk.
 */
struct _InnStoreWriter
{
  GObject parent_instance;

  InnStore *store; /* unowned: it owns us */
  InnBehind *behind;
  GHashTable *dirty;   /* set of InnHost */
  GHashTable *mirrors; /* record id -> Mirror */
  guint loading : 1;
};

/* What is on disk of a host: a fingerprint a guest is enough to tell what differs. They are made of
 * what was read when they are first asked for: opening the view waits for none. */
typedef struct
{
  GHashTable *vms;     /* UUID -> fingerprint; NULL until asked for */
  InnStoreView *owner; /* of the host as it was read; NULL when written by us */
  const InnHostView *read;
  gint64 last_seen;
} Mirror;

G_DEFINE_FINAL_TYPE (InnStoreWriter, inn_store_writer, G_TYPE_OBJECT)

#define WAIT_MSEC 2000
/* Rows that one transaction takes, and one turn of the main loop copies. */
#define MAX_ROWS 1500
/* The age of a host that is only alive is written when something else is, or after this. */
#define AGE_SECONDS 60

static void
mirror_free (gpointer data)
{
  Mirror *mirror = data;

  g_clear_pointer (&mirror->vms, g_hash_table_unref);
  g_clear_pointer (&mirror->owner, inn_store_view_unref);
  g_free (mirror);
}

static guint64
mix_text (guint64 hash, const char *text)
{
  for (const char *c = text; c != NULL && *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * 0x100000001b3;

  /* "ab", "c" is not "a", "bc", and nothing is not "". */
  return (hash ^ (text != NULL ? 0x100 : 0x200)) * 0x100000001b3;
}

static guint64
mix_number (guint64 hash, guint64 number)
{
  hash = (hash ^ number) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 29);
}

static guint64
mix_list (guint64 hash, const char *const *list)
{
  for (guint i = 0; list != NULL && list[i] != NULL; i++)
    hash = mix_text (hash, list[i]);

  return mix_number (hash, 7);
}

/* The same for a list that is joined by line feeds. */
static guint64
mix_joined (guint64 hash, const char *joined)
{
  g_auto (GStrv) list = joined != NULL ? g_strsplit (joined, "\n", -1) : NULL;

  return mix_list (hash, (const char *const *) list);
}

static guint64
mix_info (const InnVmInfo *info, gint64 started_at)
{
  guint64 hash = 0xcbf29ce484222325;

  hash = mix_text (hash, info->name);
  hash = mix_text (hash, info->title);
  hash = mix_text (hash, info->description);
  hash = mix_text (hash, info->os);
  hash = mix_number (hash, (guint64) info->domain_id);
  hash = mix_number (hash, info->state);
  hash = mix_number (hash, (guint64) info->reason);
  hash = mix_number (hash, (info->persistent ? 1u : 0u) | (info->autostart ? 2u : 0u) |
                               (info->managed_save ? 4u : 0u));
  hash = mix_number (hash, info->vcpus);
  hash = mix_number (hash, info->max_memory_kib);
  hash = mix_number (hash, info->memory_kib);

  return mix_number (hash, (guint64) started_at);
}

static gsize
get_fingerprint (InnVm *vm)
{
  const InnVmInfo info = {
    .name = (char *) inn_vm_get_name (vm),
    .title = (char *) inn_vm_get_title (vm),
    .description = (char *) inn_vm_get_description (vm),
    .os = (char *) inn_vm_get_os (vm),
    .domain_id = inn_vm_get_domain_id (vm),
    .state = inn_vm_get_state (vm),
    .reason = inn_vm_get_reason (vm),
    .persistent = inn_vm_get_persistent (vm),
    .autostart = inn_vm_get_autostart (vm),
    .managed_save = inn_vm_get_managed_save (vm),
    .vcpus = inn_vm_get_vcpus (vm),
    .max_memory_kib = inn_vm_get_max_memory_kib (vm),
    .memory_kib = inn_vm_get_memory_kib (vm),
  };
  guint64 hash = mix_info (&info, inn_vm_get_started_at (vm));

  hash = mix_list (hash, inn_vm_get_addresses (vm));
  return (gsize) mix_list (hash, inn_vm_get_tags (vm));
}

static gsize
get_record_fingerprint (const InnVmRecord *record)
{
  guint64 hash = mix_info (&record->info, record->started_at);

  hash = mix_joined (hash, record->addresses);
  return (gsize) mix_joined (hash, record->tags);
}

static void
remember_vm (Mirror *mirror, const char *uuid, gsize fingerprint)
{
  g_hash_table_insert (mirror->vms, g_strdup (uuid), GSIZE_TO_POINTER (fingerprint));
}

static void
mirror_fill (Mirror *mirror)
{
  if (mirror->vms != NULL)
    return;

  mirror->vms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; mirror->read != NULL && i < mirror->read->vms->len; i++)
    {
      const InnVmRecord *record = &g_array_index (mirror->read->vms, InnVmRecord, i);

      remember_vm (mirror, record->info.uuid, get_record_fingerprint (record));
    }
  mirror->read = NULL;
  g_clear_pointer (&mirror->owner, inn_store_view_unref);
}

static void
add_gone (InnHostWrite *rows, Mirror *mirror, InnHost *host)
{
  GHashTableIter iter;
  gpointer uuid;

  g_hash_table_iter_init (&iter, mirror->vms);
  while (g_hash_table_iter_next (&iter, &uuid, NULL))
    if (inn_host_find_vm (host, uuid) == NULL)
      {
        inn_host_write_add_gone (rows, uuid);
        g_hash_table_iter_remove (&iter);
      }
}

static void
add_host (InnStoreWriter *self, InnHostWrite *rows, InnHost *host)
{
  Mirror *mirror = g_hash_table_lookup (self->mirrors, inn_host_get_id (host));
  GListModel *vms = inn_host_get_vms (host);
  guint n = g_list_model_get_n_items (vms);

  inn_host_write_add_host (rows, host, mirror == NULL);
  if (mirror == NULL)
    {
      mirror = g_new0 (Mirror, 1);
      g_hash_table_insert (self->mirrors, g_strdup (inn_host_get_id (host)), mirror);
    }

  mirror_fill (mirror);
  mirror->last_seen = inn_host_get_last_seen (host);
  add_gone (rows, mirror, host);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);
      gsize fingerprint = get_fingerprint (vm);
      gpointer known;

      if (g_hash_table_lookup_extended (mirror->vms, inn_vm_get_uuid (vm), NULL, &known) &&
          GPOINTER_TO_SIZE (known) == fingerprint)
        continue;
      inn_host_write_add_vm (rows, vm);
      remember_vm (mirror, inn_vm_get_uuid (vm), fingerprint);
    }
}

/* The hosts of one write, so that they can be taken back. */
typedef struct
{
  InnStoreWriter *writer;
  GPtrArray *hosts;
} Batch;

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_ptr_array_unref (batch->hosts);
  g_object_unref (batch->writer);
  g_free (batch);
}

/* Nothing was written: what is on disk of these hosts is not known any more. */
static DexFuture *
take_back_cb (DexFuture *completed, gpointer data)
{
  Batch *batch = data;

  for (guint i = 0; i < batch->hosts->len; i++)
    {
      InnHost *host = g_ptr_array_index (batch->hosts, i);

      g_hash_table_remove (batch->writer->mirrors, inn_host_get_id (host));
      g_hash_table_add (batch->writer->dirty, g_object_ref (host));
    }

  return NULL;
}

static DexFuture *
write_some (gpointer owner)
{
  InnStoreWriter *self = owner;
  InnHostWrite *rows;
  GHashTableIter iter;
  gpointer host;
  Batch *batch;

  if (self->store->read_only)
    g_hash_table_remove_all (self->dirty);
  if (g_hash_table_size (self->dirty) == 0)
    return NULL;

  rows = inn_host_write_new (self->store->writer_id);
  batch = g_new0 (Batch, 1);
  batch->writer = g_object_ref (self);
  batch->hosts = g_ptr_array_new_with_free_func (g_object_unref);

  g_hash_table_iter_init (&iter, self->dirty);
  while (inn_host_write_get_n_rows (rows) < MAX_ROWS && g_hash_table_iter_next (&iter, &host, NULL))
    {
      if (inn_inventory_find_host (self->store->inventory, inn_host_get_id (host)) == host)
        {
          add_host (self, rows, host);
          g_ptr_array_add (batch->hosts, g_object_ref (host));
        }
      g_hash_table_iter_remove (&iter);
    }

  return dex_future_catch (
      _inn_store_run (self->store, inn_host_write_run, rows, inn_host_write_free), take_back_cb,
      batch, batch_free);
}

static void
mark (InnStoreWriter *self, InnHost *host)
{
  if (self->loading || self->store == NULL || self->store->read_only)
    return;
  /* Guests that are still on disk only must not be taken for gone. */
  if (self->store->in_part && !inn_host_is_online (host))
    return;

  if (!g_hash_table_contains (self->dirty, host))
    g_hash_table_add (self->dirty, g_object_ref (host));
  inn_behind_schedule (self->behind, WAIT_MSEC);
}

static void
on_host_dirty (InnStoreWriter *self, InnHost *host)
{
  mark (self, host);
}

static void
on_host_last_seen (InnStoreWriter *self, GParamSpec *pspec, InnHost *host)
{
  Mirror *mirror = g_hash_table_lookup (self->mirrors, inn_host_get_id (host));

  if (mirror == NULL || ABS (inn_host_get_last_seen (host) - mirror->last_seen) >= AGE_SECONDS)
    mark (self, host);
}

static gboolean
is_gone (gpointer id, gpointer mirror, gpointer inventory)
{
  return inn_inventory_find_host (inventory, id) == NULL;
}

static void
on_hosts_changed (
    InnStoreWriter *self, guint position, guint removed, guint added, GListModel *hosts)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, position + i);

      g_signal_connect_object (host, "dirty", G_CALLBACK (on_host_dirty), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (host, "notify::last-seen", G_CALLBACK (on_host_last_seen), self,
                               G_CONNECT_SWAPPED);
    }

  /* Their rows go with the record. */
  if (removed > 0 && self->store != NULL)
    g_hash_table_foreach_remove (self->mirrors, is_gone, self->store->inventory);
}

static void
inn_store_writer_dispose (GObject *object)
{
  inn_store_writer_stop (INN_STORE_WRITER (object));

  G_OBJECT_CLASS (inn_store_writer_parent_class)->dispose (object);
}

static void
inn_store_writer_finalize (GObject *object)
{
  InnStoreWriter *self = INN_STORE_WRITER (object);

  g_clear_object (&self->behind);
  g_clear_pointer (&self->dirty, g_hash_table_unref);
  g_clear_pointer (&self->mirrors, g_hash_table_unref);

  G_OBJECT_CLASS (inn_store_writer_parent_class)->finalize (object);
}

static void
inn_store_writer_class_init (InnStoreWriterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_store_writer_dispose;
  object_class->finalize = inn_store_writer_finalize;
}

static void
inn_store_writer_init (InnStoreWriter *self)
{
  self->behind = inn_behind_new ("Hosts in the local view", write_some, self);
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->mirrors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, mirror_free);
}

/**
 * inn_store_writer_new:
 * @store: (transfer none): calls inn_store_writer_stop() before it goes
 *
 * Returns: (transfer full): listens to all hosts of the store's inventory
 */
InnStoreWriter *
inn_store_writer_new (InnStore *store)
{
  InnStoreWriter *self = g_object_new (INN_TYPE_STORE_WRITER, NULL);
  GListModel *hosts = inn_inventory_get_hosts (store->inventory);

  self->store = store;
  _inn_store_follow_behind (store, self->behind);
  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (on_hosts_changed), self,
                           G_CONNECT_SWAPPED);
  on_hosts_changed (self, 0, 0, g_list_model_get_n_items (hosts), hosts);

  return self;
}

/**
 * inn_store_writer_forget:
 * @self: the writer
 *
 * What is on disk of hosts is not known any more: hosts that we are connected to are written anew.
 */
void
inn_store_writer_forget (InnStoreWriter *self)
{
  GListModel *hosts = self->store != NULL ? inn_inventory_get_hosts (self->store->inventory) : NULL;
  guint n = hosts != NULL ? g_list_model_get_n_items (hosts) : 0;

  g_hash_table_remove_all (self->mirrors);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      if (inn_host_is_online (host))
        mark (self, host);
    }
}

/**
 * inn_store_writer_may_load:
 * @self: the writer
 * @host: a host that another program wrote
 *
 * What we know of a host that we are connected to is newer than what is on disk, and so is what we
 * have not written yet: then all of it is written.
 *
 * Returns: whether the host shall have what is on disk
 */
gboolean
inn_store_writer_may_load (InnStoreWriter *self, InnHost *host)
{
  if (self->store == NULL || inn_host_is_online (host))
    return FALSE;
  if (!g_hash_table_contains (self->dirty, host))
    return TRUE;

  g_hash_table_remove (self->mirrors, inn_host_get_id (host));
  return FALSE;
}

/**
 * inn_store_writer_take_gone:
 * @self: the writer
 * @view: a host as it is on disk
 * @host: the same host
 * @left: takes the guests that the host has no more
 */
void
inn_store_writer_take_gone (InnStoreWriter *self,
                            const InnHostView *view,
                            InnHost *host,
                            GHashTable *left)
{
  self->loading = TRUE;
  inn_store_view_take_gone (view, host, left);
  self->loading = FALSE;
}

/**
 * inn_store_writer_load:
 * @self: the writer
 * @owner: what has @view
 * @view: a host as it is on disk
 * @host: the same host
 * @left: guests that left other hosts
 *
 * Gives the host what is on disk, which is no news to the disk.
 */
void
inn_store_writer_load (InnStoreWriter *self,
                       InnStoreView *owner,
                       const InnHostView *view,
                       InnHost *host,
                       GHashTable *left)
{
  Mirror *mirror = g_new0 (Mirror, 1);

  self->loading = TRUE;
  inn_store_view_apply_host (view, host, left);
  self->loading = FALSE;

  mirror->owner = inn_store_view_ref (owner);
  mirror->read = view;
  mirror->last_seen = view->last_seen;
  g_hash_table_insert (self->mirrors, g_strdup (view->host_id), mirror);
}

static void
mark_aged (InnStoreWriter *self)
{
  GListModel *hosts = self->store != NULL ? inn_inventory_get_hosts (self->store->inventory) : NULL;
  guint n = hosts != NULL ? g_list_model_get_n_items (hosts) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);
      Mirror *mirror = g_hash_table_lookup (self->mirrors, inn_host_get_id (host));

      if (inn_host_get_last_seen (host) != (mirror != NULL ? mirror->last_seen : 0))
        mark (self, host);
    }
}

/**
 * inn_store_writer_flush:
 * @self: the writer
 *
 * Returns: (transfer full): resolves when nothing is behind; rejects when a write fails
 */
DexFuture *
inn_store_writer_flush (InnStoreWriter *self)
{
  mark_aged (self);
  return inn_behind_flush (self->behind);
}

/**
 * inn_store_writer_stop:
 * @self: the writer
 *
 * Writes no more.
 */
void
inn_store_writer_stop (InnStoreWriter *self)
{
  if (self->behind != NULL)
    inn_behind_stop (self->behind);
  self->store = NULL;
}

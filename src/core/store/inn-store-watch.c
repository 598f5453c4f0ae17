/* inn-store-watch.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-private.h"

#include "base/inn-error.h"
#include "store/inn-operation-rows.h"
#include "store/inn-store-view.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* What other processes write to the same file is seen by its data version, which SQLite keeps in
 * shared memory: a look when nothing changed costs next to nothing. */

#define TICK_SECONDS 1
/* A dead owner is looked for only while an operation of another process runs. */
#define OWNER_CHECK_TICKS 5
/* What a starting program shows of the past. */
#define FIRST_EVENTS 1000

/* From main: what is shown already. */
typedef struct
{
  gint64 writer;
  gint64 config_revision;
  gint64 data_version;
  gint64 event_serial;
  gint64 operation_revision;
  gint64 hosts_revision;
  guint generation;
  GHashTable *connected; /* record ids of hosts that we know better */
  gboolean check_owners;
  gboolean offers;
  char *owner_mark;
} Look;

/* From the worker: what is new. */
typedef struct
{
  gatomicrefcount ref_count;
  gint64 data_version;
  InnViewConfig *config;
  gint64 config_revision;
  InnEventRows *events;
  GPtrArray *operations;
  gint64 operation_revision;
  GPtrArray *abandoned;
  InnStoreView *hosts;
  guint generation;
  gboolean read_only;
  char *notice; /* when the generation is another */
} News;

static News *
news_ref (News *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
news_unref (News *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->config, inn_view_config_unref);
  g_clear_pointer (&self->events, inn_event_rows_unref);
  g_clear_pointer (&self->operations, g_ptr_array_unref);
  g_clear_pointer (&self->abandoned, g_ptr_array_unref);
  g_clear_pointer (&self->hosts, inn_store_view_unref);
  g_free (self->notice);
  g_free (self);
}

#define NEWS_TYPE (news_get_type ())
static GType news_get_type (void);
G_DEFINE_BOXED_TYPE (News, news, news_ref, news_unref)

static gboolean
read_news (InnDatabase *db, const Look *look, News *news, GError **error)
{
  const InnEventQuery query = {
    .after_serial = look->event_serial,
    .limit = look->data_version == 0 ? FIRST_EVENTS : 0,
  };
  gint64 revision = 0;

  if (!inn_database_get_int (db, &revision, error,
                             "SELECT value FROM meta WHERE key = 'config-revision'", ""))
    return FALSE;
  if (revision != look->config_revision)
    {
      news->config = inn_store_read_config (db, &news->config_revision, error);
      if (news->config == NULL)
        return FALSE;
    }

  news->events = inn_event_rows_read (db, &query, error);
  if (news->events == NULL)
    return FALSE;

  news->hosts =
      inn_store_view_read_news (db, look->hosts_revision, look->writer, look->connected, error);
  if (news->hosts == NULL)
    return FALSE;

  news->operations = inn_operation_rows_read (db, look->operation_revision, error);
  return news->operations != NULL &&
         inn_database_get_int (db, &news->operation_revision, error,
                               "SELECT value FROM meta WHERE key = 'revision'", "");
}

/* Returns: (nullable): what this look found left behind first */
static GPtrArray *
mind_the_dead (InnDatabase *db, const Look *look)
{
  g_autoptr (GPtrArray) abandoned = inn_operation_rows_abandon (db, look->writer, NULL);

  if (look->offers)
    inn_operation_rows_claim (db, look->writer, getpid (), look->owner_mark, NULL);

  return g_steal_pointer (&abandoned);
}

/* Nothing that is shown is of this file. */
static void
look_at_all (Look *look)
{
  look->config_revision = -1;
  look->data_version = 0;
  look->event_serial = 0;
  look->operation_revision = 0;
  look->hosts_revision = 0;
}

static gboolean
look_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  Look *look = data;
  gint64 data_version = 0;
  gboolean other_file;
  News *news;
  gboolean ok;

  if (!inn_database_follow (db, error))
    return FALSE;
  other_file = inn_database_get_generation (db) != look->generation;
  if (other_file)
    look_at_all (look);
  if (!inn_database_get_int (db, &data_version, error, "PRAGMA data_version", ""))
    return FALSE;
  if (data_version == look->data_version && !look->check_owners && !other_file)
    return TRUE;

  news = g_new0 (News, 1);
  g_atomic_ref_count_init (&news->ref_count);
  news->data_version = data_version;
  news->generation = inn_database_get_generation (db);
  news->read_only = inn_database_is_read_only (db);
  news->notice = other_file ? g_strdup (inn_database_get_notice (db)) : NULL;
  /* A file that cannot be written shows its operations as they are. */
  if (look->check_owners && !inn_database_is_read_only (db))
    news->abandoned = mind_the_dead (db, look);

  ok = inn_database_run (db, error, "BEGIN", "");
  if (ok)
    ok = inn_database_end (db, read_news (db, look, news, error), error);
  if (!ok)
    {
      news_unref (news);
      return FALSE;
    }

  g_value_init (result, NEWS_TYPE);
  g_value_take_boxed (result, news);
  return TRUE;
}

static void
report_abandoned (InnStore *self, GPtrArray *abandoned)
{
  for (guint i = 0; abandoned != NULL && i < abandoned->len; i++)
    {
      const InnOperationRow *row = g_ptr_array_index (abandoned, i);

      inn_inventory_report (
          self->inventory, INN_SEVERITY_WARNING, "operation.abandoned",
          inn_inventory_find_host (self->inventory, row->object_id),
          row->object_id != NULL ? inn_inventory_find_vm (self->inventory, row->object_id) : NULL,
          _ ("“%s” was cut off: the program that worked on it has ended"), row->title);
    }
}

typedef struct
{
  InnStore *store;
  InnStoreView *hosts;
} ShowHosts;

static void
show_hosts_free (gpointer data)
{
  ShowHosts *show = data;

  inn_store_view_unref (show->hosts);
  g_object_unref (show->store);
  g_free (show);
}

static DexFuture *
show_hosts_fiber (gpointer data)
{
  ShowHosts *show = data;

  _inn_store_show_hosts (show->store, show->hosts);
  show->store->looking = FALSE;

  return dex_future_new_true ();
}

/* Returns: (nullable): what is to be waited for before the next look */
static DexFuture *
show_hosts (InnStore *self, InnStoreView *hosts)
{
  ShowHosts *show;

  self->hosts_revision = MAX (self->hosts_revision, hosts->revision);
  if (hosts->hosts->len == 0)
    return NULL;

  self->looking = TRUE;
  show = g_new0 (ShowHosts, 1);
  show->store = g_object_ref (self);
  show->hosts = inn_store_view_ref (hosts);
  return inn_spawn ("show_hosts_fiber", show_hosts_fiber, show, show_hosts_free);
}

static void
take_other_file (InnStore *self, const News *news)
{
  self->generation = news->generation;
  self->config_revision = 0;
  self->hosts_revision = 0;
  inn_store_events_forget (self->events);
  inn_store_journal_forget (self->journal);
  inn_store_writer_forget (self->writer);
  _inn_store_take_notice (self, news->notice, news->read_only);
}

static DexFuture *
show_news_cb (DexFuture *completed, gpointer data)
{
  InnStore *self = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);
  News *news;

  self->looking = FALSE;
  if (value == NULL || !G_VALUE_HOLDS (value, NEWS_TYPE))
    return NULL;

  news = g_value_get_boxed (value);
  self->data_version = news->data_version;
  if (news->generation != self->generation)
    take_other_file (self, news);
  if (news->config != NULL)
    _inn_store_show_config (self, news->config, news->config_revision);
  inn_store_journal_show (self->journal, news->operations, news->operation_revision);
  inn_store_events_show (self->events, news->events);
  report_abandoned (self, news->abandoned);

  return show_hosts (self, news->hosts);
}

static void
look_free (gpointer data)
{
  Look *look = data;

  g_hash_table_unref (look->connected);
  g_free (look->owner_mark);
  g_free (look);
}

static GHashTable *
list_connected (InnStore *self)
{
  GHashTable *connected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GListModel *hosts = inn_inventory_get_hosts (self->inventory);
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      if (inn_host_is_online (host))
        g_hash_table_add (connected, g_strdup (inn_host_get_id (host)));
    }

  return connected;
}

/*
 * _inn_store_look:
 *
 * Returns: (transfer full): resolves when the inventory and the list of operations show what other
 *   processes wrote
 */
DexFuture *
_inn_store_look (InnStore *self)
{
  Look *look = g_new0 (Look, 1);

  look->writer = self->writer_id;
  look->config_revision = self->config_revision;
  look->data_version = self->data_version;
  look->event_serial = inn_store_events_get_shown (self->events);
  look->operation_revision = inn_store_journal_get_shown (self->journal);
  look->hosts_revision = self->hosts_revision;
  look->generation = self->generation;
  look->connected = list_connected (self);
  look->check_owners = self->data_version == 0 || (self->n_ticks % OWNER_CHECK_TICKS == 0 &&
                                                   inn_store_journal_has_foreign (self->journal));
  look->offers = self->offers;
  look->owner_mark = g_strdup (inn_store_journal_get_owner_mark (self->journal));
  self->looking = TRUE;

  return dex_future_finally (_inn_store_run (self, look_thread, look, look_free), show_news_cb,
                             g_object_ref (self), g_object_unref);
}

static gboolean
on_tick (gpointer data)
{
  InnStore *self = data;

  self->n_ticks++;
  if (!self->looking)
    inn_future_forget (_inn_store_look (self), "Looking at what other programs recorded");

  return G_SOURCE_CONTINUE;
}

void
_inn_store_start_ticking (InnStore *self)
{
  if (self->tick == 0)
    self->tick = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
}

void
_inn_store_stop_ticking (InnStore *self)
{
  g_clear_handle_id (&self->tick, g_source_remove);
}

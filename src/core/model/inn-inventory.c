/* inn-inventory.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-inventory.h"

#include "model/inn-vm-list.h"

/**
 * InnInventory:
 *
 * The root of the view: data centers, clusters, hosts, guests and what happened. What the
 * administrator recorded arrives whole, by [method@Inventory.apply_config], from this process or
 * another; what the hosts say arrives at the host objects. Main thread only.
 */
struct _InnInventory
{
  GObject parent_instance;

  GListStore *data_centers;
  GListStore *hosts;
  InnVmList *vms;
  GListStore *events; /* oldest first */
  GHashTable *data_centers_by_id;
  GHashTable *clusters_by_id;
  GHashTable *hosts_by_id;
};

enum
{
  SIGNAL_EVENT_REPORTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InnInventory, inn_inventory, G_TYPE_OBJECT)

/* What the window keeps at hand; the store keeps more. */
#define MAX_EVENTS 5000

static void
inn_inventory_dispose (GObject *object)
{
  InnInventory *self = INN_INVENTORY (object);

  g_clear_object (&self->vms);
  g_list_store_remove_all (self->data_centers);
  g_list_store_remove_all (self->hosts);
  g_hash_table_remove_all (self->data_centers_by_id);
  g_hash_table_remove_all (self->clusters_by_id);
  g_hash_table_remove_all (self->hosts_by_id);

  G_OBJECT_CLASS (inn_inventory_parent_class)->dispose (object);
}

static void
inn_inventory_finalize (GObject *object)
{
  InnInventory *self = INN_INVENTORY (object);

  g_clear_object (&self->data_centers);
  g_clear_object (&self->hosts);
  g_clear_object (&self->events);
  g_clear_pointer (&self->data_centers_by_id, g_hash_table_unref);
  g_clear_pointer (&self->clusters_by_id, g_hash_table_unref);
  g_clear_pointer (&self->hosts_by_id, g_hash_table_unref);

  G_OBJECT_CLASS (inn_inventory_parent_class)->finalize (object);
}

static void
inn_inventory_class_init (InnInventoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_inventory_dispose;
  object_class->finalize = inn_inventory_finalize;

  /**
   * InnInventory::event-reported:
   * @event: what just happened, in this process; the store writes it down
   */
  signals[SIGNAL_EVENT_REPORTED] =
      g_signal_new ("event-reported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, INN_TYPE_EVENT);
}

static void
inn_inventory_init (InnInventory *self)
{
  self->data_centers = g_list_store_new (INN_TYPE_DATA_CENTER);
  self->hosts = g_list_store_new (INN_TYPE_HOST);
  self->vms = inn_vm_list_new (G_LIST_MODEL (self->hosts));
  self->events = g_list_store_new (INN_TYPE_EVENT);
  self->data_centers_by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->clusters_by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->hosts_by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
}

/**
 * inn_inventory_new:
 *
 * Returns: (transfer full): an empty view
 */
InnInventory *
inn_inventory_new (void)
{
  return g_object_new (INN_TYPE_INVENTORY, NULL);
}

static void
remove_from_store (GListStore *store, gpointer item)
{
  guint position;

  if (g_list_store_find (store, item, &position))
    g_list_store_remove (store, position);
}

static void
detach_host (InnInventory *self, InnHost *host)
{
  InnCluster *cluster = inn_inventory_get_cluster_of (self, host);

  if (cluster != NULL)
    inn_cluster_remove_host (cluster, host);
}

static void
drop_missing_hosts (InnInventory *self, GHashTable *keep)
{
  GHashTableIter iter;
  const char *id;
  InnHost *host;

  g_hash_table_iter_init (&iter, self->hosts_by_id);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &host))
    {
      g_autoptr (InnHost) gone = NULL;

      if (g_hash_table_contains (keep, id))
        continue;

      /* Who hears that it goes must not find it any more. */
      gone = g_object_ref (host);
      g_hash_table_iter_remove (&iter);
      detach_host (self, gone);
      remove_from_store (self->hosts, gone);
    }
}

static void
drop_missing_groups (InnInventory *self, GHashTable *keep)
{
  GHashTableIter iter;
  const char *id;
  InnCluster *cluster;
  InnDataCenter *data_center;

  g_hash_table_iter_init (&iter, self->clusters_by_id);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &cluster))
    {
      InnDataCenter *parent = inn_inventory_get_data_center_of (self, cluster);
      g_autoptr (InnCluster) gone = NULL;

      if (g_hash_table_contains (keep, id))
        continue;

      gone = g_object_ref (cluster);
      g_hash_table_iter_remove (&iter);
      if (parent != NULL)
        inn_data_center_remove_cluster (parent, gone);
    }

  g_hash_table_iter_init (&iter, self->data_centers_by_id);
  while (g_hash_table_iter_next (&iter, (gpointer *) &id, (gpointer *) &data_center))
    if (!g_hash_table_contains (keep, id))
      {
        g_autoptr (InnDataCenter) gone = g_object_ref (data_center);

        g_hash_table_iter_remove (&iter);
        remove_from_store (self->data_centers, gone);
      }
}

static void
take_data_center (InnInventory *self, const InnGroupConfig *group)
{
  InnDataCenter *data_center = g_hash_table_lookup (self->data_centers_by_id, group->id);

  if (data_center != NULL)
    {
      inn_data_center_set_name (data_center, group->name);
      return;
    }

  data_center = inn_data_center_new (group->id, group->name, group->demo);
  g_hash_table_insert (self->data_centers_by_id, (gpointer) inn_data_center_get_id (data_center),
                       data_center);
  g_list_store_append (self->data_centers, data_center);
}

static void
take_cluster (InnInventory *self, const InnGroupConfig *group)
{
  InnCluster *cluster = g_hash_table_lookup (self->clusters_by_id, group->id);
  InnDataCenter *parent = g_hash_table_lookup (self->data_centers_by_id, group->parent_id);

  if (cluster != NULL)
    {
      inn_cluster_set_name (cluster, group->name);
      return;
    }
  if (parent == NULL)
    {
      g_warning ("Cluster %s belongs to a data center that is not there", group->id);
      return;
    }

  cluster = inn_cluster_new (group->id, group->parent_id, group->name);
  g_hash_table_insert (self->clusters_by_id, (gpointer) inn_cluster_get_id (cluster), cluster);
  inn_data_center_add_cluster (parent, cluster);
}

static void
take_host (InnInventory *self, const InnHostConfig *config, GPtrArray *fresh)
{
  InnHost *host = g_hash_table_lookup (self->hosts_by_id, config->id);
  gboolean moved = TRUE;
  InnCluster *cluster;

  if (host == NULL)
    {
      host = inn_host_new (config);
      g_hash_table_insert (self->hosts_by_id, (gpointer) inn_host_get_id (host), host);
      g_ptr_array_add (fresh, host);
    }
  else
    {
      moved = g_strcmp0 (inn_host_get_cluster_id (host), config->cluster_id) != 0;
      if (moved)
        detach_host (self, host);
      inn_host_apply_config (host, config);
    }
  /* A cluster looks through all its hosts before it adds one. */
  if (!moved)
    return;

  cluster = inn_inventory_get_cluster_of (self, host);
  if (cluster != NULL)
    inn_cluster_add_host (cluster, host);
  else
    g_warning ("Host %s belongs to a cluster that is not there", config->id);
}

static GHashTable *
collect_ids (InnViewConfig *config)
{
  GHashTable *ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < config->data_centers->len; i++)
    g_hash_table_add (ids, ((InnGroupConfig *) g_ptr_array_index (config->data_centers, i))->id);
  for (guint i = 0; i < config->clusters->len; i++)
    g_hash_table_add (ids, ((InnGroupConfig *) g_ptr_array_index (config->clusters, i))->id);
  for (guint i = 0; i < config->hosts->len; i++)
    g_hash_table_add (ids, ((InnHostConfig *) g_ptr_array_index (config->hosts, i))->id);

  return ids;
}

/**
 * inn_inventory_apply_config:
 * @self: the view
 * @config: the whole grouping as it is now
 *
 * Makes the view match: objects that are still there stay the same objects. Applying the same
 * twice changes nothing.
 */
void
inn_inventory_apply_config (InnInventory *self, InnViewConfig *config)
{
  g_autoptr (GHashTable) keep = NULL;
  g_autoptr (GPtrArray) fresh = NULL;

  g_return_if_fail (INN_IS_INVENTORY (self));
  g_return_if_fail (config != NULL);

  keep = collect_ids (config);
  fresh = g_ptr_array_new ();

  for (guint i = 0; i < config->data_centers->len; i++)
    take_data_center (self, g_ptr_array_index (config->data_centers, i));
  for (guint i = 0; i < config->clusters->len; i++)
    take_cluster (self, g_ptr_array_index (config->clusters, i));
  drop_missing_hosts (self, keep);
  for (guint i = 0; i < config->hosts->len; i++)
    take_host (self, g_ptr_array_index (config->hosts, i), fresh);
  drop_missing_groups (self, keep);

  if (fresh->len > 0)
    g_list_store_splice (self->hosts, g_list_model_get_n_items (G_LIST_MODEL (self->hosts)), 0,
                         fresh->pdata, fresh->len);
}

/**
 * inn_inventory_get_data_centers:
 * @self: the view
 *
 * Returns: (transfer none): a model of [class@DataCenter]
 */
GListModel *
inn_inventory_get_data_centers (InnInventory *self)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);

  return G_LIST_MODEL (self->data_centers);
}

/**
 * inn_inventory_get_hosts:
 * @self: the view
 *
 * Returns: (transfer none): a model of [class@Host], of all clusters
 */
GListModel *
inn_inventory_get_hosts (InnInventory *self)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);

  return G_LIST_MODEL (self->hosts);
}

/**
 * inn_inventory_get_vms:
 * @self: the view
 *
 * Returns: (transfer none): a model of [class@Vm], of all hosts
 */
GListModel *
inn_inventory_get_vms (InnInventory *self)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);

  return G_LIST_MODEL (self->vms);
}

/**
 * inn_inventory_get_n_vms:
 * @self: the view
 *
 * Returns: how many guests all hosts have, those that are still being read included
 */
guint
inn_inventory_get_n_vms (InnInventory *self)
{
  GListModel *hosts;
  guint n = 0;

  g_return_val_if_fail (INN_IS_INVENTORY (self), 0);

  hosts = inn_inventory_get_hosts (self);
  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      n += inn_host_get_n_vms (host);
    }

  return n;
}

/**
 * inn_inventory_get_events:
 * @self: the view
 *
 * Returns: (transfer none): a model of [class@Event], oldest first, the last 5,000
 */
GListModel *
inn_inventory_get_events (InnInventory *self)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);

  return G_LIST_MODEL (self->events);
}

/**
 * inn_inventory_find_data_center:
 * @self: the view
 * @id: (nullable): record id
 *
 * Returns: (transfer none) (nullable): the data center
 */
InnDataCenter *
inn_inventory_find_data_center (InnInventory *self, const char *id)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);

  return id != NULL ? g_hash_table_lookup (self->data_centers_by_id, id) : NULL;
}

/**
 * inn_inventory_find_cluster:
 * @self: the view
 * @id: (nullable): record id
 *
 * Returns: (transfer none) (nullable): the cluster
 */
InnCluster *
inn_inventory_find_cluster (InnInventory *self, const char *id)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);

  return id != NULL ? g_hash_table_lookup (self->clusters_by_id, id) : NULL;
}

/**
 * inn_inventory_find_host:
 * @self: the view
 * @id: (nullable): record id
 *
 * Returns: (transfer none) (nullable): the host
 */
InnHost *
inn_inventory_find_host (InnInventory *self, const char *id)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);

  return id != NULL ? g_hash_table_lookup (self->hosts_by_id, id) : NULL;
}

/**
 * inn_inventory_may_have_vm:
 * @self: the view
 * @uuid: a guest's UUID
 *
 * Cheap, however many hosts there are.
 *
 * Returns: %FALSE when no host has that guest
 */
gboolean
inn_inventory_may_have_vm (InnInventory *self, const char *uuid)
{
  g_return_val_if_fail (INN_IS_INVENTORY (self), FALSE);
  g_return_val_if_fail (uuid != NULL, FALSE);

  return self->vms != NULL && inn_vm_list_may_have (self->vms, uuid);
}

/**
 * inn_inventory_find_vm:
 * @self: the view
 * @uuid: a guest's UUID
 *
 * Looks on all hosts; one where the guest is active goes before one that only knows it.
 *
 * Returns: (transfer none) (nullable): the guest
 */
InnVm *
inn_inventory_find_vm (InnInventory *self, const char *uuid)
{
  guint n;
  InnVm *found = NULL;

  g_return_val_if_fail (INN_IS_INVENTORY (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  if (!inn_inventory_may_have_vm (self, uuid))
    return NULL;

  n = g_list_model_get_n_items (G_LIST_MODEL (self->hosts));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (G_LIST_MODEL (self->hosts), i);
      InnVm *vm = inn_host_find_vm (host, uuid);

      if (vm == NULL)
        continue;
      if (inn_vm_is_active (vm))
        return vm;
      if (found == NULL)
        found = vm;
    }

  return found;
}

/**
 * inn_inventory_get_cluster_of:
 * @self: the view
 * @host: a host
 *
 * Returns: (transfer none) (nullable): its cluster
 */
InnCluster *
inn_inventory_get_cluster_of (InnInventory *self, InnHost *host)
{
  g_return_val_if_fail (INN_IS_HOST (host), NULL);

  return inn_inventory_find_cluster (self, inn_host_get_cluster_id (host));
}

/**
 * inn_inventory_get_data_center_of:
 * @self: the view
 * @cluster: a cluster
 *
 * Returns: (transfer none) (nullable): its data center
 */
InnDataCenter *
inn_inventory_get_data_center_of (InnInventory *self, InnCluster *cluster)
{
  g_return_val_if_fail (INN_IS_CLUSTER (cluster), NULL);

  return inn_inventory_find_data_center (self, inn_cluster_get_data_center_id (cluster));
}

/**
 * inn_inventory_add_events:
 * @self: the view
 * @events: (element-type InnEvent): events, oldest first
 *
 * Adds what is on disk, or what another process reported. The oldest go when there are too many.
 */
void
inn_inventory_add_events (InnInventory *self, GPtrArray *events)
{
  guint n;

  g_return_if_fail (INN_IS_INVENTORY (self));

  n = g_list_model_get_n_items (G_LIST_MODEL (self->events));
  g_list_store_splice (self->events, n, 0, events->pdata, events->len);
  n += events->len;
  if (n > MAX_EVENTS)
    g_list_store_splice (self->events, 0, n - MAX_EVENTS, NULL, 0);
}

/**
 * inn_inventory_add_event:
 * @self: the view
 * @event: what just happened here
 *
 * Adds it and has it written down.
 */
void
inn_inventory_add_event (InnInventory *self, InnEvent *event)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new ();

  g_return_if_fail (INN_IS_INVENTORY (self));
  g_return_if_fail (INN_IS_EVENT (event));

  g_ptr_array_add (events, event);
  inn_inventory_add_events (self, events);
  g_signal_emit (self, signals[SIGNAL_EVENT_REPORTED], 0, event);
}

/**
 * inn_inventory_report:
 * @self: the view
 * @severity: how bad
 * @kind: stable name: "vm.started"
 * @host: (nullable): where
 * @vm: (nullable): what
 * @format: what people read, translated
 *
 * Adds an event of now.
 */
void
inn_inventory_report (InnInventory *self,
                      InnSeverity severity,
                      const char *kind,
                      InnHost *host,
                      InnVm *vm,
                      const char *format,
                      ...)
{
  g_autoptr (InnEvent) event = NULL;
  g_autofree char *text = NULL;
  va_list args;

  g_return_if_fail (INN_IS_INVENTORY (self));

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  event = inn_event_new (
      g_get_real_time (), severity, kind, host != NULL ? inn_host_get_id (host) : NULL,
      host != NULL ? inn_host_get_name (host) : NULL, vm != NULL ? inn_vm_get_uuid (vm) : NULL,
      vm != NULL ? inn_vm_get_name (vm) : NULL, text);
  inn_inventory_add_event (self, event);
}

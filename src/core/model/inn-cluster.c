/* inn-cluster.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-cluster.h"

/**
 * InnCluster:
 *
 * Hosts that guests may move between. Main thread only.
 */
struct _InnCluster
{
  GObject parent_instance;

  char *id;
  char *name;
  char *data_center_id;
  GListStore *hosts;
};

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InnCluster, inn_cluster, G_TYPE_OBJECT)

static void
inn_cluster_finalize (GObject *object)
{
  InnCluster *self = INN_CLUSTER (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->data_center_id);
  g_clear_object (&self->hosts);

  G_OBJECT_CLASS (inn_cluster_parent_class)->finalize (object);
}

static void
inn_cluster_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, INN_CLUSTER (object)->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_cluster_class_init (InnClusterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = inn_cluster_finalize;
  object_class->get_property = inn_cluster_get_property;

  properties[PROP_NAME] =
      g_param_spec_string ("name", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inn_cluster_init (InnCluster *self)
{
  self->hosts = g_list_store_new (INN_TYPE_HOST);
}

/**
 * inn_cluster_new:
 * @id: record id
 * @data_center_id: record id of its data center
 * @name: its name
 *
 * Returns: (transfer full): an empty cluster
 */
InnCluster *
inn_cluster_new (const char *id, const char *data_center_id, const char *name)
{
  InnCluster *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = g_object_new (INN_TYPE_CLUSTER, NULL);
  self->id = g_strdup (id);
  self->data_center_id = g_strdup (data_center_id);
  self->name = g_strdup (name);

  return self;
}

/**
 * inn_cluster_set_name:
 * @self: a cluster
 * @name: its name
 */
void
inn_cluster_set_name (InnCluster *self, const char *name)
{
  g_return_if_fail (INN_IS_CLUSTER (self));

  if (g_set_str (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * inn_cluster_add_host:
 * @self: a cluster
 * @host: added at the end, unless it is there
 */
void
inn_cluster_add_host (InnCluster *self, InnHost *host)
{
  g_return_if_fail (INN_IS_CLUSTER (self));
  g_return_if_fail (INN_IS_HOST (host));

  if (!g_list_store_find (self->hosts, host, NULL))
    g_list_store_append (self->hosts, host);
}

/**
 * inn_cluster_remove_host:
 * @self: a cluster
 * @host: taken out, if it is there
 */
void
inn_cluster_remove_host (InnCluster *self, InnHost *host)
{
  guint position;

  g_return_if_fail (INN_IS_CLUSTER (self));

  if (g_list_store_find (self->hosts, host, &position))
    g_list_store_remove (self->hosts, position);
}

/**
 * inn_cluster_get_id:
 * @self: a cluster
 *
 * Returns: its record id
 */
const char *
inn_cluster_get_id (InnCluster *self)
{
  g_return_val_if_fail (INN_IS_CLUSTER (self), NULL);

  return self->id;
}

/**
 * inn_cluster_get_name:
 * @self: a cluster
 *
 * Returns: its name
 */
const char *
inn_cluster_get_name (InnCluster *self)
{
  g_return_val_if_fail (INN_IS_CLUSTER (self), NULL);

  return self->name;
}

/**
 * inn_cluster_get_data_center_id:
 * @self: a cluster
 *
 * Returns: record id of its data center
 */
const char *
inn_cluster_get_data_center_id (InnCluster *self)
{
  g_return_val_if_fail (INN_IS_CLUSTER (self), NULL);

  return self->data_center_id;
}

/**
 * inn_cluster_get_hosts:
 * @self: a cluster
 *
 * Returns: (transfer none): a model of [class@Host]
 */
GListModel *
inn_cluster_get_hosts (InnCluster *self)
{
  g_return_val_if_fail (INN_IS_CLUSTER (self), NULL);

  return G_LIST_MODEL (self->hosts);
}

/* inn-data-center.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-data-center.h"

/**
 * InnDataCenter:
 *
 * Clusters that share storage and networks. Main thread only.
 */
struct _InnDataCenter
{
  GObject parent_instance;

  char *id;
  char *name;
  gboolean demo;
  GListStore *clusters;
};

enum
{
  PROP_0,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (InnDataCenter, inn_data_center, G_TYPE_OBJECT)

static void
inn_data_center_finalize (GObject *object)
{
  InnDataCenter *self = INN_DATA_CENTER (object);

  g_free (self->id);
  g_free (self->name);
  g_clear_object (&self->clusters);

  G_OBJECT_CLASS (inn_data_center_parent_class)->finalize (object);
}

static void
inn_data_center_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, INN_DATA_CENTER (object)->name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_data_center_class_init (InnDataCenterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = inn_data_center_finalize;
  object_class->get_property = inn_data_center_get_property;

  properties[PROP_NAME] =
      g_param_spec_string ("name", NULL, NULL, NULL,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inn_data_center_init (InnDataCenter *self)
{
  self->clusters = g_list_store_new (INN_TYPE_CLUSTER);
}

/**
 * inn_data_center_new:
 * @id: record id
 * @name: its name
 * @demo: whether it holds made-up hosts to look around with
 *
 * Returns: (transfer full): an empty data center
 */
InnDataCenter *
inn_data_center_new (const char *id, const char *name, gboolean demo)
{
  InnDataCenter *self;

  g_return_val_if_fail (id != NULL, NULL);

  self = g_object_new (INN_TYPE_DATA_CENTER, NULL);
  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->demo = demo;

  return self;
}

/**
 * inn_data_center_set_name:
 * @self: a data center
 * @name: its name
 */
void
inn_data_center_set_name (InnDataCenter *self, const char *name)
{
  g_return_if_fail (INN_IS_DATA_CENTER (self));

  if (g_set_str (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * inn_data_center_add_cluster:
 * @self: a data center
 * @cluster: added at the end, unless it is there
 */
void
inn_data_center_add_cluster (InnDataCenter *self, InnCluster *cluster)
{
  g_return_if_fail (INN_IS_DATA_CENTER (self));
  g_return_if_fail (INN_IS_CLUSTER (cluster));

  if (!g_list_store_find (self->clusters, cluster, NULL))
    g_list_store_append (self->clusters, cluster);
}

/**
 * inn_data_center_remove_cluster:
 * @self: a data center
 * @cluster: taken out, if it is there
 */
void
inn_data_center_remove_cluster (InnDataCenter *self, InnCluster *cluster)
{
  guint position;

  g_return_if_fail (INN_IS_DATA_CENTER (self));

  if (g_list_store_find (self->clusters, cluster, &position))
    g_list_store_remove (self->clusters, position);
}

/**
 * inn_data_center_get_id:
 * @self: a data center
 *
 * Returns: its record id
 */
const char *
inn_data_center_get_id (InnDataCenter *self)
{
  g_return_val_if_fail (INN_IS_DATA_CENTER (self), NULL);

  return self->id;
}

/**
 * inn_data_center_get_name:
 * @self: a data center
 *
 * Returns: its name
 */
const char *
inn_data_center_get_name (InnDataCenter *self)
{
  g_return_val_if_fail (INN_IS_DATA_CENTER (self), NULL);

  return self->name;
}

/**
 * inn_data_center_get_demo:
 * @self: a data center
 *
 * Returns: whether it holds made-up hosts
 */
gboolean
inn_data_center_get_demo (InnDataCenter *self)
{
  g_return_val_if_fail (INN_IS_DATA_CENTER (self), FALSE);

  return self->demo;
}

/**
 * inn_data_center_get_clusters:
 * @self: a data center
 *
 * Returns: (transfer none): a model of [class@Cluster]
 */
GListModel *
inn_data_center_get_clusters (InnDataCenter *self)
{
  g_return_val_if_fail (INN_IS_DATA_CENTER (self), NULL);

  return G_LIST_MODEL (self->clusters);
}

/* inn-view-config.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-inventory.h"

G_DEFINE_BOXED_TYPE (InnViewConfig, inn_view_config, inn_view_config_ref, inn_view_config_unref)

static void
group_free (InnGroupConfig *group)
{
  g_free (group->id);
  g_free (group->parent_id);
  g_free (group->name);
  g_free (group);
}

static void
host_free (InnHostConfig *host)
{
  inn_host_config_clear (host);
  g_free (host);
}

/**
 * inn_view_config_new:
 *
 * Returns: (transfer full): an empty grouping; filled by one thread, then only read
 */
InnViewConfig *
inn_view_config_new (void)
{
  InnViewConfig *self = g_new0 (InnViewConfig, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->data_centers = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  self->clusters = g_ptr_array_new_with_free_func ((GDestroyNotify) group_free);
  self->hosts = g_ptr_array_new_with_free_func ((GDestroyNotify) host_free);

  return self;
}

/**
 * inn_view_config_ref:
 * @self: a grouping
 *
 * Returns: (transfer full): @self
 */
InnViewConfig *
inn_view_config_ref (InnViewConfig *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * inn_view_config_unref:
 * @self: (transfer full): a grouping
 */
void
inn_view_config_unref (InnViewConfig *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->data_centers);
  g_ptr_array_unref (self->clusters);
  g_ptr_array_unref (self->hosts);
  g_free (self);
}

static void
add_group (
    GPtrArray *groups, const char *id, const char *parent_id, const char *name, gboolean demo)
{
  InnGroupConfig *group = g_new0 (InnGroupConfig, 1);

  group->id = g_strdup (id);
  group->parent_id = g_strdup (parent_id);
  group->name = g_strdup (name);
  group->demo = demo;
  g_ptr_array_add (groups, group);
}

/**
 * inn_view_config_add_data_center:
 * @self: a grouping that is being filled
 * @id: record id
 * @name: its name
 * @demo: whether it holds made-up hosts
 */
void
inn_view_config_add_data_center (InnViewConfig *self,
                                 const char *id,
                                 const char *name,
                                 gboolean demo)
{
  add_group (self->data_centers, id, NULL, name, demo);
}

/**
 * inn_view_config_add_cluster:
 * @self: a grouping that is being filled
 * @id: record id
 * @data_center_id: record id of its data center
 * @name: its name
 */
void
inn_view_config_add_cluster (InnViewConfig *self,
                             const char *id,
                             const char *data_center_id,
                             const char *name)
{
  add_group (self->clusters, id, data_center_id, name, FALSE);
}

/**
 * inn_view_config_add_host:
 * @self: a grouping that is being filled
 * @host: the record; copied
 */
void
inn_view_config_add_host (InnViewConfig *self, const InnHostConfig *host)
{
  InnHostConfig *copy = g_memdup2 (host, sizeof *host);

  copy->id = g_strdup (host->id);
  copy->name = g_strdup (host->name);
  copy->uri = g_strdup (host->uri);
  copy->cluster_id = g_strdup (host->cluster_id);
  g_ptr_array_add (self->hosts, copy);
}

/* inn-host-accessors.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-host-private.h"

/**
 * inn_host_find_vm:
 * @self: a host
 * @uuid: a guest's UUID
 *
 * Returns: (transfer none) (nullable): the guest, when it is on this host
 */
InnVm *
inn_host_find_vm (InnHost *self, const char *uuid)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  return g_hash_table_lookup (self->vms_by_uuid, uuid);
}

/**
 * inn_host_format_version:
 * @version: major * 1,000,000 + minor * 1,000 + release
 *
 * Returns: (transfer full) (nullable): "11.3.0"; %NULL for 0
 */
char *
inn_host_format_version (guint64 version)
{
  if (version == 0)
    return NULL;

  return g_strdup_printf ("%u.%u.%u", (guint) (version / 1000000), (guint) (version / 1000 % 1000),
                          (guint) (version % 1000));
}

/**
 * inn_host_get_vms:
 * @self: a host
 *
 * Returns: (transfer none): a model of [class@Vm], in the order they were found
 */
GListModel *
inn_host_get_vms (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return G_LIST_MODEL (self->vms);
}

/**
 * inn_host_get_id:
 * @self: a host
 *
 * Returns: its record id
 */
const char *
inn_host_get_id (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return self->config.id;
}

/**
 * inn_host_get_name:
 * @self: a host
 *
 * Returns: what the administrator calls it
 */
const char *
inn_host_get_name (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return self->config.name;
}

/**
 * inn_host_get_uri:
 * @self: a host
 *
 * Returns: its libvirt URI, as it was given
 */
const char *
inn_host_get_uri (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return self->config.uri;
}

/**
 * inn_host_get_cluster_id:
 * @self: a host
 *
 * Returns: record id of its cluster
 */
const char *
inn_host_get_cluster_id (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return self->config.cluster_id;
}

/**
 * inn_host_get_read_only:
 * @self: a host
 *
 * Returns: whether it is connected read-only
 */
gboolean
inn_host_get_read_only (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), FALSE);

  return self->config.read_only;
}

/**
 * inn_host_get_autoconnect:
 * @self: a host
 *
 * Returns: whether it is connected when the program starts
 */
gboolean
inn_host_get_autoconnect (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), FALSE);

  return self->config.autoconnect;
}

/**
 * inn_host_get_state:
 * @self: a host
 *
 * Returns: the state of the connection
 */
InnHostState
inn_host_get_state (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), INN_HOST_OFFLINE);

  return self->state;
}

/**
 * inn_host_is_online:
 * @self: a host
 *
 * Returns: whether what is shown is live
 */
gboolean
inn_host_is_online (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), FALSE);

  return self->state == INN_HOST_ONLINE;
}

/**
 * inn_host_get_error:
 * @self: a host
 *
 * Returns: (nullable): why it is lost, failed or needs a login
 */
const GError *
inn_host_get_error (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return self->error;
}

/**
 * inn_host_get_config:
 * @self: a host
 *
 * Returns: what the administrator decided
 */
const InnHostConfig *
inn_host_get_config (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return &self->config;
}

/**
 * inn_host_get_facts:
 * @self: a host
 *
 * Returns: what it says of itself
 */
const InnHostFacts *
inn_host_get_facts (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), NULL);

  return &self->facts;
}

/**
 * inn_host_get_cpu_percent:
 * @self: a host
 *
 * Returns: use of all its CPUs, 0 to 100; negative for unknown
 */
double
inn_host_get_cpu_percent (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), -1);

  return self->cpu_percent;
}

/**
 * inn_host_get_memory_used_kib:
 * @self: a host
 *
 * Returns: memory in use, in KiB; 0 for unknown
 */
guint64
inn_host_get_memory_used_kib (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), 0);

  return self->memory_used_kib;
}

/**
 * inn_host_get_n_vms:
 * @self: a host
 *
 * Returns: how many guests it has, those that are still being read included
 */
guint
inn_host_get_n_vms (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), 0);

  return MAX (g_list_model_get_n_items (G_LIST_MODEL (self->vms)), self->n_known);
}

/**
 * inn_host_get_n_running:
 * @self: a host
 *
 * Returns: how many of them are active
 */
guint
inn_host_get_n_running (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), 0);

  return self->n_running;
}

/**
 * inn_host_get_last_seen:
 * @self: a host
 *
 * Returns: UNIX seconds of its last answer, 0 for never
 */
gint64
inn_host_get_last_seen (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), 0);

  return self->last_seen;
}

/**
 * inn_host_get_duplicate:
 * @self: a host
 *
 * Returns: whether another record reports the same host UUID
 */
gboolean
inn_host_get_duplicate (InnHost *self)
{
  g_return_val_if_fail (INN_IS_HOST (self), FALSE);

  return self->duplicate;
}

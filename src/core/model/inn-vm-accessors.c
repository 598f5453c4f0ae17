/* inn-vm-accessors.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-vm-private.h"

/**
 * inn_vm_get_uuid:
 * @self: a guest
 *
 * Returns: libvirt's UUID
 */
const char *
inn_vm_get_uuid (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return self->info.uuid;
}

/**
 * inn_vm_get_name:
 * @self: a guest
 *
 * Returns: the name, valid UTF-8; data, never markup
 */
const char *
inn_vm_get_name (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return self->info.name;
}

/**
 * inn_vm_get_title:
 * @self: a guest
 *
 * Returns: (nullable): the title
 */
const char *
inn_vm_get_title (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return self->info.title;
}

/**
 * inn_vm_get_description:
 * @self: a guest
 *
 * Returns: (nullable): the description
 */
const char *
inn_vm_get_description (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return self->info.description;
}

/**
 * inn_vm_get_os:
 * @self: a guest
 *
 * Returns: (nullable): the operating system
 */
const char *
inn_vm_get_os (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return self->info.os;
}

/**
 * inn_vm_get_host:
 * @self: a guest
 *
 * Returns: (transfer none) (nullable): where it is; %NULL once the host is gone
 */
InnHost *
inn_vm_get_host (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return self->host;
}

/**
 * inn_vm_get_domain_id:
 * @self: a guest
 *
 * Returns: libvirt's id while active, -1 else
 */
int
inn_vm_get_domain_id (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), -1);

  return self->info.domain_id;
}

/**
 * inn_vm_get_state:
 * @self: a guest
 *
 * Returns: the state
 */
InnVmState
inn_vm_get_state (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), INN_VM_NOSTATE);

  return self->info.state;
}

/**
 * inn_vm_get_reason:
 * @self: a guest
 *
 * Returns: libvirt's reason code of the state
 */
int
inn_vm_get_reason (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), 0);

  return self->info.reason;
}

/**
 * inn_vm_is_active:
 * @self: a guest
 *
 * Returns: whether it has a hypervisor process
 */
gboolean
inn_vm_is_active (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), FALSE);

  return inn_vm_state_is_active (self->info.state);
}

/**
 * inn_vm_get_persistent:
 * @self: a guest
 *
 * Returns: whether a definition outlives it
 */
gboolean
inn_vm_get_persistent (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), FALSE);

  return self->info.persistent;
}

/**
 * inn_vm_get_autostart:
 * @self: a guest
 *
 * Returns: whether it starts with its host
 */
gboolean
inn_vm_get_autostart (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), FALSE);

  return self->info.autostart;
}

/**
 * inn_vm_get_managed_save:
 * @self: a guest
 *
 * Returns: whether the next start resumes a saved image
 */
gboolean
inn_vm_get_managed_save (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), FALSE);

  return self->info.managed_save;
}

/**
 * inn_vm_get_vcpus:
 * @self: a guest
 *
 * Returns: virtual CPUs now
 */
guint
inn_vm_get_vcpus (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), 0);

  return self->info.vcpus;
}

/**
 * inn_vm_get_memory_kib:
 * @self: a guest
 *
 * Returns: memory it has now, in KiB
 */
guint64
inn_vm_get_memory_kib (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), 0);

  return self->info.memory_kib;
}

/**
 * inn_vm_get_max_memory_kib:
 * @self: a guest
 *
 * Returns: the most memory it can have, in KiB
 */
guint64
inn_vm_get_max_memory_kib (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), 0);

  return self->info.max_memory_kib;
}

/**
 * inn_vm_get_sample:
 * @self: a guest
 *
 * Returns: the last measurement
 */
const InnVmSample *
inn_vm_get_sample (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return &self->sample;
}

/**
 * inn_vm_get_addresses:
 * @self: a guest
 *
 * Returns: (nullable): IP addresses, best first
 */
const char *const *
inn_vm_get_addresses (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return (const char *const *) self->addresses;
}

/**
 * inn_vm_get_tags:
 * @self: a guest
 *
 * Returns: (nullable): tags
 */
const char *const *
inn_vm_get_tags (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), NULL);

  return (const char *const *) self->tags;
}

/**
 * inn_vm_get_started_at:
 * @self: a guest
 *
 * Returns: UNIX seconds, 0 for unknown
 */
gint64
inn_vm_get_started_at (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), 0);

  return self->started_at;
}

/**
 * inn_vm_get_stale:
 * @self: a guest
 *
 * Returns: whether its facts are old because its host does not answer
 */
gboolean
inn_vm_get_stale (InnVm *self)
{
  g_return_val_if_fail (INN_IS_VM (self), FALSE);

  return self->stale;
}

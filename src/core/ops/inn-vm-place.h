/* inn-vm-place.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ops/inn-vm-ops.h"

G_BEGIN_DECLS

/**
 * InnVmPlace:
 * @path: where its host has it
 * @server: (nullable): the host that exports it
 * @shared: (nullable): what every host that sees it calls it
 * @base: (nullable): path of the image that it is an overlay of
 * @changed: (nullable): when the file was changed, to the nanosecond
 * @capacity: in bytes, 0 for unknown
 * @is_network: whether its pool is on the network: others can have it, too
 *
 * Where the bytes of a disk are, so that two hosts can be compared.
 */
struct _InnVmPlace
{
  char *path;
  char *server;
  char *shared;
  char *base;
  char *changed;
  guint64 capacity;
  gboolean is_network;
};

virStorageVolPtr _inn_vm_place_lookup (virConnectPtr conn, const char *path);
InnVmPlace *_inn_vm_place_read (virConnectPtr conn, const char *path);
void _inn_vm_place_free (InnVmPlace *self);
char *_inn_vm_place_dup_base (virConnectPtr conn, const char *path);
gboolean
_inn_vm_place_may_be_same (const InnVmPlace *self, const InnVmPlace *other, gboolean at_work);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnVmPlace, _inn_vm_place_free)

G_END_DECLS

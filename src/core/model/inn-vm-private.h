/* inn-vm-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-vm.h"

G_BEGIN_DECLS

/* Shared by inn-vm.c, which changes it, and inn-vm-accessors.c, which reads it. */
struct _InnVm
{
  GObject parent_instance;

  InnHost *host; /* borrowed: a host lets go of its guests before it goes */
  InnVmInfo info;
  InnVmSample sample;
  char *name_key;
  GStrv addresses;
  GStrv tags;
  gint64 started_at;
  guint stale : 1;
};

/* For InnHost alone, which owns the list a VM is in. */
void _inn_vm_set_host (InnVm *self, InnHost *host);

G_END_DECLS

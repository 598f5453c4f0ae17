/* inn-host-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-host.h"

G_BEGIN_DECLS

/* Shared by inn-host.c, which changes it, and inn-host-accessors.c, which reads it. */
struct _InnHost
{
  GObject parent_instance;

  InnHostConfig config;
  InnHostFacts facts;
  InnHostState state;
  GError *error;
  double cpu_percent;
  guint64 memory_used_kib;
  gint64 last_seen;
  guint n_running;
  guint n_known; /* guests it is known to have, of which not all may be here yet */
  GListStore *vms;
  GHashTable *vms_by_uuid; /* UUID of the VM -> VM, both borrowed from the list */
  guint duplicate : 1;
};

/* For InnVm alone: a guest of the host became active or ceased to be. */
void _inn_host_count_running (InnHost *self);

G_END_DECLS

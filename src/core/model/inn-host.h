/* inn-host.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-vm.h"

G_BEGIN_DECLS

/**
 * InnHostConfig:
 * @id: record id, a UUID of ours; two records may turn out to be one machine
 * @name: what the administrator calls it
 * @uri: libvirt URI as the administrator gave it, without a password
 * @cluster_id: record id of its cluster
 * @read_only: connect read-only
 * @autoconnect: connect when the program starts
 *
 * What the administrator decided about a host.
 */
typedef struct
{
  char *id;
  char *name;
  char *uri;
  char *cluster_id;
  gboolean read_only;
  gboolean autoconnect;
} InnHostConfig;

void inn_host_config_clear (InnHostConfig *config);

/**
 * InnHostFacts:
 * @uuid: (nullable): host UUID from the capabilities
 * @hostname: (nullable): its own name
 * @hypervisor: (nullable): "QEMU", "TEST"
 * @hypervisor_version: major * 1,000,000 + minor * 1,000 + release, 0 for unknown
 * @libvirt_version: the daemon's, in the same form
 * @arch: (nullable): "x86_64"
 * @cpu_model: (nullable): model name
 * @cpus: logical CPUs
 * @sockets: sockets
 * @cores: cores a socket
 * @threads: threads a core
 * @cpu_mhz: nominal frequency
 * @memory_kib: memory of the machine
 * @boot_time: UNIX seconds, 0 for unknown
 *
 * What a host says of itself, read once a connection.
 */
typedef struct
{
  char *uuid;
  char *hostname;
  char *hypervisor;
  guint64 hypervisor_version;
  guint64 libvirt_version;
  char *arch;
  char *cpu_model;
  guint cpus;
  guint sockets;
  guint cores;
  guint threads;
  guint cpu_mhz;
  guint64 memory_kib;
  gint64 boot_time;
} InnHostFacts;

void inn_host_facts_clear (InnHostFacts *facts);

#define INN_TYPE_HOST (inn_host_get_type ())

G_DECLARE_FINAL_TYPE (InnHost, inn_host, INN, HOST, GObject)

InnHost *inn_host_new (const InnHostConfig *config);
void inn_host_apply_config (InnHost *self, const InnHostConfig *config);
gboolean inn_host_apply_facts (InnHost *self, const InnHostFacts *facts);
void inn_host_set_state (InnHost *self, InnHostState state, const GError *error);
void inn_host_apply_sample (InnHost *self, double cpu_percent, guint64 memory_used_kib);
void inn_host_set_last_seen (InnHost *self, gint64 last_seen);
void inn_host_set_duplicate (InnHost *self, gboolean duplicate);

GListModel *inn_host_get_vms (InnHost *self);
InnVm *inn_host_find_vm (InnHost *self, const char *uuid);
void inn_host_add_vms (InnHost *self, GPtrArray *vms);
void inn_host_remove_vm (InnHost *self, InnVm *vm);
void inn_host_mark_dirty (InnHost *self);

const char *inn_host_get_id (InnHost *self);
const char *inn_host_get_name (InnHost *self);
const char *inn_host_get_uri (InnHost *self);
const char *inn_host_get_cluster_id (InnHost *self);
gboolean inn_host_get_read_only (InnHost *self);
gboolean inn_host_get_autoconnect (InnHost *self);
InnHostState inn_host_get_state (InnHost *self);
gboolean inn_host_is_online (InnHost *self);
const GError *inn_host_get_error (InnHost *self);
const InnHostConfig *inn_host_get_config (InnHost *self);
const InnHostFacts *inn_host_get_facts (InnHost *self);
double inn_host_get_cpu_percent (InnHost *self);
guint64 inn_host_get_memory_used_kib (InnHost *self);
guint inn_host_get_n_vms (InnHost *self);
void inn_host_set_n_known (InnHost *self, guint n_known);
guint inn_host_get_n_running (InnHost *self);
gint64 inn_host_get_last_seen (InnHost *self);
gboolean inn_host_get_duplicate (InnHost *self);
char *inn_host_format_version (guint64 version);

G_END_DECLS

/* inn-vm.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-model-types.h"

G_BEGIN_DECLS

/**
 * InnVmInfo:
 * @uuid: libvirt's UUID, lower case, with dashes
 * @name: the name, as libvirt has it: data, never markup
 * @title: (nullable): `<title>`
 * @description: (nullable): `<description>`
 * @os: (nullable): the libosinfo id of `<metadata>`, or a short name
 * @domain_id: id while active, -1 else
 * @state: state
 * @reason: libvirt's reason code of that state
 * @persistent: has a definition on disk
 * @autostart: starts with the host
 * @managed_save: has a saved image that the next start resumes
 * @vcpus: virtual CPUs now
 * @max_memory_kib: the most memory it can have
 * @memory_kib: what it has now (balloon)
 *
 * Plain facts of one guest, as a worker read them.
 */
typedef struct
{
  char *uuid;
  char *name;
  char *title;
  char *description;
  char *os;
  int domain_id;
  InnVmState state;
  int reason;
  gboolean persistent;
  gboolean autostart;
  gboolean managed_save;
  guint vcpus;
  guint64 max_memory_kib;
  guint64 memory_kib;
} InnVmInfo;

void inn_vm_info_clear (InnVmInfo *info);

/**
 * InnVmSample:
 * @cpu_percent: of all its virtual CPUs together, 0 to 100; negative for unknown
 * @memory_used_kib: what the guest uses (balloon), 0 for unknown
 * @disk_read_bps: bytes a second read from all disks; negative for unknown
 * @disk_write_bps: bytes a second written
 * @net_rx_bps: bytes a second the guest received
 * @net_tx_bps: bytes a second the guest sent
 *
 * One measurement of a guest; rates are over the time since the one before.
 */
typedef struct
{
  float cpu_percent;
  float disk_read_bps;
  float disk_write_bps;
  float net_rx_bps;
  float net_tx_bps;
  guint64 memory_used_kib;
} InnVmSample;

#define INN_VM_SAMPLE_UNKNOWN ((InnVmSample) { -1, -1, -1, -1, -1, 0 })

#define INN_TYPE_VM (inn_vm_get_type ())

G_DECLARE_FINAL_TYPE (InnVm, inn_vm, INN, VM, GObject)

InnVm *inn_vm_new (const InnVmInfo *info);
gboolean inn_vm_apply_info (InnVm *self, const InnVmInfo *info);
gboolean inn_vm_apply_state (InnVm *self, InnVmState state, int reason, int domain_id);
void inn_vm_apply_sample (InnVm *self, const InnVmSample *sample);
void inn_vm_set_name (InnVm *self, const char *name);
void inn_vm_set_addresses (InnVm *self, const char *const *addresses);
void inn_vm_set_tags (InnVm *self, const char *const *tags);
void inn_vm_set_started_at (InnVm *self, gint64 started_at);
void inn_vm_set_stale (InnVm *self, gboolean stale);

const char *inn_vm_get_uuid (InnVm *self);
const char *inn_vm_get_name (InnVm *self);
const char *inn_vm_get_title (InnVm *self);
const char *inn_vm_get_description (InnVm *self);
const char *inn_vm_get_os (InnVm *self);
const char *inn_vm_get_name_key (InnVm *self);
void inn_vm_set_name_key (InnVm *self, const char *key);
InnHost *inn_vm_get_host (InnVm *self);
int inn_vm_get_domain_id (InnVm *self);
InnVmState inn_vm_get_state (InnVm *self);
int inn_vm_get_reason (InnVm *self);
const char *inn_vm_get_reason_nick (InnVm *self);
gboolean inn_vm_has_io_error (InnVm *self);
char *inn_vm_dup_state_text (InnVm *self);
const char *inn_vm_get_state_word (InnVm *self);
GPtrArray *inn_vm_list_state_words (void);
gboolean inn_vm_is_active (InnVm *self);
gboolean inn_vm_get_persistent (InnVm *self);
gboolean inn_vm_get_autostart (InnVm *self);
gboolean inn_vm_get_managed_save (InnVm *self);
guint inn_vm_get_vcpus (InnVm *self);
guint64 inn_vm_get_memory_kib (InnVm *self);
guint64 inn_vm_get_max_memory_kib (InnVm *self);
const InnVmSample *inn_vm_get_sample (InnVm *self);
const char *const *inn_vm_get_addresses (InnVm *self);
const char *const *inn_vm_get_tags (InnVm *self);
gint64 inn_vm_get_started_at (InnVm *self);
gboolean inn_vm_get_stale (InnVm *self);

G_END_DECLS

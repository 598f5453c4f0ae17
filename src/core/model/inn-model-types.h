/* inn-model-types.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _InnCluster InnCluster;
typedef struct _InnDataCenter InnDataCenter;
typedef struct _InnEvent InnEvent;
typedef struct _InnHost InnHost;
typedef struct _InnInventory InnInventory;
typedef struct _InnVm InnVm;

#define INN_TYPE_HOST_STATE (inn_host_state_get_type ())

/**
 * InnHostState:
 * @INN_HOST_OFFLINE: not connected, and nobody asked to
 * @INN_HOST_CONNECTING: the first answer is awaited
 * @INN_HOST_ONLINE: connected; what is shown is live
 * @INN_HOST_LOST: was connected; reconnecting with back-off, the last known view is shown
 * @INN_HOST_AUTH_REQUIRED: needs a person: password, passphrase or host key
 * @INN_HOST_FAILED: could not connect; the error says why
 */
typedef enum
{
  INN_HOST_OFFLINE,
  INN_HOST_CONNECTING,
  INN_HOST_ONLINE,
  INN_HOST_LOST,
  INN_HOST_AUTH_REQUIRED,
  INN_HOST_FAILED,
} InnHostState;

#define INN_TYPE_VM_STATE (inn_vm_state_get_type ())

/**
 * InnVmState:
 *
 * The numbers and the nicks are libvirt's (virDomainState and its names in domain XML status).
 */
typedef enum
{
  INN_VM_NOSTATE,
  INN_VM_RUNNING,
  INN_VM_BLOCKED,
  INN_VM_PAUSED,
  INN_VM_SHUTDOWN,
  INN_VM_SHUTOFF,
  INN_VM_CRASHED,
  INN_VM_PMSUSPENDED,
} InnVmState;

#define INN_TYPE_SEVERITY (inn_severity_get_type ())

typedef enum
{
  INN_SEVERITY_INFO,
  INN_SEVERITY_WARNING,
  INN_SEVERITY_ERROR,
} InnSeverity;

GType inn_host_state_get_type (void);
GType inn_vm_state_get_type (void);
GType inn_severity_get_type (void);
const char *inn_host_state_to_nick (InnHostState state);
const char *inn_vm_state_to_nick (InnVmState state);
InnVmState inn_vm_state_from_nick (const char *nick);
const char *inn_severity_to_nick (InnSeverity severity);
const char *inn_host_state_get_label (InnHostState state);
const char *inn_vm_state_get_label (InnVmState state);
gboolean inn_vm_state_is_active (InnVmState state);

G_END_DECLS

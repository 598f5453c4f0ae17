/* inn-vm-ops-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-error.h"
#include "ops/inn-vm-ops.h"
#include "virt/inn-xml.h"

G_BEGIN_DECLS

/* Of the kind of an operation on a guest; the verb of `innctl vm` follows. */
#define INN_VM_KIND_PREFIX "vm."

/* Shared inside the room: what the verbs check on the main thread, and the libvirt calls that a
 * worker makes with plain data. */
char *_inn_vm_action_format_title (InnVmAction action, const char *vm_name);
char *
_inn_vm_action_format_failure (InnVmAction action, const char *vm_name, const char *host_name);
gboolean _inn_vm_action_check (InnVmAction action, InnVm *vm, GError **error);
gboolean _inn_vm_check_host (InnVm *vm, GError **error);

/**
 * InnVmCall:
 * @action: for an action
 * @uuid: the guest
 * @name: its name, for messages
 * @host_name: its host's name, for messages
 * @new_name: for renaming
 * @volumes: (nullable): for deleting: storage to take along
 * @since: for a job: monotonic microseconds when it was asked for
 *
 * What a worker is told.
 */
typedef struct
{
  InnVmAction action;
  char *uuid;
  char *name;
  char *host_name;
  char *new_name;
  GStrv volumes;
  gint64 since;
} InnVmCall;

/* Milliseconds of silence after which a guest is not asked to do something. libvirt waits 30 s, and
 * then says that it could not get a lock. */
#define INN_VM_PATIENCE 10000

InnVmCall *_inn_vm_call_new (InnVm *vm);
void _inn_vm_call_free (InnVmCall *call);

virDomainPtr _inn_vm_call_lookup (InnVmCall *call, virConnectPtr conn, GError **error);

/* InnConnectionFunc, each with an InnVmCall */
gboolean _inn_vm_act_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
gboolean _inn_vm_rename_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
gboolean _inn_vm_delete_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
/* Result: a GPtrArray (boxed) of InnVmDisk. */
gboolean _inn_vm_list_storage_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
/* Result: a double, 0 to 1, or negative for unknown. */
gboolean _inn_vm_job_progress_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
gboolean _inn_vm_job_abort_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);

/* Asks the guest to shut down or to reboot: resolves when it has been asked. */
DexFuture *_inn_vm_request (InnSession *session,
                            InnVm *vm,
                            InnVmAction action,
                            InnOperation *operation) G_GNUC_WARN_UNUSED_RESULT;

gboolean _inn_vm_xml_has (const char *xml, const char *expression);

/* Reads @domain and everything of its host that decides what may be deleted. */
GPtrArray *_inn_vm_disks_read (virConnectPtr conn, virDomainPtr domain, GError **error);
char *_inn_vm_disks_find_user (virConnectPtr conn, const char *path, GError **error);
/* Whether all of @volumes may go, as far as @disks says. */
gboolean _inn_vm_disks_check (InnVmCall *call, GPtrArray *disks, GError **error);

/* A guest's definition; NULL without an error when the guest went while we looked. */
InnXml *_inn_vm_read_definition (virDomainPtr domain, unsigned int flags, GError **error);
char *_inn_vm_source_path (virConnectPtr conn, xmlNode *source);

/* The same with the other hosts of the view: each resolves when all of them have answered or did
 * not in time. */
DexFuture *_inn_vm_storage_list (InnSessionManager *sessions, InnVm *vm) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *_inn_vm_storage_delete (InnSessionManager *sessions,
                                   InnVm *vm,
                                   const char *const *volumes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

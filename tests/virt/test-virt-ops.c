/* test-virt-ops.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "ops/inn-vm-ops.h"
#include "virt-host.h"
#include "virt/inn-virt-error.h"

#include <unistd.h>

/* The verbs against a real libvirtd and QEMU. */

#define TICK (500 * G_TIME_SPAN_MILLISECOND)
#define DISK_BYTES (1024 * 1024)

typedef struct
{
  Daemon *daemon;
  InnTestDir *dir;
  Fixture *fixture;
  InnOperationManager *operations;
  InnVmOps *ops;
  char *name;
  InnVm *vm;
} Bed;

static void
bed_free (Bed *self)
{
  if (self->ops != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->ops));
  g_clear_pointer (&self->fixture, fixture_free);
  g_clear_object (&self->operations);
  g_clear_pointer (&self->daemon, daemon_free);
  g_clear_pointer (&self->dir, inn_test_dir_free);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bed, bed_free)

static InnSession *
session_of (Bed *self)
{
  return fixture_session (self->fixture, 0);
}

/* A guest with a disk that runs; NULL when this machine has no host for it. */
static Bed *
bed_new (const char *name)
{
  g_autoptr (Bed) self = g_new0 (Bed, 1);
  g_autofree char *disk = NULL;
  g_autofree char *zeros = g_malloc0 (DISK_BYTES);
  g_autofree char *devices = NULL;

  self->daemon = daemon_start (NULL);
  if (self->daemon == NULL)
    return NULL;

  self->dir = inn_test_dir_new ();
  disk = g_build_filename (self->dir, "disk.img", NULL);
  g_assert_true (g_file_set_contents (disk, zeros, DISK_BYTES, NULL));
  devices = g_strdup_printf ("<disk type='file' device='disk'><driver name='qemu' type='raw'/>"
                             "<source file='%s'/><target dev='hda' bus='ide'/></disk>",
                             disk);
  self->fixture = fixture_new (self->daemon->uri, NULL);
  fixture_start (self->fixture);
  inn_session_manager_set_interval (self->fixture->manager, TICK);
  self->operations = inn_operation_manager_new ();
  self->ops = inn_vm_ops_new (self->fixture->manager, self->operations);
  inn_test_await_ok (inn_session_connect (session_of (self)));
  self->name = g_strdup_printf ("%s-%d", name, getpid ());
  virt_host_define (session_of (self), self->name, devices);
  virt_host_start_guest (session_of (self), self->name);
  self->vm = virt_host_wait_guest (fixture_host (self->fixture, 0), self->name, INN_VM_RUNNING);

  return g_steal_pointer (&self);
}

/* A backup that lasts until somebody has fetched it. */
static gboolean
backup_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Bed *bed = data;
  virDomainPtr domain = virDomainLookupByName (conn, bed->name);
  g_autofree char *xml = g_strdup_printf (
      "<domainbackup mode='pull'><server transport='unix' socket='%s/nbd.sock'/><disks>"
      "<disk name='hda' backup='yes' type='file'><scratch file='%s/scratch.qcow2'/></disk>"
      "</disks></domainbackup>",
      bed->dir, bed->dir);
  gboolean ok = virDomainBackupBegin (domain, xml, NULL, 0) == 0;

  if (!ok)
    inn_virt_set_error (error, "backup");
  virDomainFree (domain);
  return ok;
}

static gboolean
job_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Bed *bed = data;
  virDomainPtr domain = virDomainLookupByName (conn, bed->name);
  virTypedParameterPtr params = NULL;
  int operation = VIR_DOMAIN_JOB_OPERATION_UNKNOWN;
  int type = 0;
  int n = 0;

  g_assert_cmpint (virDomainGetJobStats (domain, &type, &params, &n, 0), ==, 0);
  if (type != VIR_DOMAIN_JOB_NONE)
    virTypedParamsGetInt (params, n, VIR_DOMAIN_JOB_OPERATION, &operation);
  virTypedParamsFree (params, n);
  virDomainFree (domain);
  g_value_init (result, G_TYPE_INT);
  g_value_set_int (result, operation);
  return TRUE;
}

static int
job_of (Bed *self)
{
  g_autoptr (GError) error = NULL;
  int operation =
      dex_await_int (inn_session_ask (session_of (self), job_thread, self, NULL, NULL), &error);

  g_assert_no_error (error);
  return operation;
}

/* Whoever cancels a save that waits for somebody's backup does not cancel the backup. */
static void
test_save_behind_backup (void)
{
  g_autoptr (Bed) bed = bed_new ("inn-backup");
  g_autoptr (InnOperation) save = NULL;
  g_autoptr (GError) error = NULL;

  if (bed == NULL)
    return;

  inn_test_await_ok (inn_session_run (session_of (bed), backup_thread, bed, NULL, NULL));
  g_assert_cmpint (job_of (bed), ==, VIR_DOMAIN_JOB_OPERATION_BACKUP);
  save = inn_vm_ops_act (bed->ops, bed->vm, INN_VM_ACTION_SAVE);
  inn_operation_cancel (save);
  error = inn_test_await_error (inn_operation_await (save));
  g_test_message ("the save ended: %s", error->message);
  g_assert_cmpint (job_of (bed), ==, VIR_DOMAIN_JOB_OPERATION_BACKUP);
  g_assert_cmpint (inn_vm_get_state (bed->vm), ==, INN_VM_RUNNING);

  virt_host_do (session_of (bed), bed->name, virDomainAbortJob);
  virt_host_do (session_of (bed), bed->name, virDomainDestroy);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/ops/save-behind-backup", test_save_behind_backup);
  return g_test_run ();
}

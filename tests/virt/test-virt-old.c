/* test-virt-old.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "ops/inn-vm-ops.h"
#include "virt-host.h"

#include <libvirt/virterror.h>
#include <string.h>
#include <unistd.h>

/* A host whose libvirt is as old as OLD_VERSION: what is newer is refused by what is linked in. */

#define TICK (500 * G_TIME_SPAN_MILLISECOND)
/* libvirt's numbers for 8.0.0, 1.2.8 and 1.2.19 */
#define OLDEST 8000000
#define HAS_STATISTICS 1002008
#define HAS_RENAME 1002019

typedef struct
{
  Daemon *daemon;
  Fixture *fixture;
  InnOperationManager *operations;
  InnVmOps *ops;
  char *name;
  InnVm *vm;
  guint64 version;
} Bed;

static void
bed_free (Bed *self)
{
  if (self->ops != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->ops));
  g_clear_pointer (&self->fixture, fixture_free);
  g_clear_object (&self->operations);
  g_clear_pointer (&self->daemon, daemon_free);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bed, bed_free)

static InnSession *
session_of (Bed *self)
{
  return fixture_session (self->fixture, 0);
}

static InnHost *
host_of (Bed *self)
{
  return fixture_host (self->fixture, 0);
}

static Bed *
bed_new (void)
{
  g_autoptr (Bed) self = g_new0 (Bed, 1);

  self->daemon = daemon_start (NULL);
  if (self->daemon == NULL)
    return NULL;

  self->fixture = fixture_new (self->daemon->uri, NULL);
  fixture_start (self->fixture);
  inn_session_manager_set_interval (self->fixture->manager, TICK);
  self->operations = inn_operation_manager_new ();
  self->ops = inn_vm_ops_new (self->fixture->manager, self->operations);
  inn_test_await_ok (inn_session_connect (session_of (self)));
  self->version = inn_host_get_facts (host_of (self))->libvirt_version;
  self->name = g_strdup_printf ("inn-old-%d", getpid ());
  virt_host_define (session_of (self), self->name,
                    "<graphics type='vnc'><listen type='none'/></graphics>");
  self->vm = virt_host_wait_guest (host_of (self), self->name, INN_VM_SHUTOFF);

  return g_steal_pointer (&self);
}

/* The shim is there, and says what a host says. */
static void
test_refuses (void)
{
  unsigned long version = 0;
  int fds[] = { 0 };

  virResetLastError ();
  g_assert_cmpint (virDomainFDAssociate (NULL, "name", 1, fds, 0), ==, -1);
  g_assert_cmpint (virGetLastErrorCode (), ==, VIR_ERR_NO_SUPPORT);
  g_assert_cmpint (virConnectGetLibVersion (NULL, &version), ==, 0);
  g_assert_cmpuint (version, <=, OLDEST);
}

static void
act (Bed *self, InnVmAction action, InnVmState state)
{
  g_autoptr (InnOperation) operation = inn_vm_ops_act (self->ops, self->vm, action);

  inn_test_await_ok (inn_operation_await (operation));
  virt_host_wait_guest (host_of (self), inn_vm_get_name (self->vm), state);
}

static gboolean
is_saved (gpointer vm)
{
  return inn_vm_get_managed_save (vm);
}

static gboolean
is_not_saved (gpointer vm)
{
  return !inn_vm_get_managed_save (vm);
}

static gboolean
is_autostarted (gpointer vm)
{
  return inn_vm_get_autostart (vm);
}

static gboolean
has_cpu (gpointer vm)
{
  return inn_vm_get_sample (vm)->cpu_percent >= 0;
}

/* A newer call that a host lacks is no failure of what is asked. */
static void
ask_all (Bed *self)
{
  const char *uuid = inn_vm_get_uuid (self->vm);
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = NULL;
  g_auto (GStrv) addresses = NULL;
  g_autoptr (GBytes) screen = NULL;

  xml = dex_await_string (inn_session_fetch_vm_xml (session_of (self), uuid, FALSE), &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (xml, self->name));
  addresses = dex_await_boxed (inn_session_fetch_addresses (session_of (self), uuid), &error);
  g_assert_no_error (error);
  g_assert_nonnull (addresses);
  screen = dex_await_boxed (inn_session_fetch_screenshot (session_of (self), uuid, 0), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (screen), >, 8);
}

static void
test_life (void)
{
  g_autoptr (Bed) bed = bed_new ();

  if (bed == NULL)
    return;

  g_assert_cmpuint (bed->version, <=, OLDEST);
  act (bed, INN_VM_ACTION_START, INN_VM_RUNNING);
  if (bed->version >= HAS_STATISTICS)
    inn_test_wait (has_cpu, bed->vm);
  ask_all (bed);
  act (bed, INN_VM_ACTION_PAUSE, INN_VM_PAUSED);
  act (bed, INN_VM_ACTION_RESUME, INN_VM_RUNNING);
  act (bed, INN_VM_ACTION_RESET, INN_VM_RUNNING);
  act (bed, INN_VM_ACTION_NMI, INN_VM_RUNNING);
  act (bed, INN_VM_ACTION_REBOOT, INN_VM_RUNNING);
  act (bed, INN_VM_ACTION_SHUTDOWN, INN_VM_RUNNING);
  act (bed, INN_VM_ACTION_SAVE, INN_VM_SHUTOFF);
  inn_test_await_ok (inn_session_refresh (session_of (bed)));
  inn_test_wait (is_saved, bed->vm);
  act (bed, INN_VM_ACTION_DROP_SAVED, INN_VM_SHUTOFF);
  inn_test_await_ok (inn_session_refresh (session_of (bed)));
  inn_test_wait (is_not_saved, bed->vm);
  act (bed, INN_VM_ACTION_AUTOSTART_ON, INN_VM_SHUTOFF);
  inn_test_await_ok (inn_session_refresh (session_of (bed)));
  inn_test_wait (is_autostarted, bed->vm);
  act (bed, INN_VM_ACTION_START, INN_VM_RUNNING);
  act (bed, INN_VM_ACTION_POWER_OFF, INN_VM_SHUTOFF);
}

static gboolean
is_gone (gpointer data)
{
  Bed *bed = data;

  return virt_host_find (host_of (bed), bed->name) == NULL;
}

/* What the host cannot do is refused with the reason, and nothing is changed. */
static void
test_rename_and_delete (void)
{
  g_autoptr (Bed) bed = bed_new ();
  g_autofree char *name = NULL;
  g_autoptr (InnOperation) rename = NULL;
  g_autoptr (InnOperation) delete = NULL;
  g_autoptr (GPtrArray) disks = NULL;
  g_autoptr (GError) error = NULL;

  if (bed == NULL)
    return;

  name = g_strconcat (bed->name, "-new", NULL);
  rename = inn_vm_ops_rename (bed->ops, bed->vm, name);
  if (bed->version < HAS_RENAME)
    {
      g_autoptr (GError) refused = inn_test_await_error (inn_operation_await (rename));

      g_autoptr (GError) said = NULL;

      g_assert_false (inn_session_supports (session_of (bed), "rename"));
      g_assert_false (inn_vm_ops_check_rename (bed->ops, bed->vm, &said));
      g_assert_cmpstr (said->message, ==, refused->message);
      g_assert_error (refused, INN_ERROR, INN_ERROR_UNSUPPORTED);
      g_assert_nonnull (strstr (refused->message, OLD_VERSION));
      inn_test_await_ok (inn_session_refresh (session_of (bed)));
      g_assert_nonnull (virt_host_find (host_of (bed), bed->name));
    }
  else
    {
      inn_test_await_ok (inn_operation_await (rename));
      g_set_str (&bed->name, name);
      bed->vm = virt_host_wait_guest (host_of (bed), name, INN_VM_SHUTOFF);
    }

  disks = dex_await_boxed (inn_vm_ops_list_storage (bed->ops, bed->vm), &error);
  g_assert_no_error (error);
  delete = inn_vm_ops_delete (bed->ops, bed->vm, NULL);
  inn_test_await_ok (inn_operation_await (delete));
  inn_test_wait (is_gone, bed);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/old/refuses", test_refuses);
  inn_test_add_fiber ("/virt/old/life", test_life);
  inn_test_add_fiber ("/virt/old/rename-and-delete", test_rename_and_delete);
  return g_test_run ();
}

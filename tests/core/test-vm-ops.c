/* test-vm-ops.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "ops/inn-vm-ops-private.h"
#include "virt-fixture.h"

/* A host with guests in all states, a pool, a volume that two guests have, and one that is the base
 * of another volume. */
#define DOMAIN(name, state, more)                                                                  \
  "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>"                   \
  "<name>" name "</name><memory>65536</memory><vcpu>1</vcpu><os><type>hvm</type></os>"             \
  "<devices>" more "</devices><test:runstate>" state "</test:runstate></domain>"
#define DISK(path, target)                                                                         \
  "<disk type='file' device='disk'><source file='" path "'/><target dev='" target "'/></disk>"
#define VOLUME(name, more)                                                                         \
  "<volume><name>" name "</name><capacity>1048576</capacity><target><path>/pool/" name             \
  "</path></target>" more "</volume>"

static const char host_xml[] =
    "<node>"
    "<pool type='dir'><name>pool</name><target><path>/pool</path></target>" VOLUME ("own.img", "")
        VOLUME ("shared.img", "") VOLUME ("base.img", "") VOLUME ("data.img", "") VOLUME (
            "top.img",
            "<backingStore><path>/pool/base.img</path></backingStore>") "</pool>" DOMAIN ("on",
                                                                                          "1",
                                                                                          "")
            DOMAIN ("paused", "3", "") DOMAIN (
                "off",
                "5",
                DISK ("/pool/own.img", "vda") DISK ("/pool/shared.img",
                                                    "vdb") DISK ("/elsewhere.img", "vdc")
                    DISK ("/pool/base.img",
                          "vdd") "<disk type='file' device='cdrom'><source file='/pool/data.img'/>"
                                 "<target dev='hda'/><readonly/></disk>")
                DOMAIN ("other", "5", DISK ("/pool/shared.img", "vda")) "</node>";

typedef struct
{
  InnTestDir *dir;
  Fixture *fixture;
  InnOperationManager *operations;
  InnVmOps *ops;
} Bed;

static void
bed_free (Bed *bed)
{
  g_assert_finalize_object (g_steal_pointer (&bed->ops));
  fixture_free (bed->fixture);
  g_assert_finalize_object (g_steal_pointer (&bed->operations));
  inn_test_dir_free (bed->dir);
  g_free (bed);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bed, bed_free)

static Bed *
bed_new (void)
{
  Bed *bed = g_new0 (Bed, 1);
  g_autofree char *path = NULL;
  g_autofree char *uri = NULL;

  bed->dir = inn_test_dir_new ();
  path = g_build_filename (bed->dir, "host.xml", NULL);
  uri = g_strconcat ("test://", path, NULL);
  g_assert_true (g_file_set_contents (path, host_xml, -1, NULL));
  bed->fixture = fixture_new (uri, NULL);
  fixture_start (bed->fixture);
  bed->operations = inn_operation_manager_new ();
  bed->ops = inn_vm_ops_new (bed->fixture->manager, bed->operations);
  inn_test_await_ok (inn_session_connect (fixture_session (bed->fixture, 0)));
  inn_test_await_ok (inn_session_wait_first_list (fixture_session (bed->fixture, 0)));

  return bed;
}

static InnVm *
find_vm (Bed *bed, const char *name)
{
  GListModel *vms = inn_host_get_vms (fixture_host (bed->fixture, 0));
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      if (g_str_equal (inn_vm_get_name (vm), name))
        return vm; /* its host keeps it */
    }

  return NULL;
}

typedef struct
{
  InnVm *vm;
  InnVmState state;
} StateWait;

static gboolean
has_state (gpointer data)
{
  StateWait *wait = data;

  return inn_vm_get_state (wait->vm) == wait->state;
}

/* The operation succeeds, and the host's event brings the state. */
static void
assert_acts (Bed *bed, const char *name, InnVmAction action, InnVmState state)
{
  InnVm *vm = find_vm (bed, name);
  StateWait wait = { vm, state };
  g_autoptr (InnOperation) operation = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (vm);
  g_assert_true (inn_vm_ops_check_act (bed->ops, vm, action, &error));
  g_assert_no_error (error);
  operation = inn_vm_ops_act (bed->ops, vm, action);
  inn_test_await_ok (inn_operation_await (operation));
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_SUCCEEDED);
  inn_test_wait (has_state, &wait);
}

/* It is not available, with a reason; asking for it all the same ends with the same words. */
static void
assert_refused (Bed *bed, const char *name, InnVmAction action, const char *words)
{
  InnVm *vm = find_vm (bed, name);
  InnVmState before = inn_vm_get_state (vm);
  g_autoptr (InnOperation) operation = NULL;
  g_autoptr (GError) error = NULL;
  const char *reason;

  g_assert_false (inn_vm_ops_check_act (bed->ops, vm, action, &error));
  g_assert_true (error->domain == INN_ERROR);
  reason = error->message;
  operation = inn_vm_ops_act (bed->ops, vm, action);
  g_assert_cmpint (inn_operation_get_state (operation), ==, INN_OPERATION_FAILED);
  g_assert_cmpstr (inn_operation_get_error (operation)->message, ==, reason);
  g_assert_nonnull (strstr (reason, name));
  g_assert_nonnull (strstr (reason, words));
  g_assert_cmpint (inn_vm_get_state (vm), ==, before);
}

static void
test_nicks (void)
{
  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    {
      InnVmAction action = INN_VM_ACTION_START;

      g_assert_true (inn_vm_action_from_nick (inn_vm_action_to_nick (i), &action));
      g_assert_cmpint (action, ==, i);
      g_assert_nonnull (inn_vm_action_get_label (i));
    }
  g_assert_false (inn_vm_action_from_nick ("explode", &(InnVmAction) { 0 }));
}

static void
test_lifecycle (void)
{
  g_autoptr (Bed) bed = bed_new ();

  assert_acts (bed, "off", INN_VM_ACTION_START, INN_VM_RUNNING);
  assert_acts (bed, "off", INN_VM_ACTION_PAUSE, INN_VM_PAUSED);
  assert_acts (bed, "off", INN_VM_ACTION_RESUME, INN_VM_RUNNING);
  assert_acts (bed, "off", INN_VM_ACTION_REBOOT, INN_VM_RUNNING);
  assert_acts (bed, "off", INN_VM_ACTION_SHUTDOWN, INN_VM_SHUTOFF);
  assert_acts (bed, "on", INN_VM_ACTION_POWER_OFF, INN_VM_SHUTOFF);
  g_assert_cmpuint (inn_operation_manager_get_n_running (bed->operations), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (bed->operations)), ==, 6);
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

static void
test_save (void)
{
  g_autoptr (Bed) bed = bed_new ();
  InnVm *vm = find_vm (bed, "on");

  assert_refused (bed, "on", INN_VM_ACTION_DROP_SAVED, "no saved state");
  assert_acts (bed, "on", INN_VM_ACTION_SAVE, INN_VM_SHUTOFF);
  inn_test_await_ok (inn_session_refresh (fixture_session (bed->fixture, 0)));
  inn_test_wait (is_saved, vm);
  assert_acts (bed, "on", INN_VM_ACTION_DROP_SAVED, INN_VM_SHUTOFF);
  inn_test_await_ok (inn_session_refresh (fixture_session (bed->fixture, 0)));
  inn_test_wait (is_not_saved, vm);
}

static void
test_refusals (void)
{
  g_autoptr (Bed) bed = bed_new ();

  assert_refused (bed, "paused", INN_VM_ACTION_START, "resume it instead");
  assert_refused (bed, "on", INN_VM_ACTION_START, "runs already");
  assert_refused (bed, "on", INN_VM_ACTION_RESUME, "not paused");
  assert_refused (bed, "off", INN_VM_ACTION_RESUME, "start it instead");
  assert_refused (bed, "off", INN_VM_ACTION_SHUTDOWN, "start it first");
  assert_refused (bed, "off", INN_VM_ACTION_POWER_OFF, "shut off already");
  assert_refused (bed, "paused", INN_VM_ACTION_SHUTDOWN, "resume it first");
  assert_refused (bed, "paused", INN_VM_ACTION_PAUSE, "paused already");
  assert_refused (bed, "off", INN_VM_ACTION_SAVE, "start it first");
}

/* What the host refuses is said with what to do about it; its own words are the details. */
static void
test_advice (void)
{
  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    {
      g_autofree char *headline = _inn_vm_action_format_failure (i, "web", "bench");

      g_assert_nonnull (strstr (headline, "web"));
      g_assert_nonnull (strstr (headline, "bench: "));
      g_assert_nonnull (strstr (headline, "details"));
    }
}

static void
test_offline (void)
{
  g_autoptr (Bed) bed = bed_new ();

  inn_test_await_ok (inn_session_disconnect (fixture_session (bed->fixture, 0)));
  assert_refused (bed, "on", INN_VM_ACTION_PAUSE, "connect the host first");
}

static void
assert_rename_fails (Bed *bed, const char *name, const char *new_name, InnError code)
{
  g_autoptr (InnOperation) operation = inn_vm_ops_rename (bed->ops, find_vm (bed, name), new_name);
  g_autoptr (GError) error = inn_test_await_error (inn_operation_await (operation));

  g_assert_error (error, INN_ERROR, (int) code);
  g_assert_nonnull (find_vm (bed, name));
}

static gboolean
has_new_name (gpointer bed)
{
  return find_vm (bed, "new") != NULL;
}

static void
test_rename (void)
{
  g_autoptr (Bed) bed = bed_new ();
  g_autoptr (InnOperation) operation = NULL;

  assert_rename_fails (bed, "off", "", INN_ERROR_INVALID);
  assert_rename_fails (bed, "off", "a/b", INN_ERROR_INVALID);
  assert_rename_fails (bed, "off", "..", INN_ERROR_INVALID);
  assert_rename_fails (bed, "off", "a\nb", INN_ERROR_INVALID);
  assert_rename_fails (bed, "off", " a", INN_ERROR_INVALID);
  assert_rename_fails (bed, "off", "\xff", INN_ERROR_INVALID);
  assert_rename_fails (bed, "off", "off", INN_ERROR_INVALID);
  assert_rename_fails (bed, "off", "other", INN_ERROR_CONFLICT);
  assert_rename_fails (bed, "on", "new", INN_ERROR_INVALID);

  operation = inn_vm_ops_rename (bed->ops, find_vm (bed, "off"), "new");
  inn_test_await_ok (inn_operation_await (operation));
  inn_test_await_ok (inn_session_refresh (fixture_session (bed->fixture, 0)));
  inn_test_wait (has_new_name, bed);
  g_assert_null (find_vm (bed, "off"));
}

static const InnVmDisk *
find_disk (GPtrArray *disks, const char *target)
{
  for (guint i = 0; i < disks->len; i++)
    {
      const InnVmDisk *disk = g_ptr_array_index (disks, i);

      if (g_strcmp0 (disk->target, target) == 0)
        return disk;
    }

  g_assert_not_reached ();
}

static void
test_list_storage (void)
{
  g_autoptr (Bed) bed = bed_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) disks =
      dex_await_boxed (inn_vm_ops_list_storage (bed->ops, find_vm (bed, "off")), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (disks->len, ==, 5);
  g_assert_true (find_disk (disks, "vda")->deletable);
  g_assert_cmpstr (find_disk (disks, "vda")->source, ==, "/pool/own.img");
  g_assert_cmpuint (find_disk (disks, "vda")->capacity_bytes, ==, 1048576);
  g_assert_null (find_disk (disks, "vda")->shared_with);
  g_assert_cmpstr (find_disk (disks, "vdb")->shared_with, ==, "other");
  g_assert_false (find_disk (disks, "vdc")->deletable);
  g_assert_cmpstr (find_disk (disks, "vdd")->shared_with, ==, "top.img");
  g_assert_cmpstr (find_disk (disks, "hda")->device, ==, "cdrom");
  g_assert_false (find_disk (disks, "hda")->deletable);
}

/* The same export, which each host has mounted elsewhere. */
#define EXPORT(folder)                                                                             \
  "<pool type='netfs'><name>export</name><source><host name='nas'/><dir path='/vms'/>"             \
  "<format type='nfs'/></source><target><path>" folder "</path></target>"                          \
  "<volume><name>web.img</name><capacity>1048576</capacity><target><path>" folder "/web.img"       \
  "</path></target></volume></pool>"

static const char *const export_xml[] = {
  "<node>" EXPORT ("/mnt/a") DOMAIN ("here", "5", DISK ("/mnt/a/web.img", "vda")) "</node>",
  "<node>" EXPORT ("/mnt/b") DOMAIN ("there", "5", DISK ("/mnt/b/web.img", "vda")) "</node>",
};

static GPtrArray *
await_only_disk (Fixture *fixture, InnVmOps *ops)
{
  g_autoptr (InnVm) vm = g_list_model_get_item (inn_host_get_vms (fixture_host (fixture, 0)), 0);
  g_autoptr (GError) error = NULL;
  GPtrArray *disks = dex_await_boxed (inn_vm_ops_list_storage (ops, vm), &error);

  g_assert_no_error (error);
  g_assert_cmpuint (disks->len, ==, 1);
  return disks;
}

static void
assert_kept (Fixture *fixture, InnVmOps *ops, InnError code)
{
  const char *const volumes[] = { "/mnt/a/web.img", NULL };
  g_autoptr (InnVm) vm = g_list_model_get_item (inn_host_get_vms (fixture_host (fixture, 0)), 0);
  g_autoptr (InnOperation) operation = inn_vm_ops_delete (ops, vm, volumes);
  g_autoptr (GError) error = inn_test_await_error (inn_operation_await (operation));

  g_assert_error (error, INN_ERROR, (int) code);
}

/* The disk of a guest of another host is known by the export; while that host cannot be asked,
 * nothing on the network is deleted. */
static void
test_other_host (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *one = g_build_filename (dir, "one.xml", NULL);
  g_autofree char *two = g_build_filename (dir, "two.xml", NULL);
  g_autofree char *one_uri = g_strconcat ("test://", one, NULL);
  g_autofree char *two_uri = g_strconcat ("test://", two, NULL);
  g_autoptr (Fixture) fixture = fixture_new (one_uri, two_uri, NULL);
  g_autoptr (InnOperationManager) operations = inn_operation_manager_new ();
  g_autoptr (InnVmOps) ops = NULL;
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;

  g_assert_true (g_file_set_contents (one, export_xml[0], -1, NULL));
  g_assert_true (g_file_set_contents (two, export_xml[1], -1, NULL));
  fixture_start (fixture);
  ops = inn_vm_ops_new (fixture->manager, operations);
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  inn_test_await_ok (inn_session_wait_first_list (fixture_session (fixture, 0)));

  before = await_only_disk (fixture, ops);
  g_assert_cmpstr (find_disk (before, "vda")->unasked, ==, "h1");
  g_assert_false (find_disk (before, "vda")->deletable);
  assert_kept (fixture, ops, INN_ERROR_NOT_CONNECTED);

  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 1)));
  after = await_only_disk (fixture, ops);
  g_assert_cmpstr (find_disk (after, "vda")->shared_with, ==, "there on h1");
  g_assert_null (find_disk (after, "vda")->unasked);
  assert_kept (fixture, ops, INN_ERROR_IN_USE);
}

static gboolean
volume_exists_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  virStorageVolPtr volume = virStorageVolLookupByPath (conn, data);

  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, volume != NULL);
  if (volume != NULL)
    virStorageVolFree (volume);
  return TRUE;
}

static gboolean
volume_exists (Bed *bed, const char *path)
{
  g_autoptr (GError) error = NULL;
  gboolean exists =
      dex_await_boolean (inn_session_run (fixture_session (bed->fixture, 0), volume_exists_thread,
                                          g_strdup (path), g_free, NULL),
                         &error);

  g_assert_no_error (error);
  return exists;
}

static void
assert_delete_fails (Bed *bed, const char *name, const char *path, InnError code)
{
  const char *const volumes[] = { "/pool/own.img", path, NULL };
  g_autoptr (InnOperation) operation =
      inn_vm_ops_delete (bed->ops, find_vm (bed, name), path != NULL ? volumes : NULL);
  g_autoptr (GError) error = inn_test_await_error (inn_operation_await (operation));

  g_assert_error (error, INN_ERROR, (int) code);
  g_assert_nonnull (find_vm (bed, name));
  g_assert_true (volume_exists (bed, "/pool/own.img"));
}

static gboolean
is_gone (gpointer bed)
{
  return find_vm (bed, "off") == NULL;
}

/* Nothing goes unless all of it may go. */
static void
test_delete (void)
{
  g_autoptr (Bed) bed = bed_new ();
  const char *const volumes[] = { "/pool/own.img", NULL };
  g_autoptr (InnOperation) operation = NULL;

  assert_delete_fails (bed, "on", NULL, INN_ERROR_INVALID);
  assert_delete_fails (bed, "off", "/pool/shared.img", INN_ERROR_IN_USE);
  assert_delete_fails (bed, "off", "/pool/base.img", INN_ERROR_IN_USE);
  assert_delete_fails (bed, "off", "/pool/data.img", INN_ERROR_INVALID);
  assert_delete_fails (bed, "off", "/elsewhere.img", INN_ERROR_UNSUPPORTED);
  assert_delete_fails (bed, "off", "/etc/passwd", INN_ERROR_NOT_FOUND);

  operation = inn_vm_ops_delete (bed->ops, find_vm (bed, "off"), volumes);
  inn_test_await_ok (inn_operation_await (operation));
  inn_test_wait (is_gone, bed);
  g_assert_false (volume_exists (bed, "/pool/own.img"));
  g_assert_true (volume_exists (bed, "/pool/shared.img"));
  g_assert_true (volume_exists (bed, "/pool/data.img"));
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/vm-ops/nicks", test_nicks);
  inn_test_add_fiber ("/vm-ops/lifecycle", test_lifecycle);
  inn_test_add_fiber ("/vm-ops/save", test_save);
  inn_test_add_fiber ("/vm-ops/refusals", test_refusals);
  inn_test_add_fiber ("/vm-ops/advice", test_advice);
  inn_test_add_fiber ("/vm-ops/offline", test_offline);
  inn_test_add_fiber ("/vm-ops/rename", test_rename);
  inn_test_add_fiber ("/vm-ops/list-storage", test_list_storage);
  inn_test_add_fiber ("/vm-ops/delete", test_delete);
  inn_test_add_fiber ("/vm-ops/other-host", test_other_host);

  return g_test_run ();
}

/* test-virt-stuck.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "ops/inn-vm-ops.h"
#include "virt-host.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Guests whose emulator hangs. Whatever was asked about them, what a person wants done is done. */

#define TICK (500 * G_TIME_SPAN_MILLISECOND)
#define N_STUCK 3
#define N_GUESTS (N_STUCK + 1)
/* What a host that is well takes, many times over. */
#define DEADLINE (20 * G_USEC_PER_SEC)
/* libvirt asks an emulator nicely for ten seconds before it kills it. */
#define FORCED_DEADLINE (40 * G_USEC_PER_SEC)

typedef struct
{
  Daemon *daemon;
  Fixture *fixture;
  InnOperationManager *operations;
  InnVmOps *ops;
  char *names[N_GUESTS];
  InnVm *vms[N_GUESTS];
} Bed;

static void
bed_free (Bed *self)
{
  if (self->ops != NULL)
    g_assert_finalize_object (g_steal_pointer (&self->ops));
  g_clear_pointer (&self->fixture, fixture_free);
  g_clear_object (&self->operations);
  for (guint i = 0; i < N_GUESTS; i++)
    g_free (self->names[i]);
  g_clear_pointer (&self->daemon, daemon_free);
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

/* A host with guests that run; NULL when this machine has none. */
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
  for (guint i = 0; i < N_GUESTS; i++)
    {
      self->names[i] = g_strdup_printf ("inn-stuck-%d-%u", getpid (), i);
      virt_host_define (session_of (self), self->names[i],
                        "<graphics type='vnc'><listen type='none'/></graphics>");
      virt_host_start_guest (session_of (self), self->names[i]);
      self->vms[i] = virt_host_wait_guest (host_of (self), self->names[i], INN_VM_RUNNING);
    }

  return g_steal_pointer (&self);
}

static void
await_action (Bed *self, guint i, InnVmAction action, gint64 deadline)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (InnOperation) operation = inn_vm_ops_act (self->ops, self->vms[i], action);

  inn_test_await_ok (inn_future_timeout (inn_operation_await (operation), deadline));
  g_test_message ("%s took %.2f s", inn_vm_action_to_nick (action),
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

/* A guest whose emulator is known to hang is not asked any more, so that others can be. */
static void
await_xml (Bed *self, guint i, gboolean stuck)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autofree char *xml = dex_await_string (
      inn_session_fetch_vm_xml (session_of (self), inn_vm_get_uuid (self->vms[i]), FALSE), &error);

  g_assert_cmpint (g_get_monotonic_time () - start, <, DEADLINE);
  if (!stuck)
    {
      g_assert_no_error (error);
      g_assert_nonnull (strstr (xml, self->names[i]));
      return;
    }

  g_assert_error (error, INN_ERROR, INN_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, self->names[i]));
  g_assert_nonnull (inn_error_get_details (error));
}

/* A page of each was open: its screen, and its addresses. */
static void
test_questions (void)
{
  g_autoptr (Bed) bed = bed_new ();
  DexFuture *screens[N_STUCK];
  DexFuture *addresses[N_STUCK];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) screen = NULL;

  if (bed == NULL)
    return;

  screen = dex_await_boxed (
      inn_session_fetch_screenshot (session_of (bed), inn_vm_get_uuid (bed->vms[0]), 0), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < N_STUCK; i++)
    virt_host_signal_guest (bed->names[i], SIGSTOP);
  for (guint i = 0; i < N_STUCK; i++)
    {
      const char *uuid = inn_vm_get_uuid (bed->vms[i]);

      screens[i] = inn_session_fetch_screenshot (session_of (bed), uuid, 0);
      addresses[i] = inn_session_fetch_addresses (session_of (bed), uuid);
    }

  /* The one that is well, whatever the others do. */
  await_action (bed, N_STUCK, INN_VM_ACTION_PAUSE, DEADLINE);
  await_action (bed, N_STUCK, INN_VM_ACTION_POWER_OFF, DEADLINE);
  virt_host_wait_guest (host_of (bed), bed->names[N_STUCK], INN_VM_SHUTOFF);
  await_xml (bed, N_STUCK, FALSE);

  /* Who asked is told, and the host is well. */
  for (guint i = 0; i < N_STUCK; i++)
    {
      g_autoptr (GError) late = inn_test_await_error (screens[i]);

      g_assert_error (late, INN_ERROR, INN_ERROR_TIMED_OUT);
      g_assert_nonnull (strstr (late->message, bed->names[i]));
      inn_test_await_ok (addresses[i]);
    }
  await_xml (bed, 0, TRUE);
  g_assert_cmpint (inn_host_get_state (host_of (bed)), ==, INN_HOST_ONLINE);

  /* And those that hang can be ended. */
  for (guint i = 0; i < N_STUCK; i++)
    {
      await_action (bed, i, INN_VM_ACTION_POWER_OFF, FORCED_DEADLINE);
      virt_host_wait_guest (host_of (bed), bed->names[i], INN_VM_SHUTOFF);
    }
  g_assert_cmpint (inn_host_get_state (host_of (bed)), ==, INN_HOST_ONLINE);
  g_assert_cmpuint (fixture_count_events (bed->fixture, "host.lost"), ==, 0);
}

/* They hung before anybody looked: the host is there all the same, with all its guests. */
static void
test_arrive (void)
{
  g_autoptr (Bed) bed = bed_new ();
  gint64 start;

  if (bed == NULL)
    return;

  inn_test_await_ok (inn_session_disconnect (session_of (bed)));
  for (guint i = 0; i < 2; i++)
    virt_host_signal_guest (bed->names[i], SIGSTOP);

  start = g_get_monotonic_time ();
  inn_test_await_ok (inn_future_timeout (inn_session_connect (session_of (bed)), DEADLINE));
  g_test_message ("connected in %.2f s",
                  (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  for (guint i = 0; i < N_GUESTS; i++)
    virt_host_wait_guest (host_of (bed), bed->names[i], INN_VM_RUNNING);
  await_action (bed, N_STUCK, INN_VM_ACTION_POWER_OFF, DEADLINE);

  for (guint i = 0; i < 2; i++)
    virt_host_signal_guest (bed->names[i], SIGCONT);
  for (guint i = 0; i < N_STUCK; i++)
    await_action (bed, i, INN_VM_ACTION_POWER_OFF, FORCED_DEADLINE);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/stuck/questions", test_questions);
  inn_test_add_fiber ("/virt/stuck/arrive", test_arrive);
  return g_test_run ();
}

/* test-virt-migrate.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "virt-host.h"
#include "virt/inn-virt-error.h"

#include <unistd.h>

static const char *const second_name[] = { "--name", "h2", NULL };

typedef struct
{
  Daemon *daemons[2];
  Fixture *fixture;
  char *guest;
} Pair;

static void
pair_free (Pair *self)
{
  g_clear_pointer (&self->fixture, fixture_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->daemons); i++)
    g_clear_pointer (&self->daemons[i], daemon_free);
  g_free (self->guest);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pair, pair_free)

static Pair *
pair_new (const char *guest)
{
  g_autoptr (Pair) self = g_new0 (Pair, 1);

  self->daemons[0] = daemon_start (NULL);
  if (self->daemons[0] == NULL)
    return NULL;
  self->daemons[1] = daemon_start (second_name);
  if (self->daemons[1] == NULL)
    return NULL;

  self->guest = g_strdup_printf ("%s-%d", guest, getpid ());
  self->fixture = fixture_new (self->daemons[0]->uri, self->daemons[1]->uri, NULL);
  fixture_start (self->fixture);
  inn_session_manager_set_interval (self->fixture->manager, 500 * G_TIME_SPAN_MILLISECOND);
  for (guint i = 0; i < 2; i++)
    inn_test_await_ok (inn_session_connect (fixture_session (self->fixture, i)));
  virt_host_define (fixture_session (self->fixture, 0), self->guest, NULL);
  virt_host_start_guest (fixture_session (self->fixture, 0), self->guest);

  return g_steal_pointer (&self);
}

typedef struct
{
  const char *name;
  const char *target;
  unsigned int flags;
} Move;

static gboolean
move_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Move *move = data;
  virConnectPtr target = virConnectOpen (move->target);
  virDomainPtr domain = virDomainLookupByName (conn, move->name);
  virDomainPtr moved = NULL;
  virTypedParameterPtr params = NULL;
  int n = 0;
  int most = 0;

  virTypedParamsAddString (&params, &n, &most, VIR_MIGRATE_PARAM_URI, "tcp://127.0.0.1");
  if (target != NULL && domain != NULL)
    moved = virDomainMigrate3 (domain, target, params, (guint) n, move->flags);
  if (moved == NULL)
    inn_virt_set_error (error, "migration");
  else
    virDomainFree (moved);
  virTypedParamsFree (params, n);
  if (domain != NULL)
    virDomainFree (domain);
  if (target != NULL)
    virConnectClose (target);
  return moved != NULL;
}

static gboolean
migrate (Pair *pair, unsigned int flags)
{
  Move move = { pair->guest, pair->daemons[1]->uri, flags | VIR_MIGRATE_LIVE };
  g_autoptr (GError) error = NULL;

  if (dex_await (
          inn_session_run (fixture_session (pair->fixture, 0), move_thread, &move, NULL, NULL),
          &error))
    return TRUE;

  g_assert_no_error (error);
  return FALSE;
}

static gboolean
is_gone (gpointer data)
{
  Pair *pair = data;

  return virt_host_find (fixture_host (pair->fixture, 0), pair->guest) == NULL;
}

static gboolean
is_back (gpointer data)
{
  return !is_gone (data);
}

/* The definition goes along: one object, which changes its host. */
static void
test_whole (void)
{
  g_autoptr (Pair) pair = pair_new ("inn-whole");
  g_autoptr (InnVm) vm = NULL;

  if (pair == NULL)
    return;

  vm = g_object_ref (
      virt_host_wait_guest (fixture_host (pair->fixture, 0), pair->guest, INN_VM_RUNNING));
  g_assert_true (migrate (pair, VIR_MIGRATE_PERSIST_DEST | VIR_MIGRATE_UNDEFINE_SOURCE));
  g_assert_true (
      virt_host_wait_guest (fixture_host (pair->fixture, 1), pair->guest, INN_VM_RUNNING) == vm);
  g_assert_true (inn_vm_get_host (vm) == fixture_host (pair->fixture, 1));
  inn_test_wait (is_gone, pair);
  g_assert_cmpuint (fixture_count_events (pair->fixture, "vm.migrated"), ==, 1);
  g_assert_cmpuint (fixture_count_events (pair->fixture, "vm.stopped"), ==, 0);
  virt_host_do (fixture_session (pair->fixture, 1), pair->guest, virDomainDestroy);
  virt_host_wait_guest (fixture_host (pair->fixture, 1), pair->guest, INN_VM_SHUTOFF);
}

/* Its old host still knows it: the running one is the same object, the definition another. */
static void
test_left_behind (void)
{
  g_autoptr (Pair) pair = pair_new ("inn-left");
  g_autoptr (InnVm) vm = NULL;

  if (pair == NULL)
    return;

  vm = g_object_ref (
      virt_host_wait_guest (fixture_host (pair->fixture, 0), pair->guest, INN_VM_RUNNING));
  g_assert_true (migrate (pair, 0));
  g_assert_true (
      virt_host_wait_guest (fixture_host (pair->fixture, 1), pair->guest, INN_VM_RUNNING) == vm);
  inn_test_await_ok (inn_session_refresh (fixture_session (pair->fixture, 0)));
  inn_test_wait (is_back, pair);
  g_assert_true (virt_host_find (fixture_host (pair->fixture, 0), pair->guest) != vm);
  virt_host_do (fixture_session (pair->fixture, 1), pair->guest, virDomainDestroy);
}

/* Somebody starts a guest of the same UUID on the other host, paused, as if it were arriving. */
static gboolean
twin_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  virDomainPtr domain = virDomainCreateXML (conn, data, VIR_DOMAIN_START_PAUSED);

  if (domain == NULL)
    {
      inn_virt_set_error (error, "twin");
      return FALSE;
    }
  virDomainFree (domain);
  return TRUE;
}

static guint
count_listeners (InnVm *vm, InnSession *session)
{
  guint n = g_signal_handlers_block_matched (vm, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, session);

  g_signal_handlers_unblock_matched (vm, G_SIGNAL_MATCH_DATA, 0, 0, NULL, NULL, session);
  return n;
}

typedef struct
{
  InnVm *vm;
  InnSession *session;
  guint n;
} ListenerWait;

static gboolean
has_listeners (gpointer data)
{
  ListenerWait *wait = data;

  return count_listeners (wait->vm, wait->session) == wait->n;
}

static gboolean
is_off_second (gpointer data)
{
  Pair *pair = data;

  return virt_host_find (fixture_host (pair->fixture, 1), pair->guest) == NULL;
}

/* Who waits for another guest to let go stops listening to it when the wait is over. */
static void
test_waits_end (void)
{
  g_autoptr (Pair) pair = pair_new ("inn-twin");
  g_autofree char *xml = NULL;
  ListenerWait wait;

  if (pair == NULL)
    return;

  wait.vm = virt_host_wait_guest (fixture_host (pair->fixture, 0), pair->guest, INN_VM_RUNNING);
  wait.session = fixture_session (pair->fixture, 1);
  g_assert_cmpuint (count_listeners (wait.vm, wait.session), ==, 0);
  xml = g_strdup_printf ("<domain type='qemu'><name>%s</name><uuid>%s</uuid>"
                         "<memory unit='MiB'>32</memory><os><type arch='x86_64'>hvm</type></os>"
                         "</domain>",
                         pair->guest, inn_vm_get_uuid (wait.vm));
  for (guint i = 0; i < 3; i++)
    {
      inn_test_await_ok (inn_session_run (wait.session, twin_thread, xml, NULL, NULL));
      wait.n = 1;
      inn_test_wait (has_listeners, &wait);
      virt_host_do (wait.session, pair->guest, virDomainDestroy);
      wait.n = 0;
      inn_test_wait (has_listeners, &wait);
      inn_test_wait (is_off_second, pair);
    }
  virt_host_do (fixture_session (pair->fixture, 0), pair->guest, virDomainDestroy);
}

/* Cloned hosts report one UUID: both are shown, with a warning, once. */
static void
test_duplicate (void)
{
  static const char *const same[] = { "--uuid", "11111111-2222-3333-4444-555555555555", NULL };
  static const char *const other[] = { "--name", "h2", "--uuid",
                                       "11111111-2222-3333-4444-555555555555", NULL };
  g_autoptr (Daemon) first = daemon_start (same);
  g_autoptr (Daemon) second = first != NULL ? daemon_start (other) : NULL;
  g_autoptr (Fixture) fixture = NULL;

  if (second == NULL)
    return;

  fixture = fixture_new (first->uri, second->uri, NULL);
  fixture_start (fixture);
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 0)));
  g_assert_false (inn_host_get_duplicate (fixture_host (fixture, 0)));
  inn_test_await_ok (inn_session_connect (fixture_session (fixture, 1)));
  g_assert_true (inn_host_get_duplicate (fixture_host (fixture, 0)));
  g_assert_true (inn_host_get_duplicate (fixture_host (fixture, 1)));
  g_assert_cmpuint (fixture_count_events (fixture, "host.duplicate"), ==, 1);
}

int
main (int argc, char *argv[])
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/virt/migrate/whole", test_whole);
  inn_test_add_fiber ("/virt/migrate/left-behind", test_left_behind);
  inn_test_add_fiber ("/virt/migrate/waits-end", test_waits_end);
  inn_test_add_fiber ("/virt/migrate/duplicate", test_duplicate);
  return g_test_run ();
}

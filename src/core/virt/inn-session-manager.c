/* inn-session-manager.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-manager.h"

#include "base/inn-dex.h"

/**
 * InnSessionManager:
 *
 * Keeps one session for each host of the inventory.
 */
struct _InnSessionManager
{
  GObject parent_instance;

  InnInventory *inventory;
  InnTransport *transport;
  InnPrompter *prompter;
  InnClock *clock;
  GHashTable *sessions; /* host -> session; the session holds the host */
  GQueue starting;      /* hosts that are to be connected in one of the next turns */
  DexPromise *started;  /* (nullable): while some of them wait */
  gboolean automatic;   /* hosts that come are connected */
  guint start_id;
  gint64 interval;
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (InnSessionManager, inn_session_manager, G_TYPE_OBJECT)

#define CLOSE_TIMEOUT (3 * G_USEC_PER_SEC)

/* Each start makes a thread: a hundred of them in one turn of the main loop would be felt. */
#define STARTS_A_TURN 8

static void
stop_starting (InnSessionManager *self)
{
  DexPromise *started = g_steal_pointer (&self->started);

  g_clear_handle_id (&self->start_id, g_source_remove);
  g_queue_clear_full (&self->starting, g_object_unref);
  if (started == NULL)
    return;

  dex_promise_resolve_boolean (started, TRUE);
  dex_unref (started);
}

static void
inn_session_manager_dispose (GObject *object)
{
  InnSessionManager *self = INN_SESSION_MANAGER (object);

  stop_starting (self);
  g_hash_table_remove_all (self->sessions);

  G_OBJECT_CLASS (inn_session_manager_parent_class)->dispose (object);
}

static void
inn_session_manager_finalize (GObject *object)
{
  InnSessionManager *self = INN_SESSION_MANAGER (object);

  g_clear_pointer (&self->sessions, g_hash_table_unref);
  g_clear_object (&self->inventory);
  g_clear_object (&self->transport);
  g_clear_object (&self->prompter);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (inn_session_manager_parent_class)->finalize (object);
}

static void
inn_session_manager_class_init (InnSessionManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_session_manager_dispose;
  object_class->finalize = inn_session_manager_finalize;
}

static void
inn_session_manager_init (InnSessionManager *self)
{
  self->sessions = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
}

static void
on_address_changed (InnSessionManager *self, GParamSpec *pspec, InnHost *host)
{
  InnSession *session = g_hash_table_lookup (self->sessions, host);
  gboolean wanted;

  if (session == NULL)
    return;

  wanted = inn_host_get_state (host) != INN_HOST_OFFLINE;
  dex_future_disown (inn_session_disconnect (session));
  if (wanted)
    dex_future_disown (inn_session_connect (session));
}

static gboolean
start_some (gpointer data)
{
  InnSessionManager *self = data;
  InnHost *host;

  for (guint i = 0; i < STARTS_A_TURN && (host = g_queue_pop_head (&self->starting)) != NULL; i++)
    {
      InnSession *session = inn_session_manager_get (self, host);

      if (session != NULL && inn_host_get_state (host) == INN_HOST_OFFLINE)
        dex_future_disown (inn_session_connect (session));
      g_object_unref (host);
    }

  if (!g_queue_is_empty (&self->starting))
    return G_SOURCE_CONTINUE;

  self->start_id = 0;
  stop_starting (self);
  return G_SOURCE_REMOVE;
}

/* Connects a host that is to be connected by itself, in its turn. */
static void
start_in_turn (InnSessionManager *self, InnHost *host)
{
  if (!inn_host_get_autoconnect (host))
    return;

  g_queue_push_tail (&self->starting, g_object_ref (host));
  if (self->start_id != 0)
    return;

  self->started = dex_promise_new ();
  self->start_id = g_idle_add_full (G_PRIORITY_DEFAULT, start_some, self, NULL);
}

static void
add_host (InnSessionManager *self, InnHost *host)
{
  InnSession *session;

  if (g_hash_table_contains (self->sessions, host))
    return;

  session = inn_session_new (host, self->inventory, self->transport, self->prompter, self->clock);
  if (self->interval > 0)
    inn_session_set_interval (session, self->interval);
  g_hash_table_insert (self->sessions, host, session);
  g_signal_connect_object (host, "notify::uri", G_CALLBACK (on_address_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (host, "notify::read-only", G_CALLBACK (on_address_changed), self,
                           G_CONNECT_SWAPPED);
  if (self->automatic)
    start_in_turn (self, host);
}

static GHashTable *
collect_hosts (InnSessionManager *self)
{
  GHashTable *hosts = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  GListModel *model = inn_inventory_get_hosts (self->inventory);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_hash_table_add (hosts, g_list_model_get_item (model, i));

  return hosts;
}

static void
drop_missing (InnSessionManager *self, GHashTable *present)
{
  GHashTableIter iter;
  InnHost *host;
  InnSession *session;

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, (gpointer *) &host, (gpointer *) &session))
    {
      if (g_hash_table_contains (present, host))
        continue;

      g_signal_handlers_disconnect_by_func (host, on_address_changed, self);
      dex_future_disown (inn_session_disconnect (session));
      g_hash_table_iter_remove (&iter);
    }
}

static void
on_hosts_changed (
    InnSessionManager *self, guint position, guint removed, guint added, GListModel *model)
{
  if (self->closed)
    return;

  if (removed > 0)
    {
      g_autoptr (GHashTable) present = collect_hosts (self);

      drop_missing (self, present);
    }
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (model, i);

      add_host (self, host);
    }
}

/**
 * inn_session_manager_new:
 * @inventory: the view whose hosts get sessions
 * @transport: the way to them
 * @prompter: (nullable): whom to ask
 * @clock: where delays come from
 *
 * Returns: (transfer full): a manager; nothing connects yet
 */
InnSessionManager *
inn_session_manager_new (InnInventory *inventory,
                         InnTransport *transport,
                         InnPrompter *prompter,
                         InnClock *clock)
{
  InnSessionManager *self;
  GListModel *hosts;

  g_return_val_if_fail (INN_IS_INVENTORY (inventory), NULL);

  self = g_object_new (INN_TYPE_SESSION_MANAGER, NULL);
  self->inventory = g_object_ref (inventory);
  self->transport = g_object_ref (transport);
  self->prompter = prompter != NULL ? g_object_ref (prompter) : NULL;
  self->clock = g_object_ref (clock);

  hosts = inn_inventory_get_hosts (inventory);
  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (on_hosts_changed), self,
                           G_CONNECT_SWAPPED);
  on_hosts_changed (self, 0, 0, g_list_model_get_n_items (hosts), hosts);

  return self;
}

/**
 * inn_session_manager_get:
 * @self: the manager
 * @host: (nullable): a host
 *
 * Returns: (transfer none) (nullable): its session
 */
InnSession *
inn_session_manager_get (InnSessionManager *self, InnHost *host)
{
  g_return_val_if_fail (INN_IS_SESSION_MANAGER (self), NULL);

  return host != NULL ? g_hash_table_lookup (self->sessions, host) : NULL;
}

/**
 * inn_session_manager_get_hosts:
 * @self: the manager
 *
 * Returns: (transfer none) (element-type InnHost): the hosts of the view
 */
GListModel *
inn_session_manager_get_hosts (InnSessionManager *self)
{
  g_return_val_if_fail (INN_IS_SESSION_MANAGER (self), NULL);

  return inn_inventory_get_hosts (self->inventory);
}

/**
 * inn_session_manager_get_for_vm:
 * @self: the manager
 * @vm: a guest
 *
 * Returns: (transfer none) (nullable): the session of the host it is on
 */
InnSession *
inn_session_manager_get_for_vm (InnSessionManager *self, InnVm *vm)
{
  g_return_val_if_fail (INN_IS_VM (vm), NULL);

  return inn_session_manager_get (self, inn_vm_get_host (vm));
}

/**
 * inn_session_manager_autoconnect:
 * @self: the manager
 *
 * Connects all hosts that are to be connected by themselves, all in parallel, and from now on those
 * that come to the view: they are imported, or another program adds them. How it goes is seen at
 * the hosts.
 *
 * Returns: (transfer full): resolves when each attempt has begun, or was given up
 */
DexFuture *
inn_session_manager_autoconnect (InnSessionManager *self)
{
  GListModel *hosts;

  g_return_val_if_fail (INN_IS_SESSION_MANAGER (self), NULL);

  self->automatic = TRUE;
  hosts = inn_inventory_get_hosts (self->inventory);
  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      start_in_turn (self, host);
    }

  return self->start_id != 0 ? dex_ref (DEX_FUTURE (self->started)) : dex_future_new_true ();
}

/**
 * inn_session_manager_set_interval:
 * @self: the manager
 * @usec: microseconds between two looks at a host
 */
void
inn_session_manager_set_interval (InnSessionManager *self, gint64 usec)
{
  GHashTableIter iter;
  InnSession *session;

  g_return_if_fail (INN_IS_SESSION_MANAGER (self));

  self->interval = usec;
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    inn_session_set_interval (session, usec);
}

/**
 * inn_session_manager_reconnect_now:
 * @self: the manager
 *
 * Cuts all back-offs short: the machine woke up, or the network is back.
 */
void
inn_session_manager_reconnect_now (InnSessionManager *self)
{
  GHashTableIter iter;
  InnSession *session;

  g_return_if_fail (INN_IS_SESSION_MANAGER (self));

  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    inn_session_reconnect_now (session);
}

static DexFuture *
closed_cb (DexFuture *completed, gpointer data)
{
  return dex_future_new_true ();
}

/**
 * inn_session_manager_close:
 * @self: the manager
 *
 * Disconnects everything. No session is made afterwards.
 *
 * Returns: (transfer full): resolves when all connections are closed, after 3 seconds at most
 */
DexFuture *
inn_session_manager_close (InnSessionManager *self)
{
  g_autoptr (GPtrArray) futures = NULL;
  GHashTableIter iter;
  InnSession *session;
  DexFuture *all;

  g_return_val_if_fail (INN_IS_SESSION_MANAGER (self), NULL);

  self->closed = TRUE;
  stop_starting (self);
  futures = g_ptr_array_new_with_free_func (dex_unref);
  g_hash_table_iter_init (&iter, self->sessions);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &session))
    g_ptr_array_add (futures, inn_session_disconnect (session));
  if (futures->len == 0)
    return dex_future_new_true ();

  all = dex_future_allv ((DexFuture **) futures->pdata, futures->len);
  return dex_future_finally (inn_future_timeout (all, CLOSE_TIMEOUT), closed_cb, NULL, NULL);
}

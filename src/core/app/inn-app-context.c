/* inn-app-context.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-private.h"

#include "app/inn-credential-broker.h"
#include "app/inn-ssh-transport.h"
#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "secret/inn-libsecret-store.h"
#include "virt/inn-local-transport.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>

/**
 * InnAppContext:
 *
 * The composition root: it makes one of everything and hands each to those who need it. Both faces
 * build one in `main` and nothing below them knows it.
 */
struct _InnAppContext
{
  GObject parent_instance;

  InnClock *clock;
  InnInventory *inventory;
  InnOperationManager *operations;
  InnStore *store;
  InnSecretStore *secrets;
  InnPrompter *prompter;
  InnTransport *transport;
  InnSessionManager *sessions;
  InnVmOps *vm_ops;
};

G_DEFINE_FINAL_TYPE (InnAppContext, inn_app_context, G_TYPE_OBJECT)

static void
inn_app_context_dispose (GObject *object)
{
  InnAppContext *self = INN_APP_CONTEXT (object);

  g_clear_object (&self->vm_ops);
  g_clear_object (&self->sessions);
  g_clear_object (&self->transport);
  g_clear_object (&self->prompter);
  g_clear_object (&self->secrets);
  g_clear_object (&self->store);
  g_clear_object (&self->operations);
  g_clear_object (&self->inventory);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (inn_app_context_parent_class)->dispose (object);
}

static void
inn_app_context_class_init (InnAppContextClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_app_context_dispose;
}

static void
inn_app_context_init (InnAppContext *self)
{
}

/**
 * inn_app_context_new:
 * @store_directory: (nullable): where the view lives; %NULL for the user's own
 * @prompter: (nullable): who asks a person; %NULL when nobody can be asked
 *
 * Made once, on the main thread, after inn_init(). Nothing is read or connected yet.
 *
 * Returns: (transfer full): the whole core
 */
InnAppContext *
inn_app_context_new (const char *store_directory, InnPrompter *prompter)
{
  g_autofree char *directory = NULL;
  g_autoptr (InnTransport) others = NULL;
  InnAppContext *self;

  g_return_val_if_fail (prompter == NULL || INN_IS_PROMPTER (prompter), NULL);

  inn_virt_init ();

  directory =
      store_directory != NULL ? g_strdup (store_directory) : inn_store_get_default_directory ();
  self = g_object_new (INN_TYPE_APP_CONTEXT, NULL);
  self->clock = inn_clock_new ();
  self->inventory = inn_inventory_new ();
  self->operations = inn_operation_manager_new ();
  self->store = inn_store_new (directory, self->inventory, self->operations);
  self->secrets = inn_libsecret_store_new ();
  self->prompter = INN_PROMPTER (inn_credential_broker_new (self->secrets, prompter));
  others = INN_TRANSPORT (inn_local_transport_new ());
  self->transport = INN_TRANSPORT (inn_ssh_transport_new (self->prompter, others));
  self->sessions =
      inn_session_manager_new (self->inventory, self->transport, self->prompter, self->clock);
  self->vm_ops = inn_vm_ops_new (self->sessions, self->operations);

  return self;
}

/**
 * inn_app_context_open:
 * @self: a context
 *
 * Opens the store and fills the inventory with what was last seen. Connects to no host.
 *
 * Returns: (transfer full): resolves when the inventory is filled; rejects with %INN_ERROR_STORE
 */
DexFuture *
inn_app_context_open (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return inn_store_open (self->store);
}

/**
 * inn_app_context_open_first:
 * @self: a context
 *
 * Opens the store and fills the inventory with what a first screen shows of what was last seen:
 * all hosts, and of many guests the first by name. To be followed by inn_app_context_open_rest().
 *
 * Returns: (transfer full): resolves when that is there; rejects with %INN_ERROR_STORE
 */
DexFuture *
inn_app_context_open_first (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return inn_store_open_first (self->store);
}

/**
 * inn_app_context_open_rest:
 * @self: a context that inn_app_context_open_first() opened
 *
 * Returns: (transfer full): resolves when the inventory shows all that was last seen; rejects with
 *   %INN_ERROR_STORE
 */
DexFuture *
inn_app_context_open_rest (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return inn_store_open_rest (self->store);
}

/* What one step fails at does not keep the next from being done; the first failure is told. */
static DexFuture *
close_fiber (gpointer user_data)
{
  InnAppContext *self = user_data;
  g_autoptr (GError) sessions_error = NULL;
  g_autoptr (GError) flush_error = NULL;
  g_autoptr (GError) close_error = NULL;

  dex_await (inn_session_manager_close (self->sessions), &sessions_error);
  dex_await (inn_store_flush (self->store), &flush_error);
  dex_await (inn_store_close (self->store), &close_error);

  if (flush_error != NULL)
    return inn_reject (g_steal_pointer (&flush_error));
  if (close_error != NULL)
    return inn_reject (g_steal_pointer (&close_error));
  if (sessions_error != NULL)
    return inn_reject (g_steal_pointer (&sessions_error));

  return dex_future_new_true ();
}

/**
 * inn_app_context_close:
 * @self: a context
 *
 * Disconnects all hosts, writes what is behind and closes the store.
 *
 * Returns: (transfer full): resolves when all is done; rejects with what failed, after the rest
 */
DexFuture *
inn_app_context_close (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return inn_spawn ("close_fiber", close_fiber, g_object_ref (self), g_object_unref);
}

/**
 * inn_app_context_get_inventory:
 * @self: a context
 *
 * Returns: (transfer none): all that is known
 */
InnInventory *
inn_app_context_get_inventory (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return self->inventory;
}

/**
 * inn_app_context_get_store:
 * @self: a context
 *
 * Returns: (transfer none): the view on disk
 */
InnStore *
inn_app_context_get_store (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return self->store;
}

/**
 * inn_app_context_get_sessions:
 * @self: a context
 *
 * Returns: (transfer none): the sessions of the hosts
 */
InnSessionManager *
inn_app_context_get_sessions (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return self->sessions;
}

/**
 * inn_app_context_get_operations:
 * @self: a context
 *
 * Returns: (transfer none): what is being done, here and in other processes
 */
InnOperationManager *
inn_app_context_get_operations (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return self->operations;
}

/**
 * inn_app_context_get_vm_ops:
 * @self: a context
 *
 * Returns: (transfer none): what can be done to guests
 */
InnVmOps *
inn_app_context_get_vm_ops (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return self->vm_ops;
}

/**
 * inn_app_context_get_secrets:
 * @self: a context
 *
 * Returns: (transfer none): where passwords are kept
 */
InnSecretStore *
inn_app_context_get_secrets (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return self->secrets;
}

/**
 * inn_app_context_get_prompter:
 * @self: a context
 *
 * Returns: (transfer none): who answers questions: the keyring, else a person
 */
InnPrompter *
inn_app_context_get_prompter (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return self->prompter;
}

InnTransport *
_inn_app_context_get_transport (InnAppContext *self)
{
  return self->transport;
}

static gboolean
has_uri (InnInventory *inventory, const char *uri)
{
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      if (g_strcmp0 (inn_host_get_uri (host), uri) == 0)
        return TRUE;
    }

  return FALSE;
}

/* The host's name; where another host has that, the address, which is its own. */
static gboolean
add_imported (InnAppContext *self,
              const InnImportedUri *imported,
              const char *cluster_id,
              GError **error)
{
  g_autofree char *name = _inn_app_uri_get_host (imported->uri);
  g_autoptr (GError) failed = NULL;
  InnHostConfig config = {
    .name = name != NULL ? name : imported->uri,
    .uri = imported->uri,
    .cluster_id = (char *) cluster_id,
    .autoconnect = imported->autoconnect,
  };

  if (dex_await (inn_store_add_host (self->store, &config), &failed))
    return TRUE;
  if (!g_error_matches (failed, INN_ERROR, INN_ERROR_CONFLICT) || config.name == imported->uri)
    {
      g_propagate_error (error, g_steal_pointer (&failed));
      return FALSE;
    }

  config.name = imported->uri;
  return dex_await (inn_store_add_host (self->store, &config), error);
}

/* Only when nothing more can be recorded at all: FALSE. */
static gboolean
import_one (InnAppContext *self,
            const InnImportedUri *imported,
            const char *cluster_id,
            InnImportReport *report,
            GError **error)
{
  g_autoptr (GError) failed = NULL;

  if (has_uri (self->inventory, imported->uri))
    {
      report->n_present++;
      return TRUE;
    }
  if (inn_app_context_check_uri (imported->uri, &failed) &&
      add_imported (self, imported, cluster_id, &failed))
    {
      report->n_added++;
      return TRUE;
    }
  if (g_error_matches (failed, INN_ERROR, INN_ERROR_INVALID) ||
      g_error_matches (failed, INN_ERROR, INN_ERROR_CONFLICT))
    {
      inn_import_report_skip (report, imported->uri, failed);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static DexFuture *
import_fiber (gpointer user_data)
{
  InnAppContext *self = user_data;
  g_autoptr (InnImportReport) report = inn_import_report_new ();
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *cluster_id = NULL;

  found = dex_await_boxed (inn_thread_run ("import", _inn_virt_manager_read_thread,
                                           _inn_virt_manager_get_keyfile (), g_free, NULL),
                           &error);
  if (found == NULL)
    return inn_reject (g_steal_pointer (&error));

  if (found->len > 0)
    {
      cluster_id = dex_await_string (inn_store_get_default_cluster (self->store), &error);
      if (cluster_id == NULL)
        return inn_reject (g_steal_pointer (&error));
    }
  for (guint i = 0; i < found->len; i++)
    if (!import_one (self, g_ptr_array_index (found, i), cluster_id, report, &error))
      return inn_reject (g_steal_pointer (&error));

  return dex_future_new_take_boxed (INN_TYPE_IMPORT_REPORT, g_steal_pointer (&report));
}

/**
 * inn_app_context_import_virt_manager:
 * @self: a context that is open
 *
 * Adds virt-manager's connections that are not there yet to the default cluster.
 *
 * Returns: (transfer full): resolves with an [struct@ImportReport] (boxed): what was added, and
 *   what was left out and why; rejects because the disk cannot be written
 */
DexFuture *
inn_app_context_import_virt_manager (InnAppContext *self)
{
  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  return inn_spawn ("import_fiber", import_fiber, g_object_ref (self), g_object_unref);
}

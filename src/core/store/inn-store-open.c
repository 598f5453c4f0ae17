/* inn-store-open.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-private.h"

#include "base/inn-error.h"

/* Opening the file and showing what is in it: all at once, or first what a window shows first. */

/* A first screen of guests, on any monitor. */
#define FIRST_VMS 100

typedef struct
{
  InnStore *store;
  DexFuture *view;
} OpenClosure;

static void
open_closure_free (gpointer data)
{
  OpenClosure *closure = data;

  dex_clear (&closure->view);
  g_object_unref (closure->store);
  g_free (closure);
}

static gboolean
take_view (InnStoreView *view, GValue *result)
{
  g_value_init (result, INN_TYPE_STORE_VIEW);
  g_value_take_boxed (result, view);

  return TRUE;
}

static gboolean
open_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  guint most = GPOINTER_TO_UINT (data);
  g_autoptr (GError) failure = NULL;
  InnStoreView *view;

  if (!inn_database_open (db, error))
    return FALSE;

  view = inn_store_view_read (db, most, &failure);
  if (view == NULL && inn_database_is_damaged (db))
    {
      g_clear_error (&failure);
      if (inn_database_start_over (db, &failure))
        view = inn_store_view_read (db, most, &failure);
    }
  if (view == NULL)
    {
      inn_database_close (db);
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return take_view (view, result);
}

static gboolean
read_thread (InnDatabase *db, gpointer data, GValue *result, GError **error)
{
  InnStoreView *view = inn_store_view_read (db, 0, error);

  return view != NULL && take_view (view, result);
}

/* In a fiber: the past, and what others write from now on. */
static void
follow_others (InnStore *self)
{
  g_autoptr (GError) error = NULL;

  /* Without the past there is still the present; damage is put aside at the next start. */
  dex_await (_inn_store_look (self), &error);
  if (self->closed)
    return;
  if (error != NULL && self->notice == NULL)
    _inn_store_take_notice (self, error->message, self->read_only);

  _inn_store_start_ticking (self);
}

static DexFuture *
open_fiber (gpointer data)
{
  OpenClosure *closure = data;
  InnStore *self = closure->store;
  g_autoptr (InnStoreView) view = NULL;
  g_autoptr (GError) error = NULL;

  view = dex_await_boxed (g_steal_pointer (&closure->view), &error);
  if (view == NULL)
    return inn_reject (g_steal_pointer (&error));

  /* The worker has settled these and does not touch them again. */
  self->notice = g_strdup (inn_database_get_notice (self->db));
  self->read_only = inn_database_is_read_only (self->db);
  _inn_store_show_config (self, view->config, view->config_revision);
  if (view->in_part)
    {
      _inn_store_show_first (self, view);
      return dex_future_new_true ();
    }

  _inn_store_show_hosts (self, view);
  follow_others (self);

  return dex_future_new_true ();
}

static DexFuture *
open_store (InnStore *self, guint most)
{
  OpenClosure *closure = g_new0 (OpenClosure, 1);

  /* Queued now, so that whatever is asked for from here on finds the file open. */
  closure->store = g_object_ref (self);
  closure->view = _inn_store_run (self, open_thread, GUINT_TO_POINTER (most), NULL);

  return inn_spawn ("open_fiber", open_fiber, closure, open_closure_free);
}

/**
 * inn_store_open:
 * @self: a store
 *
 * Opens or makes the file and fills the inventory with what was last seen. Trouble with the file
 * is mended as far as possible and told by inn_store_get_notice().
 *
 * Returns: (transfer full): resolves when the inventory shows it all; rejects with
 *   %INN_ERROR_STORE when another process holds the file for very long
 */
DexFuture *
inn_store_open (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return open_store (self, 0);
}

/**
 * inn_store_open_first:
 * @self: a store
 *
 * Like inn_store_open(), but of many guests only the first by name come at once; their hosts are
 * all there, and counted as they are. To be followed by inn_store_open_rest().
 *
 * Returns: (transfer full): resolves when the inventory shows a first screen; rejects as
 *   inn_store_open() does
 */
DexFuture *
inn_store_open_first (InnStore *self)
{
  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  return open_store (self, FIRST_VMS);
}

static DexFuture *
rest_fiber (gpointer data)
{
  OpenClosure *closure = data;
  InnStore *self = closure->store;
  GListModel *hosts = inn_inventory_get_hosts (self->inventory);
  g_autoptr (InnStoreView) view = NULL;
  g_autoptr (GError) error = NULL;

  view = dex_await_boxed (g_steal_pointer (&closure->view), &error);
  if (self->closed)
    return dex_future_new_true ();
  /* What is on disk stays there, of hosts that do not answer: see mark() of the writer. */
  if (view == NULL)
    return inn_reject (g_steal_pointer (&error));

  _inn_store_show_config (self, view->config, view->config_revision);
  _inn_store_show_hosts (self, view);
  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      inn_host_set_n_known (host, 0);
    }
  if (self->closed)
    return dex_future_new_true ();

  self->in_part = FALSE;
  follow_others (self);

  return dex_future_new_true ();
}

/**
 * inn_store_open_rest:
 * @self: a store that inn_store_open_first() opened
 *
 * Brings the guests that are not shown yet; does nothing when all are.
 *
 * Returns: (transfer full): resolves when the inventory shows it all; rejects with
 *   %INN_ERROR_STORE when it cannot be read
 */
DexFuture *
inn_store_open_rest (InnStore *self)
{
  OpenClosure *closure;

  g_return_val_if_fail (INN_IS_STORE (self), NULL);

  if (!self->in_part)
    return dex_future_new_true ();

  closure = g_new0 (OpenClosure, 1);
  closure->store = g_object_ref (self);
  closure->view = _inn_store_run (self, read_thread, NULL, NULL);

  return inn_spawn ("rest_fiber", rest_fiber, closure, open_closure_free);
}

/* inn-ssh-bulk.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-login-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

/* A second connection for what is big, so that consoles and keep-alive do not wait behind it. It is
 * there while something is copied, and only where it asks nobody anything; else all goes over the
 * one that is there. */

/* A key that wants to be touched, or an agent that asks, is not waited for. */
#define DEADLINE_USEC (10 * G_USEC_PER_SEC)

static InnSshLogin *
get_bulk (InnSshLogin *self)
{
  if (self->bulk != NULL)
    return self->bulk;

  self->bulk = inn_ssh_login_new (self->host_id, self->host_name, &self->target, NULL);
  self->bulk->connect_timeout = self->connect_timeout;
  self->bulk->is_silent = TRUE;
  return self->bulk;
}

/* In a fiber. */
static gboolean
await_open (InnSshLogin *bulk, GCancellable *cancellable)
{
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_autoptr (DexFuture) opening = inn_ssh_login_open (bulk, own);
  g_autoptr (DexFuture) cancelled = cancellable != NULL
                                        ? dex_cancellable_new_from_cancellable (cancellable)
                                        : dex_future_new_infinite ();

  dex_await (dex_future_first (dex_ref (opening), dex_ref (cancelled),
                               inn_future_delay (DEADLINE_USEC), NULL),
             NULL);
  if (dex_future_is_pending (opening))
    {
      g_cancellable_cancel (own);
      dex_await (dex_ref (opening), NULL);
    }

  return dex_future_is_resolved (opening);
}

/*
 * _inn_ssh_login_acquire_bulk:
 * @self: an open login
 * @cancellable: (nullable): the caller's
 *
 * In a fiber.
 *
 * Returns: (transfer full): the login to copy over, perhaps @self; for
 *   _inn_ssh_login_release_bulk()
 */
InnSshLogin *
_inn_ssh_login_acquire_bulk (InnSshLogin *self, GCancellable *cancellable)
{
  g_autoptr (InnSshLogin) bulk = NULL;

  if (!self->is_open || self->has_no_bulk)
    return g_object_ref (self);

  bulk = g_object_ref (get_bulk (self));
  self->n_copies++;
  if (await_open (bulk, cancellable) && self->is_open)
    return g_steal_pointer (&bulk);

  self->has_no_bulk = !g_cancellable_is_cancelled (cancellable);
  _inn_ssh_login_release_bulk (self, bulk);
  return g_object_ref (self);
}

void
_inn_ssh_login_release_bulk (InnSshLogin *self, InnSshLogin *used)
{
  if (used == self)
    return;

  self->n_copies--;
  if (self->n_copies == 0 && self->bulk != NULL)
    inn_future_forget (inn_ssh_login_close (self->bulk), "closing the connection for copies");
}

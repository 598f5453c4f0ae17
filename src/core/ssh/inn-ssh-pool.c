/* inn-ssh-pool.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-login-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* The sessions of a login: at most so many at once, the rest in a queue. */

static gboolean
wait_for_turn (InnSshLogin *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (DexPromise) turn = dex_promise_new ();
  g_autoptr (DexFuture) cancelled = NULL;

  g_queue_push_tail (&self->waiting, dex_ref (turn));
  if (cancellable == NULL)
    return dex_await (dex_ref (turn), error);

  cancelled = dex_cancellable_new_from_cancellable (cancellable);
  if (dex_await (dex_future_first (dex_ref (turn), dex_ref (cancelled), NULL), error))
    return TRUE;

  if (g_queue_remove (&self->waiting, turn))
    dex_unref (turn);
  else if (dex_future_is_resolved (DEX_FUTURE (turn)))
    _inn_ssh_login_release (self);
  return FALSE;
}

/* In a fiber. */
gboolean
_inn_ssh_login_acquire (InnSshLogin *self, GCancellable *cancellable, GError **error)
{
  if (!self->is_open)
    {
      g_propagate_error (error, _inn_ssh_login_not_open_error (self));
      return FALSE;
    }

  if (g_cancellable_is_cancelled (cancellable))
    {
      inn_error_set (error, INN_ERROR_CANCELLED, NULL, _ ("Cancelled"));
      return FALSE;
    }

  if (self->n_sessions < INN_SSH_SESSIONS_MAX)
    {
      self->n_sessions++;
      return TRUE;
    }

  /* Whoever releases hands the place on: the count stays. */
  return wait_for_turn (self, cancellable, error);
}

void
_inn_ssh_login_release (InnSshLogin *self)
{
  g_autoptr (DexPromise) next = g_queue_pop_head (&self->waiting);

  if (next != NULL)
    dex_promise_resolve_boolean (next, TRUE);
  else
    self->n_sessions--;
}

void
_inn_ssh_login_fail_waiting (InnSshLogin *self)
{
  DexPromise *waiting;

  while ((waiting = g_queue_pop_head (&self->waiting)) != NULL)
    {
      dex_promise_reject (waiting, _inn_ssh_login_not_open_error (self));
      dex_unref (waiting);
    }
}

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
#include <string.h>

#define RETRIES_MAX 32
#define RETRIES_ALONE 3
#define RETRY_USEC (G_USEC_PER_SEC / 5)

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

  if (self->n_sessions < self->sessions_max)
    {
      self->n_sessions++;
      return TRUE;
    }

  /* Whoever releases counts for the one that comes next. */
  return wait_for_turn (self, cancellable, error);
}

void
_inn_ssh_login_release (InnSshLogin *self)
{
  self->n_sessions--;
  while (self->n_sessions < self->sessions_max && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (DexPromise) next = g_queue_pop_head (&self->waiting);

      self->n_sessions++;
      dex_promise_resolve_boolean (next, TRUE);
    }
}

/* What a client of the master says when the host opens no session for it. */
gboolean
_inn_ssh_login_was_refused (const char *output)
{
  return strstr (output, "Session open refused by peer") != NULL;
}

/* In a fiber, by one that has a place and was refused all the same: the host allows fewer sessions
 * than we do. Waits for another place. FALSE without an error, and with the place, when there is
 * nothing to wait for. */
gboolean
_inn_ssh_login_await_retry (InnSshLogin *self,
                            guint attempt,
                            GCancellable *cancellable,
                            GError **error)
{
  if (!self->is_open || attempt >= RETRIES_MAX)
    return FALSE;

  if (self->n_sessions > 1)
    {
      self->sessions_max = MIN (self->sessions_max, self->n_sessions - 1);
      g_debug ("%s: %u sessions at once", self->host_name, self->sessions_max);
      _inn_ssh_login_release (self);
      return _inn_ssh_login_acquire (self, cancellable, error);
    }

  /* The one before has ended here, and not yet there. */
  if (attempt >= RETRIES_ALONE)
    return FALSE;
  dex_await (inn_future_delay (RETRY_USEC), NULL);
  return TRUE;
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

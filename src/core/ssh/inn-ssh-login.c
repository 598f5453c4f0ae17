/* inn-ssh-login.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-login-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "ssh/inn-ssh-error.h"

#include <glib/gi18n.h>
#include <signal.h>

/**
 * InnSshLogin:
 *
 * One login at one host: an OpenSSH master, started as a child and ended with us. Commands, copies,
 * forwarded sockets and streams are channels of it. The administrator's own configuration, keys and
 * agent hold; questions come to the prompter; keys of hosts are verified, always.
 *
 * Main thread only.
 */
G_DEFINE_FINAL_TYPE (InnSshLogin, inn_ssh_login, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CONNECT_TIMEOUT,
  N_PROPS
};

enum
{
  SIGNAL_LOST,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

#define CONNECT_TIMEOUT_SECONDS 15

/**
 * inn_ssh_target_clear:
 * @target: where to log in
 *
 * Frees what is in it.
 */
void
inn_ssh_target_clear (InnSshTarget *target)
{
  g_clear_pointer (&target->user, g_free);
  g_clear_pointer (&target->host, g_free);
  g_clear_pointer (&target->identity, g_free);
  g_clear_pointer (&target->known_hosts, g_free);
  target->port = 0;
}

static void
inn_ssh_login_dispose (GObject *object)
{
  InnSshLogin *self = INN_SSH_LOGIN (object);

  self->is_closing = TRUE;
  if (self->master != NULL)
    g_subprocess_send_signal (self->master, SIGTERM);
  _inn_ssh_login_drop_master (self);
  dex_clear (&self->opening);
  dex_clear (&self->closing);
  g_clear_object (&self->bulk);
  g_clear_object (&self->prompter);
  g_clear_object (&self->stop);

  G_OBJECT_CLASS (inn_ssh_login_parent_class)->dispose (object);
}

static void
inn_ssh_login_finalize (GObject *object)
{
  InnSshLogin *self = INN_SSH_LOGIN (object);

  g_free (self->host_id);
  g_free (self->host_name);
  inn_ssh_target_clear (&self->target);
  g_string_free (self->messages, TRUE);
  g_ptr_array_unref (self->bridges);
  g_hash_table_unref (self->forwards);

  G_OBJECT_CLASS (inn_ssh_login_parent_class)->finalize (object);
}

static void
inn_ssh_login_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnSshLogin *self = INN_SSH_LOGIN (object);

  switch (prop_id)
    {
    case PROP_CONNECT_TIMEOUT:
      g_value_set_uint (value, self->connect_timeout);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_ssh_login_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  InnSshLogin *self = INN_SSH_LOGIN (object);

  switch (prop_id)
    {
    case PROP_CONNECT_TIMEOUT:
      self->connect_timeout = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_ssh_login_class_init (InnSshLoginClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_ssh_login_dispose;
  object_class->finalize = inn_ssh_login_finalize;
  object_class->get_property = inn_ssh_login_get_property;
  object_class->set_property = inn_ssh_login_set_property;

  /* Seconds until a host that does not answer is given up. */
  properties[PROP_CONNECT_TIMEOUT] =
      g_param_spec_uint ("connect-timeout", NULL, NULL, 1, 3600, CONNECT_TIMEOUT_SECONDS,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * InnSshLogin::lost:
   *
   * The master ended although nobody closed it: the host went away, or its sshd did. The login may
   * be opened again.
   */
  signals[SIGNAL_LOST] = g_signal_new ("lost", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
free_bridge (gpointer bridge)
{
  g_socket_service_stop (bridge);
  g_socket_listener_close (bridge);
  g_object_unref (bridge);
}

static void
inn_ssh_login_init (InnSshLogin *self)
{
  self->messages = g_string_new (NULL);
  self->forwards = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->bridges = g_ptr_array_new_with_free_func (free_bridge);
  self->connect_timeout = CONNECT_TIMEOUT_SECONDS;
  g_queue_init (&self->waiting);
}

/**
 * inn_ssh_login_new:
 * @host_id: record id of the host
 * @host_name: its name, for messages
 * @target: where to log in; copied
 * @prompter: (nullable): who answers ssh's questions; with %NULL nobody does
 *
 * Returns: (transfer full): a login that is not open yet
 */
InnSshLogin *
inn_ssh_login_new (const char *host_id,
                   const char *host_name,
                   const InnSshTarget *target,
                   InnPrompter *prompter)
{
  InnSshLogin *self = g_object_new (INN_TYPE_SSH_LOGIN, NULL);

  self->host_id = g_strdup (host_id);
  self->host_name = g_strdup (host_name);
  self->target.user = g_strdup (target->user);
  self->target.host = g_strdup (target->host);
  self->target.port = target->port;
  self->target.identity = g_strdup (target->identity);
  self->target.known_hosts = g_strdup (target->known_hosts);
  g_set_object (&self->prompter, prompter);

  return self;
}

GError *
_inn_ssh_login_not_open_error (InnSshLogin *self)
{
  g_autofree char *details = _inn_ssh_login_dup_messages (self);

  return inn_error_new (INN_ERROR_NOT_CONNECTED, *details != '\0' ? details : NULL,
                        _ ("There is no SSH connection to “%s”: connect it first"),
                        self->host_name);
}

char *
_inn_ssh_login_dup_messages (InnSshLogin *self)
{
  return inn_ssh_clean_output (self->messages->str);
}

GError *
_inn_ssh_login_cancelled_error (InnSshLogin *self)
{
  return inn_error_new (INN_ERROR_CANCELLED, NULL, _ ("Connecting to “%s” over SSH was cancelled"),
                        self->host_name);
}

static DexFuture *
watch_fiber (gpointer data)
{
  InnWeak *ref = data;
  g_autoptr (InnSshLogin) self = inn_weak_get (ref);
  g_autoptr (DexFuture) exited = NULL;
  g_autoptr (DexFuture) read = NULL;

  if (self == NULL || self->exited == NULL)
    return dex_future_new_true ();
  exited = dex_ref (self->exited);
  read = dex_ref (self->messages_read);
  g_clear_object (&self);

  dex_await (dex_ref (exited), NULL);
  dex_await (inn_future_timeout (dex_ref (read), G_USEC_PER_SEC), NULL);

  self = inn_weak_get (ref);
  /* Closed meanwhile, perhaps even opened again: then this is another master. */
  if (self == NULL || self->is_closing || self->exited != exited)
    return dex_future_new_true ();

  _inn_ssh_login_drop_master (self);
  g_message ("%s: the SSH connection ended: %s", self->host_name, self->messages->str);
  g_signal_emit (self, signals[SIGNAL_LOST], 0);
  return dex_future_new_true ();
}

/* One attempt, whoever waits for it. */
static DexFuture *
attempt_fiber (gpointer data)
{
  InnSshLogin *self = data;
  g_autoptr (GError) error = NULL;

  if (_inn_ssh_login_start_master (self, &error))
    error = _inn_ssh_login_await_master (self);

  if (error != NULL)
    {
      _inn_ssh_login_end_master (self);
      _inn_ssh_login_drop_master (self);
      dex_clear (&self->opening);
      return inn_reject (g_steal_pointer (&error));
    }

  self->is_open = TRUE;
  self->sessions_max = INN_SSH_SESSIONS_MAX;
  self->has_no_bulk = FALSE;
  dex_clear (&self->opening);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  inn_future_forget (inn_spawn ("watch_fiber", watch_fiber, inn_weak_new (self), inn_weak_unref),
                     "watching ssh");
  return dex_future_new_true ();
}

typedef struct
{
  InnSshLogin *self;
  GCancellable *cancellable;
} Open;

static void
open_free (Open *open)
{
  g_clear_object (&open->self);
  g_clear_object (&open->cancellable);
  g_free (open);
}

/* In a fiber: an attempt or a master that is being ended cannot be joined. */
static gboolean
await_end_of_last (InnSshLogin *self, DexFuture *cancelled)
{
  while (self->closing != NULL ||
         (self->opening != NULL && g_cancellable_is_cancelled (self->stop)))
    {
      DexFuture *ending = self->closing != NULL ? self->closing : self->opening;

      dex_await (dex_future_first (dex_ref (ending), dex_ref (cancelled), NULL), NULL);
      if (dex_future_is_rejected (cancelled))
        return FALSE;
    }

  return TRUE;
}

static void
start_attempt (InnSshLogin *self)
{
  g_clear_object (&self->stop);
  self->stop = g_cancellable_new ();
  self->is_closing = FALSE;
  self->n_waiting = 0;
  self->opening = inn_spawn ("attempt_fiber", attempt_fiber, g_object_ref (self), g_object_unref);
}

/* Who gives up leaves the attempt to the others; the last one ends it. */
static DexFuture *
open_fiber (gpointer data)
{
  Open *open = data;
  InnSshLogin *self = open->self;
  g_autoptr (DexFuture) attempt = NULL;
  g_autoptr (DexFuture) cancelled = open->cancellable != NULL
                                        ? dex_cancellable_new_from_cancellable (open->cancellable)
                                        : dex_future_new_infinite ();

  if (dex_future_is_rejected (cancelled) || !await_end_of_last (self, cancelled))
    return inn_reject (_inn_ssh_login_cancelled_error (self));
  if (self->is_open)
    return dex_future_new_true ();

  if (self->opening == NULL)
    start_attempt (self);
  self->n_waiting++;
  attempt = dex_ref (self->opening);
  dex_await (dex_future_first (dex_ref (attempt), dex_ref (cancelled), NULL), NULL);
  if (!dex_future_is_pending (attempt))
    return g_steal_pointer (&attempt);

  if (--self->n_waiting == 0)
    {
      g_cancellable_cancel (self->stop);
      dex_await (g_steal_pointer (&attempt), NULL);
    }
  return inn_reject (_inn_ssh_login_cancelled_error (self));
}

/**
 * inn_ssh_login_open:
 * @self: a login
 * @cancellable: (nullable): gives up waiting; the attempt ends when nobody waits any more
 *
 * Logs in. Whoever opens a login that is being opened waits for that one.
 *
 * Returns: (transfer full): resolves with %TRUE when the master runs; rejects with
 *   %INN_ERROR_AUTH_FAILED, %INN_ERROR_AUTH_CANCELLED, %INN_ERROR_HOST_KEY_UNKNOWN,
 *   %INN_ERROR_HOST_KEY_CHANGED, %INN_ERROR_REFUSED, %INN_ERROR_TIMED_OUT,
 *   %INN_ERROR_UNSUPPORTED (no ssh program) or %INN_ERROR_CANCELLED
 */
DexFuture *
inn_ssh_login_open (InnSshLogin *self, GCancellable *cancellable)
{
  Open *open;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);

  if (self->is_open)
    return dex_future_new_true ();

  open = g_new0 (Open, 1);
  open->self = g_object_ref (self);
  g_set_object (&open->cancellable, cancellable);
  return inn_spawn ("open_fiber", open_fiber, open, (GDestroyNotify) open_free);
}

static DexFuture *
close_fiber (gpointer data)
{
  InnSshLogin *self = data;

  if (self->opening != NULL)
    dex_await (dex_ref (self->opening), NULL);
  if (self->bulk != NULL)
    dex_await (inn_ssh_login_close (self->bulk), NULL);
  _inn_ssh_login_end_master (self);
  _inn_ssh_login_drop_master (self);
  dex_clear (&self->closing);

  return dex_future_new_true ();
}

/**
 * inn_ssh_login_close:
 * @self: a login
 *
 * Logs out. What still runs over the login ends; its private folder goes.
 *
 * Returns: (transfer full): resolves with %TRUE when the master has ended
 */
DexFuture *
inn_ssh_login_close (InnSshLogin *self)
{
  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);

  if (self->closing != NULL)
    return dex_ref (self->closing);

  self->is_closing = TRUE;
  self->is_open = FALSE;
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  self->closing = inn_spawn ("close_fiber", close_fiber, g_object_ref (self), g_object_unref);
  return dex_ref (self->closing);
}

/**
 * inn_ssh_login_is_open:
 * @self: a login
 *
 * Returns: whether the master runs
 */
gboolean
inn_ssh_login_is_open (InnSshLogin *self)
{
  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), FALSE);

  return self->is_open;
}

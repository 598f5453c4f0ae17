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
#include "ssh/inn-ssh-child.h"
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
#define MESSAGES_BYTES_MAX (16 * 1024)
#define EXIT_GRACE_USEC (3 * G_USEC_PER_SEC)

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

/* Drops everything of a master that has ended, or has been told to. */
static void
drop_master (InnSshLogin *self)
{
  self->is_open = FALSE;
  _inn_ssh_login_fail_waiting (self);
  g_ptr_array_set_size (self->bridges, 0);
  g_hash_table_remove_all (self->forwards);
  if (self->askpass != NULL)
    inn_ssh_askpass_close (self->askpass);
  g_clear_object (&self->askpass);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  g_clear_object (&self->master);
  dex_clear (&self->exited);
  dex_clear (&self->messages_read);
  g_clear_pointer (&self->runtime, inn_ssh_runtime_free);
}

static void
inn_ssh_login_dispose (GObject *object)
{
  InnSshLogin *self = INN_SSH_LOGIN (object);

  self->is_closing = TRUE;
  if (self->master != NULL)
    g_subprocess_send_signal (self->master, SIGTERM);
  drop_master (self);
  dex_clear (&self->opening);
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

static void
take_message (const char *line, gpointer data)
{
  g_autoptr (InnSshLogin) self = inn_weak_get (data);

  if (self == NULL)
    return;

  g_debug ("%s: %s", self->host_name, line);
  g_string_append_printf (self->messages, "%s\n", line);
  if (self->messages->len > MESSAGES_BYTES_MAX)
    g_string_erase (self->messages, 0, (gssize) self->messages->len - MESSAGES_BYTES_MAX);
}

static gboolean
start_master (InnSshLogin *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autofree char *askpass_path = NULL;
  g_autoptr (GPtrArray) argv = NULL;
  g_autoptr (GFile) directory = NULL;

  self->runtime = inn_ssh_runtime_new (error);
  if (self->runtime == NULL)
    return FALSE;

  argv = _inn_ssh_login_master_argv (self, error);
  if (argv == NULL)
    return FALSE;

  self->askpass = inn_ssh_askpass_new (self->host_id, self->host_name, self->prompter);
  askpass_path = inn_ssh_runtime_dup_path (self->runtime, "a");
  if (!inn_ssh_askpass_listen (self->askpass, askpass_path, error))
    return FALSE;
  inn_ssh_askpass_prepare (self->askpass, launcher);

  directory = g_file_new_for_path (inn_ssh_runtime_get_directory (self->runtime));
  self->monitor = g_file_monitor_directory (directory, G_FILE_MONITOR_NONE, NULL, NULL);

  g_string_truncate (self->messages, 0);
  self->master = inn_ssh_child_spawn (launcher, (const char *const *) argv->pdata, error);
  if (self->master == NULL)
    return FALSE;

  self->exited = inn_ssh_child_wait (self->master);
  self->messages_read =
      inn_ssh_child_read (g_subprocess_get_stderr_pipe (self->master), take_message,
                          inn_weak_new (self), inn_weak_unref, NULL);
  return TRUE;
}

static void
on_monitor_changed (
    GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static void
unref_promise (gpointer data, GClosure *closure)
{
  dex_unref (data);
}

/* ssh makes its control socket under another name and renames it when it listens: that the name is
 * there is all there is to know. The delay is for file systems without notification. */
static DexFuture *
await_change (InnSshLogin *self)
{
  DexPromise *changed = dex_promise_new ();

  if (self->monitor != NULL)
    g_signal_connect_data (self->monitor, "changed", G_CALLBACK (on_monitor_changed),
                           dex_ref (changed), unref_promise, G_CONNECT_DEFAULT);

  return dex_future_first (DEX_FUTURE (changed), inn_future_delay (G_USEC_PER_SEC / 2), NULL);
}

static gboolean
is_master_ready (InnSshLogin *self)
{
  g_autofree char *control = inn_ssh_runtime_dup_path (self->runtime, "m");

  return g_file_test (control, G_FILE_TEST_EXISTS);
}

/* The old key is in a file of unknown length, so a worker reads it. */
static gboolean
read_known_key (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  const char *file = data;
  const char *colon = strrchr (file, ':');
  g_autofree char *path = g_strndup (file, (gsize) (colon - file));
  guint64 number = g_ascii_strtoull (colon + 1, NULL, 10);

  g_value_init (result, G_TYPE_STRING);
  if (!g_file_get_contents (path, &content, NULL, NULL))
    return TRUE;

  lines = g_strsplit (content, "\n", -1);
  if (number > 0 && number <= g_strv_length (lines))
    g_value_take_string (result, inn_ssh_fingerprint_of_line (lines[number - 1]));
  return TRUE;
}

/* In a fiber. */
static GError *
add_fingerprints (GError *error, const char *output)
{
  g_autofree char *file = NULL;
  g_autofree char *known = NULL;
  guint line;
  g_autofree char *offered = inn_ssh_error_dup_changed_key (output, &file, &line);
  g_autofree char *details = NULL;
  GError *complete;

  if (file != NULL)
    known = dex_await_string (inn_thread_run ("known-hosts", read_known_key,
                                              g_strdup_printf ("%s:%u", file, line), g_free, NULL),
                              NULL);

  details = g_strdup_printf (
      _ ("On record: %s (%s, line %u)\nOffered now: %s\n\n%s"),
      known != NULL ? known : _ ("unknown"), file != NULL ? file : _ ("unknown file"), line,
      offered != NULL ? offered : _ ("unknown"), inn_error_get_details (error));
  complete = inn_error_new (error->code, details, "%s", error->message);
  g_error_free (error);

  return complete;
}

/* In a fiber, after the master has ended: waits for its last words too. */
static GError *
explain_end (InnSshLogin *self)
{
  GError *error;

  dex_await (inn_future_timeout (dex_ref (self->messages_read), G_USEC_PER_SEC), NULL);
  error = inn_ssh_error_from_output (self->host_name, self->messages->str);
  if (g_error_matches (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED))
    error = add_fingerprints (error, self->messages->str);

  return error;
}

/* In a fiber: NULL when the master runs. */
static GError *
await_master (InnSshLogin *self, GCancellable *cancellable)
{
  g_autoptr (DexFuture) verdict = inn_ssh_askpass_await_verdict (self->askpass);
  g_autoptr (DexFuture) stopped = dex_cancellable_new_from_cancellable (self->stop);
  g_autoptr (DexFuture) cancelled =
      cancellable != NULL ? dex_cancellable_new_from_cancellable (cancellable) : dex_ref (stopped);
  GError *error = NULL;

  while (!is_master_ready (self))
    {
      dex_await (dex_future_first (await_change (self), dex_ref (self->exited), dex_ref (verdict),
                                   dex_ref (stopped), dex_ref (cancelled), NULL),
                 NULL);
      if (dex_future_is_rejected (verdict))
        {
          dex_future_get_value (verdict, &error);
          return error;
        }
      if (dex_future_is_rejected (stopped) || dex_future_is_rejected (cancelled))
        return inn_error_new (INN_ERROR_CANCELLED, NULL,
                              _ ("Connecting to “%s” over SSH was cancelled"), self->host_name);
      if (!dex_future_is_pending (self->exited))
        return explain_end (self);
    }

  return NULL;
}

/* In a fiber: asks the master to end, and sees to it. */
static void
end_master (InnSshLogin *self)
{
  g_autoptr (GSubprocess) master = g_steal_pointer (&self->master);
  g_autoptr (DexFuture) exited = g_steal_pointer (&self->exited);

  if (master == NULL)
    return;

  g_subprocess_send_signal (master, SIGTERM);
  if (!dex_await (inn_future_timeout (dex_ref (exited), EXIT_GRACE_USEC), NULL))
    {
      g_subprocess_force_exit (master);
      dex_await (dex_ref (exited), NULL);
    }
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

  drop_master (self);
  g_message ("%s: the SSH connection ended: %s", self->host_name, self->messages->str);
  g_signal_emit (self, signals[SIGNAL_LOST], 0);
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

static DexFuture *
open_fiber (gpointer data)
{
  Open *open = data;
  InnSshLogin *self = open->self;
  g_autoptr (GError) error = NULL;

  if (start_master (self, &error))
    error = await_master (self, open->cancellable);

  if (error != NULL)
    {
      end_master (self);
      drop_master (self);
      dex_clear (&self->opening);
      return inn_reject (g_steal_pointer (&error));
    }

  self->is_open = TRUE;
  dex_clear (&self->opening);
  if (self->monitor != NULL)
    g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
  inn_future_forget (inn_spawn ("watch_fiber", watch_fiber, inn_weak_new (self), inn_weak_unref),
                     "watching ssh");
  return dex_future_new_true ();
}

/**
 * inn_ssh_login_open:
 * @self: a login
 * @cancellable: (nullable): gives the attempt up
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
  if (self->opening != NULL)
    return dex_ref (self->opening);

  self->is_closing = FALSE;
  g_clear_object (&self->stop);
  self->stop = g_cancellable_new ();
  open = g_new0 (Open, 1);
  open->self = g_object_ref (self);
  g_set_object (&open->cancellable, cancellable);
  self->opening = inn_spawn ("open_fiber", open_fiber, open, (GDestroyNotify) open_free);

  return dex_ref (self->opening);
}

static DexFuture *
close_fiber (gpointer data)
{
  InnSshLogin *self = data;

  self->is_closing = TRUE;
  self->is_open = FALSE;
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
  if (self->opening != NULL)
    dex_await (dex_ref (self->opening), NULL);
  end_master (self);
  drop_master (self);

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

  return inn_spawn ("close_fiber", close_fiber, g_object_ref (self), g_object_unref);
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

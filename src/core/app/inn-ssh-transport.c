/* inn-ssh-transport.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-ssh-transport.h"

#include "app/inn-app-context.h"
#include "app/inn-ssh-route.h"
#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-uri.h"

#include <glib/gi18n.h>

/**
 * InnSshTransport:
 *
 * The way to hosts over SSH: one OpenSSH login a host, shared by libvirt, the graphics of its
 * guests, and commands. Here and not in a room to the left, since `ssh` and `virt` do not know each
 * other. URIs of another kind are left to another transport.
 */
struct _InnSshTransport
{
  GObject parent_instance;

  InnPrompter *prompter;
  InnTransport *others;
  GHashTable *entries; /* host id -> Entry */
};

typedef struct
{
  char *uri;
  InnSshLogin *login;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->uri);
  g_object_unref (entry->login);
  g_free (entry);
}

typedef struct
{
  InnSshTransport *self;
  InnSshLogin *login;
  InnSshUri *uri;
  char *host_name;
  char *address;
  guint16 port;
  gboolean read_only;
  GCancellable *cancellable;
} Task;

static void
task_free (Task *task)
{
  g_clear_object (&task->self);
  g_clear_object (&task->login);
  g_clear_pointer (&task->uri, inn_ssh_uri_free);
  g_free (task->host_name);
  g_free (task->address);
  g_clear_object (&task->cancellable);
  g_free (task);
}

static void
drop_entry (InnSshTransport *self, const char *host_id)
{
  Entry *entry = g_hash_table_lookup (self->entries, host_id);

  if (entry == NULL)
    return;

  inn_future_forget (inn_ssh_login_close (entry->login), "closing an SSH login");
  g_hash_table_remove (self->entries, host_id);
}

/* A host whose URI was changed is another host to SSH. */
static InnSshLogin *
get_login (InnSshTransport *self,
           const char *host_id,
           const char *host_name,
           const char *uri,
           const InnSshUri *parsed)
{
  Entry *entry = g_hash_table_lookup (self->entries, host_id);

  if (entry != NULL && g_str_equal (entry->uri, uri))
    return entry->login;

  drop_entry (self, host_id);
  entry = g_new0 (Entry, 1);
  entry->uri = g_strdup (uri);
  entry->login = inn_ssh_login_new (host_id, host_name, &parsed->target, self->prompter);
  g_hash_table_insert (self->entries, g_strdup (host_id), entry);

  return entry->login;
}

static Task *
task_new (InnSshTransport *self,
          const char *host_id,
          const char *host_name,
          const char *uri,
          GCancellable *cancellable,
          GError **error)
{
  InnSshUri *parsed = inn_ssh_uri_parse (uri, error);
  Task *task;

  if (parsed == NULL)
    return NULL;

  task = g_new0 (Task, 1);
  task->self = g_object_ref (self);
  task->uri = parsed;
  task->host_name = g_strdup (host_name != NULL ? host_name : parsed->target.host);
  task->login = g_object_ref (get_login (self, host_id, task->host_name, uri, parsed));
  g_set_object (&task->cancellable, cancellable);

  return task;
}

static DexFuture *
open_fiber (gpointer data)
{
  Task *task = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *local = NULL;

  if (!dex_await (inn_ssh_login_open (task->login, task->cancellable), &error))
    return inn_reject (g_steal_pointer (&error));

  path = inn_ssh_route_find (task->login, task->uri, task->host_name, task->read_only,
                             task->cancellable, &error);
  if (path == NULL)
    return inn_reject (g_steal_pointer (&error));

  local = inn_ssh_uri_dup_local (task->uri, path);
  return dex_future_new_take_boxed (INN_TYPE_ROUTE, inn_route_new (local, TRUE));
}

static DexFuture *
inn_ssh_transport_open (InnTransport *transport,
                        const char *host_id,
                        const char *host_name,
                        const char *uri,
                        gboolean read_only,
                        GCancellable *cancellable)
{
  InnSshTransport *self = INN_SSH_TRANSPORT (transport);
  GError *error = NULL;
  Task *task;

  /* Whoever wrote it into the view, an imported list or an older program: an address must not start
   * programs here, nor leave a host unverified. */
  if (!inn_ssh_uri_is_ssh (uri) && !inn_app_context_check_uri (uri, &error))
    return inn_reject (error);
  if (!inn_ssh_uri_is_ssh (uri))
    return inn_transport_open (self->others, host_id, host_name, uri, read_only, cancellable);

  task = task_new (self, host_id, host_name, uri, cancellable, &error);
  if (task == NULL)
    return inn_reject (error);

  task->read_only = read_only;
  return inn_spawn ("open_fiber", open_fiber, task, (GDestroyNotify) task_free);
}

static void
inn_ssh_transport_close (InnTransport *transport, const char *host_id)
{
  InnSshTransport *self = INN_SSH_TRANSPORT (transport);

  drop_entry (self, host_id);
  inn_transport_close (self->others, host_id);
}

/* What listens on all addresses listens on the host's loopback too. */
static const char *
address_on_host (const char *address)
{
  if (*address == '\0' || g_str_equal (address, "0.0.0.0"))
    return "127.0.0.1";
  if (g_str_equal (address, "::"))
    return "::1";

  return address;
}

/* In a fiber: for where forwarding is forbidden. */
static DexFuture *
connect_by_netcat (Task *task)
{
  static const char script[] = "if \"$1\" -h 2>&1 | grep -q -e '-q '; then q='-q 0'; else q=; fi\n"
                               "if [ -n \"$3\" ]; then exec \"$1\" $q -- \"$2\" \"$3\"; fi\n"
                               "exec \"$1\" $q -U -- \"$2\"\n";
  const char *netcat = task->uri->netcat != NULL ? task->uri->netcat : "nc";
  g_autofree char *port = task->port != 0 ? g_strdup_printf ("%u", task->port) : g_strdup ("");
  const char *const look[] = { "sh", "-c", "command -v \"$1\" >/dev/null", "sh", netcat, NULL };
  const char *const argv[] = { "sh", "-c", script, "sh", netcat, task->address, port, NULL };
  g_autoptr (GError) error = NULL;

  if (!dex_await (inn_ssh_login_run (task->login, look, NULL, NULL, task->cancellable), &error))
    return inn_reject (inn_error_new (INN_ERROR_DENIED, error->message,
                                      _ ("“%s” forbids to forward ports over SSH and has no “%s”: "
                                         "allow AllowTcpForwarding in its "
                                         "sshd_config, or install netcat there"),
                                      task->host_name, netcat));

  return inn_ssh_login_open_channel (task->login, argv, task->cancellable);
}

static DexFuture *
connect_fiber (gpointer data)
{
  Task *task = data;
  g_autoptr (GError) error = NULL;
  DexPromise *promise;
  int fd;

  if (!dex_await (inn_ssh_login_open (task->login, task->cancellable), &error))
    return inn_reject (g_steal_pointer (&error));

  fd = dex_await_fd (
      inn_ssh_login_connect (task->login, task->address, task->port, task->cancellable), &error);
  /* That it is forbidden is said of ports only; a socket that is forbidden looks like a dead one.
   */
  if (fd < 0 && (g_error_matches (error, INN_ERROR, INN_ERROR_DENIED) ||
                 (task->port == 0 && g_error_matches (error, INN_ERROR, INN_ERROR_REFUSED))))
    return connect_by_netcat (task);
  if (fd < 0)
    return inn_reject (g_steal_pointer (&error));

  promise = dex_promise_new ();
  dex_promise_resolve_fd (promise, fd);
  return DEX_FUTURE (promise);
}

static DexFuture *
inn_ssh_transport_connect_stream (InnTransport *transport,
                                  const char *host_id,
                                  const char *uri,
                                  const char *address,
                                  guint16 port,
                                  GCancellable *cancellable)
{
  InnSshTransport *self = INN_SSH_TRANSPORT (transport);
  GError *error = NULL;
  Task *task;

  if (!inn_ssh_uri_is_ssh (uri))
    return inn_transport_connect_stream (self->others, host_id, uri, address, port, cancellable);

  task = task_new (self, host_id, NULL, uri, cancellable, &error);
  if (task == NULL)
    return inn_reject (error);

  task->address = g_strdup (port != 0 ? address_on_host (address) : address);
  task->port = port;
  return inn_spawn ("connect_fiber", connect_fiber, task, (GDestroyNotify) task_free);
}

static void
transport_iface_init (InnTransportInterface *iface)
{
  iface->open = inn_ssh_transport_open;
  iface->close = inn_ssh_transport_close;
  iface->connect_stream = inn_ssh_transport_connect_stream;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnSshTransport,
                               inn_ssh_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_TRANSPORT, transport_iface_init))

static void
inn_ssh_transport_dispose (GObject *object)
{
  InnSshTransport *self = INN_SSH_TRANSPORT (object);

  g_hash_table_remove_all (self->entries);
  g_clear_object (&self->prompter);
  g_clear_object (&self->others);

  G_OBJECT_CLASS (inn_ssh_transport_parent_class)->dispose (object);
}

static void
inn_ssh_transport_finalize (GObject *object)
{
  g_hash_table_unref (INN_SSH_TRANSPORT (object)->entries);

  G_OBJECT_CLASS (inn_ssh_transport_parent_class)->finalize (object);
}

static void
inn_ssh_transport_class_init (InnSshTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_ssh_transport_dispose;
  object_class->finalize = inn_ssh_transport_finalize;
}

static void
inn_ssh_transport_init (InnSshTransport *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
}

/**
 * inn_ssh_transport_new:
 * @prompter: (nullable): who answers ssh's questions
 * @others: the transport for URIs that are not SSH
 *
 * Returns: (transfer full): a transport
 */
InnSshTransport *
inn_ssh_transport_new (InnPrompter *prompter, InnTransport *others)
{
  InnSshTransport *self = g_object_new (INN_TYPE_SSH_TRANSPORT, NULL);

  g_set_object (&self->prompter, prompter);
  g_set_object (&self->others, others);

  return self;
}

/**
 * inn_ssh_transport_dup_login:
 * @self: a transport
 * @host_id: record id of a host
 *
 * Returns: (transfer full) (nullable): the login at that host, open or not; %NULL when it was never
 *   opened, or closed, or the host is not reached over SSH
 */
InnSshLogin *
inn_ssh_transport_dup_login (InnSshTransport *self, const char *host_id)
{
  Entry *entry;

  g_return_val_if_fail (INN_IS_SSH_TRANSPORT (self), NULL);
  g_return_val_if_fail (host_id != NULL, NULL);

  entry = g_hash_table_lookup (self->entries, host_id);
  return entry != NULL ? g_object_ref (entry->login) : NULL;
}

static DexFuture *
open_login_fiber (gpointer data)
{
  Task *task = data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (inn_ssh_login_open (task->login, task->cancellable), &error))
    return inn_reject (g_steal_pointer (&error));

  return dex_future_new_take_object (g_object_ref (task->login));
}

/**
 * inn_ssh_transport_open_login:
 * @self: a transport
 * @host_id: record id of a host
 * @host_name: (nullable): its name
 * @uri: its URI
 * @cancellable: (nullable): gives up
 *
 * Logs in without libvirt: for commands and copies.
 *
 * Returns: (transfer full): resolves with the [class@SshLogin], open; rejects with
 *   %INN_ERROR_UNSUPPORTED when the URI is not SSH, or as [method@SshLogin.open]
 */
DexFuture *
inn_ssh_transport_open_login (InnSshTransport *self,
                              const char *host_id,
                              const char *host_name,
                              const char *uri,
                              GCancellable *cancellable)
{
  GError *error = NULL;
  Task *task;

  g_return_val_if_fail (INN_IS_SSH_TRANSPORT (self), NULL);
  g_return_val_if_fail (uri != NULL, NULL);

  if (!inn_ssh_uri_is_ssh (uri))
    return inn_reject (inn_error_new (INN_ERROR_UNSUPPORTED, uri,
                                      _ ("“%s” is not reached over SSH: commands need an address "
                                         "such as “qemu+ssh://root@host/system”"),
                                      host_name != NULL ? host_name : uri));

  task = task_new (self, host_id, host_name, uri, cancellable, &error);
  if (task == NULL)
    return inn_reject (error);

  return inn_spawn ("open_login_fiber", open_login_fiber, task, (GDestroyNotify) task_free);
}

/* inn-app-text.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-text.h"

#include "app/inn-app-private.h"
#include "app/inn-ssh-transport.h"
#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/* Text consoles of guests and shells of hosts. */

static InnSession *
find_session (InnAppContext *self, InnVm *vm)
{
  return inn_session_manager_get_for_vm (inn_app_context_get_sessions (self), vm);
}

static DexFuture *
not_connected (InnVm *vm)
{
  return inn_reject (inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                                    _ ("The host of %s is not connected: connect it first"),
                                    inn_vm_get_name (vm)));
}

static DexFuture *
parse_cb (DexFuture *completed, gpointer data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  GError *error = NULL;
  GPtrArray *devices;

  if (value == NULL)
    return NULL;

  devices = inn_text_devices_parse (g_value_get_string (value), &error);
  return devices != NULL ? dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, devices)
                         : inn_reject (error);
}

/**
 * inn_app_context_list_text:
 * @self: a context that is open
 * @vm: a guest that runs
 *
 * Returns: (transfer full): resolves with a #GPtrArray (boxed) of #InnTextDevice; rejects with
 *   %INN_ERROR_NOT_CONNECTED, %INN_ERROR_INVALID when the guest does not run, and as
 *   inn_session_fetch_vm_xml()
 */
DexFuture *
inn_app_context_list_text (InnAppContext *self, InnVm *vm)
{
  InnSession *session;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);

  session = find_session (self, vm);
  if (session == NULL)
    return not_connected (vm);
  if (!inn_vm_is_active (vm))
    return inn_reject (inn_error_new (
        INN_ERROR_INVALID, NULL, _ ("%s is not running: start it first"), inn_vm_get_name (vm)));

  return dex_future_then (inn_session_fetch_vm_xml (session, inn_vm_get_uuid (vm), FALSE), parse_cb,
                          NULL, NULL);
}

/**
 * inn_app_context_open_text:
 * @self: a context that is open
 * @vm: a guest that runs
 * @device: one of its text devices
 * @force: whether whoever has it loses it
 * @cancellable: (nullable): gives up
 *
 * Returns: (transfer full): as inn_session_open_text()
 */
DexFuture *
inn_app_context_open_text (InnAppContext *self,
                           InnVm *vm,
                           const InnTextDevice *device,
                           gboolean force,
                           GCancellable *cancellable)
{
  InnSession *session;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);
  g_return_val_if_fail (device != NULL, NULL);

  session = find_session (self, vm);
  if (session == NULL)
    return not_connected (vm);

  return inn_session_open_text (session, inn_vm_get_uuid (vm), device->alias,
                                inn_text_device_is_channel (device), force, cancellable);
}

/**
 * inn_app_context_has_shell:
 * @self: a context
 * @host: a host
 *
 * Returns: whether the host is reached over SSH
 */
gboolean
inn_app_context_has_shell (InnAppContext *self, InnHost *host)
{
  g_autofree char *way = NULL;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), FALSE);
  g_return_val_if_fail (INN_IS_HOST (host), FALSE);

  way = _inn_app_uri_get_transport (inn_host_get_uri (host));
  return g_strcmp0 (way, "ssh") == 0 &&
         INN_IS_SSH_TRANSPORT (_inn_app_context_get_transport (self));
}

typedef struct
{
  InnSshTransport *transport;
  char *host_id;
  char *host_name;
  char *uri;
  GCancellable *cancellable;
} Shell;

static void
shell_free (gpointer data)
{
  Shell *shell = data;

  g_object_unref (shell->transport);
  g_free (shell->host_id);
  g_free (shell->host_name);
  g_free (shell->uri);
  g_clear_object (&shell->cancellable);
  g_free (shell);
}

static DexFuture *
shell_fiber (gpointer data)
{
  Shell *shell = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (InnSshLogin) login = dex_await_object (
      inn_ssh_transport_open_login (shell->transport, shell->host_id, shell->host_name, shell->uri,
                                    shell->cancellable),
      &error);

  if (login == NULL)
    return inn_reject (g_steal_pointer (&error));

  return inn_ssh_login_open_shell (login, shell->cancellable);
}

/**
 * inn_app_context_open_shell:
 * @self: a context that is open
 * @host: a host that is reached over SSH
 * @cancellable: (nullable): gives up
 *
 * Returns: (transfer full): as inn_ssh_login_open_shell(), and rejects as inn_ssh_login_open()
 */
DexFuture *
inn_app_context_open_shell (InnAppContext *self, InnHost *host, GCancellable *cancellable)
{
  Shell *shell;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);
  g_return_val_if_fail (INN_IS_HOST (host), NULL);

  if (!inn_app_context_has_shell (self, host))
    return inn_reject (inn_error_new (INN_ERROR_UNSUPPORTED, NULL,
                                      _ ("“%s” is not reached over SSH, so it gives no shell: "
                                         "connect it with qemu+ssh"),
                                      inn_host_get_name (host)));

  shell = g_new0 (Shell, 1);
  shell->transport = g_object_ref (INN_SSH_TRANSPORT (_inn_app_context_get_transport (self)));
  shell->host_id = g_strdup (inn_host_get_id (host));
  shell->host_name = g_strdup (inn_host_get_name (host));
  shell->uri = g_strdup (inn_host_get_uri (host));
  g_set_object (&shell->cancellable, cancellable);
  return inn_spawn ("shell_fiber", shell_fiber, shell, shell_free);
}

/* inn-vv-console.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/viewer/inn-vv-console.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "secret/inn-memory-secret-store.h"
#include "ui/vm/inn-vm-console.h"
#include "virt/inn-local-transport.h"

#include <glib/gi18n.h>

/* The console of a connection file: a guest that no host of the view knows, reached where the file
 * says. */

static DexFuture *
open_cb (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  const InnVvFile *file = data;
  g_autoptr (InnTransport) transport = INN_TRANSPORT (inn_local_transport_new ());
  guint16 port = tls ? file->tls_port : file->port;

  if (file->unix_path != NULL && !tls)
    return inn_transport_connect_stream (transport, "", "", file->unix_path, 0, cancellable);
  if (file->unix_path == NULL && port != 0)
    return inn_transport_connect_stream (transport, "", "", file->host, port, cancellable);

  return inn_reject (inn_error_new (
      INN_ERROR_UNSUPPORTED, NULL,
      tls ? _ ("The screen wants an encrypted connection, and its connection file has no TLS port")
          : _ ("The screen wants a connection without TLS, and its connection file has no port for "
               "that")));
}

static gboolean
is_spice (const InnVvFile *file)
{
  return g_strcmp0 (file->type, "spice") == 0;
}

static DexFuture *
find_cb (InnVm *vm, GCancellable *cancellable, gpointer data)
{
  const InnVvFile *file = data;
  gboolean tls_only = file->unix_path == NULL && file->port == 0;
  InnScreen *screen =
      inn_screen_new (is_spice (file) ? INN_SCREEN_SPICE : INN_SCREEN_VNC, tls_only, open_cb,
                      inn_vv_file_copy (file), (GDestroyNotify) inn_vv_file_free);

  inn_screen_set_identity (screen, file->host, file->ca, file->host_subject);
  return dex_future_new_take_object (screen);
}

static char *
make_name (const InnVvFile *file)
{
  if (file->title != NULL)
    return g_strdup (file->title);
  if (file->unix_path != NULL)
    return g_filename_display_name (file->unix_path);

  return g_strdup_printf ("%s:%u", file->host, file->port != 0 ? file->port : file->tls_port);
}

static InnVm *
make_guest (const InnVvFile *file)
{
  g_autofree char *name = make_name (file);
  g_autofree char *uuid = g_uuid_string_random ();

  return inn_vm_new (
      &(InnVmInfo) { .uuid = uuid, .name = name, .state = INN_VM_RUNNING, .domain_id = 1 });
}

/* The password of the file is the first answer; a person is asked for the next. */
static gboolean
keep_password (InnSecretStore *secrets, InnVm *vm, const InnVvFile *file, GError **error)
{
  g_autofree char *purpose = g_strdup_printf ("%s:%s", file->type, inn_vm_get_uuid (vm));
  const char *users[] = { "", file->username };

  for (guint i = 0; i < G_N_ELEMENTS (users) && file->password != NULL; i++)
    if (users[i] != NULL &&
        !dex_await (inn_secret_store_save (secrets, "", purpose, users[i], "", file->password),
                    error))
      return FALSE;

  return TRUE;
}

/**
 * inn_vv_console_new:
 * @file: what a connection file says
 * @settings: the preferences
 * @error: %INN_ERROR_UNSUPPORTED for what cannot be shown
 *
 * To be called in a fiber.
 *
 * Returns: (transfer floating) (nullable): the console
 */
InnConsolePage *
inn_vv_console_new (const InnVvFile *file, InnSettings *settings, GError **error)
{
  g_autoptr (InnSecretStore) secrets = inn_memory_secret_store_new ();
  g_autoptr (InnVm) vm = NULL;
  InnConsolePage *console;

  g_return_val_if_fail (file != NULL, NULL);

  if (!is_spice (file) && file->unix_path == NULL && file->port == 0)
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                     _ ("The connection file has a port for TLS only, which VNC does not have"));
      return NULL;
    }

  vm = make_guest (file);
  if (!keep_password (secrets, vm, file, error))
    return NULL;

  console = INN_CONSOLE_PAGE (inn_console_page_new ());
  inn_vm_console_follow_settings (console, settings);
  inn_console_page_set_secrets (console, secrets);
  inn_console_page_set_finder (console, find_cb, inn_vv_file_copy (file),
                               (GDestroyNotify) inn_vv_file_free);
  inn_console_page_set_vm (console, vm);

  return console;
}

/* inn-vv-console.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/viewer/inn-vv-console.h"

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
  gboolean socket = file->unix_path != NULL;

  return inn_transport_connect_stream (transport, "", "", socket ? file->unix_path : file->host,
                                       socket ? 0 : file->port, cancellable);
}

static DexFuture *
find_cb (InnVm *vm, GCancellable *cancellable, gpointer data)
{
  return dex_future_new_take_object (inn_screen_new (
      INN_SCREEN_VNC, FALSE, open_cb, inn_vv_file_copy (data), (GDestroyNotify) inn_vv_file_free));
}

static char *
make_name (const InnVvFile *file)
{
  if (file->title != NULL)
    return g_strdup (file->title);
  if (file->unix_path != NULL)
    return g_filename_display_name (file->unix_path);

  return g_strdup_printf ("%s:%u", file->host, file->port);
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
  g_autofree char *purpose = g_strdup_printf ("vnc:%s", inn_vm_get_uuid (vm));
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

  if (g_strcmp0 (file->type, "vnc") != 0)
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                     _ ("The connection file is for a %s screen, which this version cannot show"),
                     file->type);
      return NULL;
    }
  if (file->unix_path == NULL && file->port == 0)
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

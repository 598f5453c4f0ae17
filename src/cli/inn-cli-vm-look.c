/* inn-cli-vm-look.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "inn-cli-command.h"
#include "inn-cli-json.h"
#include "inn-cli-output.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n.h>
#include <string.h>

/* What one guest's host has to be asked for. */

static InnVm *
find_one (InnCliRun *run)
{
  const char *const words[] = { inn_cli_run_get_argument (run, 0), NULL };
  g_autoptr (GPtrArray) vms = inn_cli_run_find_vms (run, words);

  return g_ptr_array_steal_index (vms, 0);
}

/* The session of the guest's host, which has to be connected for what follows. */
static InnSession *
get_live_session (InnCliRun *run, InnVm *vm, GError **error)
{
  InnHost *host = inn_vm_get_host (vm);
  InnSessionManager *sessions = inn_app_context_get_sessions (inn_cli_run_get_context (run));
  InnSession *session = inn_session_manager_get (sessions, host);

  if (session == NULL || !inn_host_is_online (host))
    {
      inn_error_set (error, INN_ERROR_NOT_CONNECTED, NULL,
                     _ ("The host of %s is not connected, so it cannot be asked"),
                     inn_vm_get_name (vm));
      return NULL;
    }

  return session;
}

static int
xml (InnCliRun *run, GError **error)
{
  g_autoptr (InnVm) vm = find_one (run);
  InnSession *session = vm != NULL ? get_live_session (run, vm, error) : NULL;
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *text = NULL;

  if (session == NULL)
    return INN_CLI_FAILED;

  text = dex_await_string (
      inn_future_timeout (inn_session_fetch_vm_xml (session, inn_vm_get_uuid (vm),
                                                    inn_cli_run_has_option (run, "inactive")),
                          inn_cli_run_get_timeout (run)),
      error);
  if (text == NULL)
    return INN_CLI_FAILED;

  if (!inn_cli_run_get_json (run))
    {
      inn_cli_print ("%s", g_strchomp (text));
      return INN_CLI_DONE;
    }

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "uuid", inn_vm_get_uuid (vm));
  inn_cli_json_string (builder, "xml", text);
  json_builder_end_object (builder);
  inn_cli_print_json (json_builder_get_root (builder), TRUE);
  return INN_CLI_DONE;
}

static gboolean
check_running (InnVm *vm, GError **error)
{
  if (inn_vm_is_active (vm))
    return TRUE;

  inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("%s is not running: start it first"),
                 inn_vm_get_name (vm));
  return FALSE;
}

static void
print_addresses (InnCliRun *run, InnVm *vm, const char *const *found)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  inn_cli_json_string (builder, "uuid", inn_vm_get_uuid (vm));
  json_builder_set_member_name (builder, "addresses");
  json_builder_begin_array (builder);
  for (guint i = 0; found[i] != NULL; i++)
    {
      g_autofree char *escaped = inn_cli_escape (found[i]);

      if (!inn_cli_run_get_json (run))
        inn_cli_print ("%s", escaped);
      json_builder_add_string_value (builder, escaped);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  if (inn_cli_run_get_json (run))
    inn_cli_print_json (json_builder_get_root (builder), TRUE);
}

static int
addresses (InnCliRun *run, GError **error)
{
  g_autoptr (InnVm) vm = find_one (run);
  InnSession *session = vm != NULL ? get_live_session (run, vm, error) : NULL;
  g_auto (GStrv) found = NULL;

  if (session == NULL || !check_running (vm, error))
    return INN_CLI_FAILED;

  found = dex_await_boxed (
      inn_future_timeout (inn_session_fetch_addresses (session, inn_vm_get_uuid (vm)),
                          inn_cli_run_get_timeout (run)),
      error);
  if (found == NULL)
    return INN_CLI_FAILED;

  print_addresses (run, vm, (const char *const *) found);
  return INN_CLI_DONE;
}

typedef struct
{
  char *path;
  GBytes *image;
} Picture;

static void
picture_free (Picture *picture)
{
  g_free (picture->path);
  g_clear_pointer (&picture->image, g_bytes_unref);
  g_free (picture);
}

static gboolean
is_png (GBytes *image)
{
  static const char signature[] = "\x89PNG\r\n\x1a\n";
  gsize size;
  const char *data = g_bytes_get_data (image, &size);

  return size >= strlen (signature) && memcmp (data, signature, strlen (signature)) == 0;
}

/* Older hosts give PPM. Returns: (transfer full) (nullable): a PNG */
static GBytes *
convert (GBytes *image, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (image);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream (stream, NULL, error);
  char *buffer = NULL;
  gsize size = 0;

  if (pixbuf == NULL || !gdk_pixbuf_save_to_buffer (pixbuf, &buffer, &size, "png", error, NULL))
    return NULL;

  return g_bytes_new_take (buffer, size);
}

static gboolean
write_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Picture *picture = data;
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) png =
      is_png (picture->image) ? g_bytes_ref (picture->image) : convert (picture->image, &local);

  if (png == NULL)
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, local->message,
                     _ ("The host sent a picture of a kind that cannot be read"));
      return FALSE;
    }
  if (!g_file_set_contents (picture->path, g_bytes_get_data (png, NULL),
                            (gssize) g_bytes_get_size (png), &local))
    {
      inn_error_set (error, INN_ERROR_DENIED, local->message,
                     _ ("The picture could not be written to %s: choose another file"),
                     picture->path);
      return FALSE;
    }

  return TRUE;
}

static int
screenshot (InnCliRun *run, GError **error)
{
  g_autoptr (InnVm) vm = find_one (run);
  InnSession *session = vm != NULL ? get_live_session (run, vm, error) : NULL;
  g_autoptr (GBytes) image = NULL;
  Picture *picture;

  if (session == NULL || !check_running (vm, error))
    return INN_CLI_FAILED;

  image = dex_await_boxed (
      inn_future_timeout (inn_session_fetch_screenshot (session, inn_vm_get_uuid (vm), 0),
                          inn_cli_run_get_timeout (run)),
      error);
  if (image == NULL)
    return INN_CLI_FAILED;

  picture = g_new0 (Picture, 1);
  picture->path = g_strdup (inn_cli_run_get_argument (run, 1));
  picture->image = g_steal_pointer (&image);
  return inn_cli_finish (
      inn_thread_run ("screenshot", write_thread, picture, (GDestroyNotify) picture_free, NULL),
      error);
}

#define NAMES                                                                                      \
  N_ ("A guest is named by its name, its UUID, or as HOST/NAME where several have that name.")

const InnCliCommand inn_cli_vm_look_commands[] = {
  { "vm",
    "xml",
    "VM",
    N_ ("Print the definition of a guest"),
    NAMES,
    1,
    1,
    xml,
    { { "inactive", NULL, N_ ("As it will be at its next start") }, { NULL } } },
  { "vm",
    "addresses",
    "VM",
    N_ ("Print the network addresses of a guest that runs"),
    NAMES,
    1,
    1,
    addresses,
    { { NULL } } },
  { "vm",
    "screenshot",
    "VM FILE",
    N_ ("Write a picture of the screen of a guest to a PNG file"),
    NAMES,
    2,
    2,
    screenshot,
    { { NULL } } },
  { NULL },
};

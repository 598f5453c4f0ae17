/* inn-viewer.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/viewer/inn-viewer.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ui/viewer/inn-console-window.h"
#include "ui/viewer/inn-vv-console.h"

#include <glib/gi18n.h>

/**
 * InnViewer:
 *
 * Opens consoles in windows of their own, for whoever asks the application: its action
 * `app.open-console`, and its command line.
 */
struct _InnViewer
{
  GObject parent_instance;

  GtkApplication *application; /* weak */
  InnAppContext *context;
  InnSettings *settings;
};

G_DEFINE_FINAL_TYPE (InnViewer, inn_viewer, G_TYPE_OBJECT)

static void
on_open_console (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  InnViewer *self = INN_VIEWER (data);
  const char *host_id;
  const char *uuid;
  InnHost *host;
  InnVm *vm;

  g_variant_get (parameter, "(&s&s)", &host_id, &uuid);
  host = inn_inventory_find_host (inn_app_context_get_inventory (self->context), host_id);
  vm = host != NULL ? inn_host_find_vm (host, uuid) : NULL;
  if (vm != NULL && self->application != NULL)
    inn_console_window_open (self->application, self->context, self->settings, vm);
}

typedef struct
{
  InnViewer *self;
  InnConsoleWindow *window;
  char *host;
  char *guest;
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_object_unref (request->self);
  g_object_unref (request->window);
  g_free (request->host);
  g_free (request->guest);
  g_free (request);
}

static Request *
request_new (InnViewer *self, InnConsoleWindow *window, const char *host, const char *guest)
{
  Request *request = g_new0 (Request, 1);

  request->self = g_object_ref (self);
  request->window = g_object_ref (window);
  request->host = g_strdup (host);
  request->guest = g_strdup (guest);
  return request;
}

static InnHost *
find_host (GListModel *hosts, const char *word, GError **error)
{
  g_autoptr (InnHost) found = NULL;
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      if (g_strcmp0 (inn_host_get_id (host), word) == 0)
        return g_steal_pointer (&host);
      if (g_strcmp0 (inn_host_get_name (host), word) != 0 &&
          g_strcmp0 (inn_host_get_uri (host), word) != 0)
        continue;
      if (found != NULL)
        {
          inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                         _ ("Several hosts are called “%s”: take the record id of one"), word);
          return NULL;
        }
      found = g_steal_pointer (&host);
    }

  if (found == NULL)
    inn_error_set (error, INN_ERROR_NOT_FOUND, NULL,
                   _ ("There is no host “%s” in the view: add it, or look for its name there"),
                   word);
  return g_steal_pointer (&found);
}

static InnVm *
find_guest (InnHost *host, const char *word, GError **error)
{
  GListModel *vms = inn_host_get_vms (host);
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      if (g_strcmp0 (inn_vm_get_name (vm), word) == 0 ||
          g_ascii_strcasecmp (inn_vm_get_uuid (vm), word) == 0)
        return g_steal_pointer (&vm);
    }

  inn_error_set (error, INN_ERROR_NOT_FOUND, NULL, _ ("There is no guest “%s” on %s"), word,
                 inn_host_get_name (host));
  return NULL;
}

/* In a fiber. */
static gboolean
connect_host (InnViewer *self, InnHost *host, GError **error)
{
  InnSession *session =
      inn_session_manager_get (inn_app_context_get_sessions (self->context), host);

  if (session == NULL)
    {
      inn_error_set (error, INN_ERROR_NOT_FOUND, NULL, _ ("%s is gone from the view"),
                     inn_host_get_name (host));
      return FALSE;
    }
  if (!inn_host_is_online (host) && !dex_await (inn_session_connect (session), error))
    return FALSE;

  return dex_await (inn_session_wait_first_list (session), error);
}

static InnVm *
await_guest (Request *request, GError **error)
{
  InnInventory *inventory = inn_app_context_get_inventory (request->self->context);
  g_autoptr (InnHost) host = find_host (inn_inventory_get_hosts (inventory), request->host, error);

  if (host == NULL || !connect_host (request->self, host, error))
    return NULL;

  return find_guest (host, request->guest, error);
}

static DexFuture *
open_fiber (gpointer data)
{
  Request *request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (InnVm) vm = await_guest (request, &error);

  /* Closed meanwhile. */
  if (gtk_window_get_application (GTK_WINDOW (request->window)) == NULL)
    return dex_future_new_true ();

  if (vm != NULL)
    inn_console_window_add_vm (request->window, vm);
  else
    inn_console_window_set_failed (request->window, error);
  return dex_future_new_true ();
}

static void
begin (InnViewer *self, InnConsoleWindow *window, const char *host, const char *guest)
{
  g_autofree char *title = NULL;

  /* Translators: a guest, a host */
  title = g_strdup_printf (_ ("Looking for %s on %s"), guest, host);
  inn_console_window_set_waiting (window, title);
  inn_future_forget (
      inn_spawn ("open_fiber", open_fiber, request_new (self, window, host, guest), request_free),
      "opening a console by name");
}

typedef struct
{
  InnViewer *viewer; /* weak */
  char *host;
  char *guest;
} Retry;

static void
retry_free (gpointer data, GClosure *closure)
{
  Retry *retry = data;

  g_clear_weak_pointer (&retry->viewer);
  g_free (retry->host);
  g_free (retry->guest);
  g_free (retry);
}

static void
on_retry (InnConsoleWindow *window, Retry *retry)
{
  if (retry->viewer != NULL)
    begin (retry->viewer, window, retry->host, retry->guest);
}

static void
inn_viewer_dispose (GObject *object)
{
  InnViewer *self = INN_VIEWER (object);

  if (self->application != NULL)
    g_action_map_remove_action (G_ACTION_MAP (self->application), "open-console");
  g_clear_weak_pointer (&self->application);
  g_clear_object (&self->context);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (inn_viewer_parent_class)->dispose (object);
}

static void
inn_viewer_class_init (InnViewerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_viewer_dispose;
}

static void
inn_viewer_init (InnViewer *self)
{
}

/**
 * inn_viewer_new:
 * @application: gets the actions
 * @context: the services
 * @settings: the preferences
 *
 * Returns: (transfer full): a viewer; its actions go with it
 */
InnViewer *
inn_viewer_new (GtkApplication *application, InnAppContext *context, InnSettings *settings)
{
  const GActionEntry entries[] = {
    { .name = "open-console", .activate = on_open_console, .parameter_type = "(ss)" },
  };
  InnViewer *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);

  self = g_object_new (INN_TYPE_VIEWER, NULL);
  g_set_weak_pointer (&self->application, application);
  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   self);

  return self;
}

/**
 * inn_viewer_open_named:
 * @self: a viewer
 * @host: record id, name or address of a host of the view
 * @guest: name or UUID of a guest there
 *
 * Shows its console in a window, which says meanwhile that the host is being connected, and what
 * went wrong.
 */
void
inn_viewer_open_named (InnViewer *self, const char *host, const char *guest)
{
  InnConsoleWindow *window;
  Retry *retry;

  g_return_if_fail (INN_IS_VIEWER (self));
  g_return_if_fail (host != NULL && guest != NULL);

  window = inn_console_window_new (self->application, self->context, self->settings);
  retry = g_new0 (Retry, 1);
  g_set_weak_pointer (&retry->viewer, self);
  retry->host = g_strdup (host);
  retry->guest = g_strdup (guest);
  g_signal_connect_data (window, "retry", G_CALLBACK (on_retry), retry, retry_free, 0);
  begin (self, window, host, guest);
  gtk_window_present (GTK_WINDOW (window));
}

typedef struct
{
  InnViewer *self;
  InnConsoleWindow *window;
  GFile *file;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->self);
  g_object_unref (reading->window);
  g_object_unref (reading->file);
  g_free (reading);
}

static DexFuture *
read_fiber (gpointer data)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (InnVvFile) file = dex_await_boxed (inn_vv_file_load (reading->file), &error);
  InnConsolePage *console =
      file != NULL ? inn_vv_console_new (file, reading->self->settings, &error) : NULL;

  if (console != NULL)
    g_object_ref_sink (console);
  /* Else it was closed meanwhile. */
  if (gtk_window_get_application (GTK_WINDOW (reading->window)) != NULL)
    {
      if (console != NULL)
        inn_console_window_add (reading->window, console);
      else
        inn_console_window_set_failed (reading->window, error);
      if (console != NULL && file->fullscreen)
        inn_console_page_set_fullscreened (console, TRUE);
    }

  g_clear_object (&console);
  return dex_future_new_true ();
}

static void
begin_reading (InnViewer *self, InnConsoleWindow *window, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *title = g_strdup_printf (_ ("Opening %s"), shown);
  Reading *reading = g_new0 (Reading, 1);

  reading->self = g_object_ref (self);
  reading->window = g_object_ref (window);
  reading->file = g_object_ref (file);
  inn_console_window_set_waiting (window, title);
  inn_future_forget (inn_spawn ("read_fiber", read_fiber, reading, reading_free),
                     "opening a connection file");
}

static void
on_read_again (InnConsoleWindow *window, GFile *file)
{
  InnViewer *self = g_object_get_data (G_OBJECT (window), "inn-viewer");

  begin_reading (self, window, file);
}

/**
 * inn_viewer_open_file:
 * @self: a viewer
 * @file: a connection file of virt-viewer
 *
 * Shows the screen that it names in a window of its own, which says what went wrong.
 */
void
inn_viewer_open_file (InnViewer *self, GFile *file)
{
  InnConsoleWindow *window;

  g_return_if_fail (INN_IS_VIEWER (self));
  g_return_if_fail (G_IS_FILE (file));

  window = inn_console_window_new (self->application, self->context, self->settings);
  g_object_set_data_full (G_OBJECT (window), "inn-viewer", g_object_ref (self), g_object_unref);
  g_signal_connect_data (window, "retry", G_CALLBACK (on_read_again), g_object_ref (file),
                         (GClosureNotify) (void (*) (void)) g_object_unref, 0);
  begin_reading (self, window, file);
  gtk_window_present (GTK_WINDOW (window));
}

/* inn-application.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-application.h"

#include "app/inn-sleep-watch.h"
#include "base/inn-dex.h"
#include "ui/shell/inn-icon-keeper.h"
#include "ui/shell/inn-notifier.h"
#include "ui/shell/inn-window-prompter.h"
#include "ui/shell/inn-window.h"
#include "ui/viewer/inn-viewer.h"

#include <glib/gi18n.h>
#include <malloc.h>

/* More than the frame of any window that is usually drawn without a GL driver */
#define FRAME_BYTES (16 * 1024 * 1024)

/**
 * InnApplication:
 *
 * The desktop application: builds the [class@AppContext], opens the window with what was last seen,
 * and only then connects to the hosts, unless nothing was seen yet; or opens a console alone, which
 * connects its host only.
 */
struct _InnApplication
{
  AdwApplication parent_instance;

  char *store_directory;
  InnIconKeeper *icon_keeper;
  InnAppContext *context;
  InnSettings *settings;
  InnSleepWatch *sleep_watch;
  InnNotifier *notifier;
  InnViewer *viewer; /* once the view is read */
  GPtrArray *wishes; /* of Wish: until then */
  gboolean closing;
};

/* What somebody started the program for. */
typedef struct
{
  char *host; /* of the guest whose console is wanted */
  char *guest;
  GFile *file; /* a connection file; with neither it is the view */
} Wish;

G_DEFINE_FINAL_TYPE (InnApplication, inn_application, ADW_TYPE_APPLICATION)

static DexFuture *
rest_fiber (gpointer data)
{
  InnApplication *self = data;
  g_autoptr (GError) error = NULL;

  if (self->context == NULL || self->closing)
    return dex_future_new_true ();
  if (!dex_await (inn_app_context_open_rest (self->context), &error))
    g_warning ("%s", error->message);
  if (self->context == NULL || self->closing)
    return dex_future_new_true ();

  return inn_session_manager_autoconnect (inn_app_context_get_sessions (self->context));
}

static DexFuture *
open_rest (InnApplication *self)
{
  return inn_spawn ("rest_fiber", rest_fiber, g_object_ref (self), g_object_unref);
}

/* The first frame is out: now the other guests and the hosts may have the processor. */
static void
on_first_frame (GdkFrameClock *clock, InnApplication *self)
{
  g_signal_handlers_disconnect_by_func (clock, on_first_frame, self);
  inn_future_forget (open_rest (self), "opening the rest of the view");
}

static void
connect_after_first_frame (InnApplication *self, GtkWidget *window)
{
  gtk_widget_realize (window);
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (on_first_frame), self, 0);
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_free (wish->host);
  g_free (wish->guest);
  g_clear_object (&wish->file);
  g_free (wish);
}

static InnWindow *
find_window (InnApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (INN_IS_WINDOW (l->data))
      return l->data;

  return NULL;
}

static InnWindow *
show_view (InnApplication *self)
{
  InnWindow *window = find_window (self);

  if (window == NULL)
    {
      window = inn_window_new (GTK_APPLICATION (self), self->context, self->settings);
      connect_after_first_frame (self, GTK_WIDGET (window));
    }
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
fulfil (InnApplication *self, const Wish *wish)
{
  if (wish->host != NULL)
    inn_viewer_open_named (self->viewer, wish->host, wish->guest);
  else if (wish->file != NULL)
    inn_viewer_open_file (self->viewer, wish->file);
  else
    show_view (self);
}

static void
fulfil_all (InnApplication *self)
{
  g_autoptr (GPtrArray) wishes = g_steal_pointer (&self->wishes);

  self->wishes = g_ptr_array_new_with_free_func (wish_free);
  for (guint i = 0; i < wishes->len; i++)
    fulfil (self, g_ptr_array_index (wishes, i));
}

/* Nothing was ever seen of the hosts: a window would only wait for them. */
static gboolean
knows_no_guest (InnApplication *self)
{
  return inn_inventory_get_n_vms (inn_app_context_get_inventory (self->context)) == 0;
}

static gboolean
wants_view (InnApplication *self)
{
  for (guint i = 0; i < self->wishes->len; i++)
    {
      const Wish *wish = g_ptr_array_index (self->wishes, i);

      if (wish->host == NULL && wish->file == NULL)
        return TRUE;
    }

  return FALSE;
}

static DexFuture *
open_fiber (gpointer data)
{
  InnApplication *self = data;
  g_autoptr (GError) error = NULL;

  /* A store that cannot be opened says so in the window; the hosts work without it. */
  if (!dex_await (inn_app_context_open_first (self->context), &error))
    g_warning ("%s", error->message);
  else if (wants_view (self) && knows_no_guest (self))
    dex_await (open_rest (self), NULL);

  self->viewer = inn_viewer_new (GTK_APPLICATION (self), self->context, self->settings);
  fulfil_all (self);
  g_application_release (G_APPLICATION (self));

  return dex_future_new_true ();
}

static void
open_context (InnApplication *self)
{
  g_autoptr (InnWindowPrompter) prompter = inn_window_prompter_new (GTK_APPLICATION (self));

  self->settings = inn_settings_new ();
  self->context = inn_app_context_new (self->store_directory, INN_PROMPTER (prompter));
  inn_store_set_offers (inn_app_context_get_store (self->context), TRUE);
  self->sleep_watch = inn_sleep_watch_new (inn_app_context_get_sessions (self->context));
  self->notifier = inn_notifier_new (GTK_APPLICATION (self), self->context);
  /* The window comes when the view is read: until then nothing else keeps us alive. */
  g_application_hold (G_APPLICATION (self));
  inn_future_forget (inn_spawn ("open_fiber", open_fiber, g_object_ref (self), g_object_unref),
                     "opening the view");
}

/* @host: (nullable): of the guest @guest whose console is wanted
 * @file: (nullable): whose console is wanted; the view when both are %NULL */
static void
wish_for (InnApplication *self, const char *host, const char *guest, GFile *file)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->host = g_strdup (host);
  wish->guest = g_strdup (guest);
  g_set_object (&wish->file, file);
  g_ptr_array_add (self->wishes, wish);
  /* It comes true when the view is read, or when what was open before is closed. */
  if (self->viewer != NULL && !self->closing)
    fulfil_all (self);
  else if (self->context == NULL)
    open_context (self);
}

static void
inn_application_activate (GApplication *application)
{
  wish_for (INN_APPLICATION (application), NULL, NULL, NULL);
}

/* The last slash: the address of a host has some, and the name of a guest has none. */
static gboolean
parse_console (const char *text, char **host, char **guest)
{
  const char *slash = strrchr (text, '/');

  if (slash == NULL || slash == text || slash[1] == '\0')
    return FALSE;

  *host = g_strndup (text, slash - text);
  *guest = g_strdup (slash + 1);
  return TRUE;
}

static int
inn_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  InnApplication *self = INN_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  g_autofree char *host = NULL;
  g_autofree char *guest = NULL;
  g_auto (GStrv) arguments = g_application_command_line_get_arguments (command_line, NULL);
  gboolean has_files = arguments[0] != NULL && arguments[1] != NULL;
  const char *console = NULL;

  for (guint i = 1; has_files && arguments[i] != NULL; i++)
    {
      g_autoptr (GFile) file =
          g_application_command_line_create_file_for_arg (command_line, arguments[i]);

      wish_for (self, NULL, NULL, file);
    }
  if (!g_variant_dict_lookup (options, "console", "&s", &console))
    {
      if (!has_files)
        g_application_activate (application);
      return EXIT_SUCCESS;
    }
  if (!parse_console (console, &host, &guest))
    {
      g_application_command_line_printerr (
          command_line, _ ("“%s” names no guest: write HOST/GUEST, as in --console host1/web1\n"),
          console);
      return 2;
    }

  wish_for (self, host, guest, NULL);
  return EXIT_SUCCESS;
}

static void
on_show_vm (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  InnApplication *self = INN_APPLICATION (data);

  if (self->viewer != NULL && !self->closing)
    gtk_widget_activate_action_variant (GTK_WIDGET (show_view (self)), "win.show-vm", parameter);
}

static void
forget_all (InnApplication *self)
{
  g_clear_object (&self->viewer);
  g_clear_object (&self->notifier);
  g_clear_object (&self->sleep_watch);
  g_clear_object (&self->context);
  g_clear_object (&self->settings);
}

static DexFuture *
close_fiber (gpointer data)
{
  InnApplication *self = data;

  g_autoptr (GError) error = NULL;

  if (!dex_await (inn_app_context_close (self->context), &error))
    g_message ("Not closed cleanly: %s", error->message);
  forget_all (self);
  self->closing = FALSE;
  if (self->wishes->len > 0)
    open_context (self);
  g_application_release (G_APPLICATION (self));

  return dex_future_new_true ();
}

static void
inn_application_window_added (GtkApplication *application, GtkWindow *window)
{
  GTK_APPLICATION_CLASS (inn_application_parent_class)->window_added (application, window);

  inn_icon_keeper_follow (INN_APPLICATION (application)->icon_keeper, GTK_WIDGET (window));
}

/* The last window went: what is behind is written and the hosts are left before the process ends.
 * Bounded by the context's own deadlines. */
static void
inn_application_window_removed (GtkApplication *application, GtkWindow *window)
{
  InnApplication *self = INN_APPLICATION (application);

  GTK_APPLICATION_CLASS (inn_application_parent_class)->window_removed (application, window);

  if (self->closing || gtk_application_get_windows (application) != NULL)
    return;

  self->closing = TRUE;
  g_application_hold (G_APPLICATION (self));
  inn_future_forget (inn_spawn ("close_fiber", close_fiber, g_object_ref (self), g_object_unref),
                     "closing the view");
}

static int
inn_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  InnApplication *self = INN_APPLICATION (application);
  g_autofree char *digest = NULL;
  g_autofree char *id = NULL;
  g_autofree char *absolute = NULL;
  const char *directory = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("Innkeeper %s\n", PACKAGE_VERSION);
      return 0;
    }
  if (g_variant_dict_lookup (options, "store", "^&ay", &directory))
    {
      /* One instance for each view: another view is another application to the session. */
      absolute = g_canonicalize_filename (directory, NULL);
      g_set_str (&self->store_directory, absolute);
      digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, absolute, -1);
      id = g_strdup_printf ("%s.View%.12s", APP_ID, digest);
      g_application_set_application_id (application, id);
    }

  return -1;
}

/* A frame that is drawn in memory is as large as the window. The C library would take it from the
 * system each time and give it back, and the page faults cost more than the drawing. */
static void
keep_frames (void)
{
#ifdef M_MMAP_THRESHOLD
  mallopt (M_MMAP_THRESHOLD, FRAME_BYTES);
  mallopt (M_TRIM_THRESHOLD, 2 * FRAME_BYTES);
#endif
}

static void
inn_application_startup (GApplication *application)
{
  const GActionEntry entries[] = {
    { .name = "show-vm", .activate = on_show_vm, .parameter_type = "(ss)" },
  };

  keep_frames ();
  /* Before GTK looks for our icon: libadwaita's own come with it, and would make GTK read the icon
   * theme once more. */
  adw_init ();
  G_APPLICATION_CLASS (inn_application_parent_class)->startup (application);
  /* Details that can be copied would look as if they were wanted for that. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  gtk_window_set_default_icon_name (APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (application), entries, G_N_ELEMENTS (entries),
                                   application);
}

static void
inn_application_finalize (GObject *object)
{
  InnApplication *self = INN_APPLICATION (object);

  forget_all (self);
  g_object_unref (self->icon_keeper);
  g_clear_pointer (&self->store_directory, g_free);
  g_ptr_array_unref (self->wishes);

  G_OBJECT_CLASS (inn_application_parent_class)->finalize (object);
}

static void
inn_application_class_init (InnApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inn_application_finalize;
  application_class->activate = inn_application_activate;
  application_class->command_line = inn_application_command_line;
  application_class->handle_local_options = inn_application_handle_local_options;
  application_class->startup = inn_application_startup;
  GTK_APPLICATION_CLASS (klass)->window_added = inn_application_window_added;
  GTK_APPLICATION_CLASS (klass)->window_removed = inn_application_window_removed;
}

static void
inn_application_init (InnApplication *self)
{
  const GOptionEntry options[] = {
    { "console", 0, 0, G_OPTION_ARG_STRING, NULL,
      N_ ("Show the console of a guest and nothing else"), N_ ("HOST/GUEST") },
    { "store", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Keep the view in this folder"),
      N_ ("FOLDER") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { NULL },
  };

  self->icon_keeper = inn_icon_keeper_new ();
  self->wishes = g_ptr_array_new_with_free_func (wish_free);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[FILE.vv…]"));
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/**
 * inn_application_new:
 *
 * Returns: (transfer full): the application
 */
InnApplication *
inn_application_new (void)
{
  return g_object_new (INN_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       "/io/github/innkeeper/Innkeeper", NULL);
}

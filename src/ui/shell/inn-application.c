/* inn-application.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-application.h"

#include "app/inn-sleep-watch.h"
#include "base/inn-dex.h"
#include "ui/shell/inn-notifier.h"
#include "ui/shell/inn-window-prompter.h"
#include "ui/shell/inn-window.h"

#include <glib/gi18n.h>

/**
 * InnApplication:
 *
 * The desktop application: builds the [class@AppContext], opens the window with what was last seen,
 * and only then connects to the hosts.
 */
struct _InnApplication
{
  AdwApplication parent_instance;

  char *store_directory;
  InnAppContext *context;
  InnSettings *settings;
  InnSleepWatch *sleep_watch;
  InnNotifier *notifier;
  gboolean closing;
  gboolean wanted; /* started again while it closed */
};

G_DEFINE_FINAL_TYPE (InnApplication, inn_application, ADW_TYPE_APPLICATION)

/* The first frame is out: now the hosts may have the processor. */
static void
on_first_frame (GdkFrameClock *clock, InnApplication *self)
{
  g_signal_handlers_disconnect_by_func (clock, on_first_frame, self);
  if (self->context != NULL && !self->closing)
    inn_session_manager_autoconnect (inn_app_context_get_sessions (self->context));
}

static void
connect_after_first_frame (InnApplication *self, GtkWidget *window)
{
  gtk_widget_realize (window);
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (on_first_frame), self, 0);
}

static DexFuture *
open_fiber (gpointer data)
{
  InnApplication *self = data;
  g_autoptr (GError) error = NULL;
  InnWindow *window;

  /* A store that cannot be opened says so in the window; the hosts work without it. */
  if (!dex_await (inn_app_context_open (self->context), &error))
    g_warning ("%s", error->message);

  window = inn_window_new (GTK_APPLICATION (self), self->context, self->settings);
  connect_after_first_frame (self, GTK_WIDGET (window));
  gtk_window_present (GTK_WINDOW (window));
  g_application_release (G_APPLICATION (self));

  return dex_future_new_true ();
}

static void
inn_application_activate (GApplication *application)
{
  InnApplication *self = INN_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  g_autoptr (InnWindowPrompter) prompter = NULL;

  if (window != NULL)
    {
      gtk_window_present (window);
      return;
    }
  /* The window comes when the view is read, or when what was open before is closed. */
  self->wanted = self->closing;
  if (self->context != NULL)
    return;

  prompter = inn_window_prompter_new (GTK_APPLICATION (self));
  self->settings = inn_settings_new ();
  self->context = inn_app_context_new (self->store_directory, INN_PROMPTER (prompter));
  inn_store_set_offers (inn_app_context_get_store (self->context), TRUE);
  self->sleep_watch = inn_sleep_watch_new (inn_app_context_get_sessions (self->context));
  self->notifier = inn_notifier_new (GTK_APPLICATION (self), self->context);
  /* The window comes when the view is read: until then nothing else keeps us alive. */
  g_application_hold (application);
  inn_future_forget (inn_spawn ("open_fiber", open_fiber, g_object_ref (self), g_object_unref),
                     "opening the view");
}

static void
forget_all (InnApplication *self)
{
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
  if (self->wanted)
    g_application_activate (G_APPLICATION (self));
  g_application_release (G_APPLICATION (self));

  return dex_future_new_true ();
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

static void
inn_application_startup (GApplication *application)
{
  /* Before GTK looks for our icon: libadwaita's own come with it, and would make GTK read the icon
   * theme once more. */
  adw_init ();
  G_APPLICATION_CLASS (inn_application_parent_class)->startup (application);
  gtk_window_set_default_icon_name (APP_ID);
}

static void
inn_application_finalize (GObject *object)
{
  InnApplication *self = INN_APPLICATION (object);

  forget_all (self);
  g_clear_pointer (&self->store_directory, g_free);

  G_OBJECT_CLASS (inn_application_parent_class)->finalize (object);
}

static void
inn_application_class_init (InnApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = inn_application_finalize;
  application_class->activate = inn_application_activate;
  application_class->handle_local_options = inn_application_handle_local_options;
  application_class->startup = inn_application_startup;
  GTK_APPLICATION_CLASS (klass)->window_removed = inn_application_window_removed;
}

static void
inn_application_init (InnApplication *self)
{
  const GOptionEntry options[] = {
    { "store", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Keep the view in this folder"),
      N_ ("FOLDER") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { NULL },
  };

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
                       G_APPLICATION_DEFAULT_FLAGS, "resource-base-path",
                       "/io/github/innkeeper/Innkeeper", NULL);
}

/* inn-console-record.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "ui/console/inn-console-page-private.h"

#include <glib/gi18n.h>

/* Recording the screen: choosing a file, the button that says how long it has been, and the film
 * that is whole however it ends. */

static void
show_length (InnConsolePage *self)
{
  gint64 seconds = inn_recorder_get_length (self->recorder) / G_USEC_PER_SEC;
  g_autofree char *text = g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
  g_autofree char *name = g_strdup_printf (_ ("Stop Recording, %s"), text);

  gtk_label_set_label (self->record_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->record_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static gboolean
tick_cb (gpointer user_data)
{
  show_length (user_data);
  return G_SOURCE_CONTINUE;
}

static void
show_recording (InnConsolePage *self)
{
  gboolean recording = self->recorder != NULL;

  g_clear_handle_id (&self->record_id, g_source_remove);
  gtk_widget_set_visible (self->record_button, recording);
  if (recording)
    {
      show_length (self);
      self->record_id = g_timeout_add_seconds (1, tick_cb, self);
    }
  inn_console_page_update_actions (self);
}

static DexFuture *
stopped_cb (DexFuture *completed, gpointer user_data)
{
  g_autoptr (InnConsolePage) self = inn_weak_get (user_data);
  GApplication *application = g_application_get_default ();
  g_autoptr (GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (self != NULL)
    inn_console_page_show_message (self, error != NULL ? error->message : _ ("Recording saved"));
  else if (error != NULL)
    g_message ("%s", error->message);
  if (application != NULL)
    g_application_release (application);
  return dex_future_new_true ();
}

/* Also when the page goes: the last frames are written before the program ends. */
void
inn_console_page_stop_recording (InnConsolePage *self)
{
  g_autoptr (InnRecorder) recorder = g_steal_pointer (&self->recorder);
  GApplication *application = g_application_get_default ();

  if (recorder == NULL)
    return;

  g_signal_handlers_disconnect_by_data (recorder, self);
  if (application != NULL)
    g_application_hold (application);
  inn_future_forget (dex_future_finally (inn_recorder_stop (recorder), stopped_cb,
                                         inn_weak_new (self), inn_weak_unref),
                     "ending a recording");
  if (self->record_button != NULL)
    show_recording (self);
}

static void
failed_cb (InnRecorder *recorder, const GError *error, InnConsolePage *self)
{
  g_signal_handlers_disconnect_by_data (recorder, self);
  g_clear_object (&self->recorder);
  show_recording (self);
  inn_console_page_show_message (self, error->message);
}

typedef struct
{
  InnWeak *page;
  InnRecorder *recorder;
} Starting;

static void
starting_free (gpointer data)
{
  Starting *starting = data;

  inn_weak_unref (starting->page);
  g_object_unref (starting->recorder);
  g_free (starting);
}

static DexFuture *
started_cb (DexFuture *completed, gpointer user_data)
{
  Starting *starting = user_data;
  g_autoptr (InnConsolePage) self = inn_weak_get (starting->page);
  g_autoptr (GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (self == NULL || self->recorder != NULL || self->link == NULL)
    return error == NULL ? inn_recorder_stop (starting->recorder) : dex_future_new_true ();

  if (error != NULL)
    {
      inn_console_page_show_message (self, error->message);
      return dex_future_new_true ();
    }
  self->recorder = g_object_ref (starting->recorder);
  g_signal_connect_object (self->recorder, "failed", G_CALLBACK (failed_cb), self, 0);
  show_recording (self);
  inn_console_page_show_message (self, _ ("Recording begins"));
  return dex_future_new_true ();
}

/**
 * inn_console_page_record:
 * @self: a page with a screen
 * @file: the film to be
 *
 * Records until it is stopped, the guest is off, or the page goes. The note says why it cannot.
 */
void
inn_console_page_record (InnConsolePage *self, GFile *file)
{
  Starting *starting;

  if (self->recorder != NULL || inn_console_page_get_state (self) != INN_LINK_READY)
    return;

  starting = g_new0 (Starting, 1);
  starting->page = inn_weak_new (self);
  starting->recorder = inn_recorder_new (inn_console_link_get_source (self->link), file);
  inn_future_forget (dex_future_finally (inn_recorder_start (starting->recorder), started_cb,
                                         starting, starting_free),
                     "recording a screen");
}

static void
chosen_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (InnWeak) weak = user_data;
  g_autoptr (InnConsolePage) self = inn_weak_get (weak);
  /* The only error is that the person closed the dialog. */
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (object), result, NULL);

  if (self != NULL && file != NULL)
    inn_console_page_record (self, file);
}

static GListModel *
make_filters (void)
{
  g_autoptr (GtkFileFilter) webm = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) mp4 = gtk_file_filter_new ();
  GListStore *filters = g_list_store_new (GTK_TYPE_FILE_FILTER);

  gtk_file_filter_set_name (webm, _ ("WebM films"));
  gtk_file_filter_add_suffix (webm, "webm");
  gtk_file_filter_set_name (mp4, _ ("MP4 films"));
  gtk_file_filter_add_suffix (mp4, "mp4");
  g_list_store_append (filters, webm);
  g_list_store_append (filters, mp4);
  return G_LIST_MODEL (filters);
}

/* Asks where to, or ends it. */
void
inn_console_page_toggle_recording (InnConsolePage *self)
{
  g_autoptr (GtkFileDialog) dialog = NULL;
  g_autoptr (GListModel) filters = NULL;
  g_autofree char *name = NULL;

  if (self->recorder != NULL)
    {
      inn_console_page_stop_recording (self);
      return;
    }

  filters = make_filters ();
  name = inn_console_page_make_file_name (self, "webm");
  dialog = gtk_file_dialog_new ();
  gtk_file_dialog_set_title (dialog, _ ("Record the Screen"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_set_filters (dialog, filters);
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (self->content)), NULL, chosen_cb,
                        inn_weak_new (self));
}

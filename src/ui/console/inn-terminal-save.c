/* inn-terminal-save.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "ui/console/inn-terminal-private.h"

#include <glib/gi18n.h>

/* What is on the screen and above it, once; or all that comes, byte for byte. */

typedef struct
{
  char *path;
  char *text;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_free (saving->path);
  g_free (saving->text);
  g_free (saving);
}

static gboolean
save_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Saving *saving = data;
  g_autoptr (GError) local = NULL;

  if (g_file_set_contents_full (saving->path, saving->text, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                0600, &local))
    return TRUE;

  inn_error_set (error, INN_ERROR_DENIED, local->message,
                 _ ("“%s” cannot be written to: choose another file"), saving->path);
  return FALSE;
}

static DexFuture *
saved_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnTerminal) self = inn_weak_get (data);
  g_autoptr (GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (self != NULL)
    inn_terminal_show_message (self, error != NULL ? error->message : _ ("Text saved"));
  return dex_future_new_true ();
}

static void
save_to (InnTerminal *self, const char *path)
{
  Saving *saving = g_new0 (Saving, 1);

  saving->path = g_strdup (path);
  saving->text = vte_terminal_get_text_range_format (self->vte, VTE_FORMAT_TEXT, 0, 0, G_MAXLONG,
                                                     G_MAXLONG, NULL);
  if (saving->text == NULL)
    saving->text = g_strdup ("");
  inn_future_forget (
      dex_future_finally (inn_thread_run ("save-text", save_thread, saving, saving_free, NULL),
                          saved_cb, inn_weak_new (self), inn_weak_unref),
      "saving the text of a terminal");
}

static void
failed_cb (InnTextLog *log, InnTerminal *self)
{
  inn_terminal_show_message (self, inn_text_log_get_error (log)->message);
  inn_terminal_stop_log (self);
}

static DexFuture *
log_opened_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnTerminal) self = inn_weak_get (data);
  g_autoptr (GError) error = NULL;

  if (self == NULL)
    return dex_future_new_true ();

  if (dex_future_get_value (completed, &error) == NULL)
    {
      inn_terminal_show_message (self, error->message);
      inn_terminal_stop_log (self);
    }
  inn_terminal_update_note (self);
  inn_terminal_update_actions (self);
  return dex_future_new_true ();
}

static void
log_to (InnTerminal *self, const char *path)
{
  inn_terminal_stop_log (self);
  self->log = inn_text_log_new (inn_text_link_get_source (self->link), path);
  g_signal_connect_object (self->log, "failed", G_CALLBACK (failed_cb), self, 0);
  inn_future_forget (dex_future_finally (inn_text_log_open (self->log), log_opened_cb,
                                         inn_weak_new (self), inn_weak_unref),
                     "opening a log");
}

void
inn_terminal_stop_log (InnTerminal *self)
{
  if (self->log == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->log, self);
  inn_future_forget (inn_text_log_close (self->log), "closing a log");
  g_clear_object (&self->log);
  inn_terminal_update_actions (self);
}

typedef struct
{
  InnWeak *terminal;
  void (*use) (InnTerminal *self, const char *path);
} Choosing;

static void
chosen_cb (GObject *dialog, GAsyncResult *result, gpointer data)
{
  Choosing *choosing = data;
  g_autoptr (InnTerminal) self = inn_weak_get (choosing->terminal);
  /* The only error is that the person closed the dialog. */
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (dialog), result, NULL);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  if (self != NULL && path != NULL && self->link != NULL)
    choosing->use (self, path);
  else if (self != NULL && file != NULL)
    inn_terminal_show_message (self, _ ("Choose a file on this machine"));
  inn_weak_unref (choosing->terminal);
  g_free (choosing);
}

static void
choose (InnTerminal *self, const char *title, void (*use) (InnTerminal *self, const char *path))
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d %H-%M-%S");
  g_autofree char *name = g_strdup_printf ("%s %s.log", self->name, stamp);
  Choosing *choosing = g_new0 (Choosing, 1);

  g_strdelimit (name, "/", '_');
  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);
  choosing->terminal = inn_weak_new (self);
  choosing->use = use;
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL,
                        chosen_cb, choosing);
}

void
inn_terminal_save (InnTerminal *self)
{
  choose (self, _ ("Save Text"), save_to);
}

void
inn_terminal_start_log (InnTerminal *self)
{
  choose (self, _ ("Log to File"), log_to);
}

/* inn-terminal-paste.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-weak.h"
#include "ui/console/inn-terminal-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* Several lines are several commands: they are shown before they are sent. */

#define PREVIEW_CHARS 2000

typedef struct
{
  InnWeak *terminal;
  char *text;
} Pasting;

static void
pasting_free (gpointer data, GClosure *closure)
{
  Pasting *pasting = data;

  inn_weak_unref (pasting->terminal);
  g_free (pasting->text);
  g_free (pasting);
}

static void
answer_cb (AdwAlertDialog *dialog, const char *response, Pasting *pasting)
{
  g_autoptr (InnTerminal) self = inn_weak_get (pasting->terminal);

  if (self == NULL)
    return;

  if (g_str_equal (response, "paste"))
    vte_terminal_paste_text (self->vte, pasting->text);
  gtk_widget_grab_focus (GTK_WIDGET (self->vte));
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *at = text; *at != '\0'; at++)
    if (at[0] == '\n' || (at[0] == '\r' && at[1] != '\n') || at[1] == '\0')
      n++;
  return n;
}

static GtkWidget *
make_preview (const char *text)
{
  g_autofree char *shown =
      g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), PREVIEW_CHARS));
  GtkWidget *label = gtk_label_new (shown);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_CHAR);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "error-details");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 240);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_widget_add_css_class (scroller, "card");
  return scroller;
}

static void
ask (InnTerminal *self, const char *text)
{
  AdwDialog *dialog = adw_alert_dialog_new (NULL, NULL);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  Pasting *pasting = g_new0 (Pasting, 1);
  guint lines = count_lines (text);

  pasting->terminal = inn_weak_new (self);
  pasting->text = g_strdup (text);
  adw_alert_dialog_format_heading (alert, ngettext ("Paste %u Line?", "Paste %u Lines?", lines),
                                   lines);
  adw_alert_dialog_set_body (
      alert, _ ("Each line is run as a command where a shell reads what is typed."));
  adw_alert_dialog_set_extra_child (alert, make_preview (text));
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "paste", _ ("_Paste"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "paste", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "cancel");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_signal_connect_data (alert, "response", G_CALLBACK (answer_cb), pasting, pasting_free, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
read_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (InnWeak) weak = data;
  g_autoptr (InnTerminal) self = inn_weak_get (weak);
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  if (self == NULL)
    return;

  if (text == NULL || *text == '\0')
    inn_terminal_show_message (self, _ ("The clipboard holds no text"));
  else if (strpbrk (text, "\r\n") != NULL)
    ask (self, text);
  else
    vte_terminal_paste_text (self->vte, text);
}

void
inn_terminal_paste (InnTerminal *self)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, read_cb,
                                 inn_weak_new (self));
}

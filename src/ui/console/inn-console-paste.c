/* inn-console-paste.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-weak.h"
#include "ui/console/inn-console-page-private.h"

#include <glib/gi18n.h>

static void
done_cb (InnKeyTyper *typer, InnConsolePage *self)
{
  guint left_out = inn_key_typer_get_left_out (typer);
  g_autofree char *text = NULL;

  if (inn_key_typer_get_stopped (typer))
    text = g_strdup (_ ("The screen went away before all was typed"));
  else if (left_out > 0)
    text = g_strdup_printf (ngettext ("Typed, but for %u character that no key has",
                                      "Typed, but for %u characters that no key has", left_out),
                            left_out);
  else
    text = g_strdup (_ ("Typed"));
  inn_console_page_show_message (self, text);
  g_clear_object (&self->typer);
}

static void
begin (InnConsolePage *self, const char *text)
{
  if (self->link == NULL || inn_display_get_view_only (self->display) ||
      inn_link_get_state (INN_LINK (self->link)) != INN_LINK_READY)
    return;

  if (g_utf8_strlen (text, -1) > INN_KEY_TYPER_MAX)
    {
      inn_console_page_show_message (self, _ ("The clipboard holds too much to type"));
      return;
    }

  /* A key that is held would change what is typed. */
  inn_display_send_keys (self->display, NULL, 0);
  self->typer = inn_key_typer_new (gtk_widget_get_display (GTK_WIDGET (self)),
                                   inn_console_link_get_source (self->link), text);
  g_signal_connect_object (self->typer, "done", G_CALLBACK (done_cb), self, 0);
  inn_console_page_show_message (self,
                                 _ ("Typing… choose “Paste as Keystrokes” once more to stop"));
}

static void
read_cb (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (InnWeak) weak = user_data;
  g_autoptr (InnConsolePage) self = inn_weak_get (weak);
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);

  if (self == NULL)
    return;

  if (text == NULL || *text == '\0')
    inn_console_page_show_message (self, _ ("The clipboard holds no text"));
  else
    begin (self, text);
}

/* Types what the clipboard holds; a second time it stops. */
void
inn_console_page_paste (InnConsolePage *self)
{
  if (self->typer != NULL)
    {
      g_clear_object (&self->typer);
      inn_console_page_show_message (self, _ ("Stopped typing"));
      return;
    }

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, read_cb,
                                 inn_weak_new (self));
}

/* inn-terminal.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-terminal.h"

#include "base/inn-error.h"
#include "model/inn-host.h"
#include "ui/console/inn-terminal-private.h"
#include "ui/widgets/inn-focus.h"

#include <glib/gi18n.h>

#define SCROLLBACK_LINES 10000
#define MESSAGE_SECONDS 6

/**
 * InnTerminal:
 *
 * A text console of a guest or a shell of a host, and all that can be said about it: not running,
 * connecting, in use by somebody else, failed, ended. It stays connected once it was seen, so that
 * nothing is missed while another tab is looked at. The action `vm.start` is its parents'.
 *
 * What a guest writes is hostile: no title, link or picture of it is taken, and nothing that it
 * writes makes files.
 */
G_DEFINE_FINAL_TYPE (InnTerminal, inn_terminal, ADW_TYPE_BIN)

static InnLinkState
get_state (InnTerminal *self)
{
  return self->link != NULL ? inn_link_get_state (INN_LINK (self->link)) : INN_LINK_OFF;
}

static gboolean
is_host (InnTerminal *self)
{
  return self->link != NULL && INN_IS_HOST (inn_link_get_subject (INN_LINK (self->link)));
}

void
inn_terminal_update_note (InnTerminal *self)
{
  g_autofree char *note = NULL;

  if (self->message != NULL)
    note = g_strdup (self->message);
  else if (get_state (self) != INN_LINK_READY)
    note = g_strdup ("");
  else if (gtk_widget_has_focus (GTK_WIDGET (self->vte)) && self->release_label != NULL)
    /* Translators: %s are keys, such as Ctrl+Alt */
    note = g_strdup_printf (_ ("The keyboard goes to the terminal · %s gives it back"),
                            self->release_label);
  else if (self->log != NULL)
    note = g_strdup (_ ("Written to a file, too"));
  else
    note = g_strdup (_ ("Click to type"));

  gtk_label_set_label (self->note_label, note);
}

static gboolean
message_over_cb (gpointer data)
{
  InnTerminal *self = data;

  self->message_id = 0;
  g_clear_pointer (&self->message, g_free);
  inn_terminal_update_note (self);
  return G_SOURCE_REMOVE;
}

/* For a few seconds, where the note is. */
void
inn_terminal_show_message (InnTerminal *self, const char *message)
{
  g_clear_handle_id (&self->message_id, g_source_remove);
  g_set_str (&self->message, message);
  self->message_id = g_timeout_add_seconds (MESSAGE_SECONDS, message_over_cb, self);
  inn_terminal_update_note (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), message,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
show_page (InnTerminal *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  self->wants_focus |= inn_focus_drop (GTK_WIDGET (self->vte));
}

static void
show_terminal (InnTerminal *self)
{
  gtk_stack_set_visible_child_name (self->stack, "terminal");
  if (self->wants_focus && inn_focus_is_free (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->vte));
  self->wants_focus = FALSE;
}

static void
show_off (InnTerminal *self)
{
  gboolean host = is_host (self);

  adw_status_page_set_title (self->off_status, host ? _ ("Not Connected") : _ ("Not Running"));
  adw_status_page_set_description (self->off_status,
                                   host ? _ ("A shell opens here once the host is connected.")
                                        : _ ("The console appears here once the guest runs."));
  gtk_widget_set_visible (self->start_button, !host);
  show_page (self, "off");
}

static void
show_failed (InnTerminal *self, const GError *error)
{
  gboolean taken = g_error_matches (error, INN_ERROR, INN_ERROR_IN_USE);
  gboolean ended = is_host (self) && g_error_matches (error, INN_ERROR, INN_ERROR_NOT_CONNECTED);
  const char *details = taken || ended ? NULL : inn_error_get_details (error);
  /* The description of a status page is markup, and an error may quote a guest's name. */
  g_autofree char *text = g_markup_escape_text (error->message, -1);

  adw_status_page_set_icon_name (self->failed_status, taken   ? "system-users-symbolic"
                                                      : ended ? "utilities-terminal-symbolic"
                                                              : "dialog-error-symbolic");
  adw_status_page_set_title (self->failed_status, taken   ? _ ("In Use")
                                                  : ended ? _ ("Shell Ended")
                                                          : _ ("No Console"));
  adw_status_page_set_description (self->failed_status, text);
  gtk_label_set_label (self->details_label, details != NULL ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_label), details != NULL && *details != '\0');
  gtk_widget_set_visible (self->take_button, taken);
  gtk_button_set_label (self->retry_button, ended ? _ ("_Open Again") : _ ("_Try Again"));
  show_page (self, "failed");
}

static void
show_state (InnTerminal *self)
{
  InnLinkState state = get_state (self);

  gtk_widget_set_visible (self->reconnecting_box, state == INN_LINK_RECONNECTING);
  if (state == INN_LINK_OFF)
    show_off (self);
  else if (state == INN_LINK_FAILED)
    show_failed (self, inn_link_get_error (INN_LINK (self->link)));
  else if (state == INN_LINK_READY || state == INN_LINK_RECONNECTING)
    show_terminal (self);
  else
    show_page (self, "connecting");

  if (state == INN_LINK_RECONNECTING)
    gtk_widget_add_css_class (GTK_WIDGET (self->vte), "stale");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->vte), "stale");
  inn_terminal_update_note (self);
  inn_terminal_update_actions (self);
}

static void
received_cb (InnTextSource *source, GBytes *bytes, InnTerminal *self)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  vte_terminal_feed (self->vte, data, (gssize) size);
}

static void
commit_cb (VteTerminal *vte, const char *text, guint size, InnTerminal *self)
{
  if (get_state (self) == INN_LINK_READY &&
      !inn_text_source_write (inn_text_link_get_source (self->link), text, size))
    inn_terminal_show_message (self, _ ("The other end takes nothing that is typed at the moment"));
}

static void
size_cb (InnTerminal *self)
{
  if (self->link != NULL)
    inn_text_source_set_size (inn_text_link_get_source (self->link),
                              (guint) vte_terminal_get_column_count (self->vte),
                              (guint) vte_terminal_get_row_count (self->vte));
}

static void
map_cb (InnTerminal *self)
{
  if (self->link != NULL)
    inn_link_set_wanted (INN_LINK (self->link), TRUE);
}

static void
set_colors (InnTerminal *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GdkRGBA text = { 0.12f, 0.12f, 0.12f, 1 };
  GdkRGBA ground = { 1, 1, 1, 1 };

  if (dark)
    {
      text = (GdkRGBA) { 0.93f, 0.93f, 0.93f, 1 };
      ground = (GdkRGBA) { 0.11f, 0.11f, 0.12f, 1 };
    }
  vte_terminal_set_colors (self->vte, &text, &ground, NULL, 0);
}

static void
setup_vte (InnTerminal *self)
{
  vte_terminal_set_enable_a11y (self->vte, TRUE);
  vte_terminal_set_allow_hyperlink (self->vte, FALSE);
  vte_terminal_set_enable_sixel (self->vte, FALSE);
  vte_terminal_set_audible_bell (self->vte, FALSE);
  vte_terminal_set_scrollback_lines (self->vte, SCROLLBACK_LINES);
  vte_terminal_set_scroll_on_output (self->vte, FALSE);
  vte_terminal_set_scroll_on_keystroke (self->vte, TRUE);
  vte_terminal_set_mouse_autohide (self->vte, TRUE);
  vte_terminal_set_enable_shaping (self->vte, FALSE);
  set_colors (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (set_colors), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->vte, "commit", G_CALLBACK (commit_cb), self, 0);
  g_signal_connect_object (self->vte, "notify::has-focus", G_CALLBACK (inn_terminal_update_note),
                           self, G_CONNECT_SWAPPED);
  /* Columns and rows follow from the size of the adjustment's page, and of the font. */
  g_signal_connect_object (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->vte)), "changed",
                           G_CALLBACK (size_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->vte, "char-size-changed", G_CALLBACK (size_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
inn_terminal_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (inn_terminal_parent_class)->root (widget);
  inn_terminal_root_keys (INN_TERMINAL (widget));
}

static void
inn_terminal_unroot (GtkWidget *widget)
{
  inn_terminal_unroot_keys (INN_TERMINAL (widget));
  GTK_WIDGET_CLASS (inn_terminal_parent_class)->unroot (widget);
}

static void
inn_terminal_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  GTK_WIDGET_CLASS (inn_terminal_parent_class)->size_allocate (widget, width, height, baseline);
  size_cb (INN_TERMINAL (widget));
  inn_terminal_update_strip (INN_TERMINAL (widget));
}

static gboolean
inn_terminal_grab_focus (GtkWidget *widget)
{
  InnTerminal *self = INN_TERMINAL (widget);

  if (get_state (self) == INN_LINK_READY)
    return gtk_widget_grab_focus (GTK_WIDGET (self->vte));

  return GTK_WIDGET_CLASS (inn_terminal_parent_class)->grab_focus (widget);
}

static void
inn_terminal_dispose (GObject *object)
{
  InnTerminal *self = INN_TERMINAL (object);

  g_clear_handle_id (&self->message_id, g_source_remove);
  g_clear_handle_id (&self->strip_id, g_source_remove);
  inn_terminal_unroot_keys (self);
  if (self->link != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->link, self);
      inn_link_close (INN_LINK (self->link));
    }
  inn_terminal_stop_log (self);
  g_clear_object (&self->link);
  g_clear_pointer ((GtkWidget **) &self->context_menu, gtk_widget_unparent);
  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_TERMINAL);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (inn_terminal_parent_class)->dispose (object);
}

static void
inn_terminal_finalize (GObject *object)
{
  InnTerminal *self = INN_TERMINAL (object);

  g_free (self->name);
  g_free (self->message);
  g_free (self->release_label);

  G_OBJECT_CLASS (inn_terminal_parent_class)->finalize (object);
}

static void
inn_terminal_class_init (InnTerminalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inn_terminal_dispose;
  object_class->finalize = inn_terminal_finalize;
  widget_class->root = inn_terminal_root;
  widget_class->unroot = inn_terminal_unroot;
  widget_class->size_allocate = inn_terminal_size_allocate;
  widget_class->grab_focus = inn_terminal_grab_focus;

  g_type_ensure (VTE_TYPE_TERMINAL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/console/inn-terminal.ui");
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, stack);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, scroller);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, off_status);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, start_button);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, failed_status);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, details_label);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, take_button);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, retry_button);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, reconnecting_box);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, search_bar);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, strip);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, note_label);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, menu_button);
  gtk_widget_class_bind_template_child (widget_class, InnTerminal, menu);
}

static void
inn_terminal_init (InnTerminal *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->vte = VTE_TERMINAL (vte_terminal_new ());
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->vte));
  setup_vte (self);
  inn_terminal_init_actions (self);
  g_signal_connect_object (self, "map", G_CALLBACK (map_cb), self, G_CONNECT_SWAPPED);
}

/**
 * inn_terminal_new:
 * @subject: a guest or a host
 * @name: what is shown, for the accessible name of the terminal
 * @opener: opens it
 * @data: for @opener
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer floating): a terminal, which connects when it is first seen
 */
GtkWidget *
inn_terminal_new (
    GObject *subject, const char *name, InnTextOpener opener, gpointer data, GDestroyNotify destroy)
{
  InnTerminal *self = g_object_new (INN_TYPE_TERMINAL, NULL);
  g_autofree char *label = g_strdup_printf (_ ("Terminal: %s"), name);

  self->name = g_strdup (name);
  self->link = inn_text_link_new (subject, opener, data, destroy);
  g_signal_connect_object (self->link, "changed", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (inn_text_link_get_source (self->link), "received",
                           G_CALLBACK (received_cb), self, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->vte), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  show_state (self);
  return GTK_WIDGET (self);
}

/**
 * inn_terminal_set_release_keys:
 * @self: a terminal
 * @keys: as inn_release_keys_parse() takes them
 *
 * Which keys give the keyboard back to the window; all others go to the terminal.
 */
void
inn_terminal_set_release_keys (InnTerminal *self, const char *keys)
{
  g_return_if_fail (INN_IS_TERMINAL (self));

  if (!inn_release_keys_parse (keys, &self->release_keys))
    return;

  g_free (self->release_label);
  self->release_label = inn_release_keys_to_label (keys);
  inn_terminal_update_note (self);
}

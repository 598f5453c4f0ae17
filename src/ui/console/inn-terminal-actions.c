/* inn-terminal-actions.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-terminal-private.h"

#include <glib/gi18n.h>

#define PCRE2_MULTILINE 0x00000400u
#define PCRE2_CASELESS 0x00000008u
#define ZOOM_STEP 1.1
#define LOW 160 /* pixels: less has no room for both bars and some lines of text */
#define ZOOM_LEAST 0.5
#define ZOOM_MOST 4

static void
copy_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  InnTerminal *self = data;

  if (vte_terminal_get_has_selection (self->vte))
    vte_terminal_copy_clipboard_format (self->vte, VTE_FORMAT_TEXT);
}

static void
paste_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  inn_terminal_paste (data);
}

static void
select_all_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  vte_terminal_select_all (((InnTerminal *) data)->vte);
}

static void
clear_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  vte_terminal_reset (((InnTerminal *) data)->vte, TRUE, TRUE);
}

/* The entry is mapped until the bar has slid away. */
static gboolean
has_room (InnTerminal *self)
{
  return gtk_widget_get_height (GTK_WIDGET (self)) >= LOW ||
         !(gtk_search_bar_get_search_mode (self->search_bar) ||
           gtk_widget_get_mapped (GTK_WIDGET (self->search_entry)));
}

static gboolean
update_strip_cb (gpointer data)
{
  InnTerminal *self = data;

  self->strip_id = 0;
  gtk_widget_set_visible (self->strip, has_room (self));
  return G_SOURCE_REMOVE;
}

/* In a low window the search is there instead of the strip. Not while places are given out. */
void
inn_terminal_update_strip (InnTerminal *self)
{
  if (self->strip_id == 0 && gtk_widget_get_visible (self->strip) != has_room (self))
    self->strip_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, update_strip_cb, self, NULL);
}

/* Who types into the terminal sees in the strip where the keys go. */
static void
focus_cb (InnTerminal *self)
{
  if (gtk_widget_has_focus (GTK_WIDGET (self->vte)) && !has_room (self))
    gtk_search_bar_set_search_mode (self->search_bar, FALSE);
}

static void
search_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  InnTerminal *self = data;

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
find (InnTerminal *self, gboolean up)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  gboolean found = up ? vte_terminal_search_find_previous (self->vte)
                      : vte_terminal_search_find_next (self->vte);

  if (found || *text == '\0')
    gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
  else
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->search_entry), "error");
      inn_terminal_show_message (self, _ ("Not found"));
    }
}

/* What is searched for is text: nothing in it means anything. */
static void
search_changed_cb (InnTerminal *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
  g_autofree char *pattern = g_regex_escape_string (text, -1);
  g_autoptr (VteRegex) regex = NULL;

  if (*text != '\0')
    regex = vte_regex_new_for_search (pattern, -1, PCRE2_MULTILINE | PCRE2_CASELESS, NULL);
  vte_terminal_search_set_regex (self->vte, regex, 0);
  find (self, TRUE);
}

static void
find_up_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  find (data, TRUE);
}

static void
find_down_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  find (data, FALSE);
}

static void
search_activate_cb (InnTerminal *self)
{
  find (self, TRUE);
}

static void
search_stop_cb (InnTerminal *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->vte));
}

static void
zoom (InnTerminal *self, double factor)
{
  double scale = factor > 0 ? vte_terminal_get_font_scale (self->vte) * factor : 1;

  vte_terminal_set_font_scale (self->vte, CLAMP (scale, ZOOM_LEAST, ZOOM_MOST));
}

static void
zoom_in_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  zoom (data, ZOOM_STEP);
}

static void
zoom_out_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  zoom (data, 1 / ZOOM_STEP);
}

static void
zoom_normal_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  zoom (data, 0);
}

static void
save_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  inn_terminal_save (data);
}

static void
log_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  InnTerminal *self = data;

  if (self->log == NULL)
    {
      inn_terminal_start_log (self);
      return;
    }

  inn_terminal_stop_log (self);
  inn_terminal_show_message (self, _ ("The log has ended"));
}

static void
retry_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  InnTerminal *self = data;

  if (self->link != NULL)
    inn_link_retry (INN_LINK (self->link));
}

static void
take_over_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  InnTerminal *self = data;

  if (self->link != NULL)
    inn_text_link_take_over (self->link);
}

static void
menu_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_menu_button_popup (((InnTerminal *) data)->menu_button);
}

static void
right_click_cb (GtkGestureClick *gesture, int n_press, double x, double y, InnTerminal *self)
{
  if (self->context_menu == NULL)
    {
      self->context_menu = GTK_POPOVER (gtk_popover_menu_new_from_model (self->menu));
      gtk_popover_set_has_arrow (self->context_menu, FALSE);
      gtk_widget_set_halign (GTK_WIDGET (self->context_menu), GTK_ALIGN_START);
      gtk_widget_set_parent (GTK_WIDGET (self->context_menu), GTK_WIDGET (self->stack));
    }
  gtk_popover_set_pointing_to (self->context_menu, &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (self->context_menu);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
set_enabled (InnTerminal *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
inn_terminal_init_actions (InnTerminal *self)
{
  const GActionEntry entries[] = {
    { .name = "copy", .activate = copy_cb },
    { .name = "paste", .activate = paste_cb },
    { .name = "select-all", .activate = select_all_cb },
    { .name = "clear", .activate = clear_cb },
    { .name = "search", .activate = search_cb },
    { .name = "find-up", .activate = find_up_cb },
    { .name = "find-down", .activate = find_down_cb },
    { .name = "zoom-in", .activate = zoom_in_cb },
    { .name = "zoom-out", .activate = zoom_out_cb },
    { .name = "zoom-normal", .activate = zoom_normal_cb },
    { .name = "save", .activate = save_cb },
    { .name = "log", .activate = log_cb, .state = "false" },
    { .name = "retry", .activate = retry_cb },
    { .name = "take-over", .activate = take_over_cb },
    { .name = "menu", .activate = menu_cb },
  };
  GtkGesture *click = gtk_gesture_click_new ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "terminal", G_ACTION_GROUP (self->actions));
  g_signal_connect_object (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "activate", G_CALLBACK (search_activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "stop-search", G_CALLBACK (search_stop_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_bar, "notify::search-mode-enabled",
                           G_CALLBACK (inn_terminal_update_strip), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "unmap", G_CALLBACK (inn_terminal_update_strip),
                           self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->vte, "notify::has-focus", G_CALLBACK (focus_cb), self,
                           G_CONNECT_SWAPPED);
  vte_terminal_search_set_wrap_around (self->vte, TRUE);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (right_click_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->stack), GTK_EVENT_CONTROLLER (click));
}

void
inn_terminal_update_actions (InnTerminal *self)
{
  InnLinkState state =
      self->link != NULL ? inn_link_get_state (INN_LINK (self->link)) : INN_LINK_OFF;
  GAction *log;

  if (self->actions == NULL)
    return;

  set_enabled (self, "paste", state == INN_LINK_READY);
  set_enabled (self, "retry", state == INN_LINK_FAILED);
  set_enabled (self, "take-over", state == INN_LINK_FAILED);
  log = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "log");
  g_simple_action_set_state (G_SIMPLE_ACTION (log), g_variant_new_boolean (self->log != NULL));
}

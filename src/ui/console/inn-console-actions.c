/* inn-console-actions.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "ui/console/inn-console-page-private.h"
#include "ui/console/inn-key-combo.h"

#include <glib/gi18n.h>

static void
send_keys_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (user_data);
  guint codes[INN_KEY_COMBO_MAX];
  guint n = inn_key_combo_parse (g_variant_get_string (parameter, NULL), codes);

  if (n > 0)
    inn_display_send_keys (self->display, codes, n);
}

static void
paste_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  inn_console_page_paste (INN_CONSOLE_PAGE (user_data));
}

static void
retry_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (user_data);

  if (self->link != NULL)
    inn_link_retry (INN_LINK (self->link));
}

static void
cancel_question_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  inn_inline_prompter_cancel (INN_CONSOLE_PAGE (user_data)->prompter);
}

static void
copy_screenshot_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (user_data);
  g_autoptr (GdkTexture) texture = inn_display_get_screenshot (self->display);

  if (texture == NULL)
    return;

  gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (self)), texture);
  inn_console_page_show_message (self, _ ("Screenshot copied"));
}

typedef struct
{
  GdkTexture *texture;
  GFile *file;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_object_unref (saving->texture);
  g_object_unref (saving->file);
  g_free (saving);
}

/* Packing the pixels of a large screen takes a second. */
static gboolean
save_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Saving *saving = data;
  g_autoptr (GBytes) bytes = gdk_texture_save_to_png_bytes (saving->texture);
  g_autoptr (GError) local = NULL;
  g_autofree char *name = NULL;
  gsize size;
  const char *pixels = g_bytes_get_data (bytes, &size);

  if (g_file_replace_contents (saving->file, pixels, size, NULL, FALSE,
                               G_FILE_CREATE_REPLACE_DESTINATION, NULL, cancellable, &local))
    return TRUE;

  name = g_file_get_parse_name (saving->file);
  inn_error_set (error, INN_ERROR_DENIED, local->message,
                 _ ("The screenshot could not be saved as “%s”"), name);
  return FALSE;
}

static DexFuture *
saved_cb (DexFuture *completed, gpointer user_data)
{
  g_autoptr (InnConsolePage) self = inn_weak_get (user_data);
  g_autoptr (GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (self != NULL)
    inn_console_page_show_message (self, error != NULL ? error->message : _ ("Screenshot saved"));
  return dex_future_new_true ();
}

typedef struct
{
  GWeakRef page;
  GdkTexture *texture;
} Choosing;

static void
chosen_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Choosing *choosing = user_data;
  g_autoptr (InnConsolePage) self = g_weak_ref_get (&choosing->page);
  g_autoptr (GFile) file = NULL;

  /* The only error is that the person closed the dialog. */
  file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (object), result, NULL);
  if (file != NULL && self != NULL)
    {
      Saving *saving = g_new0 (Saving, 1);

      saving->texture = g_object_ref (choosing->texture);
      saving->file = g_object_ref (file);
      inn_future_forget (
          dex_future_finally (inn_thread_run ("screenshot", save_thread, saving, saving_free, NULL),
                              saved_cb, inn_weak_new (self), inn_weak_unref),
          "saving a screenshot");
    }
  g_weak_ref_clear (&choosing->page);
  g_object_unref (choosing->texture);
  g_free (choosing);
}

/* Of the guest and of now. */
char *
inn_console_page_make_file_name (InnConsolePage *self, const char *suffix)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y-%m-%d %H-%M-%S");
  char *name = g_strdup_printf ("%s %s.%s", inn_vm_get_name (self->vm), stamp, suffix);

  return g_strdelimit (name, "/", '_');
}

static void
record_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  inn_console_page_toggle_recording (INN_CONSOLE_PAGE (user_data));
}

static void
save_screenshot_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (user_data);
  g_autoptr (GdkTexture) texture = inn_display_get_screenshot (self->display);
  g_autoptr (GtkFileDialog) dialog = NULL;
  g_autofree char *name = NULL;
  Choosing *choosing;

  if (texture == NULL || self->vm == NULL)
    return;

  name = inn_console_page_make_file_name (self, "png");
  dialog = gtk_file_dialog_new ();
  gtk_file_dialog_set_title (dialog, _ ("Save Screenshot"));
  gtk_file_dialog_set_initial_name (dialog, name);

  choosing = g_new0 (Choosing, 1);
  g_weak_ref_init (&choosing->page, self);
  choosing->texture = g_steal_pointer (&texture);
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (self->content)), NULL, chosen_cb,
                        choosing);
}

static void
menu_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (user_data);

  inn_console_page_show_bar (self);
  gtk_menu_button_popup (self->menu_button);
}

static InnDisplaySource *
get_source (InnConsolePage *self)
{
  return self->link != NULL ? inn_console_link_get_source (self->link) : NULL;
}

static void
power_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (user_data);
  const char *what = g_variant_get_string (parameter, NULL);
  InnDisplaySource *source = get_source (self);
  InnDisplayPower power = INN_DISPLAY_POWER_SHUT_DOWN;

  if (source == NULL)
    return;

  if (g_str_equal (what, "reboot"))
    power = INN_DISPLAY_POWER_REBOOT;
  else if (g_str_equal (what, "reset"))
    power = INN_DISPLAY_POWER_RESET;
  inn_display_source_power (source, power);
}

static void
change_mute_cb (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  InnDisplaySource *source = get_source (INN_CONSOLE_PAGE (user_data));

  g_simple_action_set_state (action, value);
  if (source != NULL)
    inn_display_source_set_muted (source, g_variant_get_boolean (value));
}

/* No property action: it would keep the page that keeps it. */
static void
fullscreen_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (user_data);

  inn_console_page_set_fullscreened (self, self->window == NULL);
}

/* A right click on the guest is the guest's; beside it, or when nothing is sent to it, it opens the
 * menu. */
static void
right_click_cb (GtkGestureClick *gesture, int n_press, double x, double y, InnConsolePage *self)
{
  if (self->context_menu == NULL)
    {
      self->context_menu = GTK_POPOVER (
          gtk_popover_menu_new_from_model (gtk_menu_button_get_menu_model (self->menu_button)));
      gtk_popover_set_has_arrow (self->context_menu, FALSE);
      gtk_widget_set_halign (GTK_WIDGET (self->context_menu), GTK_ALIGN_START);
      gtk_widget_set_parent (GTK_WIDGET (self->context_menu), GTK_WIDGET (self->stack));
    }
  gtk_popover_set_pointing_to (self->context_menu, &(GdkRectangle) { x, y, 1, 1 });
  gtk_popover_popup (self->context_menu);
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
add_shortcuts (InnConsolePage *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutController *shortcuts = GTK_SHORTCUT_CONTROLLER (controller);

  gtk_shortcut_controller_set_scope (shortcuts, GTK_SHORTCUT_SCOPE_MANAGED);
  gtk_shortcut_controller_add_shortcut (
      shortcuts, gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_F11, 0),
                                   gtk_named_action_new ("console.fullscreen")));
  gtk_shortcut_controller_add_shortcut (shortcuts,
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Menu, 0),
                                                          gtk_named_action_new ("console.menu")));
  gtk_widget_add_controller (self->content, controller);
}

/* The actions live in a group, since the full-screen window is another window and needs them too.
 */
void
inn_console_page_init_actions (InnConsolePage *self)
{
  const GActionEntry entries[] = {
    { .name = "send-keys", .activate = send_keys_cb, .parameter_type = "s" },
    { .name = "paste", .activate = paste_cb },
    { .name = "retry", .activate = retry_cb },
    { .name = "cancel-question", .activate = cancel_question_cb },
    { .name = "copy-screenshot", .activate = copy_screenshot_cb },
    { .name = "save-screenshot", .activate = save_screenshot_cb },
    { .name = "record", .activate = record_cb, .state = "false" },
    { .name = "menu", .activate = menu_cb },
    { .name = "power", .activate = power_cb, .parameter_type = "s" },
    { .name = "mute", .state = "false", .change_state = change_mute_cb },
    { .name = "fullscreen", .activate = fullscreen_cb, .state = "false" },
  };
  g_autoptr (GPropertyAction) scaling = g_property_action_new ("scaling", self->display, "scaling");
  g_autoptr (GPropertyAction) view_only =
      g_property_action_new ("view-only", self->display, "view-only");
  g_autoptr (GPropertyAction) share =
      g_property_action_new ("share-clipboard", self->clipboard, "enabled");
  GtkGesture *click = gtk_gesture_click_new ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (scaling));
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (view_only));
  g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (share));
  gtk_widget_insert_action_group (self->content, "console", G_ACTION_GROUP (self->actions));
  add_shortcuts (self);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (right_click_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->stack), GTK_EVENT_CONTROLLER (click));
}

static void
set_enabled (InnConsolePage *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
inn_console_page_update_actions (InnConsolePage *self)
{
  InnLinkState state = inn_console_page_get_state (self);
  gboolean ready = state == INN_LINK_READY;
  InnDisplaySource *source = get_source (self);
  GAction *fullscreen = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "fullscreen");
  GAction *record = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "record");

  set_enabled (self, "send-keys", ready);
  set_enabled (self, "paste", ready);
  set_enabled (self, "copy-screenshot", ready);
  set_enabled (self, "save-screenshot", ready);
  set_enabled (self, "power", source != NULL && inn_display_source_can_power (source));
  set_enabled (self, "mute", source != NULL && inn_display_source_can_play (source));
  set_enabled (self, "record", ready || self->recorder != NULL);
  g_simple_action_set_state (G_SIMPLE_ACTION (record),
                             g_variant_new_boolean (self->recorder != NULL));
  set_enabled (self, "retry", state == INN_LINK_FAILED);
  set_enabled (self, "fullscreen", state != INN_LINK_OFF);
  g_simple_action_set_state (G_SIMPLE_ACTION (fullscreen),
                             g_variant_new_boolean (self->window != NULL));
}

/* What can be done depends on the screen that is shown. */
void
inn_console_page_follow_source (InnConsolePage *self, InnDisplaySource *source)
{
  g_autoptr (GVariant) muted =
      g_action_group_get_action_state (G_ACTION_GROUP (self->actions), "mute");

  if (source == NULL)
    return;

  g_signal_handlers_disconnect_by_func (source, inn_console_page_update_actions, self);
  g_signal_connect_object (source, "features-changed", G_CALLBACK (inn_console_page_update_actions),
                           self, G_CONNECT_SWAPPED);
  inn_display_source_set_muted (source, g_variant_get_boolean (muted));
}

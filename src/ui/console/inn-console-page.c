/* inn-console-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-console-page.h"

#include "app/inn-credential-broker.h"
#include "ui/console/inn-console-page-private.h"
#include "ui/console/inn-key-combo.h"

#include <glib/gi18n.h>

/* Somebody who looks at another tab for a moment finds the screen as it was. */
#define KEEP_SECONDS 20
#define MESSAGE_SECONDS 6

enum
{
  PROP_0,
  PROP_VM,
  PROP_FULLSCREENED,
  PROP_SHARE_CLIPBOARD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * InnConsolePage:
 *
 * The screen of a guest and all that can be said about it: not running, connecting, a password
 * wanted, failed, reconnecting. It gets the guest and a function that opens its screen, and knows
 * no libvirt. The action `vm.start` is its parents'.
 */
G_DEFINE_FINAL_TYPE (InnConsolePage, inn_console_page, ADW_TYPE_BIN)

static char *
make_grabbed_note (InnConsolePage *self)
{
  g_autofree char *keys = inn_display_dup_release_label (self->display);

  if (self->window != NULL)
    /* Translators: %s are keys, such as Ctrl+Alt; F11 is a key */
    return g_strdup_printf (
        _ ("The keyboard goes to the guest · %s gives it back, then F11 leaves full screen"), keys);

  /* Translators: %s are keys, such as Ctrl+Alt */
  return g_strdup_printf (_ ("The keyboard goes to the guest · %s gives it back"), keys);
}

void
inn_console_page_update_note (InnConsolePage *self)
{
  g_autofree char *note = NULL;

  if (self->message != NULL)
    note = g_strdup (self->message);
  else if (self->link == NULL || inn_link_get_state (INN_LINK (self->link)) != INN_LINK_READY)
    note = g_strdup ("");
  else if (inn_display_get_view_only (self->display))
    note = g_strdup (_ ("View only"));
  else if (inn_display_get_grabbed (self->display))
    note = make_grabbed_note (self);
  else if (self->window != NULL)
    note = g_strdup (_ ("Click or press Enter to use the guest · F11 leaves full screen"));
  else
    note = g_strdup (_ ("Click or press Enter to use the guest"));

  gtk_label_set_label (self->note_label, note);
}

static gboolean
message_over_cb (gpointer user_data)
{
  InnConsolePage *self = user_data;

  self->message_id = 0;
  g_clear_pointer (&self->message, g_free);
  inn_console_page_update_note (self);
  return G_SOURCE_REMOVE;
}

/* For a few seconds, where the note is. */
void
inn_console_page_show_message (InnConsolePage *self, const char *message)
{
  g_clear_handle_id (&self->message_id, g_source_remove);
  g_set_str (&self->message, message);
  self->message_id = g_timeout_add_seconds (MESSAGE_SECONDS, message_over_cb, self);
  inn_console_page_update_note (self);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), message,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
show_state (InnConsolePage *self)
{
  InnLinkState state = inn_console_page_get_state (self);

  if (state == INN_LINK_OFF)
    {
      /* There is nothing to fill the monitor with, and what starts the guest is in the other
       * window.
       */
      inn_console_page_set_fullscreened (self, FALSE);
      inn_console_page_stop_recording (self);
    }

  inn_console_page_show_child (self);
  inn_console_page_update_note (self);
  inn_console_page_update_actions (self);
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

static void
scaling_cb (InnConsolePage *self)
{
  gboolean exact = inn_display_get_scaling (self->display) == INN_DISPLAY_SCALING_EXACT;
  GtkPolicyType policy = exact ? GTK_POLICY_AUTOMATIC : GTK_POLICY_NEVER;

  gtk_scrolled_window_set_policy (self->scroller, policy, policy);
}

static void
size_refused_cb (InnConsolePage *self)
{
  inn_console_page_show_message (self,
                                 _ ("The size of this guest’s screen cannot be changed here"));
}

static void
clipboard_failed_cb (InnConsolePage *self, const GError *error)
{
  inn_console_page_show_message (self, error->message);
}

static void
share_clipboard_cb (InnConsolePage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHARE_CLIPBOARD]);
}

static void
heads_cb (InnConsolePage *self)
{
  InnDisplaySource *source = inn_console_link_get_source (self->link);

  inn_display_set_source (self->display, source);
  inn_console_page_follow_source (self, source);
}

static void
drop_link (InnConsolePage *self)
{
  g_clear_handle_id (&self->unwant_id, g_source_remove);
  g_clear_object (&self->typer);
  inn_console_page_stop_recording (self);
  inn_inline_prompter_cancel (self->prompter);
  if (self->link == NULL)
    return;

  inn_display_set_source (self->display, NULL);
  g_signal_handlers_disconnect_by_data (self->link, self);
  g_signal_handlers_disconnect_by_data (inn_console_link_get_heads (self->link), self);
  inn_link_close (INN_LINK (self->link));
  g_clear_object (&self->link);
}

static void
make_link (InnConsolePage *self)
{
  drop_link (self);
  if (self->vm != NULL && self->finder != NULL)
    {
      self->link = inn_console_link_new (
          self->vm, self->broker != NULL ? self->broker : INN_PROMPTER (self->prompter),
          self->finder, self->finder_data, NULL);
      g_signal_connect_object (self->link, "changed", G_CALLBACK (show_state), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (inn_console_link_get_heads (self->link), "items-changed",
                               G_CALLBACK (heads_cb), self, G_CONNECT_SWAPPED);
      inn_link_set_wanted (INN_LINK (self->link), gtk_widget_get_mapped (self->content));
    }
  show_state (self);
}

static void
content_map_cb (InnConsolePage *self)
{
  g_clear_handle_id (&self->unwant_id, g_source_remove);
  if (self->link != NULL)
    inn_link_set_wanted (INN_LINK (self->link), TRUE);
}

static gboolean
unwant_cb (gpointer user_data)
{
  InnConsolePage *self = user_data;

  self->unwant_id = 0;
  if (self->link != NULL)
    inn_link_set_wanted (INN_LINK (self->link), FALSE);
  return G_SOURCE_REMOVE;
}

static void
content_unmap_cb (InnConsolePage *self)
{
  if (self->link != NULL && self->unwant_id == 0)
    self->unwant_id = g_timeout_add_seconds (KEEP_SECONDS, unwant_cb, self);
}

static void
inn_console_page_dispose (GObject *object)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (object);

  inn_console_page_leave_fullscreen (self);
  if (self->prompter != NULL)
    drop_link (self);
  g_clear_handle_id (&self->unwant_id, g_source_remove);
  g_clear_handle_id (&self->message_id, g_source_remove);
  g_clear_handle_id (&self->reveal_id, g_source_remove);
  g_clear_object (&self->clipboard);
  g_clear_handle_id (&self->record_id, g_source_remove);
  g_clear_pointer ((GtkWidget **) &self->context_menu, gtk_widget_unparent);
  /* The bin unparents its child itself, and must not find it unparented. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_CONSOLE_PAGE);
  g_clear_object (&self->vm);
  g_clear_object (&self->actions);
  g_clear_object (&self->broker);
  g_clear_object (&self->prompter);
  if (self->finder_destroy != NULL)
    self->finder_destroy (self->finder_data);
  self->finder_destroy = NULL;
  self->finder = NULL;

  G_OBJECT_CLASS (inn_console_page_parent_class)->dispose (object);
}

static void
inn_console_page_finalize (GObject *object)
{
  g_free (INN_CONSOLE_PAGE (object)->message);

  G_OBJECT_CLASS (inn_console_page_parent_class)->finalize (object);
}

static void
inn_console_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (object);

  switch (prop_id)
    {
    case PROP_VM:
      g_value_set_object (value, self->vm);
      break;

    case PROP_FULLSCREENED:
      g_value_set_boolean (value, self->window != NULL);
      break;

    case PROP_SHARE_CLIPBOARD:
      g_value_set_boolean (value, inn_clipboard_bridge_get_enabled (self->clipboard));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_console_page_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  InnConsolePage *self = INN_CONSOLE_PAGE (object);

  switch (prop_id)
    {
    case PROP_VM:
      inn_console_page_set_vm (self, g_value_get_object (value));
      break;

    case PROP_FULLSCREENED:
      inn_console_page_set_fullscreened (self, g_value_get_boolean (value));
      break;

    case PROP_SHARE_CLIPBOARD:
      inn_clipboard_bridge_set_enabled (self->clipboard, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, home);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, content);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, stack);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, scroller);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, display);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, off_status);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, start_button);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, failed_status);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, details_label);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, question_status);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, answer_stack);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, text_entry);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, secret_entry);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, answer_button);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, remember_check);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, reconnecting_box);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, strip);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, note_label);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, record_button);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, record_label);
  gtk_widget_class_bind_template_child (widget_class, InnConsolePage, keys_section);
}

static void
inn_console_page_class_init (InnConsolePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = inn_console_page_dispose;
  object_class->finalize = inn_console_page_finalize;
  object_class->get_property = inn_console_page_get_property;
  object_class->set_property = inn_console_page_set_property;

  properties[PROP_VM] = g_param_spec_object ("vm", NULL, NULL, INN_TYPE_VM, flags);
  properties[PROP_FULLSCREENED] = g_param_spec_boolean ("fullscreened", NULL, NULL, FALSE, flags);
  properties[PROP_SHARE_CLIPBOARD] =
      g_param_spec_boolean ("share-clipboard", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_STATE_CHANGED] =
      g_signal_new ("state-changed", INN_TYPE_CONSOLE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 0);

  g_type_ensure (INN_TYPE_DISPLAY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/console/inn-console-page.ui");
  bind_children (widget_class);
}

static void
inn_console_page_init (InnConsolePage *self)
{
  self->prompter = inn_inline_prompter_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  inn_key_combo_fill_menu (self->keys_section);
  self->clipboard = inn_clipboard_bridge_new (self->display);
  inn_console_page_init_actions (self);

  g_signal_connect_object (self->clipboard, "failed", G_CALLBACK (clipboard_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clipboard, "notify::enabled", G_CALLBACK (share_clipboard_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->prompter, "changed", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->display, "notify::grabbed",
                           G_CALLBACK (inn_console_page_update_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->display, "size-refused", G_CALLBACK (size_refused_cb), self,
                           G_CONNECT_SWAPPED);
  /* Who has the keyboard is written on the bar. */
  g_signal_connect_object (self->display, "notify::grabbed", G_CALLBACK (inn_console_page_show_bar),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->display, "notify::view-only",
                           G_CALLBACK (inn_console_page_update_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->display, "notify::release-keys",
                           G_CALLBACK (inn_console_page_update_note), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->display, "notify::scaling", G_CALLBACK (scaling_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->text_entry, "activate", G_CALLBACK (inn_console_page_answer), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->secret_entry, "activate", G_CALLBACK (inn_console_page_answer),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->answer_button, "clicked", G_CALLBACK (inn_console_page_answer),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->content, "map", G_CALLBACK (content_map_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->content, "unmap", G_CALLBACK (content_unmap_cb), self,
                           G_CONNECT_SWAPPED);
  scaling_cb (self);
  show_state (self);
}

/**
 * inn_console_page_new:
 *
 * Returns: (transfer floating): a page without a guest
 */
GtkWidget *
inn_console_page_new (void)
{
  return g_object_new (INN_TYPE_CONSOLE_PAGE, NULL);
}

/**
 * inn_console_page_set_secrets:
 * @self: a page without a guest
 * @secrets: where the password of its screen may be kept
 */
void
inn_console_page_set_secrets (InnConsolePage *self, InnSecretStore *secrets)
{
  g_return_if_fail (INN_IS_CONSOLE_PAGE (self));
  g_return_if_fail (self->link == NULL);

  g_clear_object (&self->broker);
  self->broker = INN_PROMPTER (inn_credential_broker_new (secrets, INN_PROMPTER (self->prompter)));
}

/**
 * inn_console_page_set_finder:
 * @self: a page
 * @finder: says where the screen of a guest is
 * @data: for @finder
 * @destroy: (nullable): frees @data
 */
void
inn_console_page_set_finder (InnConsolePage *self,
                             InnConsoleFinder finder,
                             gpointer data,
                             GDestroyNotify destroy)
{
  g_return_if_fail (INN_IS_CONSOLE_PAGE (self));

  drop_link (self);
  if (self->finder_destroy != NULL)
    self->finder_destroy (self->finder_data);
  self->finder = finder;
  self->finder_data = data;
  self->finder_destroy = destroy;
  make_link (self);
}

/**
 * inn_console_page_set_vm:
 * @self: a page
 * @vm: (nullable): whose screen to show
 */
void
inn_console_page_set_vm (InnConsolePage *self, InnVm *vm)
{
  g_return_if_fail (INN_IS_CONSOLE_PAGE (self));
  g_return_if_fail (vm == NULL || INN_IS_VM (vm));

  if (!g_set_object (&self->vm, vm))
    return;

  inn_display_set_guest_name (self->display, vm != NULL ? inn_vm_get_name (vm) : NULL);
  make_link (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VM]);
}

/**
 * inn_console_page_get_display:
 * @self: a page
 *
 * Returns: (transfer none): the widget with the guest's pixels
 */
InnDisplay *
inn_console_page_get_display (InnConsolePage *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_PAGE (self), NULL);

  return self->display;
}

/**
 * inn_console_page_get_vm:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): whose screen it shows
 */
InnVm *
inn_console_page_get_vm (InnConsolePage *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_PAGE (self), NULL);

  return self->vm;
}

/**
 * inn_console_page_get_state:
 * @self: a page
 *
 * Returns: how it stands with the screen; signal "state-changed" when that is another
 */
InnLinkState
inn_console_page_get_state (InnConsolePage *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_PAGE (self), INN_LINK_OFF);

  return self->link != NULL ? inn_link_get_state (INN_LINK (self->link)) : INN_LINK_OFF;
}

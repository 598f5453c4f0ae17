/* inn-console-window.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/viewer/inn-console-window.h"

#include "base/inn-error.h"
#include "model/inn-host.h"
#include "ui/shell/inn-feedback.h"
#include "ui/shell/inn-shortcuts-dialog.h"
#include "ui/viewer/inn-console-tab.h"
#include "ui/vm/inn-vm-actions.h"
#include "ui/vm/inn-vm-console.h"
#include "ui/vm/inn-vm-power-button.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnConsoleWindow:
 *
 * The consoles of guests, each in a tab, apart from the window with the view. A tab can become a
 * window of its own and go to another one. To close it ends the connection and nothing else.
 */
struct _InnConsoleWindow
{
  AdwApplicationWindow parent_instance;

  InnAppContext *context;
  InnSettings *settings;
  GSignalGroup *vm_signals; /* of the guest in front */
  AdwTabPage *menu_tab;     /* the one that the menu of tabs is about */

  AdwWindowTitle *title;
  GtkStack *stack;
  AdwTabView *tabs;
  AdwStatusPage *waiting_status;
  AdwStatusPage *failed_status;
  GtkLabel *details_label;
  AdwHeaderBar *header;
  AdwBin *power_bin;
  AdwBin *power_bar;
  AdwSplitButton *power_button;
};

enum
{
  SIGNAL_RETRY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InnConsoleWindow, inn_console_window, ADW_TYPE_APPLICATION_WINDOW)

static InnVm *
get_vm (InnConsoleWindow *self)
{
  AdwTabPage *tab = adw_tab_view_get_selected_page (self->tabs);

  return tab != NULL ? inn_console_tab_get_vm (tab) : NULL;
}

/* A console of a file has a guest that no host knows. */
static gboolean
is_managed (InnVm *vm)
{
  return inn_vm_get_host (vm) != NULL;
}

/* Where the button is, and only for a guest that can be told. */
static void
show_power (InnConsoleWindow *self, gboolean shown)
{
  GtkWidget *bar = GTK_WIDGET (self->power_bar);
  gboolean below = adw_bin_get_child (self->power_bar) != NULL;

  gtk_widget_set_visible (bar, shown && below);
  gtk_widget_set_visible (GTK_WIDGET (self->power_bin), shown && !below);
}

static void
move_power (InnConsoleWindow *self, AdwBin *from, AdwBin *to)
{
  gboolean shown = gtk_widget_get_visible (GTK_WIDGET (from));

  adw_bin_set_child (from, NULL);
  adw_bin_set_child (to, GTK_WIDGET (self->power_button));
  adw_split_button_set_direction (self->power_button,
                                  to == self->power_bar ? GTK_ARROW_UP : GTK_ARROW_DOWN);
  show_power (self, shown);
}

static void
on_narrow (AdwBreakpoint *breakpoint, InnConsoleWindow *self)
{
  g_autofree char *layout = inn_widget_dup_narrow_layout (GTK_WIDGET (self));

  adw_header_bar_set_decoration_layout (self->header, layout);
  move_power (self, self->power_bin, self->power_bar);
}

static void
on_wide (AdwBreakpoint *breakpoint, InnConsoleWindow *self)
{
  adw_header_bar_set_decoration_layout (self->header, NULL);
  move_power (self, self->power_bar, self->power_bin);
}

static void
update (InnConsoleWindow *self)
{
  InnVm *vm = get_vm (self);
  g_autofree char *place = NULL;
  g_autofree char *title = NULL;

  if (vm == NULL)
    return;

  place = inn_console_tab_dup_place (vm);
  if (is_managed (vm))
    /* Translators: title of a window: a guest, and the host it is on */
    title = g_strdup_printf (_ ("%s on %s"), inn_vm_get_name (vm),
                             inn_host_get_name (inn_vm_get_host (vm)));
  else
    title = g_strdup (inn_vm_get_name (vm));

  gtk_window_set_title (GTK_WINDOW (self), title);
  adw_window_title_set_title (self->title, inn_vm_get_name (vm));
  adw_window_title_set_subtitle (self->title, place);
  inn_vm_power_button_update (self->power_button, GTK_WIDGET (self),
                              inn_app_context_get_vm_ops (self->context), vm);
  show_power (self, is_managed (vm));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.details", is_managed (vm));
}

static void
on_selected (InnConsoleWindow *self)
{
  g_signal_group_set_target (self->vm_signals, get_vm (self));
  update (self);
}

static void
on_notify (InnConsoleWindow *self, GParamSpec *pspec)
{
  static const char *const seen[] = { "name",       "state",        "stale", "autostart",
                                      "persistent", "managed-save", "host",  NULL };

  if (g_strv_contains (seen, pspec->name))
    update (self);
}

/* The last tab was closed or went to another window. */
static void
on_n_tabs (InnConsoleWindow *self)
{
  int n = adw_tab_view_get_n_pages (self->tabs);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.detach", n > 1);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.fullscreen", n > 0);
  if (n == 0 && !adw_tab_view_get_is_transferring_page (self->tabs))
    gtk_window_destroy (GTK_WINDOW (self));
}

static AdwTabView *
on_create_window (InnConsoleWindow *self)
{
  InnConsoleWindow *window = inn_console_window_new (gtk_window_get_application (GTK_WINDOW (self)),
                                                     self->context, self->settings);
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_present (GTK_WINDOW (window));
  return window->tabs;
}

static void
on_setup_menu (InnConsoleWindow *self, AdwTabPage *tab)
{
  self->menu_tab = tab;
}

/* What the menu of tabs was opened on, else the tab in front. */
static AdwTabPage *
get_tab (InnConsoleWindow *self)
{
  return self->menu_tab != NULL ? self->menu_tab : adw_tab_view_get_selected_page (self->tabs);
}

static void
on_detach (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnConsoleWindow *self = INN_CONSOLE_WINDOW (widget);
  AdwTabPage *tab = get_tab (self);

  if (tab == NULL || adw_tab_view_get_n_pages (self->tabs) < 2)
    return;

  adw_tab_view_transfer_page (self->tabs, tab, on_create_window (self), 0);
}

static void
on_close (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnConsoleWindow *self = INN_CONSOLE_WINDOW (widget);
  AdwTabPage *tab = get_tab (self);

  if (tab != NULL)
    adw_tab_view_close_page (self->tabs, tab);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
on_vm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnConsoleWindow *self = INN_CONSOLE_WINDOW (widget);
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);
  InnVm *vm = get_vm (self);

  if (vm == NULL)
    return;

  g_ptr_array_add (vms, g_object_ref (vm));
  inn_vm_actions_run (self->context, widget, vms, name);
}

static void
on_details (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnVm *vm = get_vm (INN_CONSOLE_WINDOW (widget));

  if (vm != NULL && is_managed (vm))
    gtk_widget_activate_action (widget, "app.show-vm", "(ss)",
                                inn_host_get_id (inn_vm_get_host (vm)), inn_vm_get_uuid (vm));
}

static void
on_fullscreen (GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwTabPage *tab = adw_tab_view_get_selected_page (INN_CONSOLE_WINDOW (widget)->tabs);

  if (tab != NULL)
    inn_console_page_set_fullscreened (inn_console_tab_get_console (tab), TRUE);
}

static void
on_retry (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[SIGNAL_RETRY], 0);
}

static void
on_shortcuts (GtkWidget *widget, const char *name, GVariant *parameter)
{
  inn_feedback_present (inn_shortcuts_dialog_new (), widget);
}

static void
inn_console_window_dispose (GObject *object)
{
  InnConsoleWindow *self = INN_CONSOLE_WINDOW (object);

  if (self->tabs != NULL)
    g_signal_handlers_disconnect_by_data (self->tabs, self);
  g_clear_object (&self->vm_signals);
  g_clear_object (&self->power_button);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_CONSOLE_WINDOW);
  g_clear_object (&self->context);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (inn_console_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  inn_vm_actions_install (widget_class, on_vm_action);
  gtk_widget_class_install_action (widget_class, "tab.detach", NULL, on_detach);
  gtk_widget_class_install_action (widget_class, "tab.close", NULL, on_close);
  gtk_widget_class_install_action (widget_class, "viewer.details", NULL, on_details);
  gtk_widget_class_install_action (widget_class, "viewer.fullscreen", NULL, on_fullscreen);
  gtk_widget_class_install_action (widget_class, "viewer.retry", NULL, on_retry);
  gtk_widget_class_install_action (widget_class, "viewer.shortcuts", NULL, on_shortcuts);

  /* Bindings of the class, as in the window of the view: a console that has the keyboard is first.
   */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "tab.close",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_d, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "tab.detach", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_question, GDK_CONTROL_MASK,
                                       "viewer.shortcuts", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_question,
                                       GDK_CONTROL_MASK | GDK_SHIFT_MASK, "viewer.shortcuts", NULL);
}

static void
inn_console_window_class_init (InnConsoleWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_console_window_dispose;
  /* What the window was opened for failed and shall be tried again. */
  signals[SIGNAL_RETRY] = g_signal_new ("retry", INN_TYPE_CONSOLE_WINDOW, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/viewer/inn-console-window.ui");
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, title);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, tabs);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, waiting_status);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, failed_status);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, details_label);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, header);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, power_bin);
  gtk_widget_class_bind_template_child (widget_class, InnConsoleWindow, power_bar);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow);
  gtk_widget_class_bind_template_callback (widget_class, on_wide);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_n_tabs);
  gtk_widget_class_bind_template_callback (widget_class, on_create_window);
  gtk_widget_class_bind_template_callback (widget_class, on_setup_menu);
  install_actions (widget_class);
}

static void
inn_console_window_init (InnConsoleWindow *self)
{
  self->vm_signals = g_signal_group_new (INN_TYPE_VM);
  g_signal_group_connect_object (self->vm_signals, "notify", G_CALLBACK (on_notify), self,
                                 G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* It moves between two places. */
  self->power_button = g_object_ref_sink (inn_vm_power_button_new ());
  adw_bin_set_child (self->power_bin, GTK_WIDGET (self->power_button));
  /* Nothing to do it with yet. */
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.detach", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.details", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "viewer.fullscreen", FALSE);
}

/**
 * inn_console_window_new:
 * @application: the application
 * @context: the services
 * @settings: the preferences
 *
 * Returns: (transfer none): a window without a console; it closes itself after the last one
 */
InnConsoleWindow *
inn_console_window_new (GtkApplication *application, InnAppContext *context, InnSettings *settings)
{
  InnConsoleWindow *self = g_object_new (INN_TYPE_CONSOLE_WINDOW, "application", application, NULL);

  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);

  return self;
}

/**
 * inn_console_window_add:
 * @self: a window
 * @console: (transfer floating): a console with a guest
 *
 * Shows it in a new tab, which comes to the front.
 *
 * Returns: (transfer none): the tab
 */
AdwTabPage *
inn_console_window_add (InnConsoleWindow *self, InnConsolePage *console)
{
  AdwTabPage *tab;

  g_return_val_if_fail (INN_IS_CONSOLE_WINDOW (self), NULL);
  g_return_val_if_fail (INN_IS_CONSOLE_PAGE (console), NULL);

  gtk_stack_set_visible_child_name (self->stack, "tabs");
  tab = adw_tab_view_append (self->tabs, GTK_WIDGET (console));
  inn_console_tab_follow (tab);
  adw_tab_view_set_selected_page (self->tabs, tab);
  inn_console_page_focus (console);

  return tab;
}

/**
 * inn_console_window_add_vm:
 * @self: a window
 * @vm: a guest of the view
 *
 * Shows its console in a new tab.
 */
void
inn_console_window_add_vm (InnConsoleWindow *self, InnVm *vm)
{
  InnConsolePage *console;

  g_return_if_fail (INN_IS_CONSOLE_WINDOW (self));
  g_return_if_fail (INN_IS_VM (vm));

  console = INN_CONSOLE_PAGE (inn_console_page_new ());
  inn_vm_console_setup (console, self->context, self->settings, vm);
  inn_console_window_add (self, console);
}

/**
 * inn_console_window_show_vm:
 * @self: a window
 * @vm: a guest
 *
 * Brings its console to the front.
 *
 * Returns: whether it is here
 */
gboolean
inn_console_window_show_vm (InnConsoleWindow *self, InnVm *vm)
{
  g_return_val_if_fail (INN_IS_CONSOLE_WINDOW (self), FALSE);

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tabs, i);

      if (inn_console_tab_get_vm (tab) == vm)
        {
          adw_tab_view_set_selected_page (self->tabs, tab);
          /* Whoever asked for it looks first; the next key is the window's. */
          inn_console_page_focus (inn_console_tab_get_console (tab));
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * inn_console_window_open:
 * @application: the application
 * @context: the services
 * @settings: the preferences
 * @vm: a guest of the view
 *
 * Shows its console: where it is already, else as a tab of the window that was used last, else in a
 * window of its own.
 *
 * Returns: (transfer none): the window
 */
InnConsoleWindow *
inn_console_window_open (GtkApplication *application,
                         InnAppContext *context,
                         InnSettings *settings,
                         InnVm *vm)
{
  InnConsoleWindow *last = NULL;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);

  /* The one that had the focus last is first. */
  for (GList *l = gtk_application_get_windows (application); l != NULL; l = l->next)
    {
      if (!INN_IS_CONSOLE_WINDOW (l->data))
        continue;
      if (last == NULL)
        last = l->data;
      if (!inn_console_window_show_vm (l->data, vm))
        continue;
      gtk_window_present (l->data);
      return l->data;
    }

  if (last == NULL)
    last = inn_console_window_new (application, context, settings);
  inn_console_window_add_vm (last, vm);
  gtk_window_present (GTK_WINDOW (last));

  return last;
}

/**
 * inn_console_window_set_waiting:
 * @self: a window without a console
 * @title: what is waited for, no markup
 */
void
inn_console_window_set_waiting (InnConsoleWindow *self, const char *title)
{
  g_autofree char *escaped = NULL;

  g_return_if_fail (INN_IS_CONSOLE_WINDOW (self));

  escaped = g_markup_escape_text (title, -1);
  adw_status_page_set_title (self->waiting_status, escaped);
  gtk_stack_set_visible_child_name (self->stack, "waiting");
}

/**
 * inn_console_window_set_failed:
 * @self: a window without a console
 * @error: why none comes; signal "retry" when a person wants to try again
 */
void
inn_console_window_set_failed (InnConsoleWindow *self, const GError *error)
{
  const char *details;
  g_autofree char *escaped = NULL;

  g_return_if_fail (INN_IS_CONSOLE_WINDOW (self));
  g_return_if_fail (error != NULL);

  details = inn_error_get_details (error);
  escaped = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->failed_status, escaped);
  gtk_label_set_label (self->details_label, details != NULL ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_label), details != NULL && *details != '\0');
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

/* inn-shortcuts-dialog.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-shortcuts-dialog.h"

#include <glib/gi18n.h>

/**
 * InnShortcutsDialog:
 *
 * The keyboard shortcuts. Our own, since GTK 4.18 deprecates its window for them and libadwaita's
 * dialog is newer than the baseline.
 */
struct _InnShortcutsDialog
{
  AdwDialog parent_instance;

  AdwPreferencesGroup *window_group;
  AdwPreferencesGroup *console_group;
};

G_DEFINE_FINAL_TYPE (InnShortcutsDialog, inn_shortcuts_dialog, ADW_TYPE_DIALOG)

typedef struct
{
  const char *accelerator;
  const char *title;
} Shortcut;

static const Shortcut window_shortcuts[] = {
  { "<Control>k", N_ ("Go to anything") },
  { "<Control>f", N_ ("Filter") },
  { "<Control>t", N_ ("Console of the guest, in a tab") },
  { "<Control><Shift>n", N_ ("Add a host") },
  { "<Alt>Left", N_ ("Back") },
  { "F9", N_ ("Sidebar") },
  { "F6", N_ ("Next pane") },
  { "<Control>comma", N_ ("Preferences") },
  { "F1", N_ ("Help") },
  { "<Control>question", N_ ("Keyboard shortcuts") },
  { "<Control>w", N_ ("Close the window") },
};

static const Shortcut console_shortcuts[] = {
  { "F11", N_ ("Full screen") },
  { "<Control>Page_Down", N_ ("Next tab of a window with consoles") },
  { "<Control><Shift>d", N_ ("Tab becomes a window") },
  { "<Control>w", N_ ("Close the tab") },
  { "<Control>Alt_L", N_ ("Release the keyboard (see Preferences)") },
  { "<Control><Shift>c", N_ ("Copy in a terminal") },
  { "<Control><Shift>v", N_ ("Paste in a terminal") },
  { "<Control><Shift>f", N_ ("Search in a terminal") },
};

static void
add_shortcuts (AdwPreferencesGroup *group, const Shortcut *shortcuts, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *keys;
      g_autofree char *label = NULL;
      GdkModifierType modifiers;
      guint keyval;

      gtk_accelerator_parse (shortcuts[i].accelerator, &keyval, &modifiers);
      label = gtk_accelerator_get_label (keyval, modifiers);
      keys = gtk_label_new (label);
      gtk_widget_add_css_class (keys, "keys");
      gtk_widget_set_valign (keys, GTK_ALIGN_CENTER);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (shortcuts[i].title));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), keys);
      adw_preferences_group_add (group, row);
    }
}

static void
inn_shortcuts_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_SHORTCUTS_DIALOG);

  G_OBJECT_CLASS (inn_shortcuts_dialog_parent_class)->dispose (object);
}

static void
inn_shortcuts_dialog_class_init (InnShortcutsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_shortcuts_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-shortcuts-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, InnShortcutsDialog, window_group);
  gtk_widget_class_bind_template_child (widget_class, InnShortcutsDialog, console_group);
}

static void
inn_shortcuts_dialog_init (InnShortcutsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_shortcuts (self->window_group, window_shortcuts, G_N_ELEMENTS (window_shortcuts));
  add_shortcuts (self->console_group, console_shortcuts, G_N_ELEMENTS (console_shortcuts));
}

/**
 * inn_shortcuts_dialog_new:
 *
 * Returns: (transfer floating): the dialog
 */
AdwDialog *
inn_shortcuts_dialog_new (void)
{
  return g_object_new (INN_TYPE_SHORTCUTS_DIALOG, NULL);
}

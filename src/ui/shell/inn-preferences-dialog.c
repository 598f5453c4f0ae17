/* inn-preferences-dialog.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-preferences-dialog.h"

#include <glib/gi18n.h>

/**
 * InnPreferencesDialog:
 *
 * The few things that people want otherwise. Each applies at once.
 */
struct _InnPreferencesDialog
{
  AdwPreferencesDialog parent_instance;

  InnSettings *settings;

  AdwSpinRow *visible_row;
  AdwSpinRow *hidden_row;
  AdwComboRow *release_row;
  AdwSwitchRow *exact_row;
};

G_DEFINE_FINAL_TYPE (InnPreferencesDialog, inn_preferences_dialog, ADW_TYPE_PREFERENCES_DIALOG)

/* As the console's own property spells them. */
static const struct
{
  const char *keys;
  const char *label;
} releases[] = {
  { "Ctrl+Alt", N_ ("Ctrl + Alt") },
  { "Control_R", N_ ("Right Ctrl") },
  { "Shift_R", N_ ("Right Shift") },
  { "Ctrl+Alt+Shift", N_ ("Ctrl + Alt + Shift") },
};

static void
on_release_selected (InnPreferencesDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->release_row);

  if (self->settings != NULL && selected < G_N_ELEMENTS (releases))
    inn_settings_set_console_release_keys (self->settings, releases[selected].keys);
}

static void
on_visible_changed (InnPreferencesDialog *self)
{
  inn_settings_set_poll_interval_visible (self->settings,
                                          (guint) adw_spin_row_get_value (self->visible_row));
}

static void
on_hidden_changed (InnPreferencesDialog *self)
{
  inn_settings_set_poll_interval_hidden (self->settings,
                                         (guint) adw_spin_row_get_value (self->hidden_row));
}

static void
on_exact_changed (InnPreferencesDialog *self)
{
  inn_settings_set_console_exact (self->settings, adw_switch_row_get_active (self->exact_row));
}

static void
inn_preferences_dialog_dispose (GObject *object)
{
  InnPreferencesDialog *self = INN_PREFERENCES_DIALOG (object);

  g_clear_object (&self->settings);
  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_PREFERENCES_DIALOG);

  G_OBJECT_CLASS (inn_preferences_dialog_parent_class)->dispose (object);
}

static void
inn_preferences_dialog_class_init (InnPreferencesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_preferences_dialog_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-preferences-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, InnPreferencesDialog, visible_row);
  gtk_widget_class_bind_template_child (widget_class, InnPreferencesDialog, hidden_row);
  gtk_widget_class_bind_template_child (widget_class, InnPreferencesDialog, release_row);
  gtk_widget_class_bind_template_child (widget_class, InnPreferencesDialog, exact_row);
  gtk_widget_class_bind_template_callback (widget_class, on_release_selected);
}

static void
fill_releases (InnPreferencesDialog *self)
{
  g_autoptr (GtkStringList) labels = gtk_string_list_new (NULL);
  g_autofree char *keys = inn_settings_dup_console_release_keys (self->settings);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < G_N_ELEMENTS (releases); i++)
    {
      gtk_string_list_append (labels, _ (releases[i].label));
      if (g_strcmp0 (releases[i].keys, keys) == 0)
        selected = i;
    }
  /* Somebody set another combination by hand: it is kept and shown. */
  if (selected == GTK_INVALID_LIST_POSITION)
    {
      selected = G_N_ELEMENTS (releases);
      gtk_string_list_append (labels, keys);
    }

  adw_combo_row_set_model (self->release_row, G_LIST_MODEL (labels));
  adw_combo_row_set_selected (self->release_row, selected);
}

static void
inn_preferences_dialog_init (InnPreferencesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_preferences_dialog_new:
 * @settings: the preferences
 *
 * Returns: (transfer floating): the dialog
 */
AdwDialog *
inn_preferences_dialog_new (InnSettings *settings)
{
  InnPreferencesDialog *self;

  g_return_val_if_fail (INN_IS_SETTINGS (settings), NULL);

  self = g_object_new (INN_TYPE_PREFERENCES_DIALOG, NULL);
  self->settings = g_object_ref (settings);
  fill_releases (self);
  adw_spin_row_set_value (self->visible_row, inn_settings_get_poll_interval_visible (settings));
  adw_spin_row_set_value (self->hidden_row, inn_settings_get_poll_interval_hidden (settings));
  adw_switch_row_set_active (self->exact_row, inn_settings_get_console_exact (settings));
  /* Only now: filling in is no choice of the person. */
  g_signal_connect_object (self->visible_row, "notify::value", G_CALLBACK (on_visible_changed),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->hidden_row, "notify::value", G_CALLBACK (on_hidden_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->exact_row, "notify::active", G_CALLBACK (on_exact_changed), self,
                           G_CONNECT_SWAPPED);

  return ADW_DIALOG (self);
}

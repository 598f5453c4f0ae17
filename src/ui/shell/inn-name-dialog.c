/* inn-name-dialog.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-name-dialog.h"

#include <glib/gi18n.h>

/**
 * InnNameDialog:
 *
 * Asks for one name: the one dialog for creating and renaming of everything.
 *
 * Signal "named" (string name): applied; the dialog closes.
 */
struct _InnNameDialog
{
  AdwDialog parent_instance;

  char *old_name;

  GtkButton *apply;
  AdwEntryRow *entry;
};

enum
{
  SIGNAL_NAMED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InnNameDialog, inn_name_dialog, ADW_TYPE_DIALOG)

static char *
dup_name (InnNameDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
}

static void
on_changed (GtkEditable *editable, InnNameDialog *self)
{
  g_autofree char *name = dup_name (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self->apply),
                            *name != '\0' && g_strcmp0 (name, self->old_name) != 0);
}

static void
on_apply (GtkButton *button, InnNameDialog *self)
{
  g_autofree char *name = dup_name (self);

  g_object_ref (self);
  g_signal_emit (self, signals[SIGNAL_NAMED], 0, name);
  adw_dialog_close (ADW_DIALOG (self));
  g_object_unref (self);
}

static void
inn_name_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_NAME_DIALOG);

  G_OBJECT_CLASS (inn_name_dialog_parent_class)->dispose (object);
}

static void
inn_name_dialog_finalize (GObject *object)
{
  g_free (INN_NAME_DIALOG (object)->old_name);

  G_OBJECT_CLASS (inn_name_dialog_parent_class)->finalize (object);
}

static void
inn_name_dialog_class_init (InnNameDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inn_name_dialog_dispose;
  object_class->finalize = inn_name_dialog_finalize;

  signals[SIGNAL_NAMED] = g_signal_new ("named", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-name-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, InnNameDialog, apply);
  gtk_widget_class_bind_template_child (widget_class, InnNameDialog, entry);
  gtk_widget_class_bind_template_callback (widget_class, on_apply);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
}

static void
inn_name_dialog_init (InnNameDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_name_dialog_new:
 * @title: what the dialog does: "Rename Cluster"
 * @label: what the name is of
 * @name: (nullable): the name now; the dialog cannot be applied while it is the same
 * @verb: with a mnemonic: "_Rename"
 *
 * Returns: (transfer floating): the dialog
 */
AdwDialog *
inn_name_dialog_new (const char *title, const char *label, const char *name, const char *verb)
{
  InnNameDialog *self = g_object_new (INN_TYPE_NAME_DIALOG, "title", title, NULL);

  self->old_name = g_strdup (name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->entry), label);
  gtk_button_set_label (self->apply, verb);
  if (name != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->entry), name);

  return ADW_DIALOG (self);
}

/* inn-prompt-dialog.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-prompt-dialog.h"

#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnPromptDialog:
 *
 * One question of a host to the person: a password, a name, or whether a host key is the right
 * one. What the host says is shown as text, never as markup.
 */
struct _InnPromptDialog
{
  AdwAlertDialog parent_instance;

  InnPromptKind kind;

  GtkLabel *message;
  GtkWidget *field_group;
  AdwEntryRow *text_row;
  AdwEntryRow *secret_row;
  AdwSwitchRow *remember_row;
};

G_DEFINE_FINAL_TYPE (InnPromptDialog, inn_prompt_dialog, ADW_TYPE_ALERT_DIALOG)

static void
inn_prompt_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_PROMPT_DIALOG);

  G_OBJECT_CLASS (inn_prompt_dialog_parent_class)->dispose (object);
}

static void
inn_prompt_dialog_class_init (InnPromptDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_prompt_dialog_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-prompt-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, InnPromptDialog, message);
  gtk_widget_class_bind_template_child (widget_class, InnPromptDialog, field_group);
  gtk_widget_class_bind_template_child (widget_class, InnPromptDialog, text_row);
  gtk_widget_class_bind_template_child (widget_class, InnPromptDialog, secret_row);
  gtk_widget_class_bind_template_child (widget_class, InnPromptDialog, remember_row);
}

static void
inn_prompt_dialog_init (InnPromptDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  inn_label_set_verbatim (self->message);
}

static char *
create_heading (const InnPrompt *prompt)
{
  const char *name = prompt->host_name;

  if (prompt->kind == INN_PROMPT_CONFIRM)
    return name != NULL ? g_strdup_printf (_ ("Trust %s?"), name)
                        : g_strdup (_ ("Trust This Host?"));
  if (prompt->kind == INN_PROMPT_NOTICE)
    return name != NULL ? g_strdup (name) : g_strdup (_ ("Waiting"));
  if (prompt->attempt > 0)
    return name != NULL ? g_strdup_printf (_ ("That was not right for %s"), name)
                        : g_strdup (_ ("That was not right"));

  return name != NULL ? g_strdup_printf (_ ("Log In to %s"), name) : g_strdup (_ ("Log In"));
}

/**
 * inn_prompt_dialog_new:
 * @prompt: the question; not kept
 *
 * Returns: (transfer floating): a dialog whose response "accept" goes with
 *   [method@PromptDialog.dup_reply]
 */
InnPromptDialog *
inn_prompt_dialog_new (const InnPrompt *prompt)
{
  InnPromptDialog *self = g_object_new (INN_TYPE_PROMPT_DIALOG, NULL);
  g_autofree char *heading = create_heading (prompt);
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (self);
  gboolean text = prompt->kind == INN_PROMPT_TEXT;
  gboolean secret = prompt->kind == INN_PROMPT_SECRET;

  self->kind = prompt->kind;
  adw_alert_dialog_set_heading (dialog, heading);
  gtk_label_set_text (self->message, prompt->message);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  prompt->message, -1);
  gtk_widget_set_visible (self->field_group, text || secret);
  gtk_widget_set_visible (GTK_WIDGET (self->text_row), text);
  gtk_widget_set_visible (GTK_WIDGET (self->secret_row), secret);
  gtk_widget_set_visible (GTK_WIDGET (self->remember_row), secret && prompt->may_remember);

  if (prompt->kind == INN_PROMPT_CONFIRM)
    {
      /* Trusting is the risky answer: it is not what Enter does. */
      adw_alert_dialog_set_response_label (dialog, "accept", _ ("_Trust"));
      adw_alert_dialog_set_response_appearance (dialog, "accept", ADW_RESPONSE_DEFAULT);
      adw_alert_dialog_set_default_response (dialog, "cancel");
    }
  else if (prompt->kind == INN_PROMPT_NOTICE)
    adw_alert_dialog_remove_response (dialog, "accept");
  else if (text)
    adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->text_row));
  else
    adw_dialog_set_focus (ADW_DIALOG (self), GTK_WIDGET (self->secret_row));

  return self;
}

/**
 * inn_prompt_dialog_dup_reply:
 * @self: a dialog that was answered with "accept"
 *
 * Empties the field as well, so that the answer lives on in the reply alone.
 *
 * Returns: (transfer full): the answer
 */
InnPromptReply *
inn_prompt_dialog_dup_reply (InnPromptDialog *self)
{
  AdwEntryRow *row;
  InnPromptReply *reply;

  g_return_val_if_fail (INN_IS_PROMPT_DIALOG (self), NULL);

  if (self->kind == INN_PROMPT_CONFIRM || self->kind == INN_PROMPT_NOTICE)
    return inn_prompt_reply_new ("yes", FALSE);

  row = self->kind == INN_PROMPT_SECRET ? self->secret_row : self->text_row;
  reply = inn_prompt_reply_new (gtk_editable_get_text (GTK_EDITABLE (row)),
                                adw_switch_row_get_active (self->remember_row));
  gtk_editable_set_text (GTK_EDITABLE (row), "");

  return reply;
}

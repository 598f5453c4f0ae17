/* inn-console-states.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "ui/console/inn-console-page-private.h"
#include "ui/widgets/inn-focus.h"

#include <glib/gi18n.h>

/* What stands where the screen would be: that the guest is off, why there is none, a question. */

static void
show_page (InnConsolePage *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  self->wants_focus |= inn_focus_drop (GTK_WIDGET (self->display));
}

static void
show_off (InnConsolePage *self)
{
  InnVmState state = self->vm != NULL ? inn_vm_get_state (self->vm) : INN_VM_NOSTATE;

  if (state == INN_VM_SHUTOFF || state == INN_VM_NOSTATE)
    adw_status_page_set_title (self->off_status, _ ("Not Running"));
  else
    adw_status_page_set_title (self->off_status, inn_vm_state_get_label (state));
  gtk_widget_set_visible (self->start_button, self->vm != NULL);
  show_page (self, "off");
}

static void
show_failed (InnConsolePage *self, const GError *error)
{
  const char *details = inn_error_get_details (error);
  /* The description of a status page is markup, and an error may quote a guest's name. */
  g_autofree char *text = g_markup_escape_text (error->message, -1);

  adw_status_page_set_description (self->failed_status, text);
  gtk_label_set_label (self->details_label, details != NULL ? details : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_label), details != NULL && *details != '\0');
  show_page (self, "failed");
}

static void
show_question (InnConsolePage *self, const InnPrompt *prompt)
{
  gboolean secret = prompt->kind == INN_PROMPT_SECRET;
  GtkEditable *entry = secret ? self->secret_entry : self->text_entry;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  if (prompt->attempt > 0)
    text = g_strdup_printf ("%s\n%s", _ ("That was not the password. Try again."), prompt->message);
  else
    text = g_strdup (prompt->message);
  escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_title (self->question_status,
                             secret ? _ ("Password Needed") : _ ("User Name Needed"));
  adw_status_page_set_description (self->question_status, escaped);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  prompt->message, -1);
  gtk_editable_set_text (self->text_entry, prompt->user != NULL ? prompt->user : "");
  gtk_editable_set_text (self->secret_entry, "");
  gtk_widget_set_visible (GTK_WIDGET (self->remember_check),
                          secret && prompt->may_remember && self->broker != NULL);
  gtk_stack_set_visible_child (self->answer_stack, GTK_WIDGET (entry));
  gtk_stack_set_visible_child_name (self->stack, "question");
  gtk_widget_grab_focus (GTK_WIDGET (entry));
}

static void
show_display (InnConsolePage *self, gboolean stale)
{
  gboolean was_asking = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "question") == 0;

  inn_display_set_stale (self->display, stale);
  gtk_stack_set_visible_child_name (self->stack, "display");
  if (was_asking)
    gtk_widget_grab_focus (GTK_WIDGET (self->display));
  else if (gtk_widget_get_mapped (GTK_WIDGET (self->display)) &&
           (self->focus_asked || (self->wants_focus && inn_focus_is_free (GTK_WIDGET (self)))))
    inn_display_focus (self->display);
  self->wants_focus = FALSE;
  self->focus_asked = FALSE;
}

/**
 * inn_console_page_focus:
 * @self: a console
 *
 * Gives the focus to the screen, as inn_display_focus(), as soon as it is seen.
 */
void
inn_console_page_focus (InnConsolePage *self)
{
  g_return_if_fail (INN_IS_CONSOLE_PAGE (self));

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "display") == 0)
    inn_display_focus (self->display);
  else
    self->focus_asked = TRUE;
}

void
inn_console_page_show_child (InnConsolePage *self)
{
  const InnPrompt *prompt = inn_inline_prompter_get_prompt (self->prompter);
  InnLinkState state = inn_console_page_get_state (self);

  gtk_widget_set_visible (self->reconnecting_box, state == INN_LINK_RECONNECTING && prompt == NULL);
  if (prompt != NULL)
    show_question (self, prompt);
  else if (state == INN_LINK_OFF)
    show_off (self);
  else if (state == INN_LINK_FAILED)
    show_failed (self, inn_link_get_error (INN_LINK (self->link)));
  else if (state == INN_LINK_READY || state == INN_LINK_RECONNECTING)
    show_display (self, state == INN_LINK_RECONNECTING);
  else
    show_page (self, "connecting");
}

void
inn_console_page_answer (InnConsolePage *self)
{
  gboolean secret =
      gtk_stack_get_visible_child (self->answer_stack) == GTK_WIDGET (self->secret_entry);
  GtkEditable *entry = secret ? self->secret_entry : self->text_entry;

  inn_inline_prompter_answer (self->prompter, gtk_editable_get_text (entry),
                              secret && gtk_check_button_get_active (self->remember_check));
  gtk_editable_set_text (self->secret_entry, "");
}

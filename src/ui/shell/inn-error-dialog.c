/* inn-error-dialog.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-error-dialog.h"

#include "base/inn-error.h"
#include "ui/widgets/inn-format.h"

#include <adwaita.h>
#include <glib/gi18n.h>

static GtkWidget *
create_details (const char *details)
{
  GtkWidget *label = gtk_label_new (details);
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  inn_label_set_verbatim (GTK_LABEL (label));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "error-details");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), label);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 240);

  return scrolled;
}

/**
 * inn_error_dialog_present:
 * @error: what went wrong
 * @parent: where
 *
 * Shows the headline, and the far side's own words below it.
 */
void
inn_error_dialog_present (const GError *error, GtkWidget *parent)
{
  const char *details = inn_error_get_details (error);
  AdwDialog *dialog = adw_alert_dialog_new (NULL, error->message);

  adw_alert_dialog_set_body_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (dialog), TRUE);
  if (details != NULL && *details != '\0')
    adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), create_details (details));
  adw_alert_dialog_add_response (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"));
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "close");
  adw_dialog_present (dialog, parent);
}

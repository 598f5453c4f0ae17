/* inn-facts.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-facts.h"

/**
 * inn_facts_add:
 * @group: where
 * @title: what the fact is called
 *
 * Returns: (transfer none): a row that is hidden until it has a fact
 */
AdwActionRow *
inn_facts_add (AdwPreferencesGroup *group, const char *title)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                 "subtitle-selectable", TRUE, "visible", FALSE, NULL);

  gtk_widget_add_css_class (row, "property");
  adw_preferences_group_add (group, row);

  return ADW_ACTION_ROW (row);
}

/**
 * inn_facts_set:
 * @row: a row of inn_facts_add()
 * @text: (nullable): the fact; hides the row when there is none
 */
void
inn_facts_set (AdwActionRow *row, const char *text)
{
  if (g_strcmp0 (adw_action_row_get_subtitle (row), text) != 0)
    adw_action_row_set_subtitle (row, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL && *text != '\0');
}

/**
 * inn_facts_take:
 * @row: a row of inn_facts_add()
 * @text: (nullable) (transfer full): the fact; hides the row when there is none
 */
void
inn_facts_take (AdwActionRow *row, char *text)
{
  inn_facts_set (row, text);
  g_free (text);
}

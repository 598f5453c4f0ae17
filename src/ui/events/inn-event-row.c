/* inn-event-row.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/events/inn-event-row.h"

#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnEventRow:
 *
 * One line of the event log: how bad, what, when and where. The icon is only for the eye; the word
 * for it is in the description.
 */
struct _InnEventRow
{
  GtkWidget parent_instance;

  InnEvent *event;

  GtkImage *icon;
  GtkLabel *text_label;
  GtkLabel *where_label;
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (InnEventRow, inn_event_row, GTK_TYPE_WIDGET)

/* Asked for when it is shown: set beforehand, each text would make GTK look what is under the
 * pointer. */
static gboolean
inn_event_row_query_tooltip (
    GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  InnEventRow *self = INN_EVENT_ROW (widget);
  g_autofree char *time = NULL;

  if (self->event == NULL)
    return FALSE;

  time = inn_format_time (inn_event_get_time (self->event) / G_USEC_PER_SEC);
  gtk_tooltip_set_text (tooltip, time);

  return TRUE;
}

static void
inn_event_row_dispose (GObject *object)
{
  InnEventRow *self = INN_EVENT_ROW (object);

  g_clear_object (&self->event);
  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_EVENT_ROW);
  inn_widget_unparent_children (GTK_WIDGET (self));

  G_OBJECT_CLASS (inn_event_row_parent_class)->dispose (object);
}

static void
inn_event_row_class_init (InnEventRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_event_row_dispose;
  widget_class->query_tooltip = inn_event_row_query_tooltip;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/events/inn-event-row.ui");
  gtk_widget_class_bind_template_child (widget_class, InnEventRow, icon);
  gtk_widget_class_bind_template_child (widget_class, InnEventRow, box);
  gtk_widget_class_bind_template_child (widget_class, InnEventRow, text_label);
  gtk_widget_class_bind_template_child (widget_class, InnEventRow, where_label);
}

static void
inn_event_row_init (InnEventRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

/**
 * inn_event_row_new:
 *
 * Returns: (transfer floating): an empty row
 */
GtkWidget *
inn_event_row_new (void)
{
  return g_object_new (INN_TYPE_EVENT_ROW, NULL);
}

/**
 * inn_event_row_update_age:
 * @self: a row
 *
 * Says anew how long ago it was.
 */
void
inn_event_row_update_age (InnEventRow *self)
{
  g_autoptr (GString) where = NULL;
  g_autofree char *ago = NULL;

  g_return_if_fail (INN_IS_EVENT_ROW (self));

  if (self->event == NULL)
    return;

  ago = inn_format_ago (inn_event_get_time (self->event) / G_USEC_PER_SEC);
  where = g_string_new (inn_severity_get_word (inn_event_get_severity (self->event)));
  g_string_append_printf (where, " · %s", ago);
  if (inn_event_get_host_name (self->event) != NULL)
    g_string_append_printf (where, " · %s", inn_event_get_host_name (self->event));
  if (inn_event_get_vm_name (self->event) != NULL)
    g_string_append_printf (where, " · %s", inn_event_get_vm_name (self->event));
  gtk_label_set_text (self->where_label, where->str);
}

/**
 * inn_event_row_set_event:
 * @self: a row
 * @event: (nullable): what to show
 */
void
inn_event_row_set_event (InnEventRow *self, InnEvent *event)
{
  InnSeverity severity;

  g_return_if_fail (INN_IS_EVENT_ROW (self));

  if (!g_set_object (&self->event, event) || event == NULL)
    return;

  severity = inn_event_get_severity (event);
  gtk_image_set_from_icon_name (self->icon, inn_severity_get_icon (severity));
  inn_widget_set_state_class (GTK_WIDGET (self->icon), inn_severity_get_class (severity));
  gtk_label_set_text (self->text_label, inn_event_get_text (event));
  inn_event_row_update_age (self);
}

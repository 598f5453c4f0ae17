/* inn-operation-row.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-operation-row.h"

#include "base/inn-error.h"
#include "ui/shell/inn-window-private.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnOperationRow:
 *
 * One operation in the popover: what it does, how far it is, how it ended and why, and a button
 * that cancels it.
 */
struct _InnOperationRow
{
  GtkListBoxRow parent_instance;

  InnOperation *operation;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *detail;
  GtkProgressBar *progress;
  GtkExpander *expander;
  GtkLabel *more;
  GtkWidget *cancel;
  GtkWidget *offer;
  GtkWidget *resume;
};

G_DEFINE_FINAL_TYPE (InnOperationRow, inn_operation_row, GTK_TYPE_LIST_BOX_ROW)

static void
on_cancel (GtkButton *button, InnOperationRow *self)
{
  inn_operation_cancel (self->operation);
  gtk_widget_set_sensitive (self->cancel, FALSE);
}

static void
on_dismiss (GtkButton *button, InnOperationRow *self)
{
  inn_operation_dismiss (self->operation);
}

/* Who knows the guests does it. */
static void
on_resume (GtkButton *button, InnOperationRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.operation-resume", "s",
                              inn_operation_get_id (self->operation));
}

static const char *
get_icon (InnOperationState state)
{
  switch (state)
    {
    case INN_OPERATION_SUCCEEDED:
      return "object-select-symbolic";
    case INN_OPERATION_FAILED:
    case INN_OPERATION_ABANDONED:
      return "dialog-error-symbolic";
    case INN_OPERATION_CANCELLED:
      return "process-stop-symbolic";
    case INN_OPERATION_RUNNING:
    default:
      return "content-loading-symbolic";
    }
}

static char *
describe (InnOperation *operation)
{
  const GError *error = inn_operation_get_error (operation);
  g_autofree char *when = inn_format_ago (inn_operation_get_ended_at (operation) / G_USEC_PER_SEC);

  switch (inn_operation_get_state (operation))
    {
    case INN_OPERATION_SUCCEEDED:
      return g_strdup_printf (_ ("Done, %s"), when);
    case INN_OPERATION_FAILED:
      return g_strdup (error != NULL ? error->message : _ ("Failed"));
    case INN_OPERATION_CANCELLED:
      return g_strdup_printf (_ ("Cancelled, %s"), when);
    case INN_OPERATION_ABANDONED:
      return g_strdup (_ ("Left behind: its program ended before it was done"));
    case INN_OPERATION_RUNNING:
    default:
      return g_strdup (inn_operation_get_detail (operation) != NULL
                           ? inn_operation_get_detail (operation)
                           : _ ("Running"));
    }
}

static void
update (InnOperationRow *self)
{
  InnOperation *operation = self->operation;
  InnOperationState state = inn_operation_get_state (operation);
  gboolean ended = inn_operation_is_ended (operation);
  const GError *error = inn_operation_get_error (operation);
  const char *details = error != NULL ? inn_error_get_details (error) : NULL;
  const char *reason = inn_operation_get_no_cancel_reason (operation);
  double progress = inn_operation_get_progress (operation);
  g_autofree char *text = describe (operation);
  gboolean failed = state == INN_OPERATION_FAILED || state == INN_OPERATION_ABANDONED;

  gtk_label_set_text (self->title, inn_operation_get_title (operation));
  gtk_label_set_text (self->detail, text);
  inn_image_set_icon_name (self->icon, get_icon (state));
  inn_widget_set_state_class (GTK_WIDGET (self->icon), failed ? "error"
                                                       : state == INN_OPERATION_SUCCEEDED
                                                           ? "success"
                                                           : "dimmed");
  gtk_widget_set_visible (GTK_WIDGET (self->progress), !ended && progress >= 0);
  gtk_progress_bar_set_fraction (self->progress, CLAMP (progress, 0, 1));
  gtk_widget_set_visible (GTK_WIDGET (self->expander), details != NULL);
  gtk_label_set_text (self->more, details != NULL ? details : "");
  gtk_widget_set_visible (self->cancel, !ended);
  gtk_widget_set_visible (self->offer, inn_operation_is_offered (operation));
  gtk_widget_set_visible (self->resume, _inn_window_may_resume (operation));
  gtk_widget_set_sensitive (self->cancel,
                            reason == NULL && !inn_operation_is_cancelled (operation));
  gtk_widget_set_tooltip_text (self->cancel, reason != NULL ? reason : _ ("Cancel"));
}

static void
inn_operation_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_OPERATION_ROW);
  g_clear_object (&INN_OPERATION_ROW (object)->operation);

  G_OBJECT_CLASS (inn_operation_row_parent_class)->dispose (object);
}

static void
inn_operation_row_class_init (InnOperationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_operation_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-operation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, icon);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, title);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, detail);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, progress);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, expander);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, more);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, cancel);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, offer);
  gtk_widget_class_bind_template_child (widget_class, InnOperationRow, resume);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_dismiss);
  gtk_widget_class_bind_template_callback (widget_class, on_resume);
}

static void
inn_operation_row_init (InnOperationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_operation_row_new:
 * @operation: what to show
 *
 * Returns: (transfer floating): a row that follows @operation
 */
GtkWidget *
inn_operation_row_new (InnOperation *operation)
{
  InnOperationRow *self = g_object_new (INN_TYPE_OPERATION_ROW, NULL);

  self->operation = g_object_ref (operation);
  g_signal_connect_object (operation, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

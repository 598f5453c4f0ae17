/* inn-window-resume.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

#include "base/inn-error.h"
#include "ui/shell/inn-feedback.h"

#include <glib/gi18n.h>

/* An operation whose program died is taken up: what it did to its guest is asked for again, if that
 * still makes sense. */

/*
 * _inn_window_may_resume:
 *
 * Returns: whether a click may do it again: nothing that would have to be asked first
 */
gboolean
_inn_window_may_resume (InnOperation *operation)
{
  InnVmAction action;

  return inn_operation_is_offered (operation) &&
         inn_vm_action_from_operation (operation, &action) &&
         !inn_vm_action_is_destructive (action);
}

static void
refuse (InnWindow *self, InnOperation *operation, const char *reason)
{
  g_autoptr (GError) error =
      inn_error_new (INN_ERROR_CONFLICT, reason, _ ("“%s” cannot be resumed: %s"),
                     inn_operation_get_title (operation), reason);

  inn_feedback_error (GTK_WIDGET (self), error);
}

static void
on_resume (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  InnOperation *left = inn_operation_manager_find (inn_app_context_get_operations (self->context),
                                                   g_variant_get_string (parameter, NULL));
  g_autoptr (InnOperation) fresh = NULL;
  InnVmOps *ops = inn_app_context_get_vm_ops (self->context);
  g_autoptr (GError) error = NULL;
  InnVmAction action;
  InnVm *vm;

  if (left == NULL || !_inn_window_may_resume (left) ||
      !inn_vm_action_from_operation (left, &action))
    return;

  vm = inn_inventory_find_vm (inn_app_context_get_inventory (self->context),
                              inn_operation_get_object_id (left));
  if (vm == NULL)
    refuse (self, left, _ ("its guest is not known here any more"));
  else if (!inn_vm_ops_check_act (ops, vm, action, &error))
    refuse (self, left, error->message);
  else
    {
      fresh = inn_vm_ops_act (ops, vm, action);
      inn_operation_dismiss (left);
      inn_feedback_follow (widget, fresh);
    }
}

void
_inn_window_install_resume (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.operation-resume", "s", on_resume);
}

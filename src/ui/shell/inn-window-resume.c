/* inn-window-resume.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-private.h"

#include "base/inn-dex.h"
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

/* Returns: (transfer none) (nullable): the guest that it may be done to now; else it is said why */
static InnVm *
find_subject (InnWindow *self, InnOperation *left, InnVmAction action)
{
  g_autoptr (GError) error = NULL;
  InnVm *vm = inn_inventory_find_vm (inn_app_context_get_inventory (self->context),
                                     inn_operation_get_object_id (left));

  if (vm == NULL)
    refuse (self, left, _ ("its guest is not known here any more"));
  else if (inn_vm_ops_check_act (inn_app_context_get_vm_ops (self->context), vm, action, &error))
    return vm;
  else
    refuse (self, left, error->message);

  return NULL;
}

typedef struct
{
  InnWindow *window;
  InnAppContext *context; /* which a window that is closed forgets */
  InnOperation *left;
  InnVm *vm;
  InnVmAction action;
} Resume;

static void
resume_free (gpointer data)
{
  Resume *resume = data;

  g_object_unref (resume->window);
  g_object_unref (resume->context);
  g_object_unref (resume->left);
  g_object_unref (resume->vm);
  g_free (resume);
}

/* Another program may offer it, too, for as long as it has not seen that it is taken: of all that
 * ask one acts. */
static DexFuture *
resume_fiber (gpointer data)
{
  Resume *resume = data;
  g_autoptr (InnOperation) fresh = NULL;
  g_autoptr (GError) error = NULL;

  if (!dex_await (inn_store_take_operation (inn_app_context_get_store (resume->context),
                                            inn_operation_get_id (resume->left)),
                  &error))
    {
      /* Where the view could not be written it is still there to take. */
      inn_operation_set_offered (resume->left,
                                 !g_error_matches (error, INN_ERROR, INN_ERROR_CONFLICT));
      inn_feedback_error (GTK_WIDGET (resume->window), error);
      return dex_future_new_true ();
    }

  /* What was read before it was taken may have come meanwhile. */
  inn_operation_set_offered (resume->left, FALSE);
  fresh = inn_vm_ops_act (inn_app_context_get_vm_ops (resume->context), resume->vm, resume->action);
  inn_feedback_follow (GTK_WIDGET (resume->window), fresh);

  return dex_future_new_true ();
}

static void
on_resume (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnWindow *self = INN_WINDOW (widget);
  InnOperation *left = inn_operation_manager_find (inn_app_context_get_operations (self->context),
                                                   g_variant_get_string (parameter, NULL));
  Resume *resume;
  InnVmAction action;
  InnVm *vm;

  if (left == NULL || !_inn_window_may_resume (left) ||
      !inn_vm_action_from_operation (left, &action))
    return;

  vm = find_subject (self, left, action);
  if (vm == NULL)
    return;

  /* One click, one question. */
  inn_operation_set_offered (left, FALSE);
  resume = g_new0 (Resume, 1);
  resume->window = g_object_ref (self);
  resume->context = g_object_ref (self->context);
  resume->left = g_object_ref (left);
  resume->vm = g_object_ref (vm);
  resume->action = action;
  inn_future_forget (inn_spawn ("resume_fiber", resume_fiber, resume, resume_free),
                     "resuming an operation");
}

void
_inn_window_install_resume (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.operation-resume", "s", on_resume);
}

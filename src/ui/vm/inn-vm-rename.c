/* inn-vm-rename.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-rename.h"

#include "ui/shell/inn-feedback.h"
#include "ui/shell/inn-name-dialog.h"

#include <glib/gi18n.h>

typedef struct
{
  InnAppContext *context;
  InnVm *vm;
  GWeakRef parent;
} Rename;

static void
rename_free (gpointer data, GClosure *closure)
{
  Rename *request = data;

  g_object_unref (request->context);
  g_object_unref (request->vm);
  g_weak_ref_clear (&request->parent);
  g_free (request);
}

static void
on_named (InnNameDialog *dialog, const char *name, Rename *request)
{
  g_autoptr (GtkWidget) parent = g_weak_ref_get (&request->parent);
  g_autoptr (InnOperation) operation =
      inn_vm_ops_rename (inn_app_context_get_vm_ops (request->context), request->vm, name);

  if (parent != NULL)
    inn_feedback_follow (parent, operation);
}

/**
 * inn_vm_rename_present:
 * @context: the services
 * @vm: a guest that is not active
 * @parent: where to ask
 */
void
inn_vm_rename_present (InnAppContext *context, InnVm *vm, GtkWidget *parent)
{
  AdwDialog *dialog =
      inn_name_dialog_new (_ ("Rename"), _ ("Name"), inn_vm_get_name (vm), _ ("_Rename"));
  Rename *request = g_new0 (Rename, 1);

  request->context = g_object_ref (context);
  request->vm = g_object_ref (vm);
  g_weak_ref_init (&request->parent, parent);
  g_signal_connect_data (dialog, "named", G_CALLBACK (on_named), request, rename_free, 0);
  inn_feedback_present (dialog, parent);
}

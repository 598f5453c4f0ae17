/* inn-vm-delete-dialog.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-delete-dialog.h"

#include "base/inn-weak.h"
#include "ui/shell/inn-feedback.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnVmDeleteDialog:
 *
 * Asks before a guest is deleted, and which of its storage goes with it: none at first, and the
 * name must be typed as soon as there is some. Storage of others is told, and never preselected.
 */
struct _InnVmDeleteDialog
{
  AdwAlertDialog parent_instance;

  InnAppContext *context;
  InnVm *vm;
  GPtrArray *switches; /* GtkCheckButton, borrowed; "inn-path" is what it deletes */

  AdwPreferencesGroup *storage_group;
  AdwActionRow *loading_row;
  GtkWidget *spinner;
  AdwPreferencesGroup *confirm_group;
  AdwEntryRow *confirm_entry;
};

G_DEFINE_FINAL_TYPE (InnVmDeleteDialog, inn_vm_delete_dialog, ADW_TYPE_ALERT_DIALOG)

static GStrv
dup_chosen (InnVmDeleteDialog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->switches->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->switches, i);

      if (gtk_check_button_get_active (check))
        g_strv_builder_add (builder, g_object_get_data (G_OBJECT (check), "inn-path"));
    }

  return g_strv_builder_end (builder);
}

static void
update (InnVmDeleteDialog *self)
{
  g_auto (GStrv) chosen = dup_chosen (self);
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->confirm_entry));
  gboolean confirmed = chosen[0] == NULL || g_strcmp0 (typed, inn_vm_get_name (self->vm)) == 0;

  gtk_widget_set_visible (GTK_WIDGET (self->confirm_group), chosen[0] != NULL);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self), "delete",
                                         confirmed && !inn_vm_is_active (self->vm));
}

static void
on_confirm_changed (GtkEditable *editable, InnVmDeleteDialog *self)
{
  update (self);
}

static void
add_disk (InnVmDeleteDialog *self, const InnVmDisk *disk)
{
  GtkWidget *row;
  GtkWidget *check;
  g_autofree char *size = inn_format_kib (disk->capacity_bytes / 1024);
  g_autofree char *subtitle = NULL;

  /* A drive with nothing in it. */
  if (disk->source == NULL)
    return;

  if (disk->shared_with != NULL)
    /* Translators: path of a disk, name of another guest */
    subtitle = g_strdup_printf (_ ("%s — also used by %s"), disk->source, disk->shared_with);
  else if (disk->unasked != NULL)
    /* Translators: path of a disk, names of hosts */
    subtitle = g_strdup_printf (_ ("%s — %s could not be asked whether guests there use it, too"),
                                disk->source, disk->unasked);
  else if (!disk->deletable)
    subtitle = g_strdup_printf (_ ("%s — cannot be deleted through this host"), disk->source);
  else
    subtitle = g_strdup_printf ("%s (%s)", disk->source, size);

  row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                      disk->target != NULL ? disk->target : "", "subtitle-lines", 0, NULL);
  check = gtk_check_button_new ();
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_widget_set_sensitive (check, disk->deletable && disk->shared_with == NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  g_object_set_data_full (G_OBJECT (check), "inn-path", g_strdup (disk->source), g_free);
  g_signal_connect_object (check, "toggled", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->switches, check);
  adw_preferences_group_add (self->storage_group, row);
}

static DexFuture *
show_storage_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnVmDeleteDialog) self = inn_weak_get (data);
  g_autoptr (GError) error = NULL;
  const GValue *value;
  GPtrArray *disks;

  if (self == NULL || self->storage_group == NULL)
    return dex_future_new_true ();

  value = dex_future_get_value (completed, &error);
  if (value == NULL)
    {
      gtk_widget_set_visible (self->spinner, FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->loading_row), error->message);
      return dex_future_new_true ();
    }

  disks = g_value_get_boxed (value);
  gtk_widget_set_visible (GTK_WIDGET (self->loading_row), FALSE);
  for (guint i = 0; i < disks->len; i++)
    add_disk (self, g_ptr_array_index (disks, i));
  gtk_widget_set_visible (GTK_WIDGET (self->storage_group), self->switches->len > 0);

  return dex_future_new_true ();
}

static void
load_storage (InnVmDeleteDialog *self)
{
  InnVmOps *ops = inn_app_context_get_vm_ops (self->context);

  dex_future_disown (dex_future_finally (inn_vm_ops_list_storage (ops, self->vm), show_storage_cb,
                                         inn_weak_new (self), inn_weak_unref));
}

static void
inn_vm_delete_dialog_response (AdwAlertDialog *dialog, const char *response)
{
  InnVmDeleteDialog *self = INN_VM_DELETE_DIALOG (dialog);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_auto (GStrv) chosen = dup_chosen (self);
  g_autoptr (InnOperation) operation = NULL;

  if (!g_str_equal (response, "delete"))
    return;

  operation = inn_vm_ops_delete (inn_app_context_get_vm_ops (self->context), self->vm,
                                 chosen[0] != NULL ? (const char *const *) chosen : NULL);
  if (root != NULL)
    inn_feedback_follow (GTK_WIDGET (root), operation);
}

static void
inn_vm_delete_dialog_dispose (GObject *object)
{
  InnVmDeleteDialog *self = INN_VM_DELETE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_VM_DELETE_DIALOG);
  g_clear_object (&self->context);
  g_clear_object (&self->vm);
  g_clear_pointer (&self->switches, g_ptr_array_unref);

  G_OBJECT_CLASS (inn_vm_delete_dialog_parent_class)->dispose (object);
}

static void
inn_vm_delete_dialog_class_init (InnVmDeleteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_vm_delete_dialog_dispose;
  ADW_ALERT_DIALOG_CLASS (klass)->response = inn_vm_delete_dialog_response;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/vm/inn-vm-delete-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, InnVmDeleteDialog, storage_group);
  gtk_widget_class_bind_template_child (widget_class, InnVmDeleteDialog, loading_row);
  gtk_widget_class_bind_template_child (widget_class, InnVmDeleteDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, InnVmDeleteDialog, confirm_group);
  gtk_widget_class_bind_template_child (widget_class, InnVmDeleteDialog, confirm_entry);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_changed);
}

static void
inn_vm_delete_dialog_init (InnVmDeleteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->switches = g_ptr_array_new ();
}

/**
 * inn_vm_delete_dialog_new:
 * @context: the services
 * @vm: the guest to delete
 *
 * Returns: (transfer floating): the question
 */
AdwDialog *
inn_vm_delete_dialog_new (InnAppContext *context, InnVm *vm)
{
  InnVmDeleteDialog *self = g_object_new (INN_TYPE_VM_DELETE_DIALOG, NULL);
  InnHost *host = inn_vm_get_host (vm);
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;

  self->context = g_object_ref (context);
  self->vm = g_object_ref (vm);

  heading = g_strdup_printf (_ ("Delete “%s”?"), inn_vm_get_name (vm));
  if (inn_vm_is_active (vm))
    body = g_strdup (_ ("It is running. Shut it down first."));
  else
    /* Translators: %s is the name of a host */
    body = g_strdup_printf (_ ("Its definition is removed from %s. This cannot be undone."),
                            host != NULL ? inn_host_get_name (host) : "");
  adw_alert_dialog_set_heading (ADW_ALERT_DIALOG (self), heading);
  adw_alert_dialog_set_body (ADW_ALERT_DIALOG (self), body);
  update (self);
  load_storage (self);

  return ADW_DIALOG (self);
}

/* inn-operations-button.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-operations-button.h"

#include "ui/shell/inn-operation-row.h"
#include "ui/widgets/inn-progress-ring.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnOperationsButton:
 *
 * A ring with the number of running operations; its popover lists them and those that ended. Hidden
 * until there is one.
 */
struct _InnOperationsButton
{
  GtkWidget parent_instance;

  InnOperationManager *manager;

  GtkMenuButton *button;
  InnProgressRing *ring;
  GtkLabel *count;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (InnOperationsButton, inn_operations_button, GTK_TYPE_WIDGET)

static void
on_clear (GtkButton *button, InnOperationsButton *self)
{
  inn_operation_manager_clear_ended (self->manager);
  gtk_menu_button_popdown (self->button);
}

/* The mean of those that know how far they are; unknown when none does. */
static double
get_progress (GListModel *operations)
{
  guint n = g_list_model_get_n_items (operations);
  double sum = 0;
  guint known = 0;
  guint running = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, i);

      if (inn_operation_is_ended (operation))
        continue;
      running++;
      if (inn_operation_get_progress (operation) >= 0)
        {
          sum += inn_operation_get_progress (operation);
          known++;
        }
    }

  if (running == 0)
    return 1;
  return known > 0 ? sum / known : -1;
}

static void
update (InnOperationsButton *self)
{
  guint running = inn_operation_manager_get_n_running (self->manager);
  g_autofree char *text = g_strdup_printf ("%u", running);
  g_autofree char *label = NULL;

  gtk_label_set_text (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), running > 0);
  inn_progress_ring_set_fraction (self->ring, get_progress (G_LIST_MODEL (self->manager)));
  gtk_widget_set_visible (GTK_WIDGET (self),
                          g_list_model_get_n_items (G_LIST_MODEL (self->manager)) > 0);

  label = running > 0
              ? g_strdup_printf (
                    /* Translators: %u is a number of operations */
                    g_dngettext (NULL, "Operations, %u running", "Operations, %u running", running),
                    running)
              : g_strdup (_ ("Operations"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
on_items_changed (
    InnOperationsButton *self, guint position, guint removed, guint added, GListModel *operations)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, position + i);

      g_signal_connect_object (operation, "notify", G_CALLBACK (update), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
    }
  update (self);
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  return inn_operation_row_new (INN_OPERATION (item));
}

static void
inn_operations_button_dispose (GObject *object)
{
  InnOperationsButton *self = INN_OPERATIONS_BUTTON (object);

  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_OPERATIONS_BUTTON);
  inn_widget_unparent_children (GTK_WIDGET (object));
  g_clear_object (&self->manager);

  G_OBJECT_CLASS (inn_operations_button_parent_class)->dispose (object);
}

static void
inn_operations_button_class_init (InnOperationsButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_operations_button_dispose;

  g_type_ensure (INN_TYPE_PROGRESS_RING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-operations-button.ui");
  gtk_widget_class_bind_template_child (widget_class, InnOperationsButton, button);
  gtk_widget_class_bind_template_child (widget_class, InnOperationsButton, ring);
  gtk_widget_class_bind_template_child (widget_class, InnOperationsButton, count);
  gtk_widget_class_bind_template_child (widget_class, InnOperationsButton, list);
  gtk_widget_class_bind_template_callback (widget_class, on_clear);
}

static void
inn_operations_button_init (InnOperationsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_operations_button_set_manager:
 * @self: the button
 * @manager: the operations it shows; once
 */
void
inn_operations_button_set_manager (InnOperationsButton *self, InnOperationManager *manager)
{
  g_return_if_fail (INN_IS_OPERATIONS_BUTTON (self));
  g_return_if_fail (self->manager == NULL);

  self->manager = g_object_ref (manager);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (manager), create_row, NULL, NULL);
  g_signal_connect_object (manager, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  on_items_changed (self, 0, 0, g_list_model_get_n_items (G_LIST_MODEL (manager)),
                    G_LIST_MODEL (manager));
}

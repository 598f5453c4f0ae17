/* inn-vm-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-view-private.h"

#include "ui/vm/inn-vm-actions.h"
#include "ui/vm/inn-vm-cell.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnVmView:
 *
 * The list of guests, of everything or of one host: columns that are chosen and kept, a filter
 * with saved queries, many selected at once with what can be done to them. Rows do not reorder
 * while the pointer is over them.
 */

G_DEFINE_FINAL_TYPE (InnVmView, inn_vm_view, GTK_TYPE_WIDGET)

#define TICK_SECONDS 2
/* Texts that only the clock changes. */
#define CLOCK_TICKS 15

static void
update_stack (InnVmView *self)
{
  const char *name = "list";

  if (g_list_model_get_n_items (G_LIST_MODEL (self->model)) == 0 &&
      !inn_vm_model_is_filling (self->model))
    name = inn_vm_model_get_n_source (self->model) == 0 ? "empty" : "none-match";

  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
update_bar (InnVmView *self)
{
  guint n = inn_vm_rows_get_n_selected (self->rows);

  if (n > 0)
    {
      g_autofree char *text =
          g_strdup_printf (g_dngettext (NULL, "%u selected", "%u selected", n), n);

      gtk_label_set_text (self->selected_label, text);
    }
  gtk_revealer_set_reveal_child (self->bar_revealer, n > 1);
  _inn_vm_view_update_actions (self);
}

/* What a person asked for is looked at from its beginning. Returns whether that was not seen. */
static gboolean
scroll_to_top (InnVmView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  gboolean moves = gtk_adjustment_get_value (adjustment) > 0;

  gtk_adjustment_set_value (adjustment, 0);
  return moves && gtk_widget_get_mapped (GTK_WIDGET (self));
}

static void
set_query (InnVmView *self)
{
  inn_vm_model_set_query (self->model, self->query);
  update_stack (self);
}

/* To open the filter, to go to the top and to filter is a frame's work each. */
static gboolean
on_next_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  InnVmView *self = data;

  if (self->opened)
    {
      self->opened = FALSE;
      return G_SOURCE_CONTINUE;
    }
  if (scroll_to_top (self))
    return G_SOURCE_CONTINUE;

  self->query_id = 0;
  set_query (self);
  return G_SOURCE_REMOVE;
}

static void
apply_query (InnVmView *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InnVmQuery) query = NULL;

  /* The entry tells a little later what it was given. */
  if (!g_set_str (&self->query_text, text))
    return;

  query = inn_vm_query_parse (text, inn_app_context_get_inventory (self->context), &error);
  gtk_revealer_set_reveal_child (self->error_revealer, error != NULL);
  if (error != NULL)
    {
      gtk_label_set_text (self->search_error, error->message);
      gtk_widget_add_css_class (GTK_WIDGET (self->search_entry), "error");
      return;
    }

  gtk_widget_remove_css_class (GTK_WIDGET (self->search_entry), "error");
  g_set_object (&self->query, query);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || (!self->opened && !scroll_to_top (self)))
    set_query (self);
  else if (self->query_id == 0)
    self->query_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_next_frame, self, NULL);
}

static void
on_search_changed (GtkSearchEntry *entry, InnVmView *self)
{
  apply_query (self, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
on_stop_search (GtkSearchEntry *entry, InnVmView *self)
{
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
}

static void
on_search_mode (GtkSearchBar *bar, GParamSpec *pspec, InnVmView *self)
{
  if (!gtk_search_bar_get_search_mode (bar))
    gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  g_object_notify (G_OBJECT (self), "search");
}

static void
on_clear_filter (GtkButton *button, InnVmView *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  apply_query (self, "");
}

static void
on_activate (GtkColumnView *list, guint position, InnVmView *self)
{
  g_autoptr (InnVm) vm = g_list_model_get_item (G_LIST_MODEL (self->model), position);
  InnHost *host = vm != NULL ? inn_vm_get_host (vm) : NULL;

  if (host != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-vm", "(ss)", inn_host_get_id (host),
                                inn_vm_get_uuid (vm));
}

static void
on_sorter_changed (GtkSorter *sorter, GtkSorterChange change, InnVmView *self)
{
  GtkColumnViewSorter *columns = GTK_COLUMN_VIEW_SORTER (sorter);
  GtkColumnViewColumn *column = gtk_column_view_sorter_get_primary_sort_column (columns);

  scroll_to_top (self);
  inn_vm_model_set_sort (
      self->model,
      column != NULL ? inn_vm_columns_find (gtk_column_view_column_get_id (column)) : NULL,
      gtk_column_view_sorter_get_primary_sort_order (columns) == GTK_SORT_DESCENDING);
}

static void
set_hold (InnVmView *self, gboolean hold)
{
  self->hold = hold;
  inn_vm_model_set_hold (self->model, hold);
}

/* Moved there, and not the window that came up under the pointer. */
static void
on_motion (GtkEventControllerMotion *controller, double x, double y, InnVmView *self)
{
  if (!self->hold)
    set_hold (self, TRUE);
}

static void
on_leave (GtkEventControllerMotion *controller, InnVmView *self)
{
  set_hold (self, FALSE);
}

static int
get_row_height (InnVmView *self)
{
  GtkWidget *rows = gtk_widget_get_last_child (GTK_WIDGET (self->list));
  GtkWidget *row = rows != NULL ? gtk_widget_get_first_child (rows) : NULL;

  return row != NULL ? gtk_widget_get_height (row) : 0;
}

static void
on_scrolled (InnVmView *self, GtkAdjustment *adjustment)
{
  int height = get_row_height (self);
  double value = gtk_adjustment_get_value (adjustment);

  inn_vm_rows_set_anchor (self->rows, value > 0 && height > 0 ? (guint) (value / height)
                                                              : GTK_INVALID_LIST_POSITION);
}

/* What is seen stays where it is; at the top that would hide the rows that come in above it. */
static void
on_shifted (InnVmView *self, int by)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  gtk_adjustment_set_value (adjustment,
                            gtk_adjustment_get_value (adjustment) + by * get_row_height (self));
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  InnVmView *self = data;

  /* The first frame is for the first rows. */
  if (!self->seen)
    {
      self->seen = TRUE;
      return G_SOURCE_CONTINUE;
    }
  if (inn_vm_rows_step (self->rows))
    return G_SOURCE_CONTINUE;

  self->step_id = 0;
  return G_SOURCE_REMOVE;
}

static void
on_settled (InnVmView *self)
{
  gboolean settled;

  g_object_get (self->rows, "settled", &settled, NULL);
  if (!settled && self->step_id == 0)
    self->step_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, self, NULL);
}

static gboolean
on_tick (gpointer data)
{
  InnVmView *self = data;

  inn_vm_model_tick (self->model);
  update_stack (self);
  /* Guests come to another state while they are selected. */
  if (gtk_revealer_get_reveal_child (self->bar_revealer))
    _inn_vm_view_update_actions (self);
  if (++self->n_ticks % CLOCK_TICKS == 0)
    inn_vm_rows_tell (self->rows, "time");

  return G_SOURCE_CONTINUE;
}

static void
inn_vm_view_map (GtkWidget *widget)
{
  InnVmView *self = INN_VM_VIEW (widget);

  GTK_WIDGET_CLASS (inn_vm_view_parent_class)->map (widget);
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
}

static void
inn_vm_view_unmap (GtkWidget *widget)
{
  InnVmView *self = INN_VM_VIEW (widget);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  set_hold (self, FALSE);
  GTK_WIDGET_CLASS (inn_vm_view_parent_class)->unmap (widget);
}

static void
inn_vm_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, inn_vm_view_get_search (INN_VM_VIEW (object)));
}

static void
inn_vm_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  inn_vm_view_set_search (INN_VM_VIEW (object), g_value_get_boolean (value));
}

static void
inn_vm_view_dispose (GObject *object)
{
  InnVmView *self = INN_VM_VIEW (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->actions_id, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->context);
  if (self->list != NULL)
    gtk_column_view_set_model (self->list, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_VM_VIEW);
  inn_widget_unparent_children (GTK_WIDGET (object));
  g_clear_object (&self->rows);
  g_clear_object (&self->model);
  g_clear_object (&self->settings);
  g_clear_object (&self->query);
  g_clear_pointer (&self->query_text, g_free);

  G_OBJECT_CLASS (inn_vm_view_parent_class)->dispose (object);
}

static void
on_vm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnVmView *self = INN_VM_VIEW (widget);
  g_autoptr (GPtrArray) vms = inn_vm_view_dup_selected (self);

  inn_vm_actions_run (self->context, widget, vms, name);
}

static void
inn_vm_view_class_init (InnVmViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inn_vm_view_dispose;
  object_class->get_property = inn_vm_view_get_property;
  object_class->set_property = inn_vm_view_set_property;
  widget_class->map = inn_vm_view_map;
  widget_class->unmap = inn_vm_view_unmap;

  g_object_class_install_property (
      object_class, 1,
      g_param_spec_boolean ("search", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/innkeeper/Innkeeper/vm/inn-vm-view.ui");
  gtk_widget_class_bind_template_child (widget_class, InnVmView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, search_error);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, error_revealer);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, filters_button);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, stack);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, list);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, bar_revealer);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, bar);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, bulk_button);
  gtk_widget_class_bind_template_child (widget_class, InnVmView, selected_label);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_search_mode);
  gtk_widget_class_bind_template_callback (widget_class, on_clear_filter);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);

  inn_vm_actions_install (widget_class, on_vm_action);
  _inn_vm_view_class_init_menus (widget_class);
}

static void
inn_vm_view_init (InnVmView *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));

  g_signal_connect_object (motion, "motion", G_CALLBACK (on_motion), self, 0);
  g_signal_connect_object (motion, "leave", G_CALLBACK (on_leave), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->scrolled), motion);
}

/**
 * inn_vm_view_new:
 * @context: the services
 * @settings: where columns and filters are kept
 * @vms: a model of [class@Vm]
 *
 * Returns: (transfer floating): a list of them
 */
GtkWidget *
inn_vm_view_new (InnAppContext *context, InnSettings *settings, GListModel *vms)
{
  InnVmView *self = g_object_new (INN_TYPE_VM_VIEW, NULL);

  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);
  self->model = inn_vm_model_new (inn_app_context_get_inventory (context), vms);
  self->rows = inn_vm_rows_new (self->model, (InnVmRowFunc) inn_vm_cell_changed);

  g_signal_connect_object (self->model, "notify::filling", G_CALLBACK (update_stack), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "selection-changed", G_CALLBACK (update_bar), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "notify::settled", G_CALLBACK (on_settled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->rows, "shifted", G_CALLBACK (on_shifted), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scrolled), "value-changed",
                           G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
  _inn_vm_view_create_columns (self);
  _inn_vm_view_setup_menus (self);
  g_signal_connect_object (gtk_column_view_get_sorter (self->list), "changed",
                           G_CALLBACK (on_sorter_changed), self, 0);
  gtk_column_view_set_model (self->list, GTK_SELECTION_MODEL (self->rows));
  on_settled (self);
  update_stack (self);

  return GTK_WIDGET (self);
}

/**
 * inn_vm_view_set_search:
 * @self: a list
 * @active: whether its filter is open
 */
void
inn_vm_view_set_search (InnVmView *self, gboolean active)
{
  g_return_if_fail (INN_IS_VM_VIEW (self));

  gtk_search_bar_set_search_mode (self->search_bar, active);
  if (active)
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/**
 * inn_vm_view_get_search:
 * @self: a list
 *
 * Returns: whether its filter is open
 */
gboolean
inn_vm_view_get_search (InnVmView *self)
{
  g_return_val_if_fail (INN_IS_VM_VIEW (self), FALSE);

  return gtk_search_bar_get_search_mode (self->search_bar);
}

/**
 * inn_vm_view_set_query_text:
 * @self: a list
 * @text: a query as people type it
 */
void
inn_vm_view_set_query_text (InnVmView *self, const char *text)
{
  g_return_if_fail (INN_IS_VM_VIEW (self));

  self->opened = !gtk_search_bar_get_search_mode (self->search_bar);
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  /* The entry is empty between the old text and the new one; the list need not show it. */
  g_signal_handlers_block_by_func (self->search_entry, on_search_changed, self);
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
  g_signal_handlers_unblock_by_func (self->search_entry, on_search_changed, self);
  apply_query (self, text);
}

/**
 * inn_vm_view_get_shown:
 * @self: a list
 *
 * Returns: (transfer none): the guests that are listed, in their order
 */
GListModel *
inn_vm_view_get_shown (InnVmView *self)
{
  g_return_val_if_fail (INN_IS_VM_VIEW (self), NULL);

  return G_LIST_MODEL (self->model);
}

/**
 * inn_vm_view_dup_selected:
 * @self: a list
 *
 * Returns: (transfer full) (element-type InnVm): the selected guests
 */
GPtrArray *
inn_vm_view_dup_selected (InnVmView *self)
{
  g_return_val_if_fail (INN_IS_VM_VIEW (self), NULL);

  return inn_vm_rows_dup_selected (self->rows);
}

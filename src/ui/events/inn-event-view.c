/* inn-event-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/events/inn-event-view.h"

#include "ui/events/inn-event-row.h"
#include "ui/widgets/inn-format.h"

#include <adwaita.h>
#include <string.h>

/**
 * InnEventView:
 *
 * The event log, newest first: of everything, of one host or of one guest. Looks the same on every
 * page that has it.
 */
struct _InnEventView
{
  GtkWidget parent_instance;

  char *host_id;
  char *vm_uuid;
  char *needle; /* case-folded */
  GListModel *events;
  GtkFilter *filter;
  GtkSelectionModel *shown;
  GPtrArray *rows; /* borrowed: the rows that show an event now */
  guint age_source;

  GtkSearchBar *search_bar;
  GtkEditable *search_entry;
  GtkDropDown *severity_drop_down;
  GtkStack *stack;
  GtkListView *list_view;
};

enum
{
  PROP_0,
  PROP_SEARCH,
};

G_DEFINE_FINAL_TYPE (InnEventView, inn_event_view, GTK_TYPE_WIDGET)

/* How often "3 min ago" is looked at again. */
#define AGE_SECONDS 20

static gboolean
contains (const char *text, const char *needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, needle) != NULL;
}

static gboolean
match (gpointer item, gpointer data)
{
  InnEventView *self = data;
  InnEvent *event = item;

  if (self->host_id != NULL && g_strcmp0 (inn_event_get_host_id (event), self->host_id) != 0)
    return FALSE;
  if (self->vm_uuid != NULL && g_strcmp0 (inn_event_get_vm_uuid (event), self->vm_uuid) != 0)
    return FALSE;
  if (inn_event_get_severity (event) < gtk_drop_down_get_selected (self->severity_drop_down))
    return FALSE;

  return self->needle == NULL || contains (inn_event_get_text (event), self->needle) ||
         contains (inn_event_get_host_name (event), self->needle) ||
         contains (inn_event_get_vm_name (event), self->needle);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 x = inn_event_get_time ((InnEvent *) a);
  gint64 y = inn_event_get_time ((InnEvent *) b);

  return (x < y) - (x > y);
}

static gboolean
is_filtered (InnEventView *self)
{
  return self->needle != NULL || gtk_drop_down_get_selected (self->severity_drop_down) > 0;
}

static void
update_stack (InnEventView *self)
{
  const char *name = "list";

  if (g_list_model_get_n_items (G_LIST_MODEL (self->shown)) == 0)
    name = is_filtered (self) ? "no-match" : "empty";
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
on_filter_changed (InnEventView *self)
{
  const char *text = gtk_editable_get_text (self->search_entry);

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  if (self->filter != NULL)
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_search_mode (InnEventView *self)
{
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    gtk_drop_down_set_selected (self->severity_drop_down, 0);
  g_object_notify (G_OBJECT (self), "search");
}

static void
on_setup (InnEventView *self, GtkListItem *item)
{
  GtkWidget *row = inn_event_row_new ();

  gtk_list_item_set_child (item, row);
  gtk_list_item_set_activatable (item, FALSE);
}

static void
on_bind (InnEventView *self, GtkListItem *item)
{
  InnEvent *event = gtk_list_item_get_item (item);

  inn_event_row_set_event (INN_EVENT_ROW (gtk_list_item_get_child (item)), event);
  gtk_list_item_set_accessible_label (item, inn_event_get_text (event));
  g_ptr_array_add (self->rows, gtk_list_item_get_child (item));
}

/* And not at teardown: the item has no child any more by then. */
static void
on_unbind (InnEventView *self, GtkListItem *item)
{
  if (self->rows != NULL)
    g_ptr_array_remove_fast (self->rows, gtk_list_item_get_child (item));
}

static gboolean
on_age (gpointer data)
{
  InnEventView *self = data;

  for (guint i = 0; i < self->rows->len; i++)
    inn_event_row_update_age (g_ptr_array_index (self->rows, i));

  return G_SOURCE_CONTINUE;
}

static void
inn_event_view_map (GtkWidget *widget)
{
  InnEventView *self = INN_EVENT_VIEW (widget);

  GTK_WIDGET_CLASS (inn_event_view_parent_class)->map (widget);
  on_age (self);
  self->age_source = g_timeout_add_seconds (AGE_SECONDS, on_age, self);
}

static void
inn_event_view_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&INN_EVENT_VIEW (widget)->age_source, g_source_remove);
  GTK_WIDGET_CLASS (inn_event_view_parent_class)->unmap (widget);
}

static void
inn_event_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_SEARCH)
    g_value_set_boolean (value,
                         gtk_search_bar_get_search_mode (INN_EVENT_VIEW (object)->search_bar));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
inn_event_view_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  InnEventView *self = INN_EVENT_VIEW (object);

  if (prop_id != PROP_SEARCH)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  gtk_search_bar_set_search_mode (self->search_bar, g_value_get_boolean (value));
  if (g_value_get_boolean (value))
    gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

static void
inn_event_view_dispose (GObject *object)
{
  InnEventView *self = INN_EVENT_VIEW (object);

  g_clear_handle_id (&self->age_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_EVENT_VIEW);
  inn_widget_unparent_children (GTK_WIDGET (self));
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->events);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->host_id, g_free);
  g_clear_pointer (&self->vm_uuid, g_free);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (inn_event_view_parent_class)->dispose (object);
}

static void
inn_event_view_class_init (InnEventViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inn_event_view_dispose;
  object_class->get_property = inn_event_view_get_property;
  object_class->set_property = inn_event_view_set_property;
  widget_class->map = inn_event_view_map;
  widget_class->unmap = inn_event_view_unmap;

  /**
   * InnEventView:search:
   *
   * Whether its filter is open; closing it clears it.
   */
  g_object_class_install_property (
      object_class, PROP_SEARCH,
      g_param_spec_boolean ("search", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS));

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/events/inn-event-view.ui");
  gtk_widget_class_bind_template_child (widget_class, InnEventView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, InnEventView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InnEventView, severity_drop_down);
  gtk_widget_class_bind_template_child (widget_class, InnEventView, stack);
  gtk_widget_class_bind_template_child (widget_class, InnEventView, list_view);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_mode);
}

static void
inn_event_view_init (InnEventView *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
}

static void
set_model (InnEventView *self)
{
  GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_newest_first, NULL, NULL));
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;

  self->filter = GTK_FILTER (gtk_custom_filter_new (match, self, NULL));
  filtered = gtk_filter_list_model_new (g_object_ref (self->events), g_object_ref (self->filter));
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered), sorter);
  self->shown = GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (sorted)));

  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_unbind), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, self->shown);
  g_signal_connect_object (self->shown, "items-changed", G_CALLBACK (update_stack), self,
                           G_CONNECT_SWAPPED);
  update_stack (self);
}

/**
 * inn_event_view_new:
 * @inventory: the view
 * @host_id: (nullable): record id of the host to show; %NULL for all
 * @vm_uuid: (nullable): UUID of the guest to show; %NULL for all
 *
 * Returns: (transfer floating): the event log
 */
GtkWidget *
inn_event_view_new (InnInventory *inventory, const char *host_id, const char *vm_uuid)
{
  InnEventView *self;

  g_return_val_if_fail (INN_IS_INVENTORY (inventory), NULL);

  self = g_object_new (INN_TYPE_EVENT_VIEW, NULL);
  self->host_id = g_strdup (host_id);
  self->vm_uuid = g_strdup (vm_uuid);
  self->events = g_object_ref (inn_inventory_get_events (inventory));
  set_model (self);

  return GTK_WIDGET (self);
}

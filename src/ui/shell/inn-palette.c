/* inn-palette.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-palette.h"

#include "ui/shell/inn-palette-row.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * InnPalette:
 *
 * Ctrl+K: type a few letters, jump to any object by name, address or UUID, or run an action. What
 * is chosen runs as an action of the page that the palette was opened on, or of its window.
 */
struct _InnPalette
{
  AdwDialog parent_instance;

  InnInventory *inventory;
  GtkWidget *target;  /* runs what is chosen */
  GPtrArray *actions; /* of InnPaletteItem */
  guint refresh_id;
  GListStore *items;
  GtkSingleSelection *selection;

  GtkEditable *search_entry;
  GtkStack *stack;
  GtkListView *list_view;
};

G_DEFINE_FINAL_TYPE (InnPalette, inn_palette, ADW_TYPE_DIALOG)

/* Nobody reads further; typing one more letter is quicker. */
#define MAX_ITEMS 50
/* Hosts that connect bring their guests one after the other. */
#define REFRESH_MSEC 200

/* All words of the needle, in any order. */
static gboolean
matches (const char *text, char *const *words)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  if (folded == NULL)
    return FALSE;
  for (; *words != NULL; words++)
    if (strstr (folded, *words) == NULL)
      return FALSE;

  return TRUE;
}

static void
find_actions (InnPalette *self, char *const *words, GPtrArray *found)
{
  for (guint i = 0; i < self->actions->len; i++)
    {
      InnPaletteItem *item = g_ptr_array_index (self->actions, i);
      const char *where = inn_palette_item_get_where (item);
      g_autofree char *text = g_strjoin (" ", inn_palette_item_get_title (item), where, NULL);

      if (matches (text, words))
        g_ptr_array_add (found, g_object_ref (item));
    }
}

/* What is called so comes before what begins so, and that before the rest. */
static guint
get_rank (const char *name, char *const *words)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);

  if (g_str_equal (folded, words[0]))
    return 0;

  return g_str_has_prefix (folded, words[0]) ? 1 : 2;
}

/* One of the best matches so far, which are kept in order. */
typedef struct
{
  guint rank;
  char *key;
  InnPaletteItem *item;
} Match;

static void
match_clear (gpointer data)
{
  Match *match = data;

  g_free (match->key);
  g_object_unref (match->item);
}

/* MAX_ITEMS for what is none of the best. */
static guint
find_place (GArray *best, guint rank, const char *key)
{
  guint low = 0;
  guint high = best->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;
      const Match *other = &g_array_index (best, Match, middle);

      if (other->rank < rank || (other->rank == rank && strcmp (other->key, key) <= 0))
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
add_match (GArray *best, guint place, guint rank, const char *key, InnPaletteItem *item)
{
  Match match = { .rank = rank, .key = g_strdup (key), .item = item };

  if (best->len == MAX_ITEMS)
    g_array_set_size (best, MAX_ITEMS - 1);
  g_array_insert_val (best, place, match);
}

static gboolean
vm_matches (InnVm *vm, char *const *words)
{
  const char *const *addresses = inn_vm_get_addresses (vm);

  if (matches (inn_vm_get_name (vm), words) || matches (inn_vm_get_title (vm), words) ||
      g_str_has_prefix (inn_vm_get_uuid (vm), words[0]))
    return TRUE;
  for (; addresses != NULL && *addresses != NULL; addresses++)
    if (g_str_has_prefix (*addresses, words[0]))
      return TRUE;

  return FALSE;
}

static void
find_vms (InnPalette *self, InnHost *host, char *const *words, GArray *best)
{
  GListModel *vms = inn_host_get_vms (host);
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);
      guint rank;
      guint place;

      if (!vm_matches (vm, words))
        continue;

      rank = get_rank (inn_vm_get_name (vm), words);
      place = find_place (best, rank, inn_vm_get_name_key (vm));
      if (place < MAX_ITEMS)
        add_match (best, place, rank, inn_vm_get_name_key (vm),
                   inn_palette_item_new (
                       inn_vm_state_get_icon (inn_vm_get_state (vm)), inn_vm_get_name (vm),
                       inn_host_get_name (host), "win.show-vm",
                       g_variant_new ("(ss)", inn_host_get_id (host), inn_vm_get_uuid (vm))));
    }
}

static gboolean
host_matches (InnHost *host, char *const *words)
{
  const InnHostFacts *facts = inn_host_get_facts (host);

  return matches (inn_host_get_name (host), words) || matches (inn_host_get_uri (host), words) ||
         matches (facts->hostname, words) ||
         (facts->uuid != NULL && g_str_has_prefix (facts->uuid, words[0]));
}

/* A host, a cluster or a data center, of which there are few. */
static void
add_place (GArray *best,
           char *const *words,
           const char *icon,
           const char *name,
           const char *where,
           const char *action,
           const char *id)
{
  g_autofree char *key = g_utf8_collate_key_for_filename (name, -1);
  guint rank = get_rank (name, words);
  guint place = find_place (best, rank, key);

  if (place < MAX_ITEMS)
    add_match (best, place, rank, key,
               inn_palette_item_new (icon, name, where, action, g_variant_new_string (id)));
}

static void
find_host (InnPalette *self, InnHost *host, char *const *words, GArray *best)
{
  InnCluster *cluster = inn_inventory_get_cluster_of (self->inventory, host);

  if (host_matches (host, words))
    add_place (best, words, inn_host_state_get_icon (inn_host_get_state (host)),
               inn_host_get_name (host), cluster != NULL ? inn_cluster_get_name (cluster) : NULL,
               "win.show-host", inn_host_get_id (host));
}

static void
find_groups (InnDataCenter *data_center, char *const *words, GArray *best)
{
  GListModel *clusters = inn_data_center_get_clusters (data_center);
  guint n = g_list_model_get_n_items (clusters);

  if (matches (inn_data_center_get_name (data_center), words))
    add_place (best, words, "inn-data-center-symbolic", inn_data_center_get_name (data_center),
               NULL, "win.show-group", inn_data_center_get_id (data_center));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnCluster) cluster = g_list_model_get_item (clusters, i);

      if (matches (inn_cluster_get_name (cluster), words))
        add_place (best, words, "inn-cluster-symbolic", inn_cluster_get_name (cluster),
                   inn_data_center_get_name (data_center), "win.show-group",
                   inn_cluster_get_id (cluster));
    }
}

/* All are looked at: the best may come last. */
static void
find_objects (InnPalette *self, char *const *words, GPtrArray *found)
{
  GListModel *data_centers = inn_inventory_get_data_centers (self->inventory);
  GListModel *hosts = inn_inventory_get_hosts (self->inventory);
  g_autoptr (GArray) best = g_array_sized_new (FALSE, FALSE, sizeof (Match), MAX_ITEMS);

  g_array_set_clear_func (best, match_clear);
  for (guint i = 0; i < g_list_model_get_n_items (data_centers); i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);

      find_groups (data_center, words, best);
    }
  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      find_host (self, host, words, best);
      find_vms (self, host, words, best);
    }
  for (guint i = 0; i < best->len; i++)
    g_ptr_array_add (found, g_object_ref (g_array_index (best, Match, i).item));
}

static char **
split_words (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_auto (GStrv) parts = g_strsplit_set (folded, " \t", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0')
      g_strv_builder_add (words, *part);

  return g_strv_builder_end (words);
}

static GPtrArray *
find (InnPalette *self)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (GStrv) words = split_words (gtk_editable_get_text (self->search_entry));

  if (words[0] != NULL)
    find_objects (self, words, found);
  find_actions (self, words, found);

  return found;
}

static void
show (InnPalette *self, GPtrArray *found)
{
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       found->pdata, found->len);
  gtk_stack_set_visible_child_name (self->stack, found->len > 0 ? "list" : "empty");
}

static void
on_search_changed (InnPalette *self)
{
  g_autoptr (GPtrArray) found = find (self);

  show (self, found);
  /* What fits best is what Enter runs. */
  gtk_single_selection_set_selected (self->selection, 0);
}

static gboolean
shows (InnPalette *self, GPtrArray *found)
{
  GListModel *items = G_LIST_MODEL (self->items);

  if (g_list_model_get_n_items (items) != found->len)
    return FALSE;
  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (InnPaletteItem) item = g_list_model_get_item (items, i);

      if (!inn_palette_item_is_same (item, g_ptr_array_index (found, i)))
        return FALSE;
    }

  return TRUE;
}

/* What was chosen stays chosen, wherever it is now. */
static gboolean
refresh_cb (gpointer data)
{
  InnPalette *self = data;
  g_autoptr (GPtrArray) found = find (self);
  g_autoptr (InnPaletteItem) chosen = NULL;

  self->refresh_id = 0;
  if (shows (self, found))
    return G_SOURCE_REMOVE;

  g_set_object (&chosen, gtk_single_selection_get_selected_item (self->selection));
  show (self, found);
  for (guint i = 0; i < found->len && chosen != NULL; i++)
    if (inn_palette_item_is_same (chosen, g_ptr_array_index (found, i)))
      {
        gtk_single_selection_set_selected (self->selection, i);
        break;
      }

  return G_SOURCE_REMOVE;
}

/* Hosts and guests come and go while the palette is open. */
static void
on_inventory_changed (InnPalette *self)
{
  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (REFRESH_MSEC, refresh_cb, self);
}

static void
run (InnPalette *self, guint position)
{
  g_autoptr (InnPaletteItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);
  GtkWidget *window = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_WINDOW);

  if (item == NULL || window == NULL)
    return;

  inn_palette_item_run_soon (item, self->target, window);
  /* The palette goes first, so that a dialog of the action lands on the window, and the keyboard
   * back to where it was only to go on with what the action shows. */
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
on_activate (InnPalette *self, guint position)
{
  run (self, position);
}

static void
on_activate_first (InnPalette *self)
{
  /* Typing is quicker than the delay of the entry. */
  on_search_changed (self);
  run (self, gtk_single_selection_get_selected (self->selection));
}

static void
move_selection (InnPalette *self, int by)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint selected = gtk_single_selection_get_selected (self->selection);

  if (n == 0)
    return;

  selected = selected == GTK_INVALID_LIST_POSITION ? 0 : (selected + n + by) % n;
  gtk_list_view_scroll_to (self->list_view, selected, GTK_LIST_SCROLL_SELECT, NULL);
}

/* The entry takes Escape for itself. */
static void
on_stop_search (InnPalette *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
on_next_match (InnPalette *self)
{
  move_selection (self, 1);
}

static void
on_previous_match (InnPalette *self)
{
  move_selection (self, -1);
}

/* Arrow keys move in the list while the entry keeps the focus. */
static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                InnPalette *self)
{
  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_Up)
    return GDK_EVENT_PROPAGATE;

  move_selection (self, keyval == GDK_KEY_Down ? 1 : -1);
  return GDK_EVENT_STOP;
}

static void
on_clicked (GtkGestureClick *gesture, int n_press, double x, double y, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (gtk_widget_contains (row, x, y))
    run (INN_PALETTE (gtk_widget_get_ancestor (row, INN_TYPE_PALETTE)),
         gtk_list_item_get_position (item));
}

/* Not the list's own single click: that selects what is under the pointer, wherever it rests, and
 * Enter would run it. */
static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *row = inn_palette_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect_object (click, "released", G_CALLBACK (on_clicked), item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, row);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  InnPaletteItem *item = gtk_list_item_get_item (list_item);

  inn_palette_row_set_item (INN_PALETTE_ROW (gtk_list_item_get_child (list_item)), item);
  gtk_list_item_set_accessible_label (list_item, inn_palette_item_get_title (item));
}

static void
inn_palette_dispose (GObject *object)
{
  InnPalette *self = INN_PALETTE (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_PALETTE);
  g_clear_object (&self->inventory);
  g_clear_object (&self->target);
  g_clear_object (&self->selection);
  g_clear_object (&self->items);
  g_clear_pointer (&self->actions, g_ptr_array_unref);

  G_OBJECT_CLASS (inn_palette_parent_class)->dispose (object);
}

static void
inn_palette_class_init (InnPaletteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_palette_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/shell/inn-palette.ui");
  gtk_widget_class_bind_template_child (widget_class, InnPalette, search_entry);
  gtk_widget_class_bind_template_child (widget_class, InnPalette, stack);
  gtk_widget_class_bind_template_child (widget_class, InnPalette, list_view);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_activate_first);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_next_match);
  gtk_widget_class_bind_template_callback (widget_class, on_previous_match);
}

static void
inn_palette_init (InnPalette *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys;

  self->actions = g_ptr_array_new_with_free_func (g_object_unref);
  self->items = g_list_store_new (INN_TYPE_PALETTE_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));

  keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self,
                           G_CONNECT_DEFAULT);
  gtk_widget_add_controller (GTK_WIDGET (self->search_entry), keys);
}

/**
 * inn_palette_new:
 * @context: the services
 * @target: a page or window, of whose actions one will run
 *
 * Returns: (transfer floating): a palette that knows the objects; actions are added to it
 */
AdwDialog *
inn_palette_new (InnAppContext *context, GtkWidget *target)
{
  InnPalette *self;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (context), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (target), NULL);

  self = g_object_new (INN_TYPE_PALETTE, NULL);
  self->inventory = g_object_ref (inn_app_context_get_inventory (context));
  self->target = g_object_ref (target);
  g_signal_connect_object (inn_inventory_get_vms (self->inventory), "items-changed",
                           G_CALLBACK (on_inventory_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (inn_inventory_get_hosts (self->inventory), "items-changed",
                           G_CALLBACK (on_inventory_changed), self, G_CONNECT_SWAPPED);
  on_search_changed (self);

  return ADW_DIALOG (self);
}

/**
 * inn_palette_add_action:
 * @self: a palette
 * @icon: icon name
 * @title: what it does, translated
 * @where: (nullable): to what
 * @action: an action of what the palette was made for
 * @target: (nullable): its target; a floating reference is taken
 */
void
inn_palette_add_action (InnPalette *self,
                        const char *icon,
                        const char *title,
                        const char *where,
                        const char *action,
                        GVariant *target)
{
  g_return_if_fail (INN_IS_PALETTE (self));

  g_ptr_array_add (self->actions, inn_palette_item_new (icon, title, where, action, target));
  on_search_changed (self);
}

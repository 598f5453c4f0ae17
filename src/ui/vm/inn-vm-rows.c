/* inn-vm-rows.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-rows.h"

/**
 * InnVmRows:
 *
 * What the view of the guests shows: a [class@VmRow] for each place, and which guests are selected.
 *
 * A view keeps widgets for some 200 rows, seen or not, and makes new ones for each item that it did
 * not have. To it our rows never move: a filter or an order gives them other guests, and only the
 * end of the list comes and goes. That end does so a few rows a frame, as far as there are widgets
 * to make or to unmake: see inn_vm_rows_step(). Until then the last rows are without a guest.
 *
 * A guest stays selected wherever it goes, until it is not shown any more.
 */
struct _InnVmRows
{
  GObject parent_instance;

  InnVmModel *model;
  InnVmRowFunc func;
  GHashTable *rows;     /* of those the view holds, place to row; borrowed */
  GHashTable *places;   /* and back, for when one is gone */
  GHashTable *selected; /* guests */
  InnVm *anchor;        /* the guest that has to stay where it is seen */
  guint anchor_at;
  guint n; /* how many rows the view knows of */
  guint settled : 1;
  guint filled : 1; /* there were once as many as a view keeps */
};

enum
{
  PROP_0,
  PROP_SETTLED,
  N_PROPS
};

enum
{
  SIGNAL_SHIFTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* What a window of 800 pixels shows; what a frame can take besides, and what it may take while the
 * list fills for the first time and nobody scrolls or types yet; what a view keeps at most. */
#define FIRST_ROWS 28
#define MORE_ROWS 8
#define FILL_ROWS 16
#define LESS_ROWS 8
#define ALL_ROWS 260

static guint
get_target (InnVmRows *self)
{
  return self->model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->model)) : 0;
}

static InnVm *
dup_vm (InnVmRows *self, guint position)
{
  return self->model != NULL ? g_list_model_get_item (G_LIST_MODEL (self->model), position) : NULL;
}

static void
on_row_gone (gpointer data, GObject *row)
{
  InnVmRows *self = data;

  g_hash_table_remove (self->rows, g_hash_table_lookup (self->places, row));
  g_hash_table_remove (self->places, row);
}

static GType
inn_vm_rows_get_item_type (GListModel *model)
{
  return INN_TYPE_VM_ROW;
}

static guint
inn_vm_rows_get_n_items (GListModel *model)
{
  return INN_VM_ROWS (model)->n;
}

static gpointer
inn_vm_rows_get_item (GListModel *model, guint position)
{
  InnVmRows *self = INN_VM_ROWS (model);
  g_autoptr (InnVm) vm = NULL;
  InnVmRow *row;

  if (position >= self->n)
    return NULL;

  row = g_hash_table_lookup (self->rows, GUINT_TO_POINTER (position));
  if (row != NULL)
    return g_object_ref (row);

  vm = dup_vm (self, position);
  row = inn_vm_row_new (position, self->func);
  inn_vm_row_set_vm (row, vm);
  g_hash_table_insert (self->rows, GUINT_TO_POINTER (position), row);
  g_hash_table_insert (self->places, row, GUINT_TO_POINTER (position));
  g_object_weak_ref (G_OBJECT (row), on_row_gone, self);

  return row;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = inn_vm_rows_get_item_type;
  iface->get_n_items = inn_vm_rows_get_n_items;
  iface->get_item = inn_vm_rows_get_item;
}

static gboolean
inn_vm_rows_is_selected (GtkSelectionModel *model, guint position)
{
  InnVmRows *self = INN_VM_ROWS (model);
  g_autoptr (InnVm) vm = dup_vm (self, position);

  return vm != NULL && g_hash_table_contains (self->selected, vm);
}

static GtkBitset *
inn_vm_rows_get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  InnVmRows *self = INN_VM_ROWS (model);
  GtkBitset *selection = gtk_bitset_new_empty ();
  guint end = MIN (position + n, get_target (self));

  if (g_hash_table_size (self->selected) > 0)
    for (guint i = position; i < end; i++)
      if (inn_vm_rows_is_selected (model, i))
        gtk_bitset_add (selection, i);

  return selection;
}

static gboolean
inn_vm_rows_set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  InnVmRows *self = INN_VM_ROWS (model);
  GtkBitsetIter iter;
  guint position;

  if (!gtk_bitset_iter_init_first (&iter, mask, &position))
    return TRUE;

  do
    {
      InnVm *vm = dup_vm (self, position);

      if (vm == NULL)
        break;
      if (gtk_bitset_contains (selected, position))
        g_hash_table_add (self->selected, vm);
      else
        {
          g_hash_table_remove (self->selected, vm);
          g_object_unref (vm);
        }
    }
  while (gtk_bitset_iter_next (&iter, &position));

  position = gtk_bitset_get_minimum (mask);
  if (position < self->n)
    gtk_selection_model_selection_changed (
        model, position, MIN (gtk_bitset_get_maximum (mask), self->n - 1) - position + 1);
  return TRUE;
}

static void
selection_model_iface_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = inn_vm_rows_is_selected;
  iface->get_selection_in_range = inn_vm_rows_get_selection_in_range;
  iface->set_selection = inn_vm_rows_set_selection;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnVmRows,
                               inn_vm_rows,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          selection_model_iface_init))

static void
set_n (InnVmRows *self, guint n)
{
  guint old = self->n;

  self->n = n;
  self->filled |= n >= ALL_ROWS;
  if (n > old)
    g_list_model_items_changed (G_LIST_MODEL (self), old, 0, n - old);
  else if (n < old)
    g_list_model_items_changed (G_LIST_MODEL (self), n, old - n, 0);
}

static void
set_settled (InnVmRows *self, gboolean settled)
{
  if (self->settled == settled)
    return;

  self->settled = settled;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
}

/* As far as it costs next to nothing at once; the rest is for the frames that follow. */
static void
follow_length (InnVmRows *self)
{
  guint target = get_target (self);

  if (target < self->n)
    set_n (self, MAX (target, MIN (self->n, ALL_ROWS)));
  else if (self->n >= ALL_ROWS)
    set_n (self, target);
  else
    set_n (self, MAX (self->n, MIN (target, FIRST_ROWS)));
  set_settled (self, self->n == target);
}

static void
refill (InnVmRows *self, guint first, guint end)
{
  GHashTableIter iter;
  gpointer place;
  gpointer row;
  guint target = get_target (self);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &place, &row))
    {
      guint position = GPOINTER_TO_UINT (place);
      g_autoptr (InnVm) vm = NULL;

      if (position < first || position >= end)
        continue;
      vm = position < target ? dup_vm (self, position) : NULL;
      inn_vm_row_set_vm (row, vm);
    }
}

/* Nobody acts on what is not shown. */
static void
prune_selection (InnVmRows *self)
{
  g_autoptr (GHashTable) kept = NULL;
  guint n = get_target (self);

  if (g_hash_table_size (self->selected) == 0)
    return;

  kept = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = dup_vm (self, i);

      if (g_hash_table_contains (self->selected, vm))
        g_hash_table_add (kept, g_object_ref (vm));
    }
  g_hash_table_unref (self->selected);
  self->selected = g_steal_pointer (&kept);
  if (self->n > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, self->n);
}

/* Guests that came or went above shift what is seen; a new order or filter begins at the top. */
static void
follow_anchor (InnVmRows *self, guint position)
{
  guint n = get_target (self);

  if (self->anchor == NULL || inn_vm_model_is_reordering (self->model) ||
      position > self->anchor_at)
    return;

  for (guint i = position; i < n; i++)
    {
      g_autoptr (InnVm) vm = dup_vm (self, i);

      if (vm != self->anchor)
        continue;
      if (i != self->anchor_at)
        g_signal_emit (self, signals[SIGNAL_SHIFTED], 0, (int) i - (int) self->anchor_at);
      return;
    }
}

static void
on_items_changed (InnVmRows *self, guint position, guint removed, guint added, GListModel *model)
{
  refill (self, position, removed == added ? position + added : G_MAXUINT);
  follow_length (self);
  prune_selection (self);
  follow_anchor (self, position);
}

static void
inn_vm_rows_dispose (GObject *object)
{
  InnVmRows *self = INN_VM_ROWS (object);
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    g_object_weak_unref (row, on_row_gone, self);
  g_hash_table_remove_all (self->places);
  g_hash_table_remove_all (self->rows);
  g_hash_table_remove_all (self->selected);
  g_clear_object (&self->anchor);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (inn_vm_rows_parent_class)->dispose (object);
}

static void
inn_vm_rows_finalize (GObject *object)
{
  InnVmRows *self = INN_VM_ROWS (object);

  g_hash_table_unref (self->places);
  g_hash_table_unref (self->rows);
  g_hash_table_unref (self->selected);

  G_OBJECT_CLASS (inn_vm_rows_parent_class)->finalize (object);
}

static void
inn_vm_rows_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, INN_VM_ROWS (object)->settled);
}

static void
inn_vm_rows_class_init (InnVmRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_vm_rows_dispose;
  object_class->finalize = inn_vm_rows_finalize;
  object_class->get_property = inn_vm_rows_get_property;

  properties[PROP_SETTLED] =
      g_param_spec_boolean ("settled", NULL, NULL, TRUE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * InnVmRows::shifted:
   * @self: the rows
   * @by: how many rows further down the guest at the anchor is now
   */
  signals[SIGNAL_SHIFTED] = g_signal_new ("shifted", INN_TYPE_VM_ROWS, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
inn_vm_rows_init (InnVmRows *self)
{
  self->settled = TRUE;
  self->rows = g_hash_table_new (NULL, NULL);
  self->places = g_hash_table_new (NULL, NULL);
  self->selected = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/**
 * inn_vm_rows_new:
 * @model: the guests, filtered and sorted
 * @func: what tells a cell that its row has something else to show
 *
 * Returns: (transfer full): rows for them, the first screen of them at once
 */
InnVmRows *
inn_vm_rows_new (InnVmModel *model, InnVmRowFunc func)
{
  InnVmRows *self = g_object_new (INN_TYPE_VM_ROWS, NULL);

  self->model = g_object_ref (model);
  self->func = func;
  g_signal_connect_object (model, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED);
  follow_length (self);

  return self;
}

/**
 * inn_vm_rows_step:
 * @self: the rows
 *
 * Brings the number of rows nearer to the number of guests, by what one frame can take. To be
 * called once a frame while the property "settled" is %FALSE.
 *
 * Returns: whether there is more to do
 */
gboolean
inn_vm_rows_step (InnVmRows *self)
{
  guint target;
  guint more;

  g_return_val_if_fail (INN_IS_VM_ROWS (self), FALSE);

  target = get_target (self);
  more = self->filled ? MORE_ROWS : FILL_ROWS;
  if (self->n > target)
    set_n (self, MAX (target, self->n - MIN (self->n, LESS_ROWS)));
  else if (self->n < target)
    set_n (self, self->n + more >= ALL_ROWS ? target : MIN (target, self->n + more));
  set_settled (self, self->n == target);

  return !self->settled;
}

/**
 * inn_vm_rows_get_n_selected:
 * @self: the rows
 *
 * Returns: how many guests are selected
 */
guint
inn_vm_rows_get_n_selected (InnVmRows *self)
{
  g_return_val_if_fail (INN_IS_VM_ROWS (self), 0);

  return g_hash_table_size (self->selected);
}

/**
 * inn_vm_rows_dup_selected:
 * @self: the rows
 *
 * Returns: (transfer full) (element-type InnVm): the selected guests, in the order they are shown
 */
GPtrArray *
inn_vm_rows_dup_selected (InnVmRows *self)
{
  GPtrArray *vms = g_ptr_array_new_with_free_func (g_object_unref);
  guint n;

  g_return_val_if_fail (INN_IS_VM_ROWS (self), vms);

  n = g_hash_table_size (self->selected) > 0 ? get_target (self) : 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = dup_vm (self, i);

      if (g_hash_table_contains (self->selected, vm))
        g_ptr_array_add (vms, g_steal_pointer (&vm));
    }

  return vms;
}

/**
 * inn_vm_rows_set_anchor:
 * @self: the rows
 * @position: the first row that is seen; %GTK_INVALID_LIST_POSITION when the top of the list is
 *
 * Says which guest must stay where it is seen when others come or go above it: "shifted" then says
 * how far to scroll.
 */
void
inn_vm_rows_set_anchor (InnVmRows *self, guint position)
{
  g_autoptr (InnVm) vm = NULL;

  g_return_if_fail (INN_IS_VM_ROWS (self));

  vm = position != GTK_INVALID_LIST_POSITION ? dup_vm (self, position) : NULL;
  g_set_object (&self->anchor, vm);
  self->anchor_at = position;
}

/**
 * inn_vm_rows_tell:
 * @self: the rows
 * @property: (nullable): what changed of all guests
 *
 * Tells the cells of all rows that the view holds.
 */
void
inn_vm_rows_tell (InnVmRows *self, const char *property)
{
  GHashTableIter iter;
  gpointer row;

  g_return_if_fail (INN_IS_VM_ROWS (self));

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    inn_vm_row_tell (row, property);
}

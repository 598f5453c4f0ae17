/* inn-vm-model.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-model.h"

#include <string.h>

/**
 * InnVmModel:
 *
 * The guests of a list, filtered and sorted. Made for 10,000 rows that arrive host by host: what
 * comes is sorted by itself, a slice at a time on idle, and merged; what goes is dropped in one
 * pass; each flush is one "items-changed" over the range that really differs, so the rows
 * before and after it are left alone. No guest is watched: order and filter are looked over on
 * ticks, and not at all while the list is held because the pointer is over it.
 *
 * What of it a view makes widgets for is for [class@VmRows].
 */
struct _InnVmModel
{
  GObject parent_instance;

  InnInventory *inventory;
  GListModel *source;
  InnVmQuery *query;
  const InnVmColumn *sort;
  GPtrArray *mirror;  /* what the source has, in its order; to know what a removal took */
  GPtrArray *sorted;  /* all that were looked at, in the order asked for */
  GPtrArray *items;   /* what is shown of them; borrowed from there */
  GPtrArray *pending; /* came, and is not looked at yet */
  GHashTable *gone;   /* went, and is still shown or pending */
  guint flush_id;
  guint descending : 1;
  guint hold : 1;
  guint reordering : 1;
};

enum
{
  PROP_0,
  PROP_FILLING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* A slice of work of one turn of the main loop: about 3 ms. */
#define SLICE 400

/* After what hosts that answered together have brought. */
#define FLUSH_PRIORITY G_PRIORITY_DEFAULT_IDLE

static GType
inn_vm_model_get_item_type (GListModel *model)
{
  return INN_TYPE_VM;
}

static guint
inn_vm_model_get_n_items (GListModel *model)
{
  return INN_VM_MODEL (model)->items->len;
}

static gpointer
inn_vm_model_get_item (GListModel *model, guint position)
{
  InnVmModel *self = INN_VM_MODEL (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = inn_vm_model_get_item_type;
  iface->get_n_items = inn_vm_model_get_n_items;
  iface->get_item = inn_vm_model_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnVmModel,
                               inn_vm_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

/* A whole order: equal by the column means by name, then by UUID and host, so nothing flickers. */
static int
compare (InnVmModel *self, InnVm *a, InnVm *b)
{
  int order = self->sort->compare (a, b, self->inventory);

  if (order != 0)
    return self->descending ? -order : order;

  order = strcmp (inn_vm_get_name_key (a), inn_vm_get_name_key (b));
  if (order == 0)
    order = strcmp (inn_vm_get_uuid (a), inn_vm_get_uuid (b));
  return order != 0 ? order : (a > b) - (a < b);
}

static int
compare_pointers (gconstpointer a, gconstpointer b, gpointer self)
{
  return compare (self, *(InnVm *const *) a, *(InnVm *const *) b);
}

/* Takes @fresh over and tells of the range that differs. */
static void
replace_items (InnVmModel *self, GPtrArray *fresh)
{
  g_autoptr (GPtrArray) old = self->items;
  guint least = MIN (old->len, fresh->len);
  guint before = 0;
  guint after = 0;

  while (before < least && old->pdata[before] == fresh->pdata[before])
    before++;
  while (after < least - before &&
         old->pdata[old->len - 1 - after] == fresh->pdata[fresh->len - 1 - after])
    after++;

  self->items = fresh;
  if (old->len != fresh->len || before < fresh->len)
    g_list_model_items_changed (G_LIST_MODEL (self), before, old->len - before - after,
                                fresh->len - before - after);
}

static gboolean
is_shown (InnVmModel *self, InnVm *vm)
{
  return self->query == NULL || inn_vm_query_matches (self->query, vm);
}

/* One pass in order: what the filter lets through of all. */
static void
refilter (InnVmModel *self)
{
  GPtrArray *shown = g_ptr_array_sized_new (self->sorted->len);

  for (guint i = 0; i < self->sorted->len; i++)
    if (is_shown (self, g_ptr_array_index (self->sorted, i)))
      g_ptr_array_add (shown, g_ptr_array_index (self->sorted, i));
  replace_items (self, shown);
}

/* Where in all, from @first on, @vm belongs. */
static guint
find_place (InnVmModel *self, GPtrArray *all, guint first, InnVm *vm)
{
  guint end = all->len;

  while (first < end)
    {
      guint middle = first + (end - first) / 2;

      if (compare (self, g_ptr_array_index (all, middle), vm) <= 0)
        first = middle + 1;
      else
        end = middle;
    }

  return first;
}

/* Moves a range of @old to the end of @merged, and what is gone of it to @dropped. */
static void
move_range (
    InnVmModel *self, GPtrArray *old, guint first, guint end, GPtrArray *merged, GPtrArray *dropped)
{
  gboolean any_gone = g_hash_table_size (self->gone) > 0;

  for (guint i = first; i < end; i++)
    {
      InnVm *vm = g_ptr_array_index (old, i);

      if (any_gone && g_hash_table_contains (self->gone, vm))
        g_ptr_array_add (dropped, vm);
      else
        g_ptr_array_add (merged, vm);
    }
}

/* Merges @fresh, which is sorted, into all, and leaves out what is gone. */
static void
merge (InnVmModel *self, GPtrArray *fresh)
{
  g_autoptr (GPtrArray) old = self->sorted;
  /* They live until the view has let go of them. */
  g_autoptr (GPtrArray) dropped = g_ptr_array_new_with_free_func (g_object_unref);
  guint done = 0;

  self->sorted = g_ptr_array_new_full (old->len + fresh->len, g_object_unref);
  for (guint i = 0; i < fresh->len; i++)
    {
      InnVm *vm = g_ptr_array_index (fresh, i);
      guint place = find_place (self, old, done, vm);

      move_range (self, old, done, place, self->sorted, dropped);
      g_ptr_array_add (self->sorted, g_object_ref (vm));
      done = place;
    }
  move_range (self, old, done, old->len, self->sorted, dropped);
  g_ptr_array_set_free_func (old, NULL);

  refilter (self);
}

/* The same in a new order, or others of them: nothing of it is where it was. */
static void
reorder (InnVmModel *self)
{
  self->reordering = TRUE;
  refilter (self);
  self->reordering = FALSE;
}

static gboolean
on_flush (gpointer data)
{
  InnVmModel *self = data;
  g_autoptr (GPtrArray) fresh = g_ptr_array_new ();
  g_autoptr (GPtrArray) slice = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = MIN (self->pending->len, SLICE);

  for (guint i = 0; i < n; i++)
    {
      InnVm *vm = g_ptr_array_index (self->pending, i);

      g_ptr_array_add (slice, g_object_ref (vm));
      if (!g_hash_table_contains (self->gone, vm))
        g_ptr_array_add (fresh, vm);
    }
  g_ptr_array_remove_range (self->pending, 0, n);
  g_ptr_array_sort_with_data (fresh, compare_pointers, self);
  merge (self, fresh);

  if (self->pending->len > 0)
    return G_SOURCE_CONTINUE;

  g_hash_table_remove_all (self->gone);
  self->flush_id = 0;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILLING]);
  return G_SOURCE_REMOVE;
}

static void
on_source_changed (InnVmModel *self, guint position, guint removed, guint added, GListModel *source)
{
  for (guint i = 0; i < removed; i++)
    {
      InnVm *vm = g_ptr_array_index (self->mirror, position + i);

      g_hash_table_add (self->gone, g_object_ref (vm));
    }
  if (removed > 0)
    g_ptr_array_remove_range (self->mirror, position, removed);
  for (guint i = 0; i < added; i++)
    {
      InnVm *vm = g_list_model_get_item (source, position + i);

      /* One that moved goes and comes in the same turn: it must not be there twice. */
      if (!g_hash_table_remove (self->gone, vm))
        g_ptr_array_add (self->pending, g_object_ref (vm));
      g_ptr_array_insert (self->mirror, position + i, vm);
    }

  if (self->flush_id == 0)
    {
      self->flush_id = g_idle_add_full (FLUSH_PRIORITY, on_flush, self, NULL);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILLING]);
    }
}

static gboolean
is_sorted (InnVmModel *self)
{
  for (guint i = 1; i < self->sorted->len; i++)
    if (compare (self, self->sorted->pdata[i - 1], self->sorted->pdata[i]) > 0)
      return FALSE;

  return TRUE;
}

static void
inn_vm_model_dispose (GObject *object)
{
  InnVmModel *self = INN_VM_MODEL (object);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  g_clear_object (&self->source);
  g_clear_object (&self->query);
  g_clear_object (&self->inventory);

  G_OBJECT_CLASS (inn_vm_model_parent_class)->dispose (object);
}

static void
inn_vm_model_finalize (GObject *object)
{
  InnVmModel *self = INN_VM_MODEL (object);

  g_ptr_array_unref (self->mirror);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->sorted);
  g_ptr_array_unref (self->pending);
  g_hash_table_unref (self->gone);

  G_OBJECT_CLASS (inn_vm_model_parent_class)->finalize (object);
}

static void
inn_vm_model_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_FILLING:
      g_value_set_boolean (value, inn_vm_model_is_filling (INN_VM_MODEL (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_vm_model_class_init (InnVmModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_vm_model_dispose;
  object_class->finalize = inn_vm_model_finalize;
  object_class->get_property = inn_vm_model_get_property;

  properties[PROP_FILLING] =
      g_param_spec_boolean ("filling", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inn_vm_model_init (InnVmModel *self)
{
  self->sort = inn_vm_columns_find ("name");
  self->mirror = g_ptr_array_new_with_free_func (g_object_unref);
  self->sorted = g_ptr_array_new_with_free_func (g_object_unref);
  self->items = g_ptr_array_new ();
  self->pending = g_ptr_array_new_with_free_func (g_object_unref);
  self->gone = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

/* What was there before us is in the first frame. */
static void
fill (InnVmModel *self)
{
  guint n = g_list_model_get_n_items (self->source);

  for (guint i = 0; i < n; i++)
    {
      InnVm *vm = g_list_model_get_item (self->source, i);

      g_ptr_array_add (self->mirror, vm);
      g_ptr_array_add (self->sorted, g_object_ref (vm));
    }
  g_ptr_array_sort_with_data (self->sorted, compare_pointers, self);
  refilter (self);
}

/**
 * inn_vm_model_new:
 * @inventory: where hosts and clusters are looked up
 * @vms: a model of [class@Vm]
 *
 * Returns: (transfer full): all of @vms, by name: what is there is listed at once, what comes later
 *   on idle
 */
InnVmModel *
inn_vm_model_new (InnInventory *inventory, GListModel *vms)
{
  InnVmModel *self = g_object_new (INN_TYPE_VM_MODEL, NULL);

  self->inventory = g_object_ref (inventory);
  self->source = g_object_ref (vms);
  g_signal_connect_object (vms, "items-changed", G_CALLBACK (on_source_changed), self,
                           G_CONNECT_SWAPPED);
  fill (self);

  return self;
}

/**
 * inn_vm_model_set_query:
 * @self: the list
 * @query: (nullable): which to show; all for %NULL
 */
void
inn_vm_model_set_query (InnVmModel *self, InnVmQuery *query)
{
  g_return_if_fail (INN_IS_VM_MODEL (self));

  if (query != NULL && inn_vm_query_is_empty (query))
    query = NULL;
  if (g_set_object (&self->query, query))
    reorder (self);
}

/**
 * inn_vm_model_set_sort:
 * @self: the list
 * @column: (nullable): what to sort by; by name for %NULL
 * @descending: largest first
 */
void
inn_vm_model_set_sort (InnVmModel *self, const InnVmColumn *column, gboolean descending)
{
  g_return_if_fail (INN_IS_VM_MODEL (self));

  if (column == NULL)
    column = inn_vm_columns_find ("name");
  if (self->sort == column && self->descending == !!descending)
    return;

  self->sort = column;
  self->descending = !!descending;
  g_ptr_array_sort_with_data (self->sorted, compare_pointers, self);
  reorder (self);
}

/**
 * inn_vm_model_set_hold:
 * @self: the list
 * @hold: whether rows must stay where they are, because the pointer is over them
 */
void
inn_vm_model_set_hold (InnVmModel *self, gboolean hold)
{
  g_return_if_fail (INN_IS_VM_MODEL (self));

  self->hold = !!hold;
}

/**
 * inn_vm_model_tick:
 * @self: the list
 *
 * Looks over filter and order, unless held: what hosts report changes both.
 */
void
inn_vm_model_tick (InnVmModel *self)
{
  g_return_if_fail (INN_IS_VM_MODEL (self));

  if (self->hold)
    return;

  if (is_sorted (self))
    {
      refilter (self);
      return;
    }

  g_ptr_array_sort_with_data (self->sorted, compare_pointers, self);
  reorder (self);
}

/**
 * inn_vm_model_get_n_source:
 * @self: the list
 *
 * Returns: how many guests there are, shown or not
 */
guint
inn_vm_model_get_n_source (InnVmModel *self)
{
  g_return_val_if_fail (INN_IS_VM_MODEL (self), 0);

  return self->mirror->len;
}

/**
 * inn_vm_model_is_filling:
 * @self: the list
 *
 * Returns: whether guests that came are not listed yet
 */
gboolean
inn_vm_model_is_filling (InnVmModel *self)
{
  g_return_val_if_fail (INN_IS_VM_MODEL (self), FALSE);

  return self->flush_id != 0;
}

/**
 * inn_vm_model_is_reordering:
 * @self: the list
 *
 * Returns: in "items-changed": whether rows moved against each other or the filter is another one,
 *   and not only some came and went
 */
gboolean
inn_vm_model_is_reordering (InnVmModel *self)
{
  g_return_val_if_fail (INN_IS_VM_MODEL (self), FALSE);

  return self->reordering;
}

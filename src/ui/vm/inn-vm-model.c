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
 * pass; each flush is one "items-changed" over the range that really differs, so the view keeps
 * its rows, its selection and its place. No guest is watched: order and filter are looked over on
 * ticks, and not at all while the list is held because the pointer is over it.
 *
 * A view makes widgets for some 200 rows at once, whatever is seen, and new ones for each item it
 * did not have. So what a person asked for (a filter, an order) is exposed from the top, one screen
 * at first and a little more each frame, until the rest costs nothing.
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
  guint expose_id;
  guint limit; /* how many of the items are exposed */
  guint descending : 1;
  guint hold : 1;
};

enum
{
  PROP_0,
  PROP_FILLING,
  PROP_N_MATCHING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* A slice of work of one turn of the main loop: about 3 ms. */
#define SLICE 400

/* One screen; what a frame can take besides; more than a view keeps widgets for. */
#define FIRST_ROWS 40
#define MORE_ROWS 10
#define ALL_ROWS 260
#define FRAME_MS 20

static GType
inn_vm_model_get_item_type (GListModel *model)
{
  return INN_TYPE_VM;
}

static guint
inn_vm_model_get_n_items (GListModel *model)
{
  InnVmModel *self = INN_VM_MODEL (model);

  return MIN (self->items->len, self->limit);
}

static gpointer
inn_vm_model_get_item (GListModel *model, guint position)
{
  InnVmModel *self = INN_VM_MODEL (model);

  return position < MIN (self->items->len, self->limit)
             ? g_object_ref (g_ptr_array_index (self->items, position))
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

static gboolean
on_expose (gpointer data)
{
  InnVmModel *self = data;
  guint old = MIN (self->items->len, self->limit);
  guint now;

  self->limit = self->limit + MORE_ROWS >= ALL_ROWS ? G_MAXUINT : self->limit + MORE_ROWS;
  now = MIN (self->items->len, self->limit);
  if (now > old)
    g_list_model_items_changed (G_LIST_MODEL (self), old, 0, now - old);
  if (self->limit != G_MAXUINT)
    return G_SOURCE_CONTINUE;

  self->expose_id = 0;
  return G_SOURCE_REMOVE;
}

/* Takes @fresh over and tells of the range that differs. */
static void
replace_items (InnVmModel *self, GPtrArray *fresh, guint limit)
{
  g_autoptr (GPtrArray) old = self->items;
  guint n_old = MIN (old->len, self->limit);
  guint n_new = MIN (fresh->len, limit);
  guint least = MIN (n_old, n_new);
  guint before = 0;
  guint after = 0;

  while (before < least && old->pdata[before] == fresh->pdata[before])
    before++;
  while (after < least - before && old->pdata[n_old - 1 - after] == fresh->pdata[n_new - 1 - after])
    after++;

  self->items = fresh;
  self->limit = limit;
  if (n_old != n_new || before < n_new)
    g_list_model_items_changed (G_LIST_MODEL (self), before, n_old - before - after,
                                n_new - before - after);
  if (limit != G_MAXUINT && fresh->len > limit && self->expose_id == 0)
    self->expose_id = g_timeout_add (FRAME_MS, on_expose, self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_MATCHING]);
}

static gboolean
is_shown (InnVmModel *self, InnVm *vm)
{
  return self->query == NULL || inn_vm_query_matches (self->query, vm);
}

/* One pass in order: what the filter lets through of all. */
static void
refilter (InnVmModel *self, guint limit)
{
  GPtrArray *shown = g_ptr_array_sized_new (self->sorted->len);

  for (guint i = 0; i < self->sorted->len; i++)
    if (is_shown (self, g_ptr_array_index (self->sorted, i)))
      g_ptr_array_add (shown, g_ptr_array_index (self->sorted, i));
  replace_items (self, shown, limit);
}

/* Merges @fresh, which is sorted, into all, and leaves out what is gone. */
static void
merge (InnVmModel *self, GPtrArray *fresh)
{
  g_autoptr (GPtrArray) old = self->sorted;
  GPtrArray *merged = g_ptr_array_new_full (old->len + fresh->len, g_object_unref);
  guint next = 0;

  for (guint i = 0; i < old->len; i++)
    {
      InnVm *vm = g_ptr_array_index (old, i);

      if (g_hash_table_contains (self->gone, vm))
        continue;
      while (next < fresh->len && compare (self, g_ptr_array_index (fresh, next), vm) < 0)
        g_ptr_array_add (merged, g_object_ref (g_ptr_array_index (fresh, next++)));
      g_ptr_array_add (merged, g_object_ref (vm));
    }
  while (next < fresh->len)
    g_ptr_array_add (merged, g_object_ref (g_ptr_array_index (fresh, next++)));

  /* The old ones live until the view has let go of them. */
  self->sorted = merged;
  refilter (self, self->limit);
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
      self->flush_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 30, on_flush, self, NULL);
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
  g_clear_handle_id (&self->expose_id, g_source_remove);
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
    case PROP_N_MATCHING:
      g_value_set_uint (value, inn_vm_model_get_n_matching (INN_VM_MODEL (object)));
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
  properties[PROP_N_MATCHING] =
      g_param_spec_uint ("n-matching", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inn_vm_model_init (InnVmModel *self)
{
  self->sort = inn_vm_columns_find ("name");
  self->limit = FIRST_ROWS;
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
  refilter (self, FIRST_ROWS);
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
    refilter (self, FIRST_ROWS);
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
  refilter (self, FIRST_ROWS);
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

  if (!is_sorted (self))
    g_ptr_array_sort_with_data (self->sorted, compare_pointers, self);
  refilter (self, self->limit);
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
 * inn_vm_model_get_n_matching:
 * @self: the list
 *
 * Returns: how many guests the filter lets through, exposed or not
 */
guint
inn_vm_model_get_n_matching (InnVmModel *self)
{
  g_return_val_if_fail (INN_IS_VM_MODEL (self), 0);

  return self->items->len;
}

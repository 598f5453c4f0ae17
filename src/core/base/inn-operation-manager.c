/* inn-operation-manager.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-operation-manager.h"

/**
 * InnOperationManager:
 *
 * A list model of [class@Operation], newest first: those of this process and, as the store finds
 * them, those of others. The 200 newest that are over are kept.
 */
struct _InnOperationManager
{
  GObject parent_instance;

  GPtrArray *operations; /* oldest first */
  guint n_running;
};

enum
{
  PROP_0,
  PROP_N_RUNNING,
  N_PROPS
};

enum
{
  SIGNAL_ENDED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

#define MAX_ENDED 200

static GType
inn_operation_manager_get_item_type (GListModel *model)
{
  return INN_TYPE_OPERATION;
}

static guint
inn_operation_manager_get_n_items (GListModel *model)
{
  return INN_OPERATION_MANAGER (model)->operations->len;
}

static gpointer
inn_operation_manager_get_item (GListModel *model, guint position)
{
  InnOperationManager *self = INN_OPERATION_MANAGER (model);

  if (position >= self->operations->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->operations, self->operations->len - 1 - position));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = inn_operation_manager_get_item_type;
  iface->get_n_items = inn_operation_manager_get_n_items;
  iface->get_item = inn_operation_manager_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnOperationManager,
                               inn_operation_manager,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
remove_index (InnOperationManager *self, guint index)
{
  guint position = self->operations->len - 1 - index;

  g_ptr_array_remove_index (self->operations, index);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

static void
drop_old (InnOperationManager *self)
{
  guint n_ended = self->operations->len - self->n_running;

  for (guint i = 0; i < self->operations->len && n_ended > MAX_ENDED;)
    {
      if (inn_operation_is_ended (g_ptr_array_index (self->operations, i)))
        {
          remove_index (self, i);
          n_ended--;
        }
      else
        i++;
    }
}

static void
on_operation_state (InnOperationManager *self, GParamSpec *pspec, InnOperation *operation)
{
  if (!inn_operation_is_ended (operation))
    return;

  self->n_running--;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_RUNNING]);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, operation);
  drop_old (self);
}

static void
inn_operation_manager_finalize (GObject *object)
{
  InnOperationManager *self = INN_OPERATION_MANAGER (object);

  g_clear_pointer (&self->operations, g_ptr_array_unref);

  G_OBJECT_CLASS (inn_operation_manager_parent_class)->finalize (object);
}

static void
inn_operation_manager_get_property (GObject *object,
                                    guint prop_id,
                                    GValue *value,
                                    GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_N_RUNNING:
      g_value_set_uint (value, INN_OPERATION_MANAGER (object)->n_running);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_operation_manager_class_init (InnOperationManagerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = inn_operation_manager_finalize;
  object_class->get_property = inn_operation_manager_get_property;

  properties[PROP_N_RUNNING] =
      g_param_spec_uint ("n-running", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * InnOperationManager::ended:
   * @operation: the operation that has just ended, well or not
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, INN_TYPE_OPERATION);
}

static void
inn_operation_manager_init (InnOperationManager *self)
{
  self->operations = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * inn_operation_manager_new:
 *
 * Returns: (transfer full): an empty list
 */
InnOperationManager *
inn_operation_manager_new (void)
{
  return g_object_new (INN_TYPE_OPERATION_MANAGER, NULL);
}

/**
 * inn_operation_manager_add:
 * @self: the list
 * @operation: shown from now on
 */
void
inn_operation_manager_add (InnOperationManager *self, InnOperation *operation)
{
  g_return_if_fail (INN_IS_OPERATION_MANAGER (self));
  g_return_if_fail (INN_IS_OPERATION (operation));

  g_ptr_array_add (self->operations, g_object_ref (operation));
  if (!inn_operation_is_ended (operation))
    {
      self->n_running++;
      g_signal_connect_object (operation, "notify::state", G_CALLBACK (on_operation_state), self,
                               G_CONNECT_SWAPPED);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_RUNNING]);
  drop_old (self);
}

/**
 * inn_operation_manager_find:
 * @self: the list
 * @id: an operation's id
 *
 * Returns: (transfer none) (nullable): the operation
 */
InnOperation *
inn_operation_manager_find (InnOperationManager *self, const char *id)
{
  g_return_val_if_fail (INN_IS_OPERATION_MANAGER (self), NULL);

  for (guint i = 0; i < self->operations->len; i++)
    {
      InnOperation *operation = g_ptr_array_index (self->operations, i);

      if (g_strcmp0 (inn_operation_get_id (operation), id) == 0)
        return operation;
    }

  return NULL;
}

/**
 * inn_operation_manager_get_n_running:
 * @self: the list
 *
 * Returns: how many are not over
 */
guint
inn_operation_manager_get_n_running (InnOperationManager *self)
{
  g_return_val_if_fail (INN_IS_OPERATION_MANAGER (self), 0);

  return self->n_running;
}

/**
 * inn_operation_manager_clear_ended:
 * @self: the list
 *
 * Takes those that are over out of the list, but for what was left behind and waits for an answer.
 */
void
inn_operation_manager_clear_ended (InnOperationManager *self)
{
  g_return_if_fail (INN_IS_OPERATION_MANAGER (self));

  for (guint i = self->operations->len; i > 0; i--)
    {
      InnOperation *operation = g_ptr_array_index (self->operations, i - 1);

      if (inn_operation_is_ended (operation) && !inn_operation_is_offered (operation))
        remove_index (self, i - 1);
    }
}

/* inn-palette-item.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-palette-item.h"

/**
 * InnPaletteItem:
 *
 * Something to go to or to do: how it looks and the action that does it. Immutable.
 */
struct _InnPaletteItem
{
  GObject parent_instance;

  char *icon;
  char *title;
  char *where;
  char *action;
  GVariant *target;
};

G_DEFINE_FINAL_TYPE (InnPaletteItem, inn_palette_item, G_TYPE_OBJECT)

static void
inn_palette_item_finalize (GObject *object)
{
  InnPaletteItem *self = INN_PALETTE_ITEM (object);

  g_free (self->icon);
  g_free (self->title);
  g_free (self->where);
  g_free (self->action);
  g_clear_pointer (&self->target, g_variant_unref);

  G_OBJECT_CLASS (inn_palette_item_parent_class)->finalize (object);
}

static void
inn_palette_item_class_init (InnPaletteItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_palette_item_finalize;
}

static void
inn_palette_item_init (InnPaletteItem *self)
{
}

/**
 * inn_palette_item_new:
 * @icon: icon name
 * @title: what it is, no markup
 * @where: (nullable): where it is
 * @action: name of the action
 * @target: (nullable): its target; a floating reference is taken
 *
 * Returns: (transfer full): an item
 */
InnPaletteItem *
inn_palette_item_new (
    const char *icon, const char *title, const char *where, const char *action, GVariant *target)
{
  InnPaletteItem *self = g_object_new (INN_TYPE_PALETTE_ITEM, NULL);

  self->icon = g_strdup (icon);
  self->title = g_strdup (title);
  self->where = g_strdup (where);
  self->action = g_strdup (action);
  self->target = target != NULL ? g_variant_ref_sink (target) : NULL;

  return self;
}

/**
 * inn_palette_item_get_icon:
 * @self: an item
 *
 * Returns: icon name
 */
const char *
inn_palette_item_get_icon (InnPaletteItem *self)
{
  g_return_val_if_fail (INN_IS_PALETTE_ITEM (self), NULL);

  return self->icon;
}

/**
 * inn_palette_item_get_title:
 * @self: an item
 *
 * Returns: what it is
 */
const char *
inn_palette_item_get_title (InnPaletteItem *self)
{
  g_return_val_if_fail (INN_IS_PALETTE_ITEM (self), NULL);

  return self->title;
}

/**
 * inn_palette_item_get_where:
 * @self: an item
 *
 * Returns: (nullable): where it is
 */
const char *
inn_palette_item_get_where (InnPaletteItem *self)
{
  g_return_val_if_fail (INN_IS_PALETTE_ITEM (self), NULL);

  return self->where;
}

/**
 * inn_palette_item_get_action:
 * @self: an item
 *
 * Returns: name of the action
 */
const char *
inn_palette_item_get_action (InnPaletteItem *self)
{
  g_return_val_if_fail (INN_IS_PALETTE_ITEM (self), NULL);

  return self->action;
}

/**
 * inn_palette_item_get_target:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the action's target
 */
GVariant *
inn_palette_item_get_target (InnPaletteItem *self)
{
  g_return_val_if_fail (INN_IS_PALETTE_ITEM (self), NULL);

  return self->target;
}

/**
 * inn_palette_item_is_same:
 * @self: an item
 * @other: another one
 *
 * Returns: whether both are called the same and do the same
 */
gboolean
inn_palette_item_is_same (InnPaletteItem *self, InnPaletteItem *other)
{
  g_return_val_if_fail (INN_IS_PALETTE_ITEM (self), FALSE);
  g_return_val_if_fail (INN_IS_PALETTE_ITEM (other), FALSE);

  if (g_strcmp0 (self->title, other->title) != 0 || g_strcmp0 (self->action, other->action) != 0)
    return FALSE;

  return self->target == other->target || (self->target != NULL && other->target != NULL &&
                                           g_variant_equal (self->target, other->target));
}

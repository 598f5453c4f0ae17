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

typedef struct
{
  InnPaletteItem *item;
  GtkWidget *target;
  GtkWidget *window;
} Running;

static void
running_free (gpointer data)
{
  Running *running = data;

  g_object_unref (running->item);
  g_object_unref (running->target);
  g_object_unref (running->window);
  g_free (running);
}

/* The page may have gone meanwhile, with its object; the window is there. */
static gboolean
run_cb (gpointer data)
{
  Running *running = data;
  GtkWidget *widget =
      gtk_widget_get_root (running->target) != NULL ? running->target : running->window;

  gtk_widget_activate_action_variant (widget, running->item->action, running->item->target);
  return G_SOURCE_REMOVE;
}

/**
 * inn_palette_item_run_soon:
 * @self: an item
 * @target: of whose actions it is one, or of what is around it
 * @window: runs it when @target has gone by then
 *
 * Runs its action when nothing else is to be done.
 */
void
inn_palette_item_run_soon (InnPaletteItem *self, GtkWidget *target, GtkWidget *window)
{
  Running *running;

  g_return_if_fail (INN_IS_PALETTE_ITEM (self));

  running = g_new0 (Running, 1);
  running->item = g_object_ref (self);
  running->target = g_object_ref (target);
  running->window = g_object_ref (window);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, run_cb, running, running_free);
}

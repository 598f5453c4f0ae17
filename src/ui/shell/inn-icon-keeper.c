/* inn-icon-keeper.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-icon-keeper.h"

/**
 * InnIconKeeper:
 *
 * Holds the icons that the program shows for as long as it runs.
 *
 * GTK's cache of icons holds no reference to what is in it; the last hundred that were used are
 * held by a ring beside it. GTK's icon-loading thread moves that ring, too, and drops what falls
 * out of it. Where that was the last reference, the icon ends in that thread while the main thread
 * may find it in the cache and take a reference to it: “object_ref: assertion
 * '!object_already_finalized' failed”, and a crash. So it is in GTK 4.18.6, and what 4.20 and the
 * versions after it do is the same. An icon that somebody holds cannot end so.
 */
struct _InnIconKeeper
{
  GObject parent_instance;

  GtkIconTheme *theme;
  GHashTable *kept; /* scale -> GPtrArray of GtkIconPaintable, in the order of icons[] */
  guint idle;
};

G_DEFINE_FINAL_TYPE (InnIconKeeper, inn_icon_keeper, G_TYPE_OBJECT)

/* Looking an icon up may read a file: so many in a turn of the main loop. */
#define SLICE 4

enum
{
  SMALL = 16,
  COMPACT = 96, /* of a compact status page */
  PAGE = 128,
};

static const struct
{
  const char *name;
  int size; /* pixels, before scaling */
} icons[] = {
  /* What the templates and the code name; the data check compares. */
  { "content-loading-symbolic", SMALL },
  { "dialog-error-symbolic", SMALL },
  { "dialog-information-symbolic", SMALL },
  { "dialog-password-symbolic", SMALL },
  { "dialog-warning-symbolic", SMALL },
  { "document-open-recent-symbolic", SMALL },
  { "document-open-symbolic", SMALL },
  { "document-save-symbolic", SMALL },
  { "go-down-symbolic", SMALL },
  { "go-next-symbolic", SMALL },
  { "go-up-symbolic", SMALL },
  { "help-about-symbolic", SMALL },
  { "help-browser-symbolic", SMALL },
  { "inn-cluster-symbolic", SMALL },
  { "inn-data-center-symbolic", SMALL },
  { "inn-events-symbolic", SMALL },
  { "inn-filters-symbolic", SMALL },
  { "inn-host-off-symbolic", SMALL },
  { "inn-host-symbolic", SMALL },
  { "inn-overview-symbolic", SMALL },
  { "inn-paused-symbolic", SMALL },
  { "inn-running-symbolic", SMALL },
  { "inn-stopped-symbolic", SMALL },
  { "inn-stopping-symbolic", SMALL },
  { "inn-vm-symbolic", SMALL },
  { "list-add-symbolic", SMALL },
  { "media-record-symbolic", SMALL },
  { "network-error-symbolic", SMALL },
  { "network-server-symbolic", SMALL },
  { "object-select-symbolic", SMALL },
  { "open-menu-symbolic", SMALL },
  { "preferences-desktop-keyboard-symbolic", SMALL },
  { "preferences-system-symbolic", SMALL },
  { "process-stop-symbolic", SMALL },
  { "system-run-symbolic", SMALL },
  { "system-search-symbolic", SMALL },
  { "system-shutdown-symbolic", SMALL },
  { "system-users-symbolic", SMALL },
  { "utilities-terminal-symbolic", SMALL },
  { "view-fullscreen-symbolic", SMALL },
  { "view-more-symbolic", SMALL },
  { "view-refresh-symbolic", SMALL },
  { "view-restore-symbolic", SMALL },
  { "dialog-error-symbolic", PAGE },
  { "document-open-recent-symbolic", PAGE },
  { "inn-host-symbolic", PAGE },
  { "inn-vm-symbolic", PAGE },
  { "network-server-symbolic", PAGE },
  { "system-search-symbolic", PAGE },
  { "view-fullscreen-symbolic", PAGE },
  { "dialog-error-symbolic", COMPACT },
  { "dialog-password-symbolic", COMPACT },
  { "network-error-symbolic", COMPACT },
  { "system-search-symbolic", COMPACT },
  { "system-shutdown-symbolic", COMPACT },
  /* What GTK and libadwaita show of themselves: search fields, menus, windows. */
  { "edit-clear-symbolic", SMALL },
  { "edit-find-symbolic", SMALL },
  { "go-previous-symbolic", SMALL },
  { "pan-down-symbolic", SMALL },
  { "pan-end-symbolic", SMALL },
  { "window-close-symbolic", SMALL },
  { "window-maximize-symbolic", SMALL },
  { "window-minimize-symbolic", SMALL },
  { "window-restore-symbolic", SMALL },
};

/* As GtkImage asks, by a themed icon, whose names are two: otherwise it would be another entry of
 * the cache. */
static GtkIconPaintable *
look_up (InnIconKeeper *self, const char *name, int size, int scale)
{
  g_autoptr (GIcon) icon = g_themed_icon_new (name);

  return gtk_icon_theme_lookup_by_gicon (
      self->theme, icon, size, scale, gtk_widget_get_default_direction (), GTK_ICON_LOOKUP_PRELOAD);
}

/* Returns: whether there is more to do */
static gboolean
keep_some (InnIconKeeper *self, int scale, GPtrArray *kept)
{
  guint end = MIN (kept->len + SLICE, G_N_ELEMENTS (icons));

  for (guint i = kept->len; i < end; i++)
    g_ptr_array_add (kept, look_up (self, icons[i].name, icons[i].size, scale));

  return end < G_N_ELEMENTS (icons);
}

static gboolean
on_idle (gpointer data)
{
  InnIconKeeper *self = data;
  GHashTableIter iter;
  gpointer scale, kept;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, &scale, &kept))
    if (keep_some (self, GPOINTER_TO_INT (scale), kept))
      return G_SOURCE_CONTINUE;

  self->idle = 0;
  return G_SOURCE_REMOVE;
}

static void
want_scale (InnIconKeeper *self, int scale)
{
  if (!g_hash_table_contains (self->kept, GINT_TO_POINTER (scale)))
    g_hash_table_insert (self->kept, GINT_TO_POINTER (scale),
                         g_ptr_array_new_with_free_func (g_object_unref));
}

static void
begin (InnIconKeeper *self)
{
  if (self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_LOW, on_idle, self, NULL);
}

/* What was kept is not in the cache any more. */
static void
on_theme_changed (InnIconKeeper *self)
{
  GHashTableIter iter;
  gpointer kept;

  g_hash_table_iter_init (&iter, self->kept);
  while (g_hash_table_iter_next (&iter, NULL, &kept))
    {
      g_ptr_array_set_size (kept, 0);
      begin (self);
    }
}

static void
on_scale (InnIconKeeper *self, GParamSpec *pspec, GtkWidget *window)
{
  want_scale (self, gtk_widget_get_scale_factor (window));
  begin (self);
}

static void
on_after_paint (InnIconKeeper *self, GdkFrameClock *clock)
{
  g_signal_handlers_disconnect_by_func (clock, on_after_paint, self);
  begin (self);
}

static void
on_map (InnIconKeeper *self, GtkWidget *window)
{
  g_signal_handlers_disconnect_by_func (window, on_map, self);
  want_scale (self, gtk_widget_get_scale_factor (window));
  g_signal_connect_object (window, "notify::scale-factor", G_CALLBACK (on_scale), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_widget_get_frame_clock (window), "after-paint",
                           G_CALLBACK (on_after_paint), self, G_CONNECT_SWAPPED);
}

static void
inn_icon_keeper_finalize (GObject *object)
{
  InnIconKeeper *self = INN_ICON_KEEPER (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_hash_table_unref (self->kept);
  g_clear_object (&self->theme);

  G_OBJECT_CLASS (inn_icon_keeper_parent_class)->finalize (object);
}

static void
inn_icon_keeper_class_init (InnIconKeeperClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_icon_keeper_finalize;
}

static void
inn_icon_keeper_init (InnIconKeeper *self)
{
  self->kept = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * inn_icon_keeper_new:
 *
 * Returns: (transfer full): keeps nothing until a window is followed
 */
InnIconKeeper *
inn_icon_keeper_new (void)
{
  return g_object_new (INN_TYPE_ICON_KEEPER, NULL);
}

/**
 * inn_icon_keeper_follow:
 * @self: the keeper
 * @window: a window that is not shown yet; all are on one display
 *
 * Keeps the icons at the scale of @window, from its first frame on, in idle time.
 */
void
inn_icon_keeper_follow (InnIconKeeper *self, GtkWidget *window)
{
  g_return_if_fail (INN_IS_ICON_KEEPER (self));
  g_return_if_fail (GTK_IS_WIDGET (window));

  if (self->theme == NULL)
    {
      self->theme = g_object_ref (gtk_icon_theme_get_for_display (gtk_widget_get_display (window)));
      g_signal_connect_object (self->theme, "changed", G_CALLBACK (on_theme_changed), self,
                               G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (window, "map", G_CALLBACK (on_map), self, G_CONNECT_SWAPPED);
}

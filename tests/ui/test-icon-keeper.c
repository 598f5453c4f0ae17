/* test-icon-keeper.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-test.h"
#include "ui/shell/inn-icon-keeper.h"

#include <adwaita.h>

/* What is kept is what widgets show, and not another entry of GTK's cache: it gets one reference
 * more while a widget shows it. GTK's ring of recently used icons holds one, too, until others took
 * all its places. */

#define RING 100

/* The thread that loads an icon holds it for a moment: so often it has to be seen. */
#define STEADY 100

typedef struct
{
  const char *name;
  int size;
  gboolean on_page;
  gboolean compact;
  guint wanted; /* references */
  guint n_seen;

  GtkWidget *window;
  GtkWidget *child;
  GtkIconPaintable *icon; /* weak */
} Case;

static GtkIconPaintable *
look_up (const char *name, int size)
{
  g_autoptr (GIcon) icon = g_themed_icon_new (name);

  return gtk_icon_theme_lookup_by_gicon (
      gtk_icon_theme_get_for_display (gdk_display_get_default ()), icon, size, 1,
      gtk_widget_get_default_direction (), GTK_ICON_LOOKUP_PRELOAD);
}

/* Looks at the icon, and does not hold it. */
static void
watch (Case *self)
{
  g_autoptr (GtkIconPaintable) icon = look_up (self->name, self->size);

  g_set_weak_pointer (&self->icon, icon);
}

static void
turn_ring (void)
{
  for (guint i = 0; i < RING; i++)
    {
      g_autoptr (GtkIconPaintable) one = look_up ("weather-clear-symbolic", 16);
      g_autoptr (GtkIconPaintable) other = look_up ("weather-clear-symbolic", 32);
    }
}

static gboolean
is_gone (gpointer data)
{
  Case *self = data;

  turn_ring ();
  return self->icon == NULL;
}

static gboolean
is_held (gpointer data)
{
  Case *self = data;

  if (self->icon == NULL)
    watch (self);
  turn_ring ();
  /* A widget looks its icon up when it is drawn, anew where its style changed. */
  if (self->child != NULL)
    gtk_widget_queue_draw (self->child);
  if (self->icon == NULL || G_OBJECT (self->icon)->ref_count != self->wanted)
    self->n_seen = 0;
  else
    self->n_seen++;
  return self->n_seen == STEADY;
}

static void
await_references (Case *self, guint n)
{
  self->wanted = n;
  self->n_seen = 0;
  inn_test_spin (is_held, self);
}

static GtkWidget *
create_widget (Case *self)
{
  GtkWidget *page;

  if (!self->on_page)
    return gtk_image_new_from_icon_name (self->name);

  page = adw_status_page_new ();
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), self->name);
  if (self->compact)
    gtk_widget_add_css_class (page, "compact");
  return page;
}

/* Large enough for all: one that grows without a window manager may wait for ever. */
static GtkWidget *
present_window (InnIconKeeper *keeper)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 400, 400);
  inn_icon_keeper_follow (keeper, window);
  gtk_window_present (GTK_WINDOW (window));
  return window;
}

static void
test_kept (gconstpointer data)
{
  Case self = *(const Case *) data;
  g_autoptr (InnIconKeeper) keeper = inn_icon_keeper_new ();

  /* GTK alone forgets it. */
  watch (&self);
  inn_test_spin (is_gone, &self);

  self.window = present_window (keeper);
  await_references (&self, 1);

  self.child = create_widget (&self);
  gtk_window_set_child (GTK_WINDOW (self.window), self.child);
  await_references (&self, 2);
  gtk_window_set_child (GTK_WINDOW (self.window), NULL);
  self.child = NULL;
  await_references (&self, 1);

  g_clear_object (&keeper);
  inn_test_spin (is_gone, &self);
  gtk_window_destroy (GTK_WINDOW (self.window));
}

/* Another theme is another cache, which is filled anew. */
static void
test_theme_changes (void)
{
  g_autoptr (InnIconKeeper) keeper = inn_icon_keeper_new ();
  Case self = { "dialog-error-symbolic", 16 };
  GtkSettings *settings = gtk_settings_get_default ();
  GtkIconPaintable *before;

  self.window = present_window (keeper);
  await_references (&self, 1);
  before = self.icon;
  g_object_add_weak_pointer (G_OBJECT (before), (gpointer *) &before);

  g_object_set (settings, "gtk-icon-theme-name", "hicolor", NULL);
  while (before != NULL)
    g_main_context_iteration (NULL, TRUE);
  await_references (&self, 1);

  gtk_settings_reset_property (settings, "gtk-icon-theme-name");
  g_clear_object (&keeper);
  g_clear_weak_pointer (&self.icon);
  gtk_window_destroy (GTK_WINDOW (self.window));
}

int
main (int argc, char **argv)
{
  static const Case small = { "dialog-error-symbolic", 16 };
  static const Case ours = { "inn-vm-symbolic", 16 };
  static const Case page = { "system-search-symbolic", 128, .on_page = TRUE };
  static const Case compact = { "system-shutdown-symbolic", 96, .on_page = TRUE, .compact = TRUE };

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  inn_init ();
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/io/github/innkeeper/Innkeeper/icons");

  g_test_add_data_func ("/icon-keeper/small", &small, test_kept);
  g_test_add_data_func ("/icon-keeper/ours", &ours, test_kept);
  g_test_add_data_func ("/icon-keeper/page", &page, test_kept);
  g_test_add_data_func ("/icon-keeper/compact", &compact, test_kept);
  g_test_add_func ("/icon-keeper/theme-changes", test_theme_changes);

  return g_test_run ();
}

/* window-fixture.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "window-fixture.h"

#include "base/inn-dex.h"
#include "fake-view.h"

#include <string.h>

gboolean
window_fixture_is_mapped (gpointer widget)
{
  return gtk_widget_get_mapped (widget);
}

void
window_fixture_set_up (WindowFixture *fixture, gconstpointer data)
{
  fixture->store = inn_test_dir_new ();
  fixture->context = inn_app_context_new (fixture->store, NULL);
  fixture->settings = inn_settings_new ();
  fixture->inventory = inn_app_context_get_inventory (fixture->context);
  fake_view_fill (fixture->inventory, 6, 40);
  fixture->window = inn_window_new (GTK_APPLICATION (data), fixture->context, fixture->settings);
  gtk_window_present (GTK_WINDOW (fixture->window));
  inn_test_spin (window_fixture_is_mapped, fixture->window);
}

static gboolean
is_null (gpointer pointer)
{
  return *(gpointer *) pointer == NULL;
}

void
window_fixture_tear_down (WindowFixture *fixture, gconstpointer data)
{
  gpointer window = fixture->window;
  gpointer settings = fixture->settings;

  g_object_add_weak_pointer (window, &window);
  g_object_add_weak_pointer (settings, &settings);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  g_object_unref (fixture->settings);
  inn_test_spin (is_null, &window);
  inn_test_spin (is_null, &settings);

  g_assert_true (inn_test_settle (inn_app_context_close (fixture->context), NULL) || TRUE);
  g_clear_object (&fixture->context);
  g_clear_pointer (&fixture->store, inn_test_dir_free);
}

GtkWidget *
window_fixture_find (GtkWidget *widget, GType type, const char *text)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type))
    {
      if (text == NULL)
        return widget;
      if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
        return widget;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = window_fixture_find (child, type, text);

      if (found != NULL)
        return found;
    }

  return NULL;
}

typedef struct
{
  GtkWidget *root;
  const char *text;
} Sought;

static gboolean
shows (gpointer data)
{
  Sought *sought = data;
  GtkWidget *label = window_fixture_find (sought->root, GTK_TYPE_LABEL, sought->text);

  return label != NULL && gtk_widget_get_mapped (label);
}

void
window_fixture_wait_for_text (WindowFixture *fixture, const char *text)
{
  Sought sought = { GTK_WIDGET (fixture->window), text };

  inn_test_spin (shows, &sought);
}

static void
on_frame (GdkFrameClock *clock, guint *n_frames)
{
  (*n_frames)++;
}

static gboolean
is_drawn (gpointer n_frames)
{
  return *(guint *) n_frames >= 2;
}

void
window_fixture_wait_for_frames (WindowFixture *fixture)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window));
  guint n_frames = 0;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_frame), &n_frames);

  gdk_frame_clock_begin_updating (clock);
  inn_test_spin (is_drawn, &n_frames);
  gdk_frame_clock_end_updating (clock);
  g_signal_handler_disconnect (clock, handler);
}

AdwApplication *
window_fixture_init (int *argc, char ***argv)
{
  AdwApplication *application;
  g_autoptr (GError) error = NULL;

  /* Without folders of its own: icons are found by the desktop's data. */
  g_test_init (argc, argv, NULL);
  inn_init ();
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);

  return application;
}

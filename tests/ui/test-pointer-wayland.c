/* test-pointer-wayland.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-test.h"
#include "pattern-source.h"
#include "ui/console/inn-display.h"

#include <glib/gstdio.h>
#include <string.h>

/* A guest that takes movements only, on a Wayland desktop that is a window of a virtual X server,
 * which moves its pointer: what is asked of it while the guest has the keyboard, and that nothing
 * of it stays. libwayland itself writes down all that is said. */

static char *said_path;

static char *
read_said (void)
{
  char *text;

  fflush (stderr);
  g_assert_true (g_file_get_contents (said_path, &text, NULL, NULL));
  return text;
}

static guint
count (const char *pattern)
{
  g_autofree char *text = read_said ();
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  guint n = 0;

  g_regex_match (regex, text, 0, &match);
  while (g_match_info_matches (match))
    {
      n++;
      g_match_info_next (match, NULL);
    }
  return n;
}

static gboolean
is_said (gpointer pattern)
{
  return count (pattern) > 0;
}

#define LOCK "zwp_pointer_constraints_v1[@#]\\d+\\.lock_pointer"
#define LOCKED "zwp_locked_pointer_v1[@#]\\d+\\.locked"
#define RELATIVE "zwp_relative_pointer_manager_v1[@#]\\d+\\.get_relative_pointer"

static void
assert_nothing_left (guint locks)
{
  static const char *const objects[] = { "zwp_locked_pointer_v1", "zwp_relative_pointer_v1",
                                         "zwp_pointer_constraints_v1",
                                         "zwp_relative_pointer_manager_v1" };

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++)
    {
      g_autofree char *pattern = g_strdup_printf ("%s[@#]\\d+\\.destroy", objects[i]);

      g_assert_cmpuint (count (pattern), ==, locks);
    }
}

static void
run_xdotool (const char *const *words)
{
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autoptr (GError) error = NULL;

  xdotool = g_subprocess_newv (words, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (xdotool, NULL, NULL));
}

static gboolean
has_moved (gpointer source)
{
  g_autofree char *log = pattern_source_take_log (source);

  return strstr (log, "relative 40 -30") != NULL;
}

static gboolean
is_drawn (gpointer display)
{
  return inn_display_get_stats (display)->frames > 0;
}

static void
test_lock (void)
{
  PatternSource *source = pattern_source_new (200, 100);
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  GtkWidget *display = inn_display_new ();

  gtk_window_set_child (window, display);
  inn_display_set_source (INN_DISPLAY (display), INN_DISPLAY_SOURCE (source));
  pattern_source_set_absolute (source, FALSE);
  pattern_source_make_ready (source);
  gtk_window_present (window);
  inn_test_spin (is_said, (gpointer) "wl_pointer[@#]\\d+|get_pointer");
  while (!gtk_widget_get_mapped (display))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count (LOCK), ==, 0);

  /* The desktop holds a pointer only in the window that was clicked last. */
  inn_test_spin (is_said, (gpointer) "wl_keyboard[@#]\\d+\\.enter");
  inn_test_spin (is_drawn, display);
  run_xdotool ((const char *const[]) { "xdotool", "mousemove", "400", "300", NULL });
  inn_test_spin (is_said, (gpointer) "wl_pointer[@#]\\d+\\.enter");
  run_xdotool ((const char *const[]) { "xdotool", "click", "1", NULL });
  inn_test_spin (is_said, (gpointer) LOCK);
  g_assert_true (inn_display_get_grabbed (INN_DISPLAY (display)));
  g_assert_cmpuint (count (RELATIVE), ==, 1);
  inn_test_spin (is_said, (gpointer) LOCKED);
  g_free (pattern_source_take_log (source));
  run_xdotool ((const char *const[]) { "xdotool", "mousemove_relative", "--", "40", "-30", NULL });
  inn_test_spin (has_moved, source);

  /* Given back with the keyboard. */
  inn_display_release (INN_DISPLAY (display));
  assert_nothing_left (1);

  /* Not for a guest that takes positions, until it does not any more. */
  pattern_source_set_absolute (source, TRUE);
  inn_display_grab (INN_DISPLAY (display));
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (count (LOCK), ==, 1);
  pattern_source_set_absolute (source, FALSE);
  while (count (LOCK) < 2)
    g_main_context_iteration (NULL, FALSE);

  /* Nor does it outlive its window. */
  gtk_window_destroy (window);
  assert_nothing_left (2);
  for (int i = 0; i < 50; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (source);
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

int
main (int argc, char **argv)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *weston = g_find_program_in_path ("weston");
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  g_autofree char *socket = g_build_filename (dir, "innkeeper-test", NULL);
  g_autofree char *log = g_strdup_printf ("--log=%s/weston.log", (char *) dir);
  g_autoptr (GSubprocess) desktop = NULL;
  int result;

  inn_test_init (&argc, &argv);
  if (weston == NULL || xdotool == NULL)
    {
      g_print ("1..0 # SKIP weston or xdotool is not installed\n");
      return 0;
    }

  g_setenv ("XDG_RUNTIME_DIR", dir, TRUE);
  g_setenv ("WAYLAND_DISPLAY", "innkeeper-test", TRUE);
  g_setenv ("GDK_BACKEND", "wayland", TRUE);
  desktop = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, weston, "--backend=x11",
                              "--renderer=pixman", "--shell=kiosk", "--width=1000", "--height=700",
                              "--no-config", "--socket=innkeeper-test", log, NULL);
  g_assert_nonnull (desktop);
  inn_test_spin (is_there, socket);

  said_path = g_build_filename (dir, "said", NULL);
  g_setenv ("WAYLAND_DEBUG", "1", TRUE);
  g_assert_nonnull (freopen (said_path, "w", stderr));
  gtk_init ();
  g_test_add_func ("/pointer-wayland/lock", test_lock);
  result = g_test_run ();

  g_subprocess_force_exit (desktop);
  g_subprocess_wait (desktop, NULL, NULL);
  g_free (said_path);
  return result;
}

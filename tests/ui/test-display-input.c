/* test-display-input.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-test.h"
#include "pattern-source.h"
#include "ui/console/inn-display-private.h"
#include "ui/console/inn-key-combo.h"

#include <linux/input-event-codes.h>
#include <stdlib.h>

/* What the guest is sent for what a person does. */

typedef struct
{
  GtkWindow *window;
  GtkWidget *other;
  InnDisplay *display;
  PatternSource *source;
  guint shortcuts;
  gboolean clicked;
  int moved_x;
  int moved_y;
} Fixture;

static gboolean
is_focused (gpointer widget)
{
  return gtk_widget_has_focus (widget) &&
         gtk_window_is_active (GTK_WINDOW (gtk_widget_get_root (widget)));
}

static gboolean
shortcut_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->shortcuts++;
  return TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *shortcuts = gtk_shortcut_controller_new ();

  fixture->source = pattern_source_new (400, 300);
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->other = gtk_button_new_with_label ("other");
  fixture->display = INN_DISPLAY (inn_display_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->display), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->display));
  gtk_box_append (GTK_BOX (box), fixture->other);
  gtk_window_set_child (fixture->window, box);
  gtk_window_set_default_size (fixture->window, 500, 400);

  /* As a window has its own: looked up on the way down to the focus. */
  gtk_event_controller_set_propagation_phase (shortcuts, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (shortcuts), GTK_SHORTCUT_SCOPE_LOCAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (shortcuts),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_k, GDK_CONTROL_MASK),
                        gtk_callback_action_new (shortcut_cb, fixture, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (fixture->window), shortcuts);

  inn_display_set_source (fixture->display, INN_DISPLAY_SOURCE (fixture->source));
  pattern_source_make_ready (fixture->source);
  gtk_window_present (fixture->window);
  gtk_widget_grab_focus (GTK_WIDGET (fixture->display));
  inn_test_spin (is_focused, fixture->display);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (fixture->window);
  g_object_unref (fixture->source);
}

static gboolean
key (Fixture *fixture, guint code, guint keyval, gboolean down)
{
  return inn_display_handle_key (fixture->display, NULL, code, keyval, down);
}

static void
assert_sent (Fixture *fixture, const char *expected)
{
  g_autofree char *log = pattern_source_take_log (fixture->source);

  g_assert_cmpstr (log, ==, expected);
}

static void
test_typing (Fixture *fixture, gconstpointer data)
{
  g_assert_false (inn_display_get_grabbed (fixture->display));
  g_assert_true (key (fixture, KEY_A, GDK_KEY_a, TRUE));
  g_assert_true (inn_display_get_grabbed (fixture->display));
  g_assert_true (key (fixture, KEY_A, GDK_KEY_a, TRUE));
  g_assert_true (key (fixture, KEY_A, GDK_KEY_a, FALSE));
  assert_sent (fixture, "key 30 1; key 30 1; key 30 0");

  g_assert_true (key (fixture, KEY_TAB, GDK_KEY_Tab, TRUE));
  assert_sent (fixture, "key 15 1");
}

static void
test_navigation (Fixture *fixture, gconstpointer data)
{
  g_assert_false (key (fixture, KEY_TAB, GDK_KEY_Tab, TRUE));
  g_assert_false (key (fixture, KEY_F6, GDK_KEY_F6, TRUE));
  g_assert_false (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "");
}

static void
test_lone_modifiers (Fixture *fixture, gconstpointer data)
{
  g_assert_false (key (fixture, KEY_LEFTMETA, GDK_KEY_Super_L, TRUE));
  g_assert_false (key (fixture, KEY_LEFTMETA, GDK_KEY_Super_L, FALSE));
  g_assert_false (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "");

  /* With a key it means something. */
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, TRUE);
  key (fixture, KEY_C, GDK_KEY_c, TRUE);
  key (fixture, KEY_C, GDK_KEY_c, FALSE);
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, FALSE);
  assert_sent (fixture, "key 29 1; key 46 1; key 46 0; key 29 0");
}

static void
test_release_keys (Fixture *fixture, gconstpointer data)
{
  key (fixture, KEY_A, GDK_KEY_a, TRUE);
  key (fixture, KEY_A, GDK_KEY_a, FALSE);
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, TRUE);
  key (fixture, KEY_LEFTALT, GDK_KEY_Alt_L, TRUE);
  g_assert_true (inn_display_get_grabbed (fixture->display));
  key (fixture, KEY_LEFTALT, GDK_KEY_Alt_L, FALSE);
  g_assert_false (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "key 30 1; key 30 0; key 29 1; key 56 1; key 29 0; key 56 0");

  /* Now the window has its keys, until the guest is asked for. */
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, FALSE);
  g_assert_false (key (fixture, KEY_A, GDK_KEY_a, TRUE));
  g_assert_true (key (fixture, KEY_ENTER, GDK_KEY_Return, TRUE));
  assert_sent (fixture, "");
  g_assert_true (inn_display_get_grabbed (fixture->display));
}

/* Ctrl+Alt+T is the guest's. */
static void
test_no_release (Fixture *fixture, gconstpointer data)
{
  inn_display_grab (fixture->display);
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, TRUE);
  key (fixture, KEY_LEFTALT, GDK_KEY_Alt_L, TRUE);
  key (fixture, KEY_T, GDK_KEY_t, TRUE);
  key (fixture, KEY_T, GDK_KEY_t, FALSE);
  key (fixture, KEY_LEFTALT, GDK_KEY_Alt_L, FALSE);
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, FALSE);
  g_assert_true (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "key 29 1; key 56 1; key 20 1; key 20 0; key 56 0; key 29 0");
}

static void
test_other_release_keys (Fixture *fixture, gconstpointer data)
{
  g_assert_false (inn_display_set_release_keys (fixture->display, "Ctrl"));
  g_assert_false (inn_display_set_release_keys (fixture->display, "F12"));
  g_assert_false (inn_display_set_release_keys (fixture->display, "Ctrl+Nonsense"));
  g_assert_cmpstr (inn_display_get_release_keys (fixture->display), ==, "Ctrl+Alt");
  g_assert_true (inn_display_set_release_keys (fixture->display, "Shift+F12"));

  inn_display_grab (fixture->display);
  key (fixture, KEY_LEFTSHIFT, GDK_KEY_Shift_L, TRUE);
  key (fixture, KEY_F12, GDK_KEY_F12, TRUE);
  g_assert_false (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "key 42 1; key 42 0");
}

/* Right Ctrl alone, as preferences offer it; with a key it is the guest's. */
static void
test_lone_release_key (Fixture *fixture, gconstpointer data)
{
  g_autofree char *label = NULL;

  g_assert_true (inn_display_set_release_keys (fixture->display, "Control_R"));
  label = inn_display_dup_release_label (fixture->display);
  g_assert_cmpstr (label, ==, "Right Ctrl");

  inn_display_grab (fixture->display);
  key (fixture, KEY_RIGHTCTRL, GDK_KEY_Control_R, TRUE);
  key (fixture, KEY_C, GDK_KEY_c, TRUE);
  key (fixture, KEY_C, GDK_KEY_c, FALSE);
  key (fixture, KEY_RIGHTCTRL, GDK_KEY_Control_R, FALSE);
  g_assert_true (inn_display_get_grabbed (fixture->display));
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, TRUE);
  key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, FALSE);
  g_assert_true (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "key 97 1; key 46 1; key 46 0; key 97 0; key 29 1; key 29 0");

  key (fixture, KEY_RIGHTCTRL, GDK_KEY_Control_R, TRUE);
  key (fixture, KEY_RIGHTCTRL, GDK_KEY_Control_R, FALSE);
  g_assert_false (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "key 97 1; key 97 0");
}

static void
test_focus_out (Fixture *fixture, gconstpointer data)
{
  key (fixture, KEY_A, GDK_KEY_a, TRUE);
  key (fixture, KEY_LEFTSHIFT, GDK_KEY_Shift_L, TRUE);
  assert_sent (fixture, "key 30 1; key 42 1");
  gtk_widget_grab_focus (fixture->other);
  g_assert_false (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "key 30 0; key 42 0");
}

static gboolean
has_resize (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *log = pattern_source_take_log (fixture->source);
  g_autofree char *wanted =
      g_strdup_printf ("resize %d %d", gtk_widget_get_width (GTK_WIDGET (fixture->display)),
                       gtk_widget_get_height (GTK_WIDGET (fixture->display)));

  return strcmp (log, wanted) == 0;
}

static void
test_guest_follows (Fixture *fixture, gconstpointer data)
{
  pattern_source_set_resizable (fixture->source, TRUE);
  inn_display_set_scaling (fixture->display, INN_DISPLAY_SCALING_FOLLOW);
  inn_test_spin (has_resize, fixture);

  /* Another size of the window, once. */
  gtk_widget_set_size_request (fixture->other, -1, 60);
  inn_test_spin (has_resize, fixture);
  g_assert_cmpint (inn_display_get_scaling (fixture->display), ==, INN_DISPLAY_SCALING_FOLLOW);

  /* A server that cannot be asked. */
  pattern_source_set_resizable (fixture->source, FALSE);
  gtk_widget_set_size_request (fixture->other, -1, 90);
  inn_test_spin (has_resize, fixture);
  g_assert_cmpint (inn_display_get_scaling (fixture->display), ==, INN_DISPLAY_SCALING_FIT);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  key (fixture, KEY_A, GDK_KEY_a, TRUE);
  pattern_source_set_state (fixture->source, INN_DISPLAY_CLOSED);
  g_assert_false (inn_display_get_grabbed (fixture->display));
  g_assert_false (key (fixture, KEY_B, GDK_KEY_b, TRUE));
}

static void
test_view_only (Fixture *fixture, gconstpointer data)
{
  inn_display_set_view_only (fixture->display, TRUE);
  g_assert_false (key (fixture, KEY_A, GDK_KEY_a, TRUE));
  inn_display_grab (fixture->display);
  g_assert_false (inn_display_get_grabbed (fixture->display));
  assert_sent (fixture, "");
}

static void
test_combos (Fixture *fixture, gconstpointer data)
{
  guint codes[INN_KEY_COMBO_MAX];
  guint n = inn_key_combo_parse ("ctrl+alt+delete", codes);

  g_assert_cmpuint (n, ==, 3);
  inn_display_send_keys (fixture->display, codes, n);
  assert_sent (fixture, "key 29 1; key 56 1; key 111 1; key 111 0; key 56 0; key 29 0");
  g_assert_cmpuint (inn_key_combo_parse ("ctrl+nonsense", codes), ==, 0);
  g_assert_cmpuint (inn_key_combo_parse ("a+b+c+d+e+f", codes), ==, 0);
}

static gboolean
has_log (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *log = pattern_source_take_log (fixture->source);

  return strstr (log, "key 37 1") != NULL;
}

static gboolean
run_xdotool (const char *first, ...)
{
  g_autofree char *program = g_find_program_in_path ("xdotool");
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  va_list args;

  if (program == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return FALSE;
    }

  g_ptr_array_add (argv, program);
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  return TRUE;
}

static gboolean
has_shortcut (gpointer data)
{
  return ((Fixture *) data)->shortcuts > 0;
}

static gboolean
is_drawn (gpointer display)
{
  return inn_display_get_stats (display)->frames > 0;
}

/* A real key on a real window: the guest has it before the window's shortcuts do. */
static void
test_real_key (Fixture *fixture, gconstpointer data)
{
  if (!run_xdotool ("mousemove", "100", "100", "key", "ctrl+k", NULL))
    return;

  inn_test_spin (has_log, fixture);
  g_assert_cmpuint (fixture->shortcuts, ==, 0);

  inn_display_release (fixture->display);
  gtk_widget_grab_focus (fixture->other);
  run_xdotool ("key", "ctrl+k", NULL);
  inn_test_spin (has_shortcut, fixture);
}

static gboolean
has_release (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *log = pattern_source_take_log (fixture->source);

  fixture->clicked |= strstr (log, "button 1 1") != NULL;
  return fixture->clicked && strstr (log, "button 1 0") != NULL;
}

static void
test_real_click (Fixture *fixture, gconstpointer data)
{
  inn_test_spin (is_drawn, fixture->display);
  if (!run_xdotool ("mousemove", "200", "150", "click", "1", NULL))
    return;

  inn_test_spin (has_release, fixture);
  g_assert_true (inn_display_get_grabbed (fixture->display));
}

/* Sums up the movements that were sent. */
static gboolean
has_moved (gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *log = pattern_source_take_log (fixture->source);
  g_auto (GStrv) words = g_strsplit (log, " ", -1);

  for (guint i = 0; words[i] != NULL && words[i + 1] != NULL && words[i + 2] != NULL; i++)
    if (g_str_equal (words[i], "relative"))
      {
        fixture->moved_x += atoi (words[i + 1]);
        fixture->moved_y += atoi (words[i + 2]);
      }
  return fixture->moved_x >= 5000 && fixture->moved_y <= -3000;
}

/* A guest that takes movements only: there is no edge where they end, and the pointer stays. */
static void
test_relative (Fixture *fixture, gconstpointer data)
{
  inn_test_spin (is_drawn, fixture->display);
  pattern_source_set_absolute (fixture->source, FALSE);
  inn_display_grab (fixture->display);
  g_assert_true (inn_display_is_locked (fixture->display));
  for (int i = 0; i < 50; i++)
    if (!run_xdotool ("mousemove_relative", "--", "100", "-60", NULL))
      return;

  inn_test_spin (has_moved, fixture);
  g_assert_cmpint (fixture->moved_x, ==, 5000);
  g_assert_cmpint (fixture->moved_y, ==, -3000);
  g_assert_true (inn_display_get_grabbed (fixture->display));

  /* The chord gives the pointer back too. */
  g_assert_true (key (fixture, KEY_LEFTCTRL, GDK_KEY_Control_L, TRUE));
  g_assert_true (key (fixture, KEY_LEFTALT, GDK_KEY_Alt_L, TRUE));
  g_assert_true (key (fixture, KEY_LEFTALT, GDK_KEY_Alt_L, FALSE));
  g_assert_false (inn_display_get_grabbed (fixture->display));
  g_assert_false (inn_display_is_locked (fixture->display));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/display-input/typing", test_typing },
    { "/display-input/navigation", test_navigation },
    { "/display-input/lone-modifiers", test_lone_modifiers },
    { "/display-input/release-keys", test_release_keys },
    { "/display-input/no-release", test_no_release },
    { "/display-input/other-release-keys", test_other_release_keys },
    { "/display-input/lone-release-key", test_lone_release_key },
    { "/display-input/focus-out", test_focus_out },
    { "/display-input/guest-follows", test_guest_follows },
    { "/display-input/closed", test_closed },
    { "/display-input/view-only", test_view_only },
    { "/display-input/combos", test_combos },
    { "/display-input/real-key", test_real_key },
    { "/display-input/real-click", test_real_click },
    { "/display-input/relative", test_relative },
  };

  inn_test_init (&argc, &argv);
  gtk_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}

/* test-clipboard.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-test.h"
#include "pattern-source.h"
#include "ui/console/inn-clipboard-bridge.h"
#include "ui/console/inn-guest-content.h"

#include <string.h>

/* What is copied on one side can be pasted on the other, and nothing goes round in circles. */

typedef struct
{
  GtkWindow *window;
  GtkWidget *other;
  InnDisplay *display;
  PatternSource *source;
  InnClipboardBridge *bridge;
  GdkClipboard *clipboard;
  char *failure;
} Fixture;

static gboolean
is_focused (gpointer widget)
{
  return gtk_widget_has_focus (widget) &&
         gtk_window_is_active (GTK_WINDOW (gtk_widget_get_root (widget)));
}

static void
focus (GtkWidget *widget)
{
  gtk_widget_grab_focus (widget);
  inn_test_spin (is_focused, widget);
}

static void
failed_cb (InnClipboardBridge *bridge, const GError *error, Fixture *fixture)
{
  g_free (fixture->failure);
  fixture->failure = g_strdup (error->message);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  fixture->source = pattern_source_new (100, 80);
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->other = gtk_button_new_with_label ("other");
  fixture->display = INN_DISPLAY (inn_display_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->display));
  gtk_box_append (GTK_BOX (box), fixture->other);
  gtk_window_set_child (fixture->window, box);
  inn_display_set_source (fixture->display, INN_DISPLAY_SOURCE (fixture->source));
  pattern_source_make_ready (fixture->source);
  fixture->clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->display));
  gdk_clipboard_set_content (fixture->clipboard, NULL);
  gdk_clipboard_set_content (gtk_widget_get_primary_clipboard (GTK_WIDGET (fixture->display)),
                             NULL);
  fixture->bridge = inn_clipboard_bridge_new (fixture->display);
  g_signal_connect (fixture->bridge, "failed", G_CALLBACK (failed_cb), fixture);
  gtk_window_present (fixture->window);
  focus (fixture->other);
  g_free (pattern_source_take_log (fixture->source));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->bridge);
  gtk_window_destroy (fixture->window);
  g_assert_finalize_object (fixture->source);
  g_free (fixture->failure);
}

static void
assert_log (Fixture *fixture, const char *expected)
{
  g_autofree char *log = pattern_source_take_log (fixture->source);

  g_assert_cmpstr (log, ==, expected);
}

static char *
paste_in_guest (Fixture *fixture, const char *mime_type, GError **error)
{
  DexFuture *future = pattern_source_paste (fixture->source, INN_SELECTION_CLIPBOARD, mime_type);
  char *text = NULL;

  dex_ref (future);
  if (inn_test_settle (future, error))
    {
      GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

      text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
  dex_unref (future);
  return text;
}

typedef struct
{
  gboolean done;
  char *text;
  GError *error;
} Paste;

static void
read_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  Paste *paste = data;

  paste->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, &paste->error);
  paste->done = TRUE;
}

static gboolean
is_done (gpointer paste)
{
  return ((Paste *) paste)->done;
}

static char *
paste_here (Fixture *fixture)
{
  Paste paste = { 0 };

  gdk_clipboard_read_text_async (fixture->clipboard, NULL, read_cb, &paste);
  inn_test_spin (is_done, &paste);
  g_clear_error (&paste.error);
  return paste.text;
}

static void
test_to_guest (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  /* Not while somebody works elsewhere. */
  gdk_clipboard_set_text (fixture->clipboard, "für den Gast");
  assert_log (fixture, "");
  focus (GTK_WIDGET (fixture->display));
  assert_log (fixture, "offer 0 " INN_CLIPBOARD_TEXT);
  text = paste_in_guest (fixture, INN_CLIPBOARD_TEXT, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "für den Gast");

  /* Once is enough. */
  focus (fixture->other);
  focus (GTK_WIDGET (fixture->display));
  assert_log (fixture, "");
  gdk_clipboard_set_text (fixture->clipboard, "more");
  assert_log (fixture, "offer 0 " INN_CLIPBOARD_TEXT);
}

static void
test_view_only (Fixture *fixture, gconstpointer data)
{
  inn_display_set_view_only (fixture->display, TRUE);
  focus (GTK_WIDGET (fixture->display));
  gdk_clipboard_set_text (fixture->clipboard, "not for you");
  assert_log (fixture, "");
  inn_display_set_view_only (fixture->display, FALSE);
  assert_log (fixture, "offer 0 " INN_CLIPBOARD_TEXT);
}

static void
test_image_to_guest (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GdkTexture) texture = inn_display_get_screenshot (fixture->display);
  g_autofree char *png = NULL;
  g_autoptr (GError) error = NULL;

  focus (GTK_WIDGET (fixture->display));
  gdk_clipboard_set_texture (fixture->clipboard, texture);
  assert_log (fixture, "offer 0 " INN_CLIPBOARD_IMAGE);
  png = paste_in_guest (fixture, INN_CLIPBOARD_IMAGE, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (png, "\x89PNG"));
}

/* Another program, such as one with a huge picture, is not read to its end. */
static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *large = g_strnfill (300 * 1000, 'x');
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  inn_clipboard_peer_set_limit (INN_CLIPBOARD_PEER (fixture->source), 200 * 1000);
  focus (GTK_WIDGET (fixture->display));
  gdk_clipboard_set_text (fixture->clipboard, large);
  text = paste_in_guest (fixture, INN_CLIPBOARD_TEXT, &error);
  g_assert_error (error, INN_ERROR, INN_ERROR_NO_SPACE);
  g_assert_null (text);

  g_free (pattern_source_take_log (fixture->source));
  pattern_source_copy (fixture->source, INN_SELECTION_CLIPBOARD, INN_CLIPBOARD_TEXT, large);
  text = paste_here (fixture);
  /* Whether that is an error or nothing depends on the windowing system. */
  g_assert_true (text == NULL || *text == '\0');
  g_assert_nonnull (strstr (fixture->failure, "300.0"));
}

static void
test_from_guest (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  pattern_source_copy (fixture->source, INN_SELECTION_CLIPBOARD, INN_CLIPBOARD_TEXT, "vom Gast");
  /* It is asked when somebody pastes. */
  assert_log (fixture, "");
  text = paste_here (fixture);
  g_assert_cmpstr (text, ==, "vom Gast");
  assert_log (fixture, "read 0 " INN_CLIPBOARD_TEXT);

  /* It has that already. */
  focus (GTK_WIDGET (fixture->display));
  assert_log (fixture, "");

  pattern_source_copy (fixture->source, INN_SELECTION_CLIPBOARD, INN_CLIPBOARD_TEXT, NULL);
  g_assert_null (gdk_clipboard_get_content (fixture->clipboard));
}

static void
test_selection_from_guest (Fixture *fixture, gconstpointer data)
{
  pattern_source_copy (fixture->source, INN_SELECTION_PRIMARY, INN_CLIPBOARD_TEXT, "marked");
  g_assert_null (gdk_clipboard_get_content (fixture->clipboard));
  g_assert_nonnull (
      gdk_clipboard_get_content (gtk_widget_get_primary_clipboard (GTK_WIDGET (fixture->display))));
}

/* A guest that nobody sees does not take the desktop's clipboard. */
static void
test_hidden (Fixture *fixture, gconstpointer data)
{
  gtk_widget_set_visible (GTK_WIDGET (fixture->display), FALSE);
  pattern_source_copy (fixture->source, INN_SELECTION_CLIPBOARD, INN_CLIPBOARD_TEXT, "secretly");
  g_assert_null (gdk_clipboard_get_content (fixture->clipboard));
}

static void
test_off (Fixture *fixture, gconstpointer data)
{
  focus (GTK_WIDGET (fixture->display));
  gdk_clipboard_set_text (fixture->clipboard, "one");
  assert_log (fixture, "offer 0 " INN_CLIPBOARD_TEXT);
  inn_clipboard_bridge_set_enabled (fixture->bridge, FALSE);
  assert_log (fixture, "withdraw 0");
  gdk_clipboard_set_text (fixture->clipboard, "two");
  assert_log (fixture, "");
  pattern_source_copy (fixture->source, INN_SELECTION_CLIPBOARD, INN_CLIPBOARD_TEXT, "three");
  inn_clipboard_bridge_set_enabled (fixture->bridge, TRUE);
  g_assert_false (INN_IS_GUEST_CONTENT (gdk_clipboard_get_content (fixture->clipboard)));
  pattern_source_copy (fixture->source, INN_SELECTION_CLIPBOARD, INN_CLIPBOARD_TEXT, "four");
  g_assert_true (INN_IS_GUEST_CONTENT (gdk_clipboard_get_content (fixture->clipboard)));
}

/* What a password manager marks stays here. */
static void
test_secret (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) hint = g_bytes_new_static ("secret", 6);
  GdkContentProvider *parts[] = {
    gdk_content_provider_new_typed (G_TYPE_STRING, "hunter2"),
    gdk_content_provider_new_for_bytes ("x-kde-passwordManagerHint", hint),
  };
  g_autoptr (GdkContentProvider) content = gdk_content_provider_new_union (parts, 2);

  focus (GTK_WIDGET (fixture->display));
  gdk_clipboard_set_content (fixture->clipboard, content);
  assert_log (fixture, "");
}

/* A guest that never answers holds nobody up, and the rest still works. */
static void
test_hangs (Fixture *fixture, gconstpointer data)
{
  Paste paste = { 0 };
  g_autofree char *text = NULL;

  pattern_source_set_hangs (fixture->source, TRUE);
  pattern_source_copy (fixture->source, INN_SELECTION_CLIPBOARD, INN_CLIPBOARD_TEXT, "never");
  gdk_clipboard_read_text_async (fixture->clipboard, NULL, read_cb, &paste);
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_false (paste.done);

  focus (GTK_WIDGET (fixture->display));
  gdk_clipboard_set_text (fixture->clipboard, "still here");
  text = paste_in_guest (fixture, INN_CLIPBOARD_TEXT, NULL);
  g_assert_cmpstr (text, ==, "still here");
  pattern_source_answer (fixture->source);
  inn_test_spin (is_done, &paste);
  g_clear_error (&paste.error);
  g_free (paste.text);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/clipboard/to-guest", test_to_guest },
    { "/clipboard/view-only", test_view_only },
    { "/clipboard/image-to-guest", test_image_to_guest },
    { "/clipboard/too-large", test_too_large },
    { "/clipboard/from-guest", test_from_guest },
    { "/clipboard/selection-from-guest", test_selection_from_guest },
    { "/clipboard/hidden", test_hidden },
    { "/clipboard/off", test_off },
    { "/clipboard/secret", test_secret },
    { "/clipboard/hangs", test_hangs },
  };

  inn_test_init (&argc, &argv);
  gtk_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}

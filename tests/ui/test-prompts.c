/* test-prompts.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "inn-test.h"
#include "ui/shell/inn-prompt-dialog.h"
#include "ui/shell/inn-window-prompter.h"

/* Questions of hosts in dialogs of the window: each gets its answer or its refusal, whatever
 * becomes of the others and of the window. */

typedef struct
{
  GtkWidget *window;
  InnPrompter *prompter;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = adw_application_window_new (GTK_APPLICATION (data));
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 800, 600);
  gtk_window_present (GTK_WINDOW (fixture->window));
  fixture->prompter = INN_PROMPTER (inn_window_prompter_new (GTK_APPLICATION (data)));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->prompter);
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
}

static DexFuture *
ask (Fixture *fixture, const char *message, GCancellable *cancellable)
{
  g_autoptr (InnPrompt) prompt = inn_prompt_new (INN_PROMPT_SECRET, "test", message);

  return inn_prompter_ask (fixture->prompter, prompt, cancellable);
}

static AdwDialog *
get_dialog (Fixture *fixture)
{
  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->window));
}

static gboolean
has_dialog (gpointer data)
{
  return get_dialog (data) != NULL;
}

static gboolean
has_no_dialog (gpointer data)
{
  return get_dialog (data) == NULL;
}

static void
assert_refused (DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (inn_test_settle (dex_ref (future), &error));
  g_assert_error (error, INN_ERROR, INN_ERROR_AUTH_CANCELLED);
}

/* Whose attempt is given up need not wait until the question before is answered. */
static void
test_cancel_waiting (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DexFuture) first = ask (fixture, "first", NULL);
  g_autoptr (DexFuture) second = ask (fixture, "second", cancellable);
  g_autoptr (DexFuture) third = ask (fixture, "third", NULL);

  inn_test_spin (has_dialog, fixture);
  g_cancellable_cancel (cancellable);
  assert_refused (second);
  g_assert_true (dex_future_is_pending (first));
  g_assert_true (dex_future_is_pending (third));
  adw_dialog_force_close (get_dialog (fixture));
  assert_refused (first);
  inn_test_spin (has_dialog, fixture);
  adw_dialog_force_close (get_dialog (fixture));
  assert_refused (third);
}

static void
test_cancel_shown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (DexFuture) future = ask (fixture, "shown", cancellable);

  inn_test_spin (has_dialog, fixture);
  g_cancellable_cancel (cancellable);
  assert_refused (future);
  inn_test_spin (has_no_dialog, fixture);
}

/* The window goes with the question on it, and with one behind it. */
static void
test_window_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DexFuture) first = ask (fixture, "first", NULL);
  g_autoptr (DexFuture) second = ask (fixture, "second", NULL);
  g_autoptr (DexFuture) late = NULL;

  inn_test_spin (has_dialog, fixture);
  gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&fixture->window)));
  assert_refused (first);
  assert_refused (second);
  late = ask (fixture, "late", NULL);
  assert_refused (late);
}

static void
test_prompter_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DexFuture) first = ask (fixture, "first", NULL);
  g_autoptr (DexFuture) second = ask (fixture, "second", NULL);

  inn_test_spin (has_dialog, fixture);
  g_assert_finalize_object (fixture->prompter);
  assert_refused (first);
  assert_refused (second);
  inn_test_spin (has_no_dialog, fixture);
  fixture->prompter = INN_PROMPTER (inn_window_prompter_new (GTK_APPLICATION (data)));
}

static gboolean
has_size (gpointer data)
{
  AdwDialog *dialog = get_dialog (data);

  return dialog != NULL && gtk_widget_get_height (adw_dialog_get_child (dialog)) > 0;
}

/* What GTK has to say about a heading that is wider than its dialog would end the test. */
static void
test_long_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnPrompt) prompt = inn_prompt_new (INN_PROMPT_SECRET, "test", "Password of “admin”");
  g_autoptr (DexFuture) future = NULL;

  prompt->host_name = g_strdup ("大阪第二データセンター本番系仮想化基盤ホスト零零一号機");
  future = inn_prompter_ask (fixture->prompter, prompt, NULL);
  inn_test_spin (has_size, fixture);
  g_assert_cmpint (gtk_widget_get_width (adw_dialog_get_child (get_dialog (fixture))), <, 600);
  adw_dialog_force_close (get_dialog (fixture));
  assert_refused (future);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  inn_init ();
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);

#define ADD(path, func) g_test_add (path, Fixture, application, set_up, func, tear_down)
  ADD ("/prompts/cancel-waiting", test_cancel_waiting);
  ADD ("/prompts/long-name", test_long_name);
  ADD ("/prompts/cancel-shown", test_cancel_shown);
  ADD ("/prompts/window-gone", test_window_gone);
  ADD ("/prompts/prompter-gone", test_prompter_gone);

  return g_test_run ();
}

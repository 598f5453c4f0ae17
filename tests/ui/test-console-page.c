/* test-console-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "../core/vnc-fixture.h"

#include "base/inn-error.h"
#include "model/inn-host.h"
#include "model/inn-vm-private.h"
#include "secret/inn-memory-secret-store.h"
#include "ui/console/inn-console-page-private.h"

/* What the page says while there is a screen and while there is none. */

typedef struct
{
  GtkWindow *window;
  InnConsolePage *page;
  InnVm *vm;
  gboolean refuse;
  gboolean ask;
  guint opened;
  guint started;
  DexPromise *hold; /* the screen is opened when it is resolved */
  gint64 frame;
  gint64 frame_at;
} Fixture;

/* Says yes to the second password. */
static GByteArray *
password_script (guint attempt)
{
  GByteArray *script = attempt > 1 ? vnc_script_new (64, 64) : g_byte_array_new ();
  g_autoptr (GByteArray) head = g_byte_array_new ();

  vnc_script_text (head, "RFB 003.008\n");
  vnc_script_u8 (head, 1);
  vnc_script_u8 (head, 2);
  for (int i = 0; i < 16; i++)
    vnc_script_u8 (head, i);
  if (attempt > 1)
    {
      /* The greeting and the login of the script are ours already. */
      g_byte_array_remove_range (script, 0, 14);
    }
  else
    {
      vnc_script_u32 (script, 1);
      vnc_script_u32 (script, 2);
      vnc_script_text (script, "no");
    }
  g_byte_array_prepend (script, head->data, head->len);
  return script;
}

static DexFuture *
open_cb (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  Fixture *fixture = data;
  GByteArray *script;

  fixture->opened++;
  if (fixture->hold != NULL)
    return dex_ref (DEX_FUTURE (fixture->hold));
  if (fixture->refuse)
    return inn_reject (inn_error_new (INN_ERROR_NOT_CONNECTED, "told so",
                                      "The screen of “%s” cannot be reached",
                                      inn_vm_get_name (fixture->vm)));

  script = fixture->ask ? password_script (fixture->opened) : vnc_script_new (64, 64);
  if (!fixture->ask || fixture->opened > 1)
    {
      vnc_script_rect (script, 0, 0, 64, 64, 0);
      vnc_script_fill (script, 64, 64, 0x336699);
    }
  return dex_future_new_for_fd (vnc_serve (script, VNC_THEN_STAY));
}

static DexFuture *
find_cb (InnVm *vm, GCancellable *cancellable, gpointer data)
{
  return dex_future_new_take_object (inn_screen_new (INN_SCREEN_VNC, FALSE, open_cb, data, NULL));
}

static void
start_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ((Fixture *) data)->started++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const GActionEntry entry = { .name = "start", .activate = start_cb };
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();

  fixture->vm = inn_vm_new (&(InnVmInfo) { .uuid = (char *) "6f3a4e6c-0001-4000-8000-000000000001",
                                           .name = (char *) "a <b> & c",
                                           .state = INN_VM_SHUTOFF,
                                           .domain_id = -1 });
  fixture->page = INN_CONSOLE_PAGE (inn_console_page_new ());
  fixture->window = GTK_WINDOW (gtk_window_new ());
  g_action_map_add_action_entries (G_ACTION_MAP (actions), &entry, 1, fixture);
  gtk_widget_insert_action_group (GTK_WIDGET (fixture->window), "vm", G_ACTION_GROUP (actions));
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->page));
  gtk_window_set_default_size (fixture->window, 500, 400);
  inn_console_page_set_finder (fixture->page, find_cb, fixture, NULL);
  inn_console_page_set_vm (fixture->page, fixture->vm);
  gtk_window_present (fixture->window);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnConsolePage) page = g_object_ref (fixture->page);

  gtk_window_destroy (fixture->window);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (g_steal_pointer (&page));
  g_assert_finalize_object (fixture->vm);
}

static gboolean
shows (Fixture *fixture, const char *name)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (fixture->page->stack), name) == 0;
}

static gboolean
shows_display (gpointer fixture)
{
  return shows (fixture, "display");
}

static gboolean
shows_failed (gpointer fixture)
{
  return shows (fixture, "failed");
}

static gboolean
shows_question (gpointer fixture)
{
  return shows (fixture, "question");
}

static void
run (Fixture *fixture)
{
  inn_vm_apply_state (fixture->vm, INN_VM_RUNNING, 0, 1);
}

static void
test_starts (Fixture *fixture, gconstpointer data)
{
  g_assert_true (shows (fixture, "off"));
  g_signal_emit_by_name (fixture->page->start_button, "clicked");
  g_assert_cmpuint (fixture->started, ==, 1);
  g_assert_cmpuint (fixture->opened, ==, 0);

  run (fixture);
  g_assert_true (shows (fixture, "connecting"));
  inn_test_spin (shows_display, fixture);
  g_assert_cmpuint (fixture->opened, ==, 1);

  inn_display_grab (fixture->page->display);
  g_assert_nonnull (strstr (gtk_label_get_label (fixture->page->note_label), "Ctrl+Alt"));

  inn_vm_apply_state (fixture->vm, INN_VM_SHUTOFF, 0, -1);
  g_assert_true (shows (fixture, "off"));
  g_assert_cmpstr (gtk_label_get_label (fixture->page->note_label), ==, "");
}

static void
test_fails (Fixture *fixture, gconstpointer data)
{
  fixture->refuse = TRUE;
  run (fixture);
  inn_test_spin (shows_failed, fixture);
  /* The status page takes markup. */
  g_assert_cmpstr (adw_status_page_get_description (fixture->page->failed_status), ==,
                   "The screen of “a &lt;b&gt; &amp; c” cannot be reached");
  g_assert_cmpstr (gtk_label_get_label (fixture->page->details_label), ==, "told so");

  fixture->refuse = FALSE;
  gtk_widget_activate_action (fixture->page->content, "console.retry", NULL);
  inn_test_spin (shows_display, fixture);
}

static gboolean
asks_again (gpointer data)
{
  Fixture *fixture = data;
  const char *text = adw_status_page_get_description (fixture->page->question_status);

  return shows_question (fixture) && strstr (text, "not the password") != NULL;
}

static void
test_asks (Fixture *fixture, gconstpointer data)
{
  fixture->ask = TRUE;
  run (fixture);
  inn_test_spin (shows_question, fixture);
  gtk_editable_set_text (fixture->page->secret_entry, "wrong");
  g_signal_emit_by_name (fixture->page->answer_button, "clicked");
  g_assert_cmpstr (gtk_editable_get_text (fixture->page->secret_entry), ==, "");

  inn_test_spin (asks_again, fixture);
  gtk_editable_set_text (fixture->page->secret_entry, "right");
  g_signal_emit_by_name (fixture->page->secret_entry, "activate");
  inn_test_spin (shows_display, fixture);
}

static void
test_question_is_closed (Fixture *fixture, gconstpointer data)
{
  fixture->ask = TRUE;
  run (fixture);
  inn_test_spin (shows_question, fixture);
  gtk_widget_activate_action (fixture->page->content, "console.cancel-question", NULL);
  inn_test_spin (shows_failed, fixture);
  g_assert_nonnull (
      strstr (adw_status_page_get_description (fixture->page->failed_status), "needs a password"));

  /* Try Again asks again. */
  gtk_widget_activate_action (fixture->page->content, "console.retry", NULL);
  inn_test_spin (shows_question, fixture);
}

static char *
look_up_password (InnSecretStore *secrets)
{
  DexFuture *future =
      inn_secret_store_lookup (secrets, "host-1", "vnc:6f3a4e6c-0001-4000-8000-000000000001", "");
  g_autoptr (GError) error = NULL;
  const GValue *value;
  char *password = NULL;

  dex_ref (future);
  if (inn_test_settle (future, &error))
    {
      value = dex_future_get_value (future, NULL);
      password = g_strdup (inn_prompt_reply_get_text (g_value_get_boxed (value)));
    }
  dex_unref (future);
  return password;
}

/* Kept when the person says so, and asked of the keyring the next time. */
static void
test_password_is_kept (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnSecretStore) secrets = inn_memory_secret_store_new ();
  g_autoptr (InnHost) host = inn_host_new (&(InnHostConfig) {
      .id = (char *) "host-1", .name = (char *) "Host One", .uri = (char *) "qemu:///system" });
  g_autofree char *kept = NULL;

  _inn_vm_set_host (fixture->vm, host);
  inn_console_page_set_vm (fixture->page, NULL);
  inn_console_page_set_secrets (fixture->page, secrets);
  inn_console_page_set_vm (fixture->page, fixture->vm);
  fixture->ask = TRUE;
  run (fixture);
  inn_test_spin (shows_question, fixture);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->page->remember_check)));
  gtk_editable_set_text (fixture->page->secret_entry, "wrong");
  gtk_check_button_set_active (fixture->page->remember_check, TRUE);
  g_signal_emit_by_name (fixture->page->answer_button, "clicked");

  inn_test_spin (asks_again, fixture);
  gtk_editable_set_text (fixture->page->secret_entry, "right");
  g_signal_emit_by_name (fixture->page->answer_button, "clicked");
  inn_test_spin (shows_display, fixture);
  kept = look_up_password (secrets);
  g_assert_cmpstr (kept, ==, "right");

  /* Another look at the same guest. */
  inn_console_page_set_vm (fixture->page, NULL);
  fixture->opened = 1;
  inn_console_page_set_vm (fixture->page, fixture->vm);
  while (!shows_display (fixture))
    {
      g_assert_false (shows_question (fixture));
      g_main_context_iteration (NULL, TRUE);
    }
  _inn_vm_set_host (fixture->vm, NULL);
}

/* Thrown away while it asks. */
static void
test_asks_in_vain (Fixture *fixture, gconstpointer data)
{
  fixture->ask = TRUE;
  run (fixture);
  inn_test_spin (shows_question, fixture);
}

static void
test_fullscreen (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  inn_test_spin (shows_display, fixture);
  for (int i = 0; i < 3; i++)
    {
      gtk_widget_activate_action (fixture->page->content, "console.fullscreen", NULL);
      g_assert_nonnull (fixture->page->window);
      g_assert_true (gtk_widget_get_root (GTK_WIDGET (fixture->page->display)) ==
                     GTK_ROOT (fixture->page->window));
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      gtk_widget_activate_action (fixture->page->content, "console.fullscreen", NULL);
      g_assert_null (fixture->page->window);
      g_assert_true (gtk_widget_get_root (GTK_WIDGET (fixture->page->strip)) ==
                     GTK_ROOT (fixture->window));
    }
  g_assert_cmpuint (fixture->opened, ==, 1);
}

static void
test_thrown_away_in_fullscreen (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  inn_test_spin (shows_display, fixture);
  inn_console_page_set_fullscreened (fixture->page, TRUE);
}

static void
test_no_guest (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  inn_test_spin (shows_display, fixture);
  inn_console_page_set_vm (fixture->page, NULL);
  g_assert_true (shows (fixture, "off"));
  g_assert_false (gtk_widget_get_visible (fixture->page->start_button));
}

/* Half a second without a frame. */
static gboolean
is_still (gpointer data)
{
  Fixture *fixture = data;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->page));
  gint64 frame = gdk_frame_clock_get_frame_counter (clock);

  if (frame != fixture->frame)
    fixture->frame_at = g_get_monotonic_time ();
  fixture->frame = frame;
  return g_get_monotonic_time () - fixture->frame_at > G_USEC_PER_SEC / 2;
}

static gboolean
has_drawn (gpointer data)
{
  Fixture *fixture = data;

  return gdk_frame_clock_get_frame_counter (
             gtk_widget_get_frame_clock (GTK_WIDGET (fixture->page))) > 5;
}

/* A console is left open all day: nothing is drawn while the guest draws nothing. */
static void
test_is_still (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) script = vnc_script_new (64, 64);
  g_autoptr (DexPromise) hold = dex_promise_new ();

  vnc_script_rect (script, 0, 0, 64, 64, 0);
  vnc_script_fill (script, 64, 64, 0x336699);
  fixture->hold = hold;
  run (fixture);
  inn_test_spin (has_drawn, fixture);
  g_assert_true (shows (fixture, "connecting"));

  dex_promise_resolve_fd (hold, vnc_serve (g_steal_pointer (&script), VNC_THEN_STAY));
  inn_test_spin (shows_display, fixture);
  inn_test_spin (is_still, fixture);
}

static gboolean
records (gpointer data)
{
  return ((Fixture *) data)->page->recorder != NULL;
}

static gboolean
has_film (gpointer data)
{
  g_autoptr (GMappedFile) film = g_mapped_file_new (data, FALSE, NULL);

  /* The length of the film is written when it is whole, at its beginning. */
  return film != NULL && g_mapped_file_get_length (film) > 100 &&
         memmem (g_mapped_file_get_contents (film), g_mapped_file_get_length (film),
                 "\x1c\x53\xbb\x6b", 4) != NULL;
}

/* The film is whole when the guest is off. */
static void
test_records (Fixture *fixture, gconstpointer data)
{
  g_autoptr (InnTestDir) folder = inn_test_dir_new ();
  g_autoptr (GFile) film = g_file_new_build_filename (folder, "film.webm", NULL);
  g_autofree char *path = g_file_get_path (film);

  run (fixture);
  inn_test_spin (shows_display, fixture);
  g_assert_false (gtk_widget_get_visible (fixture->page->record_button));
  inn_console_page_record (fixture->page, film);
  inn_test_spin (records, fixture);
  g_assert_true (gtk_widget_get_visible (fixture->page->record_button));

  inn_vm_apply_state (fixture->vm, INN_VM_SHUTOFF, 0, -1);
  g_assert_null (fixture->page->recorder);
  g_assert_false (gtk_widget_get_visible (fixture->page->record_button));
  inn_test_spin (has_film, path);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/console-page/starts", test_starts },
    { "/console-page/fails", test_fails },
    { "/console-page/asks", test_asks },
    { "/console-page/question-is-closed", test_question_is_closed },
    { "/console-page/password-is-kept", test_password_is_kept },
    { "/console-page/asks-in-vain", test_asks_in_vain },
    { "/console-page/fullscreen", test_fullscreen },
    { "/console-page/thrown-away-in-fullscreen", test_thrown_away_in_fullscreen },
    { "/console-page/no-guest", test_no_guest },
    { "/console-page/is-still", test_is_still },
    { "/console-page/records", test_records },
  };

  /* Not inn_test_init(): without the system's data there are no icons and no schemas. */
  inn_init ();
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}

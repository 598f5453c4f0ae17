/* test-vnc-source.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "vnc-fixture.h"

#include "base/inn-error.h"
#include "console/inn-console-link.h"

#include <linux/input-event-codes.h>
#include <unistd.h>

/* A real QEMU, with nothing but its firmware. */

static char *
socket_path (InnTestDir *dir)
{
  return g_build_filename (dir, "vnc", NULL);
}

static gboolean
is_lit (gpointer source)
{
  return vnc_is_ready (source) && vnc_count_lit (source) > 100;
}

static void
test_pixels (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", NULL);
  InnFrame frame;

  if (qemu == NULL)
    return;

  for (int fast = 0; fast < 2; fast++)
    {
      g_autoptr (InnVncSource) source = inn_vnc_source_new (NULL, "bare");

      inn_vnc_source_set_fast_link (source, fast);
      inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_connect (path));
      g_assert_cmpint (inn_display_source_get_state (INN_DISPLAY_SOURCE (source)), ==,
                       INN_DISPLAY_CONNECTING);
      inn_test_spin (is_lit, source);

      inn_display_source_get_frame (INN_DISPLAY_SOURCE (source), &frame);
      g_assert_cmpint (frame.width, >=, 640);
      g_assert_cmpint (frame.height, >=, 400);
      g_assert_cmpint (frame.stride, >=, frame.width * 4);
      inn_display_source_close (INN_DISPLAY_SOURCE (source));
      g_assert_true (vnc_is_closed (source));
      g_assert_null (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)));
    }
  vnc_qemu_stop (qemu);
}

static void
count_cb (gpointer source, int x, int y, int width, int height, guint *pixels)
{
  *pixels += width * height;
}

static gboolean
many_pixels (gpointer pixels)
{
  return *(guint *) pixels > 5000;
}

/* Esc is what the firmware waits for; then it lists what it can boot. */
static void
test_keys (void)
{
  static const char *const menu[] = { "-boot", "menu=on,splash-time=60000", NULL };
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", menu);
  g_autoptr (InnVncSource) source = NULL;
  guint before;
  guint pixels = 0;

  if (qemu == NULL)
    return;

  source = inn_vnc_source_new (NULL, "bare");
  inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_connect (path));
  inn_test_spin (is_lit, source);
  before = vnc_count_lit (source);

  g_signal_connect (source, "damaged", G_CALLBACK (count_cb), &pixels);
  /* The prompt is there a moment after the first text: press until it is read. */
  for (int i = 0; i < 200 && vnc_count_lit (source) < before + 500; i++)
    {
      gint64 until = g_get_monotonic_time () + 100 * 1000;

      inn_display_source_key (INN_DISPLAY_SOURCE (source), KEY_ESC, 0xff1b, TRUE);
      inn_display_source_key (INN_DISPLAY_SOURCE (source), KEY_ESC, 0xff1b, FALSE);
      while (g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (vnc_count_lit (source), >=, before + 500);
  g_assert_true (many_pixels (&pixels));
  vnc_qemu_stop (qemu);
}

static void
test_goes_away (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", NULL);
  g_autoptr (InnVncSource) source = NULL;

  if (qemu == NULL)
    return;

  source = inn_vnc_source_new (NULL, "bare");
  inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_connect (path));
  inn_test_spin (vnc_is_ready, source);
  vnc_qemu_stop (qemu);
  inn_test_spin (vnc_is_closed, source);
  g_assert_error (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)), INN_ERROR,
                  INN_ERROR_NOT_CONNECTED);
  g_assert_false (inn_display_source_can_retry (INN_DISPLAY_SOURCE (source)));
}

static const char *const SECRET[] = { "-object", "secret,id=s,data=right", NULL };

static gboolean
is_settled (gpointer source)
{
  return vnc_is_ready (source) || vnc_is_closed (source);
}

static void
test_password (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, ",password-secret=s", SECRET);
  g_autoptr (InnPrompter) prompter = answers_new ((const char *[]) { "wrong", "right", NULL });
  g_autoptr (InnVncSource) source = NULL;
  InnDisplaySource *display;

  if (qemu == NULL)
    return;

  source = inn_vnc_source_new (prompter, "bare");
  display = INN_DISPLAY_SOURCE (source);
  inn_display_source_start (display, vnc_connect (path));
  inn_test_spin (is_settled, source);
  g_assert_error (inn_display_source_get_error (display), INN_ERROR, INN_ERROR_AUTH_FAILED);
  g_assert_true (inn_display_source_can_retry (display));

  inn_display_source_start (display, vnc_connect (path));
  inn_test_spin (is_settled, source);
  g_assert_true (vnc_is_ready (source));
  g_assert_cmpuint (answers_get_asked (prompter), ==, 2);
  g_assert_cmpuint (answers_get_last_attempt (prompter), ==, 1);

  /* What was right once is not asked again. */
  inn_display_source_close (display);
  inn_display_source_start (display, vnc_connect (path));
  inn_test_spin (is_settled, source);
  g_assert_true (vnc_is_ready (source));
  g_assert_cmpuint (answers_get_asked (prompter), ==, 2);
  vnc_qemu_stop (qemu);
}

static void
test_wrong_password (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, ",password-secret=s", SECRET);
  g_autoptr (InnPrompter) prompter = answers_new ((const char *[]) { "a", "b", "", "d", NULL });
  g_autoptr (InnVncSource) source = NULL;
  InnDisplaySource *display;

  if (qemu == NULL)
    return;

  source = inn_vnc_source_new (prompter, "bare");
  display = INN_DISPLAY_SOURCE (source);
  for (guint i = 0; i < INN_VNC_MAX_ATTEMPTS; i++)
    {
      inn_display_source_start (display, vnc_connect (path));
      inn_test_spin (is_settled, source);
      g_assert_error (inn_display_source_get_error (display), INN_ERROR, INN_ERROR_AUTH_FAILED);
      g_assert_cmpint (inn_display_source_can_retry (display), ==, i + 1 < INN_VNC_MAX_ATTEMPTS);
    }
  g_assert_cmpuint (answers_get_asked (prompter), ==, INN_VNC_MAX_ATTEMPTS);
  vnc_qemu_stop (qemu);
}

static void
test_closed_question (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, ",password-secret=s", SECRET);
  g_autoptr (InnPrompter) prompter = answers_new ((const char *[]) { NULL });
  g_autoptr (InnVncSource) source = NULL;

  if (qemu == NULL)
    return;

  source = inn_vnc_source_new (prompter, "bare");
  inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_connect (path));
  inn_test_spin (vnc_is_closed, source);
  g_assert_error (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)), INN_ERROR,
                  INN_ERROR_AUTH_CANCELLED);
  g_assert_false (inn_display_source_can_retry (INN_DISPLAY_SOURCE (source)));
  vnc_qemu_stop (qemu);
}

static DexFuture *
open_path (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer path)
{
  int fd = vnc_connect (path);

  if (fd >= 0)
    return dex_future_new_for_fd (fd);

  return inn_reject (inn_error_new (INN_ERROR_NOT_CONNECTED, NULL, "nothing there"));
}

static DexFuture *
find_path (InnVm *vm, GCancellable *cancellable, gpointer path)
{
  return dex_future_new_take_object (inn_screen_new (INN_SCREEN_VNC, FALSE, open_path, path, NULL));
}

static gboolean
link_ready (gpointer link)
{
  return inn_link_get_state (INN_LINK (link)) == INN_LINK_READY;
}

static gboolean
link_reconnecting (gpointer link)
{
  return inn_link_get_state (INN_LINK (link)) == INN_LINK_RECONNECTING;
}

static InnVm *
make_vm (InnVmState state)
{
  return inn_vm_new (&(InnVmInfo) { .uuid = (char *) "6f3a4e6c-0001-4000-8000-000000000001",
                                    .name = (char *) "bare",
                                    .state = state,
                                    .domain_id = 1 });
}

static void
test_link (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", NULL);
  g_autoptr (GSubprocess) again = NULL;
  g_autoptr (InnVm) vm = make_vm (INN_VM_SHUTOFF);
  g_autoptr (InnConsoleLink) link = NULL;

  if (qemu == NULL)
    return;

  link = inn_console_link_new (vm, NULL, find_path, path, NULL);
  g_assert_cmpint (inn_link_get_state (INN_LINK (link)), ==, INN_LINK_OFF);
  inn_link_set_wanted (INN_LINK (link), TRUE);
  g_assert_cmpint (inn_link_get_state (INN_LINK (link)), ==, INN_LINK_OFF);
  inn_vm_apply_state (vm, INN_VM_RUNNING, 0, 1);
  inn_test_spin (link_ready, link);

  /* Its host is back after a while: so is the screen. */
  vnc_qemu_stop (qemu);
  inn_test_spin (link_reconnecting, link);
  unlink (path);
  again = vnc_qemu_start (path, "", NULL);
  inn_test_spin (link_ready, link);

  inn_vm_apply_state (vm, INN_VM_SHUTOFF, 0, -1);
  g_assert_cmpint (inn_link_get_state (INN_LINK (link)), ==, INN_LINK_OFF);
  g_assert_true (vnc_is_closed (inn_console_link_get_source (link)));

  inn_vm_apply_state (vm, INN_VM_RUNNING, 0, 2);
  inn_test_spin (link_ready, link);
  inn_link_set_wanted (INN_LINK (link), FALSE);
  g_assert_cmpint (inn_link_get_state (INN_LINK (link)), ==, INN_LINK_IDLE);
  vnc_qemu_stop (again);
}

static gboolean
link_failed (gpointer link)
{
  return inn_link_get_state (INN_LINK (link)) == INN_LINK_FAILED;
}

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_link_leaks_nothing (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", NULL);
  g_autoptr (InnVm) vm = make_vm (INN_VM_RUNNING);
  guint fds = 0;

  if (qemu == NULL)
    return;

  for (int i = 0; i < 10; i++)
    {
      InnConsoleLink *link = inn_console_link_new (vm, NULL, find_path, path, NULL);

      inn_link_set_wanted (INN_LINK (link), TRUE);
      inn_test_spin (link_ready, link);
      g_assert_finalize_object (link);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
      if (i == 0)
        fds = count_fds ();
    }
  g_assert_cmpuint (count_fds (), <=, fds);
  vnc_qemu_stop (qemu);
}

static void
test_link_fails (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = socket_path (dir);
  g_autoptr (InnVm) vm = make_vm (INN_VM_RUNNING);
  g_autoptr (InnConsoleLink) link = inn_console_link_new (vm, NULL, find_path, path, NULL);

  inn_link_set_wanted (INN_LINK (link), TRUE);
  inn_test_spin (link_failed, link);
  g_assert_error (inn_link_get_error (INN_LINK (link)), INN_ERROR, INN_ERROR_NOT_CONNECTED);
  inn_link_retry (INN_LINK (link));
  g_assert_cmpint (inn_link_get_state (INN_LINK (link)), ==, INN_LINK_CONNECTING);
  inn_test_spin (link_failed, link);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/vnc-source/pixels", test_pixels);
  g_test_add_func ("/vnc-source/keys", test_keys);
  g_test_add_func ("/vnc-source/goes-away", test_goes_away);
  g_test_add_func ("/vnc-source/password", test_password);
  g_test_add_func ("/vnc-source/wrong-password", test_wrong_password);
  g_test_add_func ("/vnc-source/closed-question", test_closed_question);
  g_test_add_func ("/console-link/reconnects", test_link);
  g_test_add_func ("/console-link/leaks-nothing", test_link_leaks_nothing);
  g_test_add_func ("/console-link/fails", test_link_fails);

  return g_test_run ();
}

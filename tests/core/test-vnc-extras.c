/* test-vnc-extras.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "vnc-fixture.h"

#include "base/inn-error.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What servers can besides showing a picture, and each way to send it. */

static InnVncSource *
open_source (const char *path, int encoding)
{
  InnVncSource *source = inn_vnc_source_new (NULL, "bare");

  inn_vnc_source_set_only_encoding (source, encoding);
  inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_connect (path));
  return source;
}

static gboolean
is_lit (gpointer source)
{
  return vnc_is_ready (source) && vnc_count_lit (source) > 2000;
}

/* The cursor of the firmware blinks: a few pixels may differ. */
static gboolean
is_same (gpointer data)
{
  InnVncSource *const *sources = data;
  InnFrame frames[2];
  guint differ = 0;

  for (int i = 0; i < 2; i++)
    inn_display_source_get_frame (INN_DISPLAY_SOURCE (sources[i]), &frames[i]);
  if (frames[0].width != frames[1].width || frames[0].height != frames[1].height)
    return FALSE;

  for (int y = 0; y < frames[0].height; y++)
    for (int x = 0; x < frames[0].width; x++)
      differ += vnc_pixel (sources[0], x, y) != vnc_pixel (sources[1], x, y);
  return differ <= 200;
}

static void
test_encodings (void)
{
  /* raw, RRE, hextile, Tight, ZRLE; all of them as we ask for them */
  static const int encodings[] = { 2, 5, 7, 16, -1 };
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", NULL);
  g_autoptr (InnVncSource) raw = NULL;

  if (qemu == NULL)
    return;

  raw = open_source (path, 0);
  inn_test_spin (is_lit, raw);
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autoptr (InnVncSource) other = open_source (path, encodings[i]);
      InnVncSource *both[] = { raw, other };

      inn_test_spin (vnc_is_ready, other);
      inn_test_spin (is_same, both);
      g_test_message ("encoding %d is right", encodings[i]);
    }
  vnc_qemu_stop (qemu);
}

/* A screen with the pattern that X had of old. Returns the number of the display. */
static GSubprocess *
start_x (char **display)
{
  g_autoptr (GSubprocess) x = NULL;
  g_autoptr (GDataInputStream) stream = NULL;
  g_autofree char *number = NULL;

  x = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL,
                        "Xvfb", "-displayfd", "1", "-retro", "-screen", "0", "640x480x24", NULL);
  if (x == NULL)
    return NULL;

  stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (x));
  number = g_data_input_stream_read_line (stream, NULL, NULL, NULL);
  g_assert_nonnull (number);
  *display = g_strconcat (":", number, NULL);
  return g_steal_pointer (&x);
}

/* Another server than QEMU. */
static void
test_x11vnc (void)
{
  static const int encodings[] = { 2, 5, 7, 16, -1 };
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autofree char *program = g_find_program_in_path ("x11vnc");
  g_autofree char *display = NULL;
  g_autoptr (GSubprocess) x = program != NULL ? start_x (&display) : NULL;
  g_autoptr (GSubprocess) server = NULL;
  g_autoptr (InnVncSource) raw = NULL;

  if (x == NULL)
    {
      g_test_skip ("x11vnc or Xvfb is not installed");
      return;
    }

  server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                             NULL, program, "-norc", "-nopw", "-forever", "-shared", "-display",
                             display, "-rfbport", "0", "-no6", "-unixsock", path, NULL);
  g_assert_nonnull (server);
  inn_test_spin (vnc_can_connect, path);
  raw = open_source (path, 0);
  inn_test_spin (is_lit, raw);
  g_assert_true (inn_display_source_get_absolute (INN_DISPLAY_SOURCE (raw)));
  for (gsize i = 0; i < G_N_ELEMENTS (encodings); i++)
    {
      g_autoptr (InnVncSource) other = open_source (path, encodings[i]);
      InnVncSource *both[] = { raw, other };

      inn_test_spin (vnc_is_ready, other);
      inn_test_spin (is_same, both);
      g_test_message ("encoding %d is right", encodings[i]);
    }
  vnc_qemu_stop (server);
  inn_test_spin (vnc_is_closed, raw);
  vnc_qemu_stop (x);
}

static gboolean
has_movements (gpointer path)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) &&
         strstr (text, "axis x, value 300") != NULL && strstr (text, "axis y, value -70") != NULL;
}

/* The mouse of a guest without a tablet. */
static void
test_relative (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autofree char *log = g_build_filename (dir, "log", NULL);
  const char *const trace[] = { "-trace", "input_event_rel", "-D", log, NULL };
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", trace);
  g_autoptr (InnVncSource) source = NULL;

  if (qemu == NULL)
    return;

  source = open_source (path, -1);
  inn_test_spin (vnc_is_ready, source);
  g_assert_false (inn_display_source_get_absolute (INN_DISPLAY_SOURCE (source)));
  inn_display_source_relative_motion (INN_DISPLAY_SOURCE (source), 300, -70);
  inn_test_spin (has_movements, log);
  vnc_qemu_stop (qemu);
}

/* Plays the server by hand: what it is sent can be looked at. */
typedef struct
{
  int fd;
  GByteArray *sent;
  const guint8 *wanted;
  gsize wanted_size;
  GError *error;
} Record;

static InnVncSource *
record_start (Record *record, GByteArray *script)
{
  InnVncSource *source = inn_vnc_source_new (NULL, "recorded");
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  g_assert_cmpint (write (fds[0], script->data, script->len), ==, script->len);
  g_byte_array_unref (script);
  record->fd = fds[0];
  record->sent = g_byte_array_new ();
  inn_display_source_start (INN_DISPLAY_SOURCE (source), fds[1]);
  inn_test_spin (vnc_is_ready, source);
  return source;
}

static void
record_end (Record *record)
{
  close (record->fd);
  g_byte_array_unref (record->sent);
  g_clear_error (&record->error);
}

static gboolean
is_sent (gpointer data)
{
  Record *record = data;
  guint8 bytes[4096];
  gssize n;

  while ((n = recv (record->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    g_byte_array_append (record->sent, bytes, (guint) n);
  return memmem (record->sent->data, record->sent->len, record->wanted, record->wanted_size) !=
         NULL;
}

static void
wait_sent (Record *record, const void *wanted, gsize size)
{
  record->wanted = wanted;
  record->wanted_size = size;
  inn_test_spin (is_sent, record);
}

static void
not_sent_cb (InnClipboardPeer *peer, InnSelection selection, const GError *error, Record *record)
{
  g_clear_error (&record->error);
  record->error = g_error_copy (error);
}

static gboolean
has_error (gpointer record)
{
  return ((Record *) record)->error != NULL;
}

static DexFuture *
provide_cb (InnSelection selection, const char *mime_type, gpointer text)
{
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_new (text, strlen (text)));
}

static void
offer (InnVncSource *source, const char *text)
{
  static const char *const types[] = { INN_CLIPBOARD_TEXT, INN_CLIPBOARD_IMAGE, NULL };

  inn_clipboard_peer_offer (INN_CLIPBOARD_PEER (source), INN_SELECTION_CLIPBOARD, types, provide_cb,
                            g_strdup (text), g_free);
}

static void
add_frame (GByteArray *script)
{
  vnc_script_rect (script, 0, 0, 8, 8, 0);
  vnc_script_fill (script, 8, 8, 0);
}

static void
test_clipboard (void)
{
  static const char latin1[] = "\x06\0\0\0\0\0\0\x0d"
                               "Gr\xfc\xdf"
                               "e\nan alle";
  GByteArray *script = vnc_script_new (8, 8);
  g_autoptr (InnVncSource) source = NULL;
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, 'x');
  Record record = { 0 };
  InnClipboardPeer *peer;

  add_frame (script);
  source = record_start (&record, script);
  peer = INN_CLIPBOARD_PEER (source);
  g_assert_null (inn_clipboard_peer_get_types (peer, INN_SELECTION_PRIMARY)[0]);
  g_signal_connect (source, "not-sent", G_CALLBACK (not_sent_cb), &record);

  offer (source, "Gr\xc3\xbc\xc3\x9f"
                 "e\r\nan alle");
  wait_sent (&record, latin1, sizeof latin1 - 1);

  offer (source, "\xe6\x97\xa5\xe6\x9c\xac");
  inn_test_spin (has_error, &record);
  g_assert_error (record.error, INN_ERROR, INN_ERROR_UNSUPPORTED);

  /* QEMU would hang up. */
  g_clear_error (&record.error);
  offer (source, large);
  inn_test_spin (has_error, &record);
  g_assert_error (record.error, INN_ERROR, INN_ERROR_NO_SPACE);

  offer (source, "still here");
  wait_sent (&record, "still here", strlen ("still here"));
  inn_display_source_close (INN_DISPLAY_SOURCE (source));
  g_assert_null (inn_clipboard_peer_get_types (peer, INN_SELECTION_CLIPBOARD)[0]);
  record_end (&record);
}

static void
test_power (void)
{
  static const char *const no_reboot[] = { "-no-reboot", NULL };
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, ",power-control=on", no_reboot);
  g_autoptr (InnVncSource) source = NULL;

  if (qemu == NULL)
    return;

  source = open_source (path, -1);
  g_assert_false (inn_display_source_can_power (INN_DISPLAY_SOURCE (source)));
  inn_test_spin (vnc_is_ready, source);
  g_assert_true (inn_display_source_can_power (INN_DISPLAY_SOURCE (source)));
  inn_display_source_power (INN_DISPLAY_SOURCE (source), INN_DISPLAY_POWER_RESET);
  /* One that does not reboot ends. */
  inn_test_spin (vnc_is_closed, source);
  g_assert_true (g_subprocess_wait (qemu, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (qemu));
}

static void
test_no_power (void)
{
  g_autoptr (InnTestDir) dir = inn_test_dir_new ();
  g_autofree char *path = g_build_filename (dir, "vnc", NULL);
  g_autoptr (GSubprocess) qemu = vnc_qemu_start (path, "", NULL);
  g_autoptr (InnVncSource) source = NULL;

  if (qemu == NULL)
    return;

  source = open_source (path, -1);
  inn_test_spin (vnc_is_ready, source);
  g_assert_false (inn_display_source_can_power (INN_DISPLAY_SOURCE (source)));
  /* Nor does it take positions: there is no tablet. */
  g_assert_false (inn_display_source_get_absolute (INN_DISPLAY_SOURCE (source)));
  vnc_qemu_stop (qemu);
}

/* The guest has Caps Lock on and the desktop has not. */
static void
test_leds (void)
{
  static const guint8 caps[] = { 4, 1, 0, 0, 0, 0, 0xff, 0xe5, 4, 0, 0, 0, 0, 0, 0xff, 0xe5 };
  GByteArray *script = vnc_script_new (8, 8);
  g_autoptr (InnVncSource) source = NULL;
  Record record = { 0 };

  vnc_script_rect (script, 0, 0, 0, 0, -261);
  vnc_script_u8 (script, INN_LED_CAPS | INN_LED_NUM);
  add_frame (script);
  source = record_start (&record, script);
  inn_display_source_set_locks (INN_DISPLAY_SOURCE (source), INN_LED_NUM);
  wait_sent (&record, caps, sizeof caps);
  /* Num Lock was left alone. */
  g_assert_null (memmem (record.sent->data, record.sent->len, "\0\0\xff\x7f", 4));
  inn_display_source_close (INN_DISPLAY_SOURCE (source));
  record_end (&record);
}

static gboolean
plays (gpointer source)
{
  return inn_display_source_can_play (source);
}

static gboolean
is_over (gpointer until)
{
  return g_get_monotonic_time () > *(gint64 *) until;
}

/* Closed while sound waits to be played, where gvnc would free what is no object. */
static void
test_sound (void)
{
  GByteArray *script = vnc_script_new (8, 8);
  InnVncSource *source;
  gint64 until;

  vnc_script_rect (script, 0, 0, 0, 0, -259);
  vnc_script_rect (script, 0, 0, 8, 8, 0);
  vnc_script_fill (script, 8, 8, 0);
  for (guint subtype = 1; subtype <= 2; subtype++)
    {
      vnc_script_u8 (script, 255);
      vnc_script_u8 (script, 1);
      vnc_script_u16 (script, subtype);
    }
  vnc_script_u32 (script, 4000);
  for (int i = 0; i < 4000; i++)
    vnc_script_u8 (script, i);
  source = inn_vnc_source_new (NULL, "sound");
  inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_serve (script, VNC_THEN_STAY));
  inn_test_spin (plays, source);
  g_assert_finalize_object (source);
  until = g_get_monotonic_time () + G_USEC_PER_SEC;
  inn_test_spin (is_over, &until);
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/vnc-extras/encodings", test_encodings);
  g_test_add_func ("/vnc-extras/x11vnc", test_x11vnc);
  g_test_add_func ("/vnc-extras/relative", test_relative);
  g_test_add_func ("/vnc-extras/clipboard", test_clipboard);
  g_test_add_func ("/vnc-extras/power", test_power);
  g_test_add_func ("/vnc-extras/no-power", test_no_power);
  g_test_add_func ("/vnc-extras/leds", test_leds);
  g_test_add_func ("/vnc-extras/sound", test_sound);

  return g_test_run ();
}

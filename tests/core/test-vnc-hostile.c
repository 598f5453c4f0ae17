/* test-vnc-hostile.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "vnc-fixture.h"

#include "base/inn-error.h"

#include <string.h>

/* Servers that lie, stammer or stop. Whatever they do ends in a closed source with a text. */

static InnVncSource *
start (GByteArray *script, VncThen then)
{
  InnVncSource *source = inn_vnc_source_new (NULL, "odd <b>guest</b>");

  inn_vnc_source_set_deadline (source, 5);
  inn_display_source_start (INN_DISPLAY_SOURCE (source), vnc_serve (script, then));
  return source;
}

static void
assert_ends (GByteArray *script, VncThen then, InnError code)
{
  g_autoptr (InnVncSource) source = start (script, then);
  const GError *error;

  inn_test_spin (vnc_is_closed, source);
  error = inn_display_source_get_error (INN_DISPLAY_SOURCE (source));
  g_assert_error (error, INN_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, "odd <b>guest</b>"));
}

static void
test_garbage (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (int round = 0; round < 20; round++)
    {
      GByteArray *script = round % 2 ? vnc_script_new (64, 64) : g_byte_array_new ();
      g_autoptr (InnVncSource) source = NULL;

      for (int i = 0; i < 4000; i++)
        vnc_script_u8 (script, g_rand_int_range (rand, 3, 256));
      source = start (script, VNC_THEN_CLOSE);
      inn_test_spin (vnc_is_closed, source);
      g_assert_nonnull (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)));
    }
}

static void
test_closes_at_once (void)
{
  assert_ends (g_byte_array_new (), VNC_THEN_CLOSE, INN_ERROR_NOT_CONNECTED);
}

static void
test_says_nothing (void)
{
  g_autoptr (InnVncSource) source = inn_vnc_source_new (NULL, "silent");

  inn_vnc_source_set_deadline (source, 1);
  inn_display_source_start (INN_DISPLAY_SOURCE (source),
                            vnc_serve (g_byte_array_new (), VNC_THEN_STAY));
  inn_test_spin (vnc_is_closed, source);
  g_assert_error (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)), INN_ERROR,
                  INN_ERROR_TIMED_OUT);
}

static void
test_other_protocol (void)
{
  GByteArray *script = g_byte_array_new ();

  vnc_script_text (script, "SSH-2.0-OpenSSH_9.9p1 Debian\r\n");
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);
}

static void
test_unknown_login (void)
{
  GByteArray *script = g_byte_array_new ();

  vnc_script_text (script, "RFB 003.008\n");
  vnc_script_u8 (script, 1);
  vnc_script_u8 (script, 99);
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_UNSUPPORTED);
}

/* gvnc takes a refusal with an overlong reason for a success. */
static void
test_overlong_refusal (void)
{
  GByteArray *script = g_byte_array_new ();
  g_autoptr (InnVncSource) source = NULL;

  vnc_script_text (script, "RFB 003.008\n");
  vnc_script_u8 (script, 1);
  vnc_script_u8 (script, 1);
  vnc_script_u32 (script, 1);
  vnc_script_u32 (script, 5000);
  for (int i = 0; i < 5000; i++)
    vnc_script_u8 (script, 'x');
  source = start (script, VNC_THEN_STAY);
  inn_test_spin (vnc_is_closed, source);
  g_assert_nonnull (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)));
}

static void
test_sizes (void)
{
  static const guint sizes[][2] = { { 32768, 32768 }, { 16385, 16 }, { 16384, 16384 },
                                    { 65535, 65535 }, { 65535, 1 },  { 0, 600 },
                                    { 0, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GByteArray *script;

      assert_ends (vnc_script_new (sizes[i][0], sizes[i][1]), VNC_THEN_STAY, INN_ERROR_UNSUPPORTED);

      script = vnc_script_new (64, 64);
      vnc_script_rect (script, 0, 0, sizes[i][0], sizes[i][1], -223);
      assert_ends (script, VNC_THEN_STAY, INN_ERROR_UNSUPPORTED);
    }
}

static void
test_rectangles (void)
{
  static const guint rects[][4] = {
    { 60, 0, 8, 8 }, { 0, 60, 8, 8 }, { 65535, 65535, 1, 1 }, { 0, 0, 65535, 65535 }
  };
  static const gint32 encodings[] = { 0, 1, 2, 5, 7, 16 };

  for (gsize i = 0; i < G_N_ELEMENTS (rects); i++)
    for (gsize e = 0; e < G_N_ELEMENTS (encodings); e++)
      {
        GByteArray *script = vnc_script_new (64, 64);

        vnc_script_rect (script, rects[i][0], rects[i][1], rects[i][2], rects[i][3], encodings[e]);
        vnc_script_fill (script, 16, 16, 0xffffff);
        assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);
      }
}

static void
test_copy_from_outside (void)
{
  GByteArray *script = vnc_script_new (64, 64);

  vnc_script_rect (script, 0, 0, 8, 8, 1);
  vnc_script_u16 (script, 60);
  vnc_script_u16 (script, 60);
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);
}

static void
test_unknown_encoding (void)
{
  GByteArray *script = vnc_script_new (64, 64);

  vnc_script_rect (script, 0, 0, 8, 8, 4711);
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);
}

/* Never offered, and gvnc would read pixels of any size into buffers of four bytes. */
static void
test_pixel_format (void)
{
  static const guint8 format[] = { 255, 255, 0, 1, 255, 255, 255, 255, 255, 255, 99, 99, 99 };
  GByteArray *script = vnc_script_new (64, 64);

  vnc_script_rect (script, 0, 0, 64, 64, 0x574d5669);
  g_byte_array_append (script, format, sizeof format);
  vnc_script_u8 (script, 0);
  vnc_script_u16 (script, 0);
  vnc_script_rect (script, 0, 0, 16, 16, 5);
  vnc_script_fill (script, 64, 64, 0xffffff);
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);
}

static void
test_huge_clipboard (void)
{
  GByteArray *script = vnc_script_new (64, 64);

  vnc_script_u8 (script, 3);
  vnc_script_u8 (script, 0);
  vnc_script_u16 (script, 0);
  vnc_script_u32 (script, 100 * 1024 * 1024);
  assert_ends (script, VNC_THEN_REPEAT, INN_ERROR_REMOTE);
}

static void
test_stops_in_a_frame (void)
{
  GByteArray *script = vnc_script_new (64, 64);
  g_autoptr (InnVncSource) source = NULL;

  vnc_script_rect (script, 0, 0, 64, 64, 0);
  vnc_script_fill (script, 64, 64, 0x123456);
  vnc_script_rect (script, 0, 0, 64, 64, 0);
  vnc_script_fill (script, 64, 10, 0x654321);
  source = start (script, VNC_THEN_CLOSE);
  inn_test_spin (vnc_is_closed, source);

  g_assert_error (inn_display_source_get_error (INN_DISPLAY_SOURCE (source)), INN_ERROR,
                  INN_ERROR_NOT_CONNECTED);
  /* What was whole is still there. */
  g_assert_cmphex (vnc_pixel (source, 63, 63), ==, 0x123456);
}

static void
count_cb (gpointer source, guint *count)
{
  (*count)++;
}

static gboolean
half_second_over (gpointer since)
{
  return g_get_monotonic_time () - *(gint64 *) since > G_USEC_PER_SEC / 2;
}

static void
test_endless_bell (void)
{
  GByteArray *script = vnc_script_new (64, 64);
  g_autoptr (InnVncSource) source = NULL;
  gint64 since = g_get_monotonic_time ();
  guint bells = 0;

  vnc_script_rect (script, 0, 0, 64, 64, 0);
  vnc_script_fill (script, 64, 64, 0);
  vnc_script_u8 (script, 2);
  source = start (script, VNC_THEN_REPEAT);
  g_signal_connect (source, "bell", G_CALLBACK (count_cb), &bells);
  inn_test_spin (vnc_is_ready, source);
  inn_test_spin (half_second_over, &since);

  g_assert_cmpuint (bells, >=, 1);
  g_assert_cmpuint (bells, <=, 20);
  inn_display_source_close (INN_DISPLAY_SOURCE (source));
  g_assert_true (vnc_is_closed (source));
}

static void
test_other_size_each_frame (void)
{
  GByteArray *script = vnc_script_new (64, 64);
  g_autoptr (InnVncSource) source = NULL;
  guint resized = 0;

  vnc_script_rect (script, 0, 0, 64, 64, 0);
  vnc_script_fill (script, 64, 64, 1);
  for (guint i = 1; i <= 200; i++)
    {
      vnc_script_rect (script, 0, 0, 64 + i, 64 + i, -223);
      vnc_script_rect (script, 0, 0, 1, 1, 0);
      vnc_script_fill (script, 1, 1, i);
    }
  source = start (script, VNC_THEN_CLOSE);
  g_signal_connect (source, "resized", G_CALLBACK (count_cb), &resized);
  inn_test_spin (vnc_is_closed, source);

  g_assert_cmpuint (resized, ==, 201);
  g_assert_cmphex (vnc_pixel (source, 0, 0), ==, 200);
}

static void
test_large_cursor (void)
{
  GByteArray *script = vnc_script_new (64, 64);
  g_autoptr (InnVncSource) source = NULL;

  vnc_script_rect (script, 600, 600, 1000, 8, -239);
  vnc_script_fill (script, 1000, 8, 0xffffff);
  for (int i = 0; i < 125 * 8; i++)
    vnc_script_u8 (script, 0xff);
  vnc_script_rect (script, 0, 0, 1, 1, 0);
  vnc_script_fill (script, 1, 1, 0xabcdef);
  source = start (script, VNC_THEN_STAY);
  inn_test_spin (vnc_is_ready, source);

  g_assert_null (inn_display_source_get_cursor (INN_DISPLAY_SOURCE (source)));
  g_assert_cmphex (vnc_pixel (source, 0, 0), ==, 0xabcdef);
}

static void
keep_text_cb (InnClipboardPeer *peer, InnSelection selection, GStrv types, char **kept)
{
  g_autoptr (DexFuture) read = NULL;
  GBytes *bytes;

  g_assert_cmpint (selection, ==, INN_SELECTION_CLIPBOARD);
  g_assert_true (g_strv_contains ((const char *const *) types, INN_CLIPBOARD_TEXT));
  read = inn_clipboard_peer_read (peer, selection, INN_CLIPBOARD_TEXT);
  bytes = g_value_get_boxed (dex_future_get_value (read, NULL));
  g_free (*kept);
  *kept = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_clipboard (void)
{
  static const char *const sent[] = { "caf\xe9", "caf\xc3\xa9" };

  for (gsize i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      GByteArray *script = vnc_script_new (8, 8);
      g_autoptr (InnVncSource) source = NULL;
      g_autofree char *text = NULL;

      vnc_script_u8 (script, 3);
      vnc_script_u8 (script, 0);
      vnc_script_u16 (script, 0);
      vnc_script_u32 (script, strlen (sent[i]));
      vnc_script_text (script, sent[i]);
      source = start (script, VNC_THEN_CLOSE);
      g_signal_connect (source, "offered", G_CALLBACK (keep_text_cb), &text);
      inn_test_spin (vnc_is_closed, source);
      g_assert_cmpstr (text, ==, "café");
    }
}

static void
add_text (GByteArray *script, guint length, guint8 letter)
{
  vnc_script_u8 (script, 3);
  vnc_script_u8 (script, 0);
  vnc_script_u16 (script, 0);
  vnc_script_u32 (script, length);
  for (guint i = 0; i < length; i++)
    vnc_script_u8 (script, letter);
}

/* A text after the other: none but the last is kept. */
static void
test_many_texts (void)
{
  GByteArray *script = vnc_script_new (8, 8);
  g_autoptr (InnVncSource) source = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 40; i++)
    add_text (script, 256 * 1024, 'a' + i % 26);
  source = start (script, VNC_THEN_CLOSE);
  g_signal_connect (source, "offered", G_CALLBACK (keep_text_cb), &text);
  inn_test_spin (vnc_is_closed, source);
  g_assert_cmpuint (strlen (text), ==, 256 * 1024);
  g_assert_cmpint (text[0], ==, 'a' + 39 % 26);
}

static void
add_sound (GByteArray *script, guint subtype)
{
  vnc_script_u8 (script, 255);
  vnc_script_u8 (script, 1);
  vnc_script_u16 (script, subtype);
}

/* More sound than there is room for, and sound of no known kind. */
static void
test_sound (void)
{
  GByteArray *script = vnc_script_new (8, 8);

  vnc_script_rect (script, 0, 0, 0, 0, -259);
  add_sound (script, 2);
  vnc_script_u32 (script, 0xfffffff0);
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);

  script = vnc_script_new (8, 8);
  add_sound (script, 77);
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);

  /* Ends what never began, then stops in a sample. */
  script = vnc_script_new (8, 8);
  add_sound (script, 0);
  add_sound (script, 2);
  vnc_script_u32 (script, 1000);
  assert_ends (script, VNC_THEN_CLOSE, INN_ERROR_NOT_CONNECTED);
}

/* Answers to what nobody asked for. */
static void
test_power (void)
{
  GByteArray *script = vnc_script_new (8, 8);

  for (guint i = 0; i < 2; i++)
    {
      vnc_script_u8 (script, 250);
      vnc_script_u8 (script, 0);
      vnc_script_u8 (script, 1);
      vnc_script_u8 (script, i == 0 ? 0 : 99);
    }
  assert_ends (script, VNC_THEN_STAY, INN_ERROR_REMOTE);
}

/* Closed, and thrown away, after each byte that a server can have sent. */
static void
test_close_anywhere (void)
{
  g_autoptr (GByteArray) whole = vnc_script_new (8, 8);

  vnc_script_rect (whole, 0, 0, 8, 8, 0);
  vnc_script_fill (whole, 8, 8, 0xffffff);
  for (guint size = 0; size < whole->len; size += size < 60 ? 1 : 23)
    for (int turns = 0; turns < 8; turns++)
      {
        GByteArray *script = g_byte_array_new ();
        InnVncSource *source;

        g_byte_array_append (script, whole->data, size);
        source = start (script, VNC_THEN_STAY);
        for (int i = 0; i < turns; i++)
          g_main_context_iteration (NULL, FALSE);
        if (turns % 2)
          inn_display_source_close (INN_DISPLAY_SOURCE (source));
        g_object_unref (source);
      }
  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);

  g_test_add_func ("/vnc-hostile/garbage", test_garbage);
  g_test_add_func ("/vnc-hostile/closes-at-once", test_closes_at_once);
  g_test_add_func ("/vnc-hostile/says-nothing", test_says_nothing);
  g_test_add_func ("/vnc-hostile/other-protocol", test_other_protocol);
  g_test_add_func ("/vnc-hostile/unknown-login", test_unknown_login);
  g_test_add_func ("/vnc-hostile/overlong-refusal", test_overlong_refusal);
  g_test_add_func ("/vnc-hostile/sizes", test_sizes);
  g_test_add_func ("/vnc-hostile/rectangles", test_rectangles);
  g_test_add_func ("/vnc-hostile/copy-from-outside", test_copy_from_outside);
  g_test_add_func ("/vnc-hostile/unknown-encoding", test_unknown_encoding);
  g_test_add_func ("/vnc-hostile/pixel-format", test_pixel_format);
  g_test_add_func ("/vnc-hostile/huge-clipboard", test_huge_clipboard);
  g_test_add_func ("/vnc-hostile/stops-in-a-frame", test_stops_in_a_frame);
  g_test_add_func ("/vnc-hostile/endless-bell", test_endless_bell);
  g_test_add_func ("/vnc-hostile/other-size-each-frame", test_other_size_each_frame);
  g_test_add_func ("/vnc-hostile/large-cursor", test_large_cursor);
  g_test_add_func ("/vnc-hostile/clipboard", test_clipboard);
  g_test_add_func ("/vnc-hostile/many-texts", test_many_texts);
  g_test_add_func ("/vnc-hostile/sound", test_sound);
  g_test_add_func ("/vnc-hostile/power", test_power);
  g_test_add_func ("/vnc-hostile/close-anywhere", test_close_anywhere);

  return g_test_run ();
}

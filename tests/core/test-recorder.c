/* test-recorder.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "../ui/pattern-source.h"
#include "base/inn-error.h"
#include "console/inn-recorder.h"
#include "inn-test.h"

#include <gst/app/gstappsink.h>

/* A film of a screen is one that others can play: each is read again with GStreamer. */

typedef struct
{
  InnTestDir *folder;
  GFile *file;
  InnDisplaySource *source;
  InnRecorder *recorder;
  gint64 until; /* of the recording */
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer name)
{
  fixture->folder = inn_test_dir_new ();
  fixture->file = g_file_new_build_filename (fixture->folder, name, NULL);
  fixture->source = INN_DISPLAY_SOURCE (pattern_source_new (320, 200));
  pattern_source_make_ready (TEST_PATTERN_SOURCE (fixture->source));
  fixture->recorder = inn_recorder_new (fixture->source, fixture->file);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_error (&fixture->error);
  g_assert_finalize_object (fixture->recorder);
  g_object_unref (fixture->file);
  g_object_unref (fixture->source);
  inn_test_dir_free (fixture->folder);
}

static gboolean
has_recorded (gpointer data)
{
  Fixture *fixture = data;

  return inn_recorder_get_length (fixture->recorder) >= fixture->until;
}

static void
record_for (Fixture *fixture, double seconds)
{
  fixture->until = inn_recorder_get_length (fixture->recorder) + (gint64) (seconds * 1e6);
  inn_test_spin (has_recorded, fixture);
}

static void
fill (Fixture *fixture, guint32 pixel)
{
  pattern_source_paint (TEST_PATTERN_SOURCE (fixture->source), 0, 0, 320, 200, pixel);
}

typedef struct
{
  guint frames;
  double seconds; /* when the last one has been shown */
  int width;
  int height;
  guint32 first; /* a pixel in the middle */
  guint32 last;
} Film;

/* @pixels: whether the frames are decoded */
static void
look_at (Film *film, GstSample *sample, gboolean pixels)
{
  const GstStructure *caps = gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  GstMapInfo map;

  gst_structure_get_int (caps, "width", &film->width);
  gst_structure_get_int (caps, "height", &film->height);
  if (pixels)
    {
      g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_READ));
      memcpy (&film->last, map.data + (film->height / 2 * film->width + film->width / 2) * 4, 4);
      gst_buffer_unmap (buffer, &map);
    }
  if (film->frames++ == 0)
    film->first = film->last;
  film->seconds = (double) GST_BUFFER_PTS (buffer) / GST_SECOND;
  if (GST_BUFFER_DURATION_IS_VALID (buffer))
    film->seconds += (double) GST_BUFFER_DURATION (buffer) / GST_SECOND;
}

/* Returns whether its pixels could be looked at: many systems have no decoder for H.264. */
static gboolean
play (Fixture *fixture, Film *film)
{
  g_autofree char *path = g_file_get_path (fixture->file);
  g_autoptr (GstElementFactory) factory = gst_element_factory_find ("avdec_h264");
  gboolean webm = g_str_has_suffix (path, ".webm");
  gboolean pixels = webm || factory != NULL;
  const char *text =
      pixels ? "filesrc name=film ! decodebin ! videoconvert ! video/x-raw,format=BGRx ! "
               "appsink name=sink sync=false"
             : "filesrc name=film ! qtdemux ! appsink name=sink sync=false";
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (text, &error);
  g_autoptr (GstElement) decode = NULL;
  g_autoptr (GstElement) sink = NULL;
  GstSample *sample;

  g_assert_no_error (error);
  decode = gst_bin_get_by_name (GST_BIN (pipeline), "film");
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (decode, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  *film = (Film) { 0 };
  while ((sample = gst_app_sink_pull_sample (GST_APP_SINK (sink))) != NULL)
    {
      look_at (film, sample, pixels);
      gst_sample_unref (sample);
    }
  g_assert_true (gst_app_sink_is_eos (GST_APP_SINK (sink)));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return pixels;
}

static gboolean
is_near (guint32 pixel, guint32 wanted)
{
  for (int shift = 0; shift < 24; shift += 8)
    if (ABS ((int) ((pixel >> shift) & 0xff) - (int) ((wanted >> shift) & 0xff)) > 24)
      return FALSE;

  return TRUE;
}

static void
start (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  inn_test_settle (inn_recorder_start (fixture->recorder), &error);
  if (g_error_matches (error, INN_ERROR, INN_ERROR_UNSUPPORTED))
    g_test_skip (error->message);
  else
    g_assert_no_error (error);
}

static void
stop (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  inn_test_settle (inn_recorder_stop (fixture->recorder), &error);
  g_assert_no_error (error);
}

static void
test_film (Fixture *fixture, gconstpointer data)
{
  Film film;

  fill (fixture, 0x2040c0);
  start (fixture);
  if (g_test_failed () || inn_recorder_get_length (fixture->recorder) == 0)
    return;
  for (int i = 0; i < 10; i++)
    {
      fill (fixture, i % 2 != 0 ? 0x2040c0 : 0x30a040);
      record_for (fixture, 0.1);
    }
  fill (fixture, 0xc03020);
  record_for (fixture, 1);
  stop (fixture);

  if (play (fixture, &film))
    {
      g_assert_true (is_near (film.first, 0x2040c0));
      g_assert_true (is_near (film.last, 0xc03020));
    }
  g_assert_cmpint (film.width, ==, 320);
  g_assert_cmpint (film.height, ==, 200);
  /* What stands still costs a frame a second; the film is as long as what was seen. */
  g_assert_cmpuint (film.frames, >=, 5);
  g_assert_cmpuint (film.frames, <=, 30);
  g_assert_cmpfloat (film.seconds, >=, 1.8);
  g_assert_cmpfloat (film.seconds, <=, 30);
}

/* The guest changes its resolution, and its screen goes away: the film is still one. */
static void
test_changes (Fixture *fixture, gconstpointer data)
{
  Film film;

  start (fixture);
  if (inn_recorder_get_length (fixture->recorder) == 0)
    return;
  record_for (fixture, 0.3);
  pattern_source_set_resizable (TEST_PATTERN_SOURCE (fixture->source), TRUE);
  inn_display_source_resize (fixture->source, 801, 601);
  fill (fixture, 0x208020);
  record_for (fixture, 0.5);
  pattern_source_set_state (TEST_PATTERN_SOURCE (fixture->source), INN_DISPLAY_CLOSED);
  record_for (fixture, 0.2);
  stop (fixture);

  play (fixture, &film);
  g_assert_cmpint (film.width, ==, 320);
  g_assert_cmpint (film.height, ==, 200);
  g_assert_cmpuint (film.frames, >=, 2);
}

static void
assert_refused (Fixture *fixture, int code, const char *text)
{
  g_autoptr (GError) error = NULL;

  inn_test_settle (inn_recorder_start (fixture->recorder), &error);
  g_assert_error (error, INN_ERROR, code);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_cmpint (inn_recorder_get_length (fixture->recorder), ==, 0);
  /* Nothing is owed. */
  stop (fixture);
}

static void
test_other_name (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, INN_ERROR_INVALID, ".webm");
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  assert_refused (fixture, INN_ERROR_DENIED, "cannot be written");
}

/* Without plugins the reason is said. */
static void
test_no_plugins (Fixture *fixture, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      assert_refused (fixture, INN_ERROR_UNSUPPORTED, "plugin");
      return;
    }

  g_setenv ("GST_PLUGIN_SYSTEM_PATH_1_0", "/nowhere", TRUE);
  g_setenv ("GST_REGISTRY_1_0", "/dev/null", TRUE);
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_unsetenv ("GST_PLUGIN_SYSTEM_PATH_1_0");
  g_unsetenv ("GST_REGISTRY_1_0");
}

static void
failed_cb (InnRecorder *recorder, const GError *error, Fixture *fixture)
{
  fixture->error = g_error_copy (error);
}

static gboolean
has_failed (gpointer data)
{
  Fixture *fixture = data;

  /* What changes each time and cannot be packed. */
  for (int i = 0; i < 20; i++)
    pattern_source_paint (TEST_PATTERN_SOURCE (fixture->source), g_random_int_range (0, 300),
                          g_random_int_range (0, 180), 20, 20, g_random_int ());
  return fixture->error != NULL;
}

static void
test_full_disk (void)
{
  Fixture fixture = { 0 };
  g_autofree char *link = NULL;

  set_up (&fixture, "full.webm");
  link = g_file_get_path (fixture.file);
  g_assert_cmpint (symlink ("/dev/full", link), ==, 0);
  g_signal_connect (fixture.recorder, "failed", G_CALLBACK (failed_cb), &fixture);
  inn_test_settle (inn_recorder_start (fixture.recorder), &fixture.error);
  if (fixture.error == NULL)
    inn_test_spin (has_failed, &fixture);
  g_assert_nonnull (fixture.error);
  g_assert_true (fixture.error->domain == INN_ERROR);
  stop (&fixture);
  tear_down (&fixture, NULL);
}

/* Thrown away while it records. */
static void
test_dropped (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  if (inn_recorder_get_length (fixture->recorder) != 0)
    record_for (fixture, 0.2);
}

int
main (int argc, char **argv)
{
  /* The plugins of the system are wanted. */
  g_test_init (&argc, &argv, NULL);
  inn_init ();

  g_test_add ("/recorder/no-plugins", Fixture, "a.webm", set_up, test_no_plugins, tear_down);
  g_test_add ("/recorder/webm", Fixture, "a.webm", set_up, test_film, tear_down);
  g_test_add ("/recorder/mp4", Fixture, "a b.MP4", set_up, test_film, tear_down);
  g_test_add ("/recorder/changes", Fixture, "a.webm", set_up, test_changes, tear_down);
  g_test_add ("/recorder/other-name", Fixture, "a.avi", set_up, test_other_name, tear_down);
  g_test_add ("/recorder/no-folder", Fixture, "no/a.webm", set_up, test_no_folder, tear_down);
  g_test_add_func ("/recorder/full-disk", test_full_disk);
  g_test_add ("/recorder/dropped", Fixture, "a.webm", set_up, test_dropped, tear_down);

  return g_test_run ();
}

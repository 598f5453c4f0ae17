/* inn-recorder-pipeline.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-recorder-pipeline.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>

/* From frames to a film in a file. All of it may wait for plugins, encoders and disks: it is called
 * on a thread. */

/* An encoder that is behind has some frames to go. */
#define FINISH_SECONDS 60

typedef struct
{
  const char *suffix;
  const char *encoders[3]; /* the first that is there */
  const char *muxer;
} Format;

static const Format FORMATS[] = {
  { ".webm", { "vp8enc" }, "webmmux" },
  { ".mp4", { "x264enc", "openh264enc" }, "mp4mux" },
};

static const Format *
find_format (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (FORMATS); i++)
    {
      gsize length = strlen (path);
      gsize suffix = strlen (FORMATS[i].suffix);

      if (length > suffix && g_ascii_strcasecmp (path + length - suffix, FORMATS[i].suffix) == 0)
        return &FORMATS[i];
    }

  return NULL;
}

static GstElement *
add (GstElement *pipeline, const char *factory, const char *name, GError **error)
{
  GstElement *element = gst_element_factory_make (factory, name);

  if (element == NULL)
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                     _ ("The screen cannot be recorded: the plugin “%s” of GStreamer is missing. "
                        "Install GStreamer's base and good plugins, for MP4 the ugly or bad ones."),
                     factory);
      return NULL;
    }
  gst_bin_add (GST_BIN (pipeline), element);
  return element;
}

static GstElement *
add_encoder (GstElement *pipeline, const Format *format, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (format->encoders) && format->encoders[i] != NULL; i++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (format->encoders[i]);

      if (factory != NULL)
        return add (pipeline, format->encoders[i], "encoder", error);
    }

  return add (pipeline, format->encoders[0], "encoder", error);
}

/* For a screen: sharp letters, and quick enough to be done beside other work. */
static void
tune (GstElement *encoder, int width, int height)
{
  const char *name = GST_OBJECT_NAME (gst_element_get_factory (encoder));
  guint bits = (guint) CLAMP ((gint64) width * height * 3, 1000000, 20000000);

  if (g_str_equal (name, "vp8enc"))
    g_object_set (encoder, "deadline", (gint64) 1, "cpu-used", 8, "threads", 2, "target-bitrate",
                  (int) bits, "min-quantizer", 2, "max-quantizer", 40, "keyframe-max-dist", 250,
                  NULL);
  else if (g_str_equal (name, "x264enc"))
    {
      gst_util_set_object_arg (G_OBJECT (encoder), "speed-preset", "superfast");
      g_object_set (encoder, "bitrate", bits / 1000, "bframes", 0, "threads", 2, NULL);
    }
  else
    g_object_set (encoder, "bitrate", bits, NULL);
}

/**
 * inn_recorder_pipeline_make_caps:
 * @width: pixels
 * @height: pixels
 *
 * Returns: (transfer full): what frames of a screen are called
 */
GstCaps *
inn_recorder_pipeline_make_caps (int width, int height)
{
  return gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "BGRx", "width", G_TYPE_INT,
                              width, "height", G_TYPE_INT, height, "framerate", GST_TYPE_FRACTION,
                              0, 1, NULL);
}

static void
set_up (GstElement *source, GstElement *scale, GstElement *filter, int width, int height)
{
  /* The film keeps its size; a screen of another size has borders in it. Encoders want even ones.
   */
  g_autoptr (GstCaps) film =
      gst_caps_new_simple ("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                           MAX (width & ~1, 2), "height", G_TYPE_INT, MAX (height & ~1, 2),
                           "pixel-aspect-ratio", GST_TYPE_FRACTION, 1, 1, NULL);
  g_autoptr (GstCaps) screen = inn_recorder_pipeline_make_caps (width, height);

  g_object_set (source, "is-live", TRUE, "format", GST_FORMAT_TIME, "block", FALSE, "caps", screen,
                "max-bytes", (guint64) 0, NULL);
  g_object_set (scale, "add-borders", TRUE, NULL);
  g_object_set (filter, "caps", film, NULL);
}

/**
 * inn_recorder_pipeline_new:
 * @path: of a film to be; it ends in ".webm" or ".mp4"
 * @width: pixels
 * @height: pixels
 * @error: %INN_ERROR_UNSUPPORTED when a plugin is missing, %INN_ERROR_INVALID for other names
 *
 * Returns: (transfer full) (nullable): what makes the film
 */
GstElement *
inn_recorder_pipeline_new (const char *path, int width, int height, GError **error)
{
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GError) local = NULL;
  const Format *format = find_format (path);
  GstElement *source;
  GstElement *convert;
  GstElement *scale;
  GstElement *filter;
  GstElement *encoder;
  GstElement *muxer;
  GstElement *sink;

  if (format == NULL)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("A recording is a WebM or an MP4 film: let its name end in .webm or .mp4"));
      return NULL;
    }
  if (!gst_init_check (NULL, NULL, &local))
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, local->message,
                     _ ("The screen cannot be recorded: GStreamer does not start"));
      return NULL;
    }

  pipeline = gst_object_ref_sink (gst_pipeline_new (NULL));
  if ((source = add (pipeline, "appsrc", "screen", error)) == NULL ||
      (convert = add (pipeline, "videoconvert", NULL, error)) == NULL ||
      (scale = add (pipeline, "videoscale", NULL, error)) == NULL ||
      (filter = add (pipeline, "capsfilter", NULL, error)) == NULL ||
      (encoder = add_encoder (pipeline, format, error)) == NULL ||
      (muxer = add (pipeline, format->muxer, NULL, error)) == NULL ||
      (sink = add (pipeline, "filesink", NULL, error)) == NULL)
    return NULL;

  set_up (source, scale, filter, width, height);
  tune (encoder, width, height);
  g_object_set (sink, "location", path, "sync", FALSE, "async", FALSE, NULL);
  if (!gst_element_link_many (source, convert, scale, filter, encoder, muxer, sink, NULL))
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                     _ ("The screen cannot be recorded: the plugins of GStreamer that are here do "
                        "not fit together"));
      return NULL;
    }

  return g_steal_pointer (&pipeline);
}

/**
 * inn_recorder_pipeline_get_source:
 * @pipeline: what makes a film
 *
 * Returns: (transfer full): where frames go
 */
GstAppSrc *
inn_recorder_pipeline_get_source (GstElement *pipeline)
{
  return GST_APP_SRC (gst_bin_get_by_name (GST_BIN (pipeline), "screen"));
}

/**
 * inn_recorder_pipeline_take_error:
 * @message: (transfer full) (nullable): of the pipeline
 * @path: of its film
 *
 * Returns: (transfer full): what went wrong, for a person
 */
GError *
inn_recorder_pipeline_take_error (GstMessage *message, const char *path)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *debug = NULL;
  InnError code = INN_ERROR_FAILED;
  GError *error;

  if (message != NULL)
    {
      gst_message_parse_error (message, &local, &debug);
      gst_message_unref (message);
    }
  if (g_error_matches (local, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NO_SPACE_LEFT))
    code = INN_ERROR_NO_SPACE;
  else if (local != NULL && local->domain == GST_RESOURCE_ERROR)
    code = INN_ERROR_DENIED;

  error = inn_error_new (code, local != NULL ? local->message : NULL,
                         code == INN_ERROR_NO_SPACE
                             ? _ ("The recording “%s” ends here: the disk is full")
                         : code == INN_ERROR_DENIED ? _ ("The recording cannot be written to “%s”")
                                                    : _ ("The recording “%s” failed"),
                         path);
  return error;
}

/**
 * inn_recorder_pipeline_play:
 * @pipeline: what makes a film
 * @path: of the film
 * @error: %INN_ERROR_DENIED when it cannot be written
 *
 * Returns: whether frames can be given to it
 */
gboolean
inn_recorder_pipeline_play (GstElement *pipeline, const char *path, GError **error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  if (gst_element_set_state (pipeline, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE)
    return TRUE;

  g_propagate_error (error, inn_recorder_pipeline_take_error (
                                gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR), path));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return FALSE;
}

/**
 * inn_recorder_pipeline_finish:
 * @pipeline: what makes a film
 * @path: of the film
 * @error: why the film is not whole
 *
 * Waits until the last frame is in the file and closes it.
 *
 * Returns: whether all went well
 */
gboolean
inn_recorder_pipeline_finish (GstElement *pipeline, const char *path, GError **error)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstAppSrc) source = inn_recorder_pipeline_get_source (pipeline);
  GstMessage *message;
  gboolean ended;

  gst_app_src_end_of_stream (source);
  message = gst_bus_timed_pop_filtered (bus, FINISH_SECONDS * GST_SECOND,
                                        GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  ended = message != NULL && GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS;
  if (ended)
    gst_message_unref (message);
  else
    g_propagate_error (error, inn_recorder_pipeline_take_error (message, path));

  return ended;
}

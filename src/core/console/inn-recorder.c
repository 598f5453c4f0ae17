/* inn-recorder.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-recorder.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "console/inn-recorder-pipeline.h"

#include <glib/gi18n.h>
#include <string.h>

#define TICK_MSEC 40
/* Copying a screen of 4K takes as long as all else together. */
#define LARGE_PIXELS (2560 * 1600)
#define LARGE_TICK_MSEC 100
/* A screen that stands still is seen to stand still. */
#define STILL_USEC G_USEC_PER_SEC
/* What the encoder may be behind; more is left out instead of kept. */
#define MAX_WAITING 2

/**
 * InnRecorder:
 *
 * Makes a film of a screen: what changed since the last frame is looked at on a steady tick, and
 * only then copied. An encoder that is too slow loses frames, and never holds up whoever draws the
 * screen. The film has the size that the screen has at the beginning.
 *
 * Signal "failed" (GError error): it ended by itself; nothing is written any more.
 */
struct _InnRecorder
{
  GObject parent_instance;

  InnDisplaySource *source;
  GFile *file;
  GstElement *pipeline;
  GstAppSrc *screen;
  guint watch_id;
  guint tick_id;
  gboolean dirty;
  int width; /* of the frames that the pipeline expects */
  int height;
  gint64 started_at;
  gint64 last_at; /* of the last frame, since the beginning */
};

enum
{
  SIGNAL_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InnRecorder, inn_recorder, G_TYPE_OBJECT)

static void
damaged_cb (InnDisplaySource *source, int x, int y, int width, int height, InnRecorder *self)
{
  self->dirty = TRUE;
}

static void
resized_cb (InnDisplaySource *source, InnRecorder *self)
{
  self->dirty = TRUE;
}

static GstBuffer *
copy_frame (const InnFrame *frame)
{
  gsize row = (gsize) frame->width * 4;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, row * frame->height, NULL);
  GstMapInfo map;

  if (buffer == NULL || !gst_buffer_map (buffer, &map, GST_MAP_WRITE))
    {
      g_clear_pointer (&buffer, gst_buffer_unref);
      return NULL;
    }

  for (int y = 0; y < frame->height; y++)
    memcpy (map.data + y * row, frame->data + (gsize) y * frame->stride, row);
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

static void
push (InnRecorder *self, gint64 at)
{
  InnFrame frame;
  GstBuffer *buffer;

  inn_display_source_get_frame (self->source, &frame);
  if (frame.data == NULL || frame.width < 1 || frame.height < 1)
    return;

  if (frame.width != self->width || frame.height != self->height)
    {
      g_autoptr (GstCaps) caps = inn_recorder_pipeline_make_caps (frame.width, frame.height);

      gst_app_src_set_caps (self->screen, caps);
      self->width = frame.width;
      self->height = frame.height;
    }
  buffer = copy_frame (&frame);
  if (buffer == NULL)
    return;

  GST_BUFFER_PTS (buffer) = (GstClockTime) at * GST_USECOND;
  gst_app_src_push_buffer (self->screen, buffer);
  self->last_at = at;
  self->dirty = FALSE;
}

static gboolean
tick_cb (gpointer user_data)
{
  InnRecorder *self = user_data;
  gint64 at = g_get_monotonic_time () - self->started_at;

  if ((self->dirty || at - self->last_at >= STILL_USEC) &&
      gst_app_src_get_current_level_buffers (self->screen) < MAX_WAITING)
    push (self, at);
  return G_SOURCE_CONTINUE;
}

static void
let_go (InnRecorder *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->source, self);
  g_clear_pointer (&self->screen, gst_object_unref);
}

static gboolean
drop_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  gst_element_set_state (data, GST_STATE_NULL);
  return TRUE;
}

static void
drop_pipeline (InnRecorder *self)
{
  GstElement *pipeline = g_steal_pointer (&self->pipeline);

  if (pipeline != NULL)
    inn_future_forget (
        inn_thread_run ("inn-recorder", drop_thread, pipeline, gst_object_unref, NULL),
        "ending a recording");
}

static char *
dup_name (InnRecorder *self)
{
  return g_file_get_parse_name (self->file);
}

static gboolean
message_cb (GstBus *bus, GstMessage *message, gpointer user_data)
{
  InnRecorder *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    return G_SOURCE_CONTINUE;

  name = dup_name (self);
  error = inn_recorder_pipeline_take_error (gst_message_ref (message), name);
  self->watch_id = 0;
  let_go (self);
  drop_pipeline (self);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  GstElement *pipeline;
  char *path;
  char *name;
  int width;
  int height;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->pipeline, gst_object_unref);
  g_free (job->path);
  g_free (job->name);
  g_free (job);
}

static Job *
job_new (InnRecorder *self)
{
  Job *job = g_new0 (Job, 1);

  job->path = g_file_get_path (self->file);
  job->name = dup_name (self);
  return job;
}

static gboolean
start_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Job *job = data;
  g_autoptr (GstElement) pipeline =
      inn_recorder_pipeline_new (job->path, job->width, job->height, error);

  if (pipeline == NULL || !inn_recorder_pipeline_play (pipeline, job->name, error))
    return FALSE;

  g_value_init (result, G_TYPE_OBJECT);
  g_value_set_object (result, pipeline);
  return TRUE;
}

static void
begin (InnRecorder *self, GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  gboolean large = (gint64) self->width * self->height > LARGE_PIXELS;

  self->pipeline = gst_object_ref (pipeline);
  self->screen = inn_recorder_pipeline_get_source (pipeline);
  self->watch_id = gst_bus_add_watch (bus, message_cb, self);
  g_signal_connect_object (self->source, "damaged", G_CALLBACK (damaged_cb), self, 0);
  g_signal_connect_object (self->source, "resized", G_CALLBACK (resized_cb), self, 0);
  self->started_at = g_get_monotonic_time ();
  push (self, 0);
  self->tick_id = g_timeout_add (large ? LARGE_TICK_MSEC : TICK_MSEC, tick_cb, self);
}

static DexFuture *
started_cb (DexFuture *completed, gpointer data)
{
  InnRecorder *self = data;
  const GValue *value = dex_future_get_value (completed, NULL);

  begin (self, g_value_get_object (value));
  return dex_future_new_true ();
}

static gboolean
finish_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Job *job = data;

  if (!inn_recorder_pipeline_finish (job->pipeline, job->name, error))
    return FALSE;

  g_value_init (result, G_TYPE_BOOLEAN);
  g_value_set_boolean (result, TRUE);
  return TRUE;
}

static void
inn_recorder_dispose (GObject *object)
{
  InnRecorder *self = INN_RECORDER (object);

  if (self->source != NULL)
    let_go (self);
  drop_pipeline (self);
  g_clear_object (&self->source);
  g_clear_object (&self->file);

  G_OBJECT_CLASS (inn_recorder_parent_class)->dispose (object);
}

static void
inn_recorder_class_init (InnRecorderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_recorder_dispose;

  signals[SIGNAL_FAILED] = g_signal_new ("failed", INN_TYPE_RECORDER, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
inn_recorder_init (InnRecorder *self)
{
}

/**
 * inn_recorder_new:
 * @source: a screen with a frame
 * @file: a film to be, on this machine; its name says whether it is WebM or MP4
 *
 * Returns: (transfer full): a recorder that waits
 */
InnRecorder *
inn_recorder_new (InnDisplaySource *source, GFile *file)
{
  InnRecorder *self;

  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (source), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  self = g_object_new (INN_TYPE_RECORDER, NULL);
  self->source = g_object_ref (source);
  self->file = g_object_ref (file);

  return self;
}

/**
 * inn_recorder_start:
 * @self: a recorder that waits
 *
 * Returns: (transfer full): resolves when it records; rejects with %INN_ERROR_UNSUPPORTED when a
 *   plugin of GStreamer is missing, %INN_ERROR_DENIED when the file cannot be written,
 *   %INN_ERROR_INVALID when there is no frame or the file is no film of this machine
 */
DexFuture *
inn_recorder_start (InnRecorder *self)
{
  InnFrame frame;
  Job *job;

  g_return_val_if_fail (INN_IS_RECORDER (self), NULL);

  inn_display_source_get_frame (self->source, &frame);
  if (frame.data == NULL)
    return inn_reject (
        inn_error_new (INN_ERROR_INVALID, NULL, _ ("There is no screen yet to be recorded")));

  job = job_new (self);
  if (job->path == NULL)
    {
      GError *error = inn_error_new (INN_ERROR_INVALID, job->name,
                                     _ ("A recording is written to a folder of this machine only"));

      job_free (job);
      return inn_reject (error);
    }
  job->width = self->width = frame.width;
  job->height = self->height = frame.height;

  return dex_future_then (inn_thread_run ("inn-recorder", start_thread, job, job_free, NULL),
                          started_cb, g_object_ref (self), g_object_unref);
}

/**
 * inn_recorder_stop:
 * @self: a recorder that records, or did
 *
 * The last frame is the screen as it is now. What is recorded is kept whatever happens to @self.
 *
 * Returns: (transfer full): resolves when the film is whole; rejects with why it is not
 */
DexFuture *
inn_recorder_stop (InnRecorder *self)
{
  Job *job;

  g_return_val_if_fail (INN_IS_RECORDER (self), NULL);

  if (self->pipeline == NULL)
    return dex_future_new_true ();

  push (self, MAX (g_get_monotonic_time () - self->started_at, self->last_at + 1000));
  let_go (self);
  job = job_new (self);
  job->pipeline = g_steal_pointer (&self->pipeline);

  return inn_thread_run ("inn-recorder", finish_thread, job, job_free, NULL);
}

/**
 * inn_recorder_get_length:
 * @self: a recorder
 *
 * Returns: microseconds it recorded so far; 0 before it does
 */
gint64
inn_recorder_get_length (InnRecorder *self)
{
  g_return_val_if_fail (INN_IS_RECORDER (self), 0);

  return self->started_at != 0 ? g_get_monotonic_time () - self->started_at : 0;
}

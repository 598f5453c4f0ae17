/* inn-vnc-audio.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-vnc-audio.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"

#include <glib/gi18n.h>
#include <gst/app/gstappsrc.h>

/* What waits to be heard; more is a speaker that does not play. */
#define MAX_WAITING_MSEC 400

/**
 * InnVncAudio:
 *
 * Plays the sound of a guest's screen. gvnc's own player writes to the sound server and waits for
 * it, on the thread that draws; here all that may wait is done on another.
 *
 * Signal "started" (): the guest plays something.
 */
struct _InnVncAudio
{
  GObject parent_instance;

  GstElement *pipeline;
  GstElement *source; /* of @pipeline */
  guint serial;       /* of the pipeline that is wanted */
};

static void inn_vnc_audio_iface_init (VncAudioInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (InnVncAudio,
                               inn_vnc_audio,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (VNC_TYPE_AUDIO, inn_vnc_audio_iface_init))

static GstCaps *
make_caps (const VncAudioFormat *format)
{
  static const struct
  {
    int format;
    const char *name;
  } formats[] = {
    { VNC_AUDIO_FORMAT_RAW_U8, "U8" },     { VNC_AUDIO_FORMAT_RAW_S8, "S8" },
    { VNC_AUDIO_FORMAT_RAW_U16, "U16LE" }, { VNC_AUDIO_FORMAT_RAW_S16, "S16LE" },
    { VNC_AUDIO_FORMAT_RAW_U32, "U32LE" }, { VNC_AUDIO_FORMAT_RAW_S32, "S32LE" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].format == (int) format->format)
      return gst_caps_new_simple ("audio/x-raw", "format", G_TYPE_STRING, formats[i].name, "layout",
                                  G_TYPE_STRING, "interleaved", "rate", G_TYPE_INT,
                                  (int) format->frequency, "channels", G_TYPE_INT,
                                  (int) format->nchannels, NULL);

  return NULL;
}

static gboolean
stop_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  gst_element_set_state (data, GST_STATE_NULL);
  return TRUE;
}

/* The sound server is waited for here too. */
static void
drop_pipeline (InnVncAudio *self)
{
  self->serial++;
  g_clear_pointer (&self->source, gst_object_unref);
  if (self->pipeline != NULL)
    inn_future_forget (inn_thread_run ("sound", stop_thread, g_steal_pointer (&self->pipeline),
                                       gst_object_unref, NULL),
                       "ending the sound of a guest");
}

static gboolean
start_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstElement) source = NULL;
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GError) local = NULL;

  if (gst_init_check (NULL, NULL, &local))
    caps = make_caps (data);
  if (caps != NULL)
    pipeline = gst_parse_launch ("appsrc name=source is-live=true format=time do-timestamp=true "
                                 "leaky-type=downstream max-buffers=0 max-bytes=0 "
                                 "! audioconvert ! audioresample ! autoaudiosink",
                                 &local);
  if (pipeline != NULL)
    source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  if (source != NULL)
    g_object_set (source, "caps", caps, "max-time", (guint64) MAX_WAITING_MSEC * GST_MSECOND, NULL);
  if (source == NULL ||
      gst_element_set_state (pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE)
    {
      if (pipeline != NULL)
        gst_element_set_state (pipeline, GST_STATE_NULL);
      inn_error_set (error, INN_ERROR_UNSUPPORTED, local != NULL ? local->message : NULL,
                     _ ("The sound of the guest cannot be played: this desktop has no sound "
                        "server, or GStreamer’s plug-ins are not installed"));
      return FALSE;
    }

  g_value_init (result, GST_TYPE_ELEMENT);
  g_value_take_object (result, gst_object_ref (pipeline));
  return TRUE;
}

typedef struct
{
  InnWeak *audio;
  guint serial;
} Starting;

static void
starting_free (gpointer data)
{
  Starting *starting = data;

  inn_weak_unref (starting->audio);
  g_free (starting);
}

static DexFuture *
started_cb (DexFuture *completed, gpointer data)
{
  Starting *starting = data;
  g_autoptr (InnVncAudio) self = inn_weak_get (starting->audio);
  GstElement *pipeline = g_value_get_object (dex_future_get_value (completed, NULL));

  if (self == NULL || self->serial != starting->serial)
    return inn_thread_run ("sound", stop_thread, gst_object_ref (pipeline), gst_object_unref, NULL);

  self->pipeline = gst_object_ref (pipeline);
  self->source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  return dex_future_new_true ();
}

static gboolean
inn_vnc_audio_playback_start (VncAudio *audio, VncAudioFormat *format)
{
  InnVncAudio *self = INN_VNC_AUDIO (audio);
  Starting *starting = g_new0 (Starting, 1);

  drop_pipeline (self);
  starting->audio = inn_weak_new (self);
  starting->serial = self->serial;
  inn_future_forget (
      dex_future_then (
          inn_thread_run ("sound", start_thread, g_memdup2 (format, sizeof *format), g_free, NULL),
          started_cb, starting, starting_free),
      "playing the sound of a guest");
  g_signal_emit_by_name (self, "started");
  return TRUE;
}

static gboolean
inn_vnc_audio_playback_stop (VncAudio *audio)
{
  drop_pipeline (INN_VNC_AUDIO (audio));
  return TRUE;
}

static gboolean
inn_vnc_audio_playback_data (VncAudio *audio, VncAudioSample *sample)
{
  InnVncAudio *self = INN_VNC_AUDIO (audio);

  if (self->source == NULL || sample->length == 0)
    return FALSE;

  return gst_app_src_push_buffer (GST_APP_SRC (self->source),
                                  gst_buffer_new_memdup (sample->data, sample->length)) ==
         GST_FLOW_OK;
}

static void
inn_vnc_audio_iface_init (VncAudioInterface *iface)
{
  iface->playback_start = inn_vnc_audio_playback_start;
  iface->playback_stop = inn_vnc_audio_playback_stop;
  iface->playback_data = inn_vnc_audio_playback_data;
}

static void
inn_vnc_audio_dispose (GObject *object)
{
  drop_pipeline (INN_VNC_AUDIO (object));

  G_OBJECT_CLASS (inn_vnc_audio_parent_class)->dispose (object);
}

static void
inn_vnc_audio_class_init (InnVncAudioClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_vnc_audio_dispose;

  g_signal_new ("started", INN_TYPE_VNC_AUDIO, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
inn_vnc_audio_init (InnVncAudio *self)
{
}

/**
 * inn_vnc_audio_new:
 *
 * Returns: (transfer full): a player for one connection
 */
InnVncAudio *
inn_vnc_audio_new (void)
{
  return g_object_new (INN_TYPE_VNC_AUDIO, NULL);
}

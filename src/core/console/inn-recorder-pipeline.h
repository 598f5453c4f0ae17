/* inn-recorder-pipeline.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gst/app/gstappsrc.h>

G_BEGIN_DECLS

GstElement *inn_recorder_pipeline_new (const char *path, int width, int height, GError **error);
GstAppSrc *inn_recorder_pipeline_get_source (GstElement *pipeline);
GstCaps *inn_recorder_pipeline_make_caps (int width, int height);
gboolean inn_recorder_pipeline_play (GstElement *pipeline, const char *path, GError **error);
gboolean inn_recorder_pipeline_finish (GstElement *pipeline, const char *path, GError **error);
GError *inn_recorder_pipeline_take_error (GstMessage *message, const char *path);

G_END_DECLS

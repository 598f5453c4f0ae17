/* inn-recorder.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-display-source.h"

G_BEGIN_DECLS

#define INN_TYPE_RECORDER (inn_recorder_get_type ())

G_DECLARE_FINAL_TYPE (InnRecorder, inn_recorder, INN, RECORDER, GObject)

InnRecorder *inn_recorder_new (InnDisplaySource *source, GFile *file);
DexFuture *inn_recorder_start (InnRecorder *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_recorder_stop (InnRecorder *self) G_GNUC_WARN_UNUSED_RESULT;
gint64 inn_recorder_get_length (InnRecorder *self);

G_END_DECLS

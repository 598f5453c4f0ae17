/* inn-vnc-audio.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gvnc.h>

G_BEGIN_DECLS

#define INN_TYPE_VNC_AUDIO (inn_vnc_audio_get_type ())

G_DECLARE_FINAL_TYPE (InnVncAudio, inn_vnc_audio, INN, VNC_AUDIO, GObject)

InnVncAudio *inn_vnc_audio_new (void);

G_END_DECLS

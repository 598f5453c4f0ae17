/* vnc-fixture.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-vnc-source.h"
#include "inn-test.h"

G_BEGIN_DECLS

/* What a made-up server sends, whatever it is told: bytes, one after the other. */
GByteArray *vnc_script_new (guint width, guint height);
void vnc_script_u8 (GByteArray *script, guint8 value);
void vnc_script_u16 (GByteArray *script, guint16 value);
void vnc_script_u32 (GByteArray *script, guint32 value);
void vnc_script_text (GByteArray *script, const char *text);
void
vnc_script_rect (GByteArray *script, guint x, guint y, guint width, guint height, gint32 encoding);
void vnc_script_fill (GByteArray *script, guint width, guint height, guint32 pixel);

/* What happens when the script is over. */
typedef enum
{
  VNC_THEN_CLOSE,
  VNC_THEN_STAY,
  VNC_THEN_REPEAT, /* the last byte, for ever */
} VncThen;

/* Returns the client's end; the server runs on a thread until that is closed. */
int vnc_serve (GByteArray *script, VncThen then) G_GNUC_WARN_UNUSED_RESULT;

/* A prompter with answers; a NULL answer closes the question. */
#define TYPE_ANSWERS (answers_get_type ())
G_DECLARE_FINAL_TYPE (Answers, answers, TEST, ANSWERS, GObject)
InnPrompter *answers_new (const char *const *texts);
InnPrompter *answers_new_for (const char *purpose, const char *const *texts);
guint answers_get_asked (InnPrompter *self);
guint answers_get_last_attempt (InnPrompter *self);

/* A QEMU with its screen on @path; @extra may be NULL. NULL when there is no QEMU. */
GSubprocess *vnc_qemu_start (const char *path, const char *options, const char *const *extra);
GSubprocess *vnc_qemu_spawn (const char *const *screen, const char *const *extra);
gboolean vnc_can_connect (gpointer path);
void vnc_qemu_stop (GSubprocess *qemu);
int vnc_connect (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* These return FALSE, and skip, when the machine lacks a program. */
gboolean vnc_run_program (const char *const *argv);
gboolean vnc_make_pki (const char *dir, const char *name);

gboolean vnc_is_ready (gpointer source);
gboolean vnc_is_closed (gpointer source);
guint32 vnc_pixel (gpointer source, int x, int y);
guint vnc_count_lit (gpointer source);

G_END_DECLS

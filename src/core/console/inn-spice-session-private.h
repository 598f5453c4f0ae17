/* inn-spice-session-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-spice-clipboard.h"
#include "console/inn-spice-head.h"
#include "console/inn-spice-session.h"

#include <spice-client.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SpiceSession, g_object_unref)

typedef struct _InnSpiceDisplay InnSpiceDisplay;

struct _InnSpiceSession
{
  GObject parent_instance;

  InnPrompter *prompter;
  InnConsolePlace *place;
  guint deadline;

  InnScreen *screen;
  SpiceSession *session;
  SpiceMainChannel *main;     /* of @session; not owned */
  SpiceInputsChannel *inputs; /* of @session; not owned */
  GPtrArray *displays;        /* InnSpiceDisplay, one a channel */
  GCancellable *cancellable;  /* of this @session and its connections */
  guint deadline_id;

  InnDisplayState state;
  GError *error;
  GListStore *heads;
  InnSpiceClipboard *clipboard;

  guint buttons; /* held, as the protocol's mask */
  guint leds;

  guint attempt;
  gboolean asking;
  InnPromptReply *user;
  InnPromptReply *password;
};

/* inn-spice-auth.c */
void inn_spice_session_ask_credentials (InnSpiceSession *self, const GError *why);
void inn_spice_session_forget_credentials (InnSpiceSession *self);

/* inn-spice-channels.c */
void inn_spice_session_connect_channels (InnSpiceSession *self);

/* inn-spice-cursor.c */
void inn_spice_session_add_cursor (InnSpiceSession *self, SpiceChannel *channel);

/* inn-spice-display.c */
InnSpiceDisplay *inn_spice_display_new (InnSpiceSession *self, SpiceChannel *channel);
void inn_spice_display_free (InnSpiceDisplay *display);
SpiceChannel *inn_spice_display_get_channel (InnSpiceDisplay *display);

/* inn-spice-error.c */
void inn_spice_error_init (void);
void inn_spice_error_forget (void);
GError *inn_spice_error_new (InnSpiceSession *self, SpiceChannelEvent event, const GError *why);

/* inn-spice-session.c */
void inn_spice_session_begin (InnSpiceSession *self);
void inn_spice_session_set_state (InnSpiceSession *self, InnDisplayState state);
void inn_spice_session_set_ready (InnSpiceSession *self);
void inn_spice_session_fail (InnSpiceSession *self, GError *error);
void inn_spice_session_restart_deadline (InnSpiceSession *self);
void inn_spice_session_stop_deadline (InnSpiceSession *self);

/* inn-spice-input.c */
void inn_spice_session_add_inputs (InnSpiceSession *self, SpiceChannel *channel);
void inn_spice_session_connect_main (InnSpiceSession *self);
void inn_spice_head_init_input (InnDisplaySourceInterface *iface);

/* inn-spice-head.c: what a session does with its heads */
InnSpiceHead *inn_spice_head_new (InnSpiceSession *session, guint channel_id, guint monitor_id);
InnSpiceSession *inn_spice_head_get_session (InnSpiceHead *self);
guint inn_spice_head_get_channel_id (InnSpiceHead *self);
guint inn_spice_head_get_monitor_id (InnSpiceHead *self);
int inn_spice_head_get_display_id (InnSpiceHead *self);
void inn_spice_head_set_area (InnSpiceHead *self, const InnRect *area);
const InnRect *inn_spice_head_get_area (InnSpiceHead *self);
void inn_spice_head_set_pixels (InnSpiceHead *self, const guint8 *pixels, int stride);
void inn_spice_head_keep (InnSpiceHead *self);
void inn_spice_head_damage (InnSpiceHead *self, const InnRect *rect);
void inn_spice_head_set_cursor (InnSpiceHead *self, const InnCursor *cursor);

G_END_DECLS

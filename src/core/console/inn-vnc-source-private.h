/* inn-vnc-source-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-vnc-source.h"

#include <gvnc.h>

G_BEGIN_DECLS

#define INN_VNC_MAX_SIDE 16384
#define INN_VNC_MAX_CLIPBOARD (1024 * 1024)
#define INN_VNC_BYTES_A_PIXEL 4

struct _InnVncSource
{
  GObject parent_instance;

  InnPrompter *prompter;
  char *guest_name;
  char *host_id;
  char *host_name;
  char *server_name;
  char *guest_id;
  char *pki_path;
  gboolean fast_link;
  int only_encoding; /* -1 for all */
  guint deadline;

  VncConnection *connection;
  int fd;         /* the connection's, while it has not begun */
  gboolean begun; /* its coroutine runs */
  GCancellable *cancellable;
  guint deadline_id;

  InnDisplayState state;
  GError *error;
  char *said;       /* the library's first complaint */
  gboolean refused; /* the server refused the credentials */

  guint8 *pixels; /* owned by framebuffer */
  VncFramebuffer *framebuffer;
  int width;
  int height;

  gboolean has_cursor;
  InnCursor cursor;

  int pointer_x;
  int pointer_y;
  guint buttons;
  gint64 bell_at;

  gboolean update_asked;
  gboolean update_late;
  guint settle_id;

  guint leds; /* INN_LED_… */
  gboolean has_leds;
  gboolean plays; /* the guest did, over this connection */
  gboolean muted;

  GBytes *guest_text; /* UTF-8, what the guest copied last */
  GBytes *last_text;  /* what guest and desktop both have, whoever copied it */
  guint offer_serial; /* of what the desktop copied last */

  guint attempt;
  InnPromptReply *user;
  InnPromptReply *password;
  gboolean asked_person;
};

/* inn-vnc-auth.c */
void inn_vnc_source_connect_auth (InnVncSource *self);
void inn_vnc_source_forget_credentials (InnVncSource *self);

/* inn-vnc-clipboard.c */
void inn_vnc_source_connect_clipboard (InnVncSource *self);
void inn_vnc_source_init_clipboard (InnClipboardPeerInterface *iface);

/* inn-vnc-cues.c */
void inn_vnc_source_connect_cues (InnVncSource *self);
void inn_vnc_source_init_cues (InnDisplaySourceInterface *iface);

/* inn-vnc-error.c */
GError *inn_vnc_error_new (InnVncSource *self);

/* inn-vnc-extras.c */
void inn_vnc_source_connect_extras (InnVncSource *self);
void inn_vnc_source_init_extras (InnDisplaySourceInterface *iface);

/* inn-vnc-frame.c */
void inn_vnc_source_connect_frame (InnVncSource *self);
void inn_vnc_source_init_frame (InnDisplaySourceInterface *iface);

/* inn-vnc-input.c */
void inn_vnc_source_init_input (InnDisplaySourceInterface *iface);

/* inn-vnc-source.c */
void inn_vnc_source_set_state (InnVncSource *self, InnDisplayState state);
void inn_vnc_source_fail (InnVncSource *self, GError *error);
void inn_vnc_source_restart_deadline (InnVncSource *self);
void inn_vnc_source_stop_deadline (InnVncSource *self);

G_END_DECLS

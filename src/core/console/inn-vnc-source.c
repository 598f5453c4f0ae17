/* inn-vnc-source.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-vnc-source.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-vnc-source-private.h"

#include <glib/gi18n.h>
#include <sys/socket.h>
#include <unistd.h>

#define DEFAULT_DEADLINE_SECONDS 20
/* Longer than gvnc keeps sound. */
#define LET_GO_MSEC 500

static void inn_vnc_source_iface_init (InnDisplaySourceInterface *iface);

/**
 * InnVncSource:
 *
 * A guest's screen over VNC, by gvnc. All of it runs on the main thread: gvnc decodes in a
 * coroutine there. Its signals are taken as callbacks that copy what they need and return.
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (InnVncSource,
                               inn_vnc_source,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_DISPLAY_SOURCE,
                                                      inn_vnc_source_iface_init)
                                   G_IMPLEMENT_INTERFACE (INN_TYPE_CLIPBOARD_PEER,
                                                          inn_vnc_source_init_clipboard))

void
inn_vnc_source_set_state (InnVncSource *self, InnDisplayState state)
{
  if (self->state == state)
    return;

  self->state = state;
  inn_display_source_emit_state_changed (INN_DISPLAY_SOURCE (self));
  inn_clipboard_peer_emit_types_changed (INN_CLIPBOARD_PEER (self));
}

static gboolean
let_go_cb (gpointer connection)
{
  return G_SOURCE_REMOVE;
}

/* gvnc 1.5 frees a piece of sound that waits to be played as if it were an object: its connection
 * stays until none can wait. */
static void
let_go (VncConnection *connection)
{
  g_timeout_add_full (G_PRIORITY_DEFAULT, LET_GO_MSEC, let_go_cb, connection, g_object_unref);
}

/* gvnc 1.5 leaks a connection that is shut down before its coroutine has begun; then the socket is
 * ended instead, and the coroutine finds that out by itself. */
static void
drop_connection (InnVncSource *self)
{
  VncConnection *connection = g_steal_pointer (&self->connection);

  inn_vnc_source_stop_deadline (self);
  g_clear_handle_id (&self->settle_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (connection == NULL)
    return;

  g_signal_handlers_disconnect_by_data (connection, self);
  if (self->begun)
    vnc_connection_shutdown (connection);
  else
    shutdown (self->fd, SHUT_RDWR);
  let_go (connection);
  self->fd = -1;
  self->begun = FALSE;
}

/* Ends it with an error (transfer full), or without one. Handlers may drop the source. */
void
inn_vnc_source_fail (InnVncSource *self, GError *error)
{
  g_autoptr (InnVncSource) keep = g_object_ref (self);

  drop_connection (self);
  g_clear_error (&self->error);
  self->error = error;
  self->buttons = 0;
  inn_vnc_source_set_state (self, INN_DISPLAY_CLOSED);
}

static gboolean
deadline_cb (gpointer user_data)
{
  InnVncSource *self = user_data;

  self->deadline_id = 0;
  inn_vnc_source_fail (self,
                       inn_error_new (INN_ERROR_TIMED_OUT, NULL,
                                      _ ("The screen of “%s” did not answer within %u seconds"),
                                      self->guest_name, self->deadline));
  return G_SOURCE_REMOVE;
}

void
inn_vnc_source_stop_deadline (InnVncSource *self)
{
  g_clear_handle_id (&self->deadline_id, g_source_remove);
}

/* Each step of the greeting has its own time; a person who is asked has all the time. */
void
inn_vnc_source_restart_deadline (InnVncSource *self)
{
  inn_vnc_source_stop_deadline (self);
  if (self->state == INN_DISPLAY_CONNECTING)
    self->deadline_id = g_timeout_add_seconds (self->deadline, deadline_cb, self);
}

static void
connected_cb (VncConnection *connection, InnVncSource *self)
{
  self->begun = TRUE;
  inn_vnc_source_restart_deadline (self);
}

static void
error_cb (VncConnection *connection, const char *message, InnVncSource *self)
{
  if (self->said == NULL)
    self->said = g_utf8_make_valid (message != NULL ? message : "", -1);
}

static void
disconnected_cb (VncConnection *connection, InnVncSource *self)
{
  inn_vnc_source_fail (self, inn_vnc_error_new (self));
}

static void
connect_signals (InnVncSource *self)
{
  VncConnection *connection = self->connection;
  /* No g_signal_connect_object: drop_connection() undoes them all, and nothing else may. */
  g_signal_connect (connection, "vnc-connected", G_CALLBACK (connected_cb), self);
  g_signal_connect (connection, "vnc-error", G_CALLBACK (error_cb), self);
  g_signal_connect (connection, "vnc-disconnected", G_CALLBACK (disconnected_cb), self);
  inn_vnc_source_connect_auth (self);
  inn_vnc_source_connect_frame (self);
  inn_vnc_source_connect_cues (self);
  inn_vnc_source_connect_clipboard (self);
  inn_vnc_source_connect_extras (self);
}

static void
inn_vnc_source_start (InnDisplaySource *source, int fd)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  g_clear_error (&self->error);
  g_clear_pointer (&self->said, g_free);
  self->refused = FALSE;
  self->update_asked = FALSE;
  self->update_late = FALSE;
  self->buttons = 0;
  self->has_cursor = FALSE;
  g_clear_pointer (&self->cursor.pixels, g_bytes_unref);
  g_clear_pointer (&self->last_text, g_bytes_unref);

  self->cancellable = g_cancellable_new ();
  self->connection = vnc_connection_new ();
  vnc_connection_set_shared (self->connection, TRUE);
  self->fd = fd;
  self->begun = FALSE;
  connect_signals (self);
  vnc_connection_open_fd_with_hostname (self->connection, fd, self->server_name);
  inn_vnc_source_set_state (self, INN_DISPLAY_CONNECTING);
  inn_vnc_source_restart_deadline (self);
}

static void
inn_vnc_source_close (InnDisplaySource *source)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  if (self->state != INN_DISPLAY_CLOSED)
    inn_vnc_source_fail (self, NULL);
}

static InnDisplayState
inn_vnc_source_get_state (InnDisplaySource *source)
{
  return INN_VNC_SOURCE (source)->state;
}

static const GError *
inn_vnc_source_get_error (InnDisplaySource *source)
{
  return INN_VNC_SOURCE (source)->error;
}

static gboolean
inn_vnc_source_can_retry (InnDisplaySource *source)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  return self->state == INN_DISPLAY_CLOSED && self->attempt < INN_VNC_MAX_ATTEMPTS &&
         g_error_matches (self->error, INN_ERROR, INN_ERROR_AUTH_FAILED);
}

static InnClipboardPeer *
inn_vnc_source_get_clipboard (InnDisplaySource *source)
{
  return INN_CLIPBOARD_PEER (source);
}

static gboolean
inn_vnc_source_resize (InnDisplaySource *source, int width, int height)
{
  InnVncSource *self = INN_VNC_SOURCE (source);

  if (width < 1 || height < 1 || width > INN_VNC_MAX_SIDE || height > INN_VNC_MAX_SIDE)
    return FALSE;

  /* gvnc 1.5 returns a boolean as if it were this enumeration: what is no refusal was sent. */
  return vnc_connection_set_size (self->connection, width, height) !=
         VNC_CONNECTION_RESIZE_STATUS_UNSUPPORTED;
}

static void
inn_vnc_source_iface_init (InnDisplaySourceInterface *iface)
{
  iface->start = inn_vnc_source_start;
  iface->close = inn_vnc_source_close;
  iface->get_state = inn_vnc_source_get_state;
  iface->get_error = inn_vnc_source_get_error;
  iface->can_retry = inn_vnc_source_can_retry;
  iface->resize = inn_vnc_source_resize;
  iface->get_clipboard = inn_vnc_source_get_clipboard;
  inn_vnc_source_init_frame (iface);
  inn_vnc_source_init_cues (iface);
  inn_vnc_source_init_input (iface);
  inn_vnc_source_init_extras (iface);
}

static void
inn_vnc_source_dispose (GObject *object)
{
  InnVncSource *self = INN_VNC_SOURCE (object);

  drop_connection (self);
  inn_vnc_source_forget_credentials (self);
  g_clear_object (&self->prompter);
  g_clear_object (&self->framebuffer);
  self->pixels = NULL;
  self->width = 0;
  self->height = 0;

  G_OBJECT_CLASS (inn_vnc_source_parent_class)->dispose (object);
}

static void
inn_vnc_source_finalize (GObject *object)
{
  InnVncSource *self = INN_VNC_SOURCE (object);

  g_clear_error (&self->error);
  g_free (self->said);
  g_free (self->guest_name);
  g_free (self->host_id);
  g_free (self->host_name);
  g_free (self->server_name);
  g_free (self->guest_id);
  g_free (self->pki_path);
  g_clear_pointer (&self->cursor.pixels, g_bytes_unref);
  g_clear_pointer (&self->guest_text, g_bytes_unref);
  g_clear_pointer (&self->last_text, g_bytes_unref);

  G_OBJECT_CLASS (inn_vnc_source_parent_class)->finalize (object);
}

static void
inn_vnc_source_class_init (InnVncSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_vnc_source_dispose;
  object_class->finalize = inn_vnc_source_finalize;
}

static void
inn_vnc_source_init (InnVncSource *self)
{
  self->state = INN_DISPLAY_IDLE;
  self->deadline = DEFAULT_DEADLINE_SECONDS;
  self->fd = -1;
  self->only_encoding = -1;
}

/**
 * inn_vnc_source_new:
 * @prompter: (nullable): asked for passwords; with %NULL nobody is
 * @guest_name: the guest's name, for errors and questions
 *
 * Returns: (transfer full): a source that is idle
 */
InnVncSource *
inn_vnc_source_new (InnPrompter *prompter, const char *guest_name)
{
  InnVncSource *self;

  g_return_val_if_fail (prompter == NULL || INN_IS_PROMPTER (prompter), NULL);
  g_return_val_if_fail (guest_name != NULL, NULL);

  self = g_object_new (INN_TYPE_VNC_SOURCE, NULL);
  g_set_object (&self->prompter, prompter);
  self->guest_name = g_utf8_make_valid (guest_name, -1);

  return self;
}

/**
 * inn_vnc_source_set_host:
 * @self: a source
 * @host_id: (nullable): record id of the guest's host
 * @host_name: (nullable): its name
 *
 * Goes with the questions, so that an answer can be remembered for the host.
 */
void
inn_vnc_source_set_host (InnVncSource *self, const char *host_id, const char *host_name)
{
  g_return_if_fail (INN_IS_VNC_SOURCE (self));

  g_set_str (&self->host_id, host_id);
  g_set_str (&self->host_name, host_name);
}

/**
 * inn_vnc_source_set_server_name:
 * @self: a source
 * @server_name: (nullable): the host name that a TLS certificate must be for; %NULL is "localhost"
 */
void
inn_vnc_source_set_server_name (InnVncSource *self, const char *server_name)
{
  g_return_if_fail (INN_IS_VNC_SOURCE (self));

  g_set_str (&self->server_name, server_name);
}

/**
 * inn_vnc_source_set_fast_link:
 * @self: a source
 * @fast_link: whether bytes cost less than compressing them, as on this machine
 *
 * Asks for raw pixels first at the next start.
 */
void
inn_vnc_source_set_fast_link (InnVncSource *self, gboolean fast_link)
{
  g_return_if_fail (INN_IS_VNC_SOURCE (self));

  self->fast_link = fast_link;
}

/**
 * inn_vnc_source_set_deadline:
 * @self: a source
 * @seconds: how long each step of the greeting may take
 */
void
inn_vnc_source_set_deadline (InnVncSource *self, guint seconds)
{
  g_return_if_fail (INN_IS_VNC_SOURCE (self));
  g_return_if_fail (seconds > 0);

  self->deadline = seconds;
}

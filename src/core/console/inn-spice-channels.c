/* inn-spice-channels.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-spice-session-private.h"
#include "console/inn-spice-tls.h"

#include <unistd.h>

/* The channels of a session: each gets a connection of its own, as a descriptor. */

typedef struct
{
  InnSpiceSession *self;
  SpiceChannel *channel;
  InnScreen *screen;
  GCancellable *cancellable;
  gboolean tls;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_object_unref (opening->self);
  g_object_unref (opening->channel);
  g_object_unref (opening->screen);
  g_object_unref (opening->cancellable);
  g_free (opening);
}

/* Whether the session cannot be used without it. */
static gboolean
is_needed (SpiceChannel *channel)
{
  return SPICE_IS_MAIN_CHANNEL (channel) || SPICE_IS_DISPLAY_CHANNEL (channel) ||
         SPICE_IS_INPUTS_CHANNEL (channel) || SPICE_IS_CURSOR_CHANNEL (channel);
}

static gboolean
still_there (Opening *opening)
{
  g_autoptr (GList) channels = NULL;

  if (opening->self->cancellable != opening->cancellable)
    return FALSE;

  channels = spice_session_get_channels (opening->self->session);
  return g_list_find (channels, opening->channel) != NULL;
}

static DexFuture *
open_fiber (gpointer data)
{
  Opening *opening = data;
  InnSpiceSession *self = opening->self;
  g_autoptr (GError) error = NULL;
  int fd =
      dex_await_fd (inn_screen_open (opening->screen, opening->tls, opening->cancellable), &error);

  if (fd >= 0 && opening->tls)
    fd = dex_await_fd (inn_spice_tls_wrap (fd, opening->screen, self->place, opening->cancellable),
                       &error);

  if (!still_there (opening))
    {
      if (fd >= 0)
        close (fd);
    }
  else if (fd >= 0)
    {
      inn_spice_session_restart_deadline (self);
      spice_channel_open_fd (opening->channel, fd);
    }
  else if (is_needed (opening->channel))
    {
      inn_spice_session_fail (self, g_steal_pointer (&error));
    }
  else
    {
      g_message ("A channel of a screen cannot be opened: %s", error->message);
    }
  return dex_future_new_true ();
}

static void
open_fd_cb (SpiceChannel *channel, int tls, InnSpiceSession *self)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->self = g_object_ref (self);
  opening->channel = g_object_ref (channel);
  opening->screen = g_object_ref (self->screen);
  opening->cancellable = g_object_ref (self->cancellable);
  opening->tls = tls || inn_screen_get_tls_only (self->screen);
  inn_future_forget (inn_spawn ("open_fiber", open_fiber, opening, opening_free),
                     "opening a channel of a screen");
}

static void
event_cb (SpiceChannel *channel, SpiceChannelEvent event, InnSpiceSession *self)
{
  const GError *why = spice_channel_get_error (channel);

  if (event == SPICE_CHANNEL_OPENED)
    {
      inn_spice_session_restart_deadline (self);
      return;
    }
  if (event == SPICE_CHANNEL_NONE || event == SPICE_CHANNEL_SWITCHING || self->asking)
    return;

  if (event == SPICE_CHANNEL_ERROR_AUTH && SPICE_IS_MAIN_CHANNEL (channel))
    inn_spice_session_ask_credentials (self, why);
  else if (is_needed (channel))
    inn_spice_session_fail (self, inn_spice_error_new (self, event, why));
}

static void
new_cb (SpiceSession *session, SpiceChannel *channel, InnSpiceSession *self)
{
  /* No g_signal_connect_object: dropping the session undoes them all, and nothing else may. */
  g_signal_connect (channel, "channel-event", G_CALLBACK (event_cb), self);
  g_signal_connect (channel, "open-fd", G_CALLBACK (open_fd_cb), self);

  if (SPICE_IS_MAIN_CHANNEL (channel))
    {
      self->main = SPICE_MAIN_CHANNEL (channel);
      inn_spice_session_connect_main (self);
      inn_spice_clipboard_attach (self->clipboard, self->main);
      return; /* the session connects it */
    }

  if (SPICE_IS_DISPLAY_CHANNEL (channel))
    g_ptr_array_add (self->displays, inn_spice_display_new (self, channel));
  else if (SPICE_IS_INPUTS_CHANNEL (channel))
    inn_spice_session_add_inputs (self, channel);
  else if (SPICE_IS_CURSOR_CHANNEL (channel))
    inn_spice_session_add_cursor (self, channel);
  else
    return;

  spice_channel_connect (channel);
}

static void
destroy_cb (SpiceSession *session, SpiceChannel *channel, InnSpiceSession *self)
{
  g_signal_handlers_disconnect_by_data (channel, self);
  if (channel == (gpointer) self->main)
    {
      inn_spice_clipboard_detach (self->clipboard);
      self->main = NULL;
    }
  if (channel == (gpointer) self->inputs)
    self->inputs = NULL;
  for (guint i = self->displays->len; i > 0; i--)
    if (inn_spice_display_get_channel (self->displays->pdata[i - 1]) == channel)
      g_ptr_array_remove_index (self->displays, i - 1);
}

void
inn_spice_session_connect_channels (InnSpiceSession *self)
{
  g_signal_connect (self->session, "channel-new", G_CALLBACK (new_cb), self);
  g_signal_connect (self->session, "channel-destroy", G_CALLBACK (destroy_cb), self);
}

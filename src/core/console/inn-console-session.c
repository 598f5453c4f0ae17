/* inn-console-session.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-console-session.h"

enum
{
  SIGNAL_STATE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * InnConsoleSession:
 *
 * What connects to the screens of a guest: it takes the connections that it needs from an
 * #InnScreen, asks for passwords and has one #InnDisplaySource for each monitor.
 */
G_DEFINE_INTERFACE (InnConsoleSession, inn_console_session, G_TYPE_OBJECT)

static void
inn_console_session_default_init (InnConsoleSessionInterface *iface)
{
  signals[SIGNAL_STATE_CHANGED] =
      g_signal_new ("state-changed", INN_TYPE_CONSOLE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
}

InnConsolePlace *
inn_console_place_copy (const InnConsolePlace *self)
{
  InnConsolePlace *copy = g_new0 (InnConsolePlace, 1);

  copy->guest_name = g_utf8_make_valid (self->guest_name, -1);
  copy->guest_id = g_strdup (self->guest_id);
  copy->host_id = g_strdup (self->host_id);
  copy->host_name = g_strdup (self->host_name);
  copy->server_name = g_strdup (self->server_name);
  copy->pki_path = g_strdup (self->pki_path);
  copy->fast_link = self->fast_link;

  return copy;
}

void
inn_console_place_free (InnConsolePlace *self)
{
  g_free (self->guest_name);
  g_free (self->guest_id);
  g_free (self->host_id);
  g_free (self->host_name);
  g_free (self->server_name);
  g_free (self->pki_path);
  g_free (self);
}

/**
 * inn_console_session_set_place:
 * @self: a session that is idle or closed
 * @place: where the guest is now
 */
void
inn_console_session_set_place (InnConsoleSession *self, const InnConsolePlace *place)
{
  g_return_if_fail (INN_IS_CONSOLE_SESSION (self));
  g_return_if_fail (place != NULL);

  INN_CONSOLE_SESSION_GET_IFACE (self)->set_place (self, place);
}

/**
 * inn_console_session_start:
 * @self: a session that is idle or closed
 * @screen: where the connections come from
 *
 * Begins; the state says how it goes. Each head keeps its last frame until its first new pixels.
 */
void
inn_console_session_start (InnConsoleSession *self, InnScreen *screen)
{
  InnDisplayState state;

  g_return_if_fail (INN_IS_CONSOLE_SESSION (self));
  g_return_if_fail (INN_IS_SCREEN (screen));

  state = inn_console_session_get_state (self);
  g_return_if_fail (state == INN_DISPLAY_IDLE || state == INN_DISPLAY_CLOSED);

  INN_CONSOLE_SESSION_GET_IFACE (self)->start (self, screen);
}

/**
 * inn_console_session_close:
 * @self: a session
 *
 * Ends it in whatever state it is; the state becomes closed, without an error, and a question that
 * was asked is withdrawn.
 */
void
inn_console_session_close (InnConsoleSession *self)
{
  g_return_if_fail (INN_IS_CONSOLE_SESSION (self));

  INN_CONSOLE_SESSION_GET_IFACE (self)->close (self);
}

InnDisplayState
inn_console_session_get_state (InnConsoleSession *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_SESSION (self), INN_DISPLAY_CLOSED);

  return INN_CONSOLE_SESSION_GET_IFACE (self)->get_state (self);
}

/**
 * inn_console_session_get_error:
 * @self: a session
 *
 * Returns: (nullable) (transfer none): why it is closed; %NULL when somebody asked for it
 */
const GError *
inn_console_session_get_error (InnConsoleSession *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_SESSION (self), NULL);

  return INN_CONSOLE_SESSION_GET_IFACE (self)->get_error (self);
}

/**
 * inn_console_session_get_heads:
 * @self: a session
 *
 * Returns: (transfer none): a list of #InnDisplaySource, one for each monitor; the first is there
 *   from the beginning and stays
 */
GListModel *
inn_console_session_get_heads (InnConsoleSession *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_SESSION (self), NULL);

  return INN_CONSOLE_SESSION_GET_IFACE (self)->get_heads (self);
}

void
inn_console_session_emit_state_changed (InnConsoleSession *self)
{
  g_signal_emit (self, signals[SIGNAL_STATE_CHANGED], 0);
}

/* inn-spice-session.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-spice-session.h"

#include "base/inn-error.h"
#include "console/inn-spice-session-private.h"

#include <glib/gi18n.h>

#define DEFAULT_DEADLINE_SECONDS 20

static void inn_spice_session_iface_init (InnConsoleSessionInterface *iface);

/**
 * InnSpiceSession:
 *
 * A guest's screens over SPICE, by spice-client-glib. It is given every connection as a descriptor,
 * one for each channel. All of it runs on the main thread: the library decodes in coroutines there
 * and tells of what came in signals.
 */
G_DEFINE_FINAL_TYPE_WITH_CODE (InnSpiceSession,
                               inn_spice_session,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_CONSOLE_SESSION,
                                                      inn_spice_session_iface_init))

void
inn_spice_session_set_state (InnSpiceSession *self, InnDisplayState state)
{
  g_autoptr (InnSpiceSession) keep = g_object_ref (self);
  g_autoptr (GPtrArray) heads = NULL;

  if (self->state == state)
    return;

  self->state = state;
  heads = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->heads)); i++)
    g_ptr_array_add (heads, g_list_model_get_item (G_LIST_MODEL (self->heads), i));
  for (guint i = 0; i < heads->len; i++)
    inn_display_source_emit_state_changed (heads->pdata[i]);
  inn_console_session_emit_state_changed (INN_CONSOLE_SESSION (self));
}

/* Pixels are here. */
void
inn_spice_session_set_ready (InnSpiceSession *self)
{
  if (self->state != INN_DISPLAY_CONNECTING)
    return;

  inn_spice_session_stop_deadline (self);
  self->attempt = 0;
  inn_spice_session_set_state (self, INN_DISPLAY_READY);
}

static gboolean
disconnect_cb (gpointer session)
{
  spice_session_disconnect (session);
  return G_SOURCE_REMOVE;
}

static void
drop_session (InnSpiceSession *self)
{
  g_autoptr (SpiceSession) session = g_steal_pointer (&self->session);
  g_autoptr (GList) channels = NULL;

  inn_spice_session_stop_deadline (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_ptr_array_set_size (self->displays, 0);
  inn_spice_clipboard_detach (self->clipboard);
  self->main = NULL;
  self->inputs = NULL;
  self->asking = FALSE;
  self->buttons = 0;
  if (session == NULL)
    return;

  g_signal_handlers_disconnect_by_data (session, self);
  channels = spice_session_get_channels (session);
  for (GList *link = channels; link != NULL; link = link->next)
    g_signal_handlers_disconnect_by_data (link->data, self);
  /* Not at once: a channel that was given its descriptor begins in an idle callback, and in library
   * 0.42 it looks for its session there without asking whether it still has one. */
  g_idle_add_full (G_PRIORITY_LOW, disconnect_cb, g_steal_pointer (&session), g_object_unref);
}

/* Ends it with an error (transfer full), or without one. Handlers may drop the session. */
void
inn_spice_session_fail (InnSpiceSession *self, GError *error)
{
  g_autoptr (InnSpiceSession) keep = g_object_ref (self);

  drop_session (self);
  g_clear_object (&self->screen);
  g_clear_error (&self->error);
  self->error = error;
  inn_spice_session_set_state (self, INN_DISPLAY_CLOSED);
}

static gboolean
deadline_cb (gpointer user_data)
{
  InnSpiceSession *self = user_data;

  self->deadline_id = 0;
  inn_spice_session_fail (self,
                          inn_error_new (INN_ERROR_TIMED_OUT, NULL,
                                         _ ("The screen of “%s” did not answer within %u seconds"),
                                         self->place->guest_name, self->deadline));
  return G_SOURCE_REMOVE;
}

void
inn_spice_session_stop_deadline (InnSpiceSession *self)
{
  g_clear_handle_id (&self->deadline_id, g_source_remove);
}

/* Each step of the greeting has its own time; a person who is asked has all the time. */
void
inn_spice_session_restart_deadline (InnSpiceSession *self)
{
  inn_spice_session_stop_deadline (self);
  if (self->state == INN_DISPLAY_CONNECTING)
    self->deadline_id = g_timeout_add_seconds (self->deadline, deadline_cb, self);
}

static const char *
text_of (const InnPromptReply *reply)
{
  return reply != NULL ? inn_prompt_reply_get_text (reply) : NULL;
}

/* One try, with what is known to log in. */
void
inn_spice_session_begin (InnSpiceSession *self)
{
  const char *name = self->place->server_name;

  drop_session (self);
  inn_spice_error_forget ();
  self->cancellable = g_cancellable_new ();
  self->session = spice_session_new ();
  /* By itself the library shares the public folder and takes whatever is plugged in. */
  g_object_set (self->session, "host", name != NULL ? name : "localhost", "username",
                text_of (self->user), "password", text_of (self->password), "shared-dir", NULL,
                "share-dir-ro", TRUE, "enable-audio", FALSE, "enable-usbredir", FALSE,
                "enable-smartcard", FALSE, "gl-scanout", FALSE, NULL);
  inn_spice_session_connect_channels (self);
  inn_spice_session_restart_deadline (self);
  spice_session_open_fd (self->session, -1);
}

static void
inn_spice_session_set_place (InnConsoleSession *session, const InnConsolePlace *place)
{
  InnSpiceSession *self = INN_SPICE_SESSION (session);

  g_clear_pointer (&self->place, inn_console_place_free);
  self->place = inn_console_place_copy (place);
}

static void
inn_spice_session_start (InnConsoleSession *session, InnScreen *screen)
{
  InnSpiceSession *self = INN_SPICE_SESSION (session);

  g_clear_error (&self->error);
  g_set_object (&self->screen, screen);
  inn_spice_session_set_state (self, INN_DISPLAY_CONNECTING);
  inn_spice_session_begin (self);
}

static void
inn_spice_session_close (InnConsoleSession *session)
{
  InnSpiceSession *self = INN_SPICE_SESSION (session);

  if (self->state != INN_DISPLAY_CLOSED)
    inn_spice_session_fail (self, NULL);
}

static InnDisplayState
inn_spice_session_get_state (InnConsoleSession *session)
{
  return INN_SPICE_SESSION (session)->state;
}

static const GError *
inn_spice_session_get_error (InnConsoleSession *session)
{
  return INN_SPICE_SESSION (session)->error;
}

static GListModel *
inn_spice_session_get_heads (InnConsoleSession *session)
{
  return G_LIST_MODEL (INN_SPICE_SESSION (session)->heads);
}

static void
inn_spice_session_iface_init (InnConsoleSessionInterface *iface)
{
  iface->set_place = inn_spice_session_set_place;
  iface->start = inn_spice_session_start;
  iface->close = inn_spice_session_close;
  iface->get_state = inn_spice_session_get_state;
  iface->get_error = inn_spice_session_get_error;
  iface->get_heads = inn_spice_session_get_heads;
}

static void
inn_spice_session_dispose (GObject *object)
{
  InnSpiceSession *self = INN_SPICE_SESSION (object);

  if (self->displays != NULL)
    drop_session (self);
  inn_spice_session_forget_credentials (self);
  g_clear_pointer (&self->displays, g_ptr_array_unref);
  g_clear_object (&self->screen);
  g_clear_object (&self->prompter);
  g_clear_object (&self->heads);
  g_clear_object (&self->clipboard);

  G_OBJECT_CLASS (inn_spice_session_parent_class)->dispose (object);
}

static void
inn_spice_session_finalize (GObject *object)
{
  InnSpiceSession *self = INN_SPICE_SESSION (object);

  g_clear_error (&self->error);
  g_clear_pointer (&self->place, inn_console_place_free);

  G_OBJECT_CLASS (inn_spice_session_parent_class)->finalize (object);
}

static void
inn_spice_session_class_init (InnSpiceSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_spice_session_dispose;
  object_class->finalize = inn_spice_session_finalize;
  inn_spice_error_init ();
}

static void
inn_spice_session_init (InnSpiceSession *self)
{
  g_autoptr (InnSpiceHead) first = inn_spice_head_new (self, 0, 0);

  self->state = INN_DISPLAY_IDLE;
  self->deadline = DEFAULT_DEADLINE_SECONDS;
  self->displays = g_ptr_array_new_with_free_func ((GDestroyNotify) inn_spice_display_free);
  self->clipboard = inn_spice_clipboard_new ();
  self->heads = g_list_store_new (INN_TYPE_DISPLAY_SOURCE);
  g_list_store_append (self->heads, first);
}

/**
 * inn_spice_session_new:
 * @prompter: (nullable): asked for passwords; with %NULL nobody is
 * @place: whose screen it is
 *
 * Returns: (transfer full): a session that is idle
 */
InnSpiceSession *
inn_spice_session_new (InnPrompter *prompter, const InnConsolePlace *place)
{
  InnSpiceSession *self;

  g_return_val_if_fail (prompter == NULL || INN_IS_PROMPTER (prompter), NULL);
  g_return_val_if_fail (place != NULL, NULL);

  self = g_object_new (INN_TYPE_SPICE_SESSION, NULL);
  g_set_object (&self->prompter, prompter);
  self->place = inn_console_place_copy (place);

  return self;
}

/**
 * inn_spice_session_set_deadline:
 * @self: a session
 * @seconds: how long each step of the greeting may take
 */
void
inn_spice_session_set_deadline (InnSpiceSession *self, guint seconds)
{
  g_return_if_fail (INN_IS_SPICE_SESSION (self));
  g_return_if_fail (seconds > 0);

  self->deadline = seconds;
}

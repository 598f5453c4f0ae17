/* inn-vnc-session.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-vnc-session.h"

#include "base/inn-dex.h"
#include "console/inn-vnc-source.h"

#include <unistd.h>

static void inn_vnc_session_iface_init (InnConsoleSessionInterface *iface);

/**
 * InnVncSession:
 *
 * A guest's screen over VNC: one connection, one head. It makes the connection and makes it anew
 * when a password was wrong.
 */
struct _InnVncSession
{
  GObject parent_instance;

  InnDisplaySource *source;
  GListStore *heads;
  InnScreen *screen;
  GCancellable *opening; /* the connection is on its way */
  InnDisplayState state;
  GError *error;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (InnVncSession,
                               inn_vnc_session,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_CONSOLE_SESSION,
                                                      inn_vnc_session_iface_init))

static void open_source (InnVncSession *self);

static void
set_state (InnVncSession *self, InnDisplayState state)
{
  if (self->state == state)
    return;

  self->state = state;
  inn_console_session_emit_state_changed (INN_CONSOLE_SESSION (self));
}

/* Ends it with an error (transfer full), or without one. */
static void
end (InnVncSession *self, GError *error)
{
  g_clear_object (&self->screen);
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, INN_DISPLAY_CLOSED);
}

static void
source_state_cb (InnDisplaySource *source, InnVncSession *self)
{
  const GError *error = inn_display_source_get_error (source);

  if (self->screen == NULL)
    return;

  switch (inn_display_source_get_state (source))
    {
    case INN_DISPLAY_READY:
      set_state (self, INN_DISPLAY_READY);
      break;

    case INN_DISPLAY_CLOSED:
      if (inn_display_source_can_retry (source))
        open_source (self);
      else
        end (self, error != NULL ? g_error_copy (error) : NULL);
      break;

    case INN_DISPLAY_IDLE:
    case INN_DISPLAY_CONNECTING:
    default:
      break;
    }
}

typedef struct
{
  InnVncSession *session;
  InnScreen *screen;
  GCancellable *cancellable;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_object_unref (opening->session);
  g_object_unref (opening->screen);
  g_object_unref (opening->cancellable);
  g_free (opening);
}

static DexFuture *
open_fiber (gpointer user_data)
{
  Opening *opening = user_data;
  InnVncSession *self = opening->session;
  g_autoptr (GError) error = NULL;
  int fd = dex_await_fd (inn_screen_open (opening->screen, FALSE, opening->cancellable), &error);

  if (self->opening != opening->cancellable)
    {
      if (fd >= 0)
        close (fd);
      return dex_future_new_true ();
    }

  g_clear_object (&self->opening);
  if (fd >= 0)
    inn_display_source_start (self->source, fd);
  else
    end (self, g_steal_pointer (&error));
  return dex_future_new_true ();
}

static void
open_source (InnVncSession *self)
{
  Opening *opening = g_new0 (Opening, 1);

  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  opening->session = g_object_ref (self);
  opening->screen = g_object_ref (self->screen);
  opening->cancellable = g_object_ref (self->opening);
  inn_future_forget (inn_spawn ("open_fiber", open_fiber, opening, opening_free),
                     "opening the screen of a guest");
}

static void
inn_vnc_session_set_place (InnConsoleSession *session, const InnConsolePlace *place)
{
  InnVncSource *source = INN_VNC_SOURCE (INN_VNC_SESSION (session)->source);

  inn_vnc_source_set_guest_id (source, place->guest_id);
  inn_vnc_source_set_host (source, place->host_id, place->host_name);
  inn_vnc_source_set_server_name (source, place->server_name);
  inn_vnc_source_set_pki_path (source, place->pki_path);
  inn_vnc_source_set_fast_link (source, place->fast_link);
}

static void
inn_vnc_session_start (InnConsoleSession *session, InnScreen *screen)
{
  InnVncSession *self = INN_VNC_SESSION (session);

  g_clear_error (&self->error);
  g_set_object (&self->screen, screen);
  set_state (self, INN_DISPLAY_CONNECTING);
  open_source (self);
}

static void
inn_vnc_session_close (InnConsoleSession *session)
{
  InnVncSession *self = INN_VNC_SESSION (session);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_object (&self->screen);
  inn_display_source_close (self->source);
  if (self->state != INN_DISPLAY_CLOSED)
    end (self, NULL);
}

static InnDisplayState
inn_vnc_session_get_state (InnConsoleSession *session)
{
  return INN_VNC_SESSION (session)->state;
}

static const GError *
inn_vnc_session_get_error (InnConsoleSession *session)
{
  return INN_VNC_SESSION (session)->error;
}

static GListModel *
inn_vnc_session_get_heads (InnConsoleSession *session)
{
  return G_LIST_MODEL (INN_VNC_SESSION (session)->heads);
}

static void
inn_vnc_session_iface_init (InnConsoleSessionInterface *iface)
{
  iface->set_place = inn_vnc_session_set_place;
  iface->start = inn_vnc_session_start;
  iface->close = inn_vnc_session_close;
  iface->get_state = inn_vnc_session_get_state;
  iface->get_error = inn_vnc_session_get_error;
  iface->get_heads = inn_vnc_session_get_heads;
}

static void
inn_vnc_session_dispose (GObject *object)
{
  InnVncSession *self = INN_VNC_SESSION (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_object (&self->screen);
  if (self->source != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->source, self);
      inn_display_source_close (self->source);
    }
  g_clear_object (&self->source);
  g_clear_object (&self->heads);

  G_OBJECT_CLASS (inn_vnc_session_parent_class)->dispose (object);
}

static void
inn_vnc_session_finalize (GObject *object)
{
  g_clear_error (&INN_VNC_SESSION (object)->error);

  G_OBJECT_CLASS (inn_vnc_session_parent_class)->finalize (object);
}

static void
inn_vnc_session_class_init (InnVncSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_vnc_session_dispose;
  object_class->finalize = inn_vnc_session_finalize;
}

static void
inn_vnc_session_init (InnVncSession *self)
{
  self->state = INN_DISPLAY_IDLE;
  self->heads = g_list_store_new (INN_TYPE_DISPLAY_SOURCE);
}

/**
 * inn_vnc_session_new:
 * @prompter: (nullable): asked for passwords; with %NULL nobody is
 * @place: whose screen it is
 *
 * Returns: (transfer full): a session that is idle
 */
InnVncSession *
inn_vnc_session_new (InnPrompter *prompter, const InnConsolePlace *place)
{
  InnVncSession *self;

  g_return_val_if_fail (place != NULL, NULL);

  self = g_object_new (INN_TYPE_VNC_SESSION, NULL);
  self->source = INN_DISPLAY_SOURCE (inn_vnc_source_new (prompter, place->guest_name));
  inn_vnc_session_set_place (INN_CONSOLE_SESSION (self), place);
  g_list_store_append (self->heads, self->source);
  g_signal_connect_object (self->source, "state-changed", G_CALLBACK (source_state_cb), self, 0);

  return self;
}

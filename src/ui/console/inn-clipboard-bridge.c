/* inn-clipboard-bridge.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-clipboard-bridge.h"

#include "base/inn-error.h"
#include "ui/console/inn-clipboard-reader.h"
#include "ui/console/inn-guest-content.h"

enum
{
  PROP_0,
  PROP_ENABLED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * InnClipboardBridge:
 *
 * Joins the clipboards of the desktop with that of the guest on a display. What is copied in the
 * guest goes to the desktop while the display is shown; what is copied on the desktop is offered to
 * the guest once the display has the focus, and never to a guest that is only looked at.
 *
 * What came from the guest is not offered to it again.
 */
struct _InnClipboardBridge
{
  GObject parent_instance;

  InnDisplay *display; /* it goes with what owns both */
  GtkEventController *focus;
  GdkClipboard *clipboards[INN_N_SELECTIONS];
  gboolean news[INN_N_SELECTIONS]; /* the guest was not offered what is there */
  gboolean enabled;

  InnClipboardPeer *peer;
};

G_DEFINE_FINAL_TYPE (InnClipboardBridge, inn_clipboard_bridge, G_TYPE_OBJECT)

/* Whether the guest may be told. */
static gboolean
is_focused (InnClipboardBridge *self)
{
  return self->peer != NULL && self->enabled && !inn_display_get_view_only (self->display) &&
         gtk_event_controller_focus_contains_focus (GTK_EVENT_CONTROLLER_FOCUS (self->focus));
}

static gboolean
is_shown (InnClipboardBridge *self)
{
  return self->peer != NULL && self->enabled && gtk_widget_get_mapped (GTK_WIDGET (self->display));
}

/* The content of the clipboard when it is the guest's own. */
static InnGuestContent *
get_content_of_guest (InnClipboardBridge *self, InnSelection selection)
{
  GdkContentProvider *content = gdk_clipboard_get_content (self->clipboards[selection]);

  return INN_IS_GUEST_CONTENT (content) &&
                 inn_guest_content_is_of (INN_GUEST_CONTENT (content), self->peer)
             ? INN_GUEST_CONTENT (content)
             : NULL;
}

typedef struct
{
  GdkClipboard *clipboard;
  GWeakRef peer; /* it holds the offer */
  GCancellable *cancellable;
} Offer;

static void
offer_free (gpointer data)
{
  Offer *offer = data;

  g_cancellable_cancel (offer->cancellable);
  g_object_unref (offer->cancellable);
  g_object_unref (offer->clipboard);
  g_weak_ref_clear (&offer->peer);
  g_free (offer);
}

static DexFuture *
provide_cb (InnSelection selection, const char *mime_type, gpointer data)
{
  Offer *offer = data;
  g_autoptr (InnClipboardPeer) peer = g_weak_ref_get (&offer->peer);

  if (peer == NULL)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The guest is gone");

  return inn_clipboard_reader_read (offer->clipboard, mime_type, peer, offer->cancellable);
}

/* Tells the guest what is on the desktop's clipboard, once, when it may know. */
static void
offer_news (InnClipboardBridge *self, InnSelection selection)
{
  g_auto (GStrv) types = NULL;
  Offer *offer;

  if (!self->news[selection] || !is_focused (self) ||
      inn_clipboard_peer_get_types (self->peer, selection)[0] == NULL)
    return;

  self->news[selection] = FALSE;
  if (get_content_of_guest (self, selection) != NULL)
    return;

  types = inn_clipboard_reader_get_types (self->clipboards[selection]);
  offer = g_new0 (Offer, 1);
  offer->clipboard = g_object_ref (self->clipboards[selection]);
  offer->cancellable = g_cancellable_new ();
  g_weak_ref_init (&offer->peer, self->peer);
  inn_clipboard_peer_offer (self->peer, selection, (const char *const *) types, provide_cb, offer,
                            offer_free);
}

static void
offer_all (InnClipboardBridge *self)
{
  for (InnSelection i = 0; i < INN_N_SELECTIONS; i++)
    offer_news (self, i);
}

static void
clipboard_changed_cb (GdkClipboard *clipboard, InnClipboardBridge *self)
{
  InnSelection selection = clipboard == self->clipboards[INN_SELECTION_PRIMARY]
                               ? INN_SELECTION_PRIMARY
                               : INN_SELECTION_CLIPBOARD;

  self->news[selection] = TRUE;
  offer_news (self, selection);
}

static void
say_failed (InnClipboardBridge *self, const GError *error)
{
  if (!inn_error_is_cancelled (error))
    g_signal_emit_by_name (self, "failed", error);
}

static void
content_failed_cb (InnGuestContent *content, const GError *error, InnClipboardBridge *self)
{
  say_failed (self, error);
}

static void
not_sent_cb (InnClipboardPeer *peer,
             InnSelection selection,
             const GError *error,
             InnClipboardBridge *self)
{
  say_failed (self, error);
}

static void
offered_cb (InnClipboardPeer *peer, InnSelection selection, GStrv types, InnClipboardBridge *self)
{
  g_autoptr (GdkContentProvider) content = NULL;

  if (types[0] == NULL)
    {
      if (get_content_of_guest (self, selection) != NULL)
        gdk_clipboard_set_content (self->clipboards[selection], NULL);
      return;
    }

  if (!is_shown (self))
    return;

  content = inn_guest_content_new (peer, selection);
  g_signal_connect_object (content, "failed", G_CALLBACK (content_failed_cb), self, 0);
  gdk_clipboard_set_content (self->clipboards[selection], content);
}

/* The guest, or its agent, is another one or the same anew: it knows of nothing. */
static void
types_changed_cb (InnClipboardPeer *peer, InnClipboardBridge *self)
{
  for (InnSelection i = 0; i < INN_N_SELECTIONS; i++)
    self->news[i] = TRUE;
  offer_all (self);
}

static void
drop_peer (InnClipboardBridge *self)
{
  if (self->peer == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->peer, self);
  for (InnSelection i = 0; i < INN_N_SELECTIONS; i++)
    inn_clipboard_peer_withdraw (self->peer, i);
  g_clear_object (&self->peer);
}

static void
source_cb (InnClipboardBridge *self)
{
  g_autoptr (InnDisplaySource) source = NULL;

  drop_peer (self);
  g_object_get (self->display, "source", &source, NULL);
  if (source == NULL || inn_display_source_get_clipboard (source) == NULL)
    return;

  self->peer = g_object_ref (inn_display_source_get_clipboard (source));
  inn_clipboard_peer_set_enabled (self->peer, self->enabled);
  g_signal_connect_object (self->peer, "offered", G_CALLBACK (offered_cb), self, 0);
  g_signal_connect_object (self->peer, "types-changed", G_CALLBACK (types_changed_cb), self, 0);
  g_signal_connect_object (self->peer, "not-sent", G_CALLBACK (not_sent_cb), self, 0);
  types_changed_cb (self->peer, self);
}

static void
inn_clipboard_bridge_dispose (GObject *object)
{
  InnClipboardBridge *self = INN_CLIPBOARD_BRIDGE (object);

  drop_peer (self);
  if (self->display != NULL)
    {
      gtk_widget_remove_controller (GTK_WIDGET (self->display), self->focus);
      g_clear_weak_pointer (&self->display);
    }

  G_OBJECT_CLASS (inn_clipboard_bridge_parent_class)->dispose (object);
}

static void
inn_clipboard_bridge_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ENABLED:
      g_value_set_boolean (value, inn_clipboard_bridge_get_enabled (INN_CLIPBOARD_BRIDGE (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_clipboard_bridge_set_property (GObject *object,
                                   guint prop_id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ENABLED:
      inn_clipboard_bridge_set_enabled (INN_CLIPBOARD_BRIDGE (object), g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_clipboard_bridge_class_init (InnClipboardBridgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_clipboard_bridge_dispose;
  object_class->get_property = inn_clipboard_bridge_get_property;
  object_class->set_property = inn_clipboard_bridge_set_property;

  properties[PROP_ENABLED] =
      g_param_spec_boolean ("enabled", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  /* (GError *error): something that was copied could not be carried over. */
  g_signal_new ("failed", INN_TYPE_CLIPBOARD_BRIDGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
inn_clipboard_bridge_init (InnClipboardBridge *self)
{
  self->enabled = TRUE;
}

/**
 * inn_clipboard_bridge_new:
 * @display: a display; its sources come and go
 *
 * Returns: (transfer full): a bridge that works for as long as it is kept
 */
InnClipboardBridge *
inn_clipboard_bridge_new (InnDisplay *display)
{
  InnClipboardBridge *self;
  GtkWidget *widget = GTK_WIDGET (display);

  g_return_val_if_fail (INN_IS_DISPLAY (display), NULL);

  self = g_object_new (INN_TYPE_CLIPBOARD_BRIDGE, NULL);
  g_set_weak_pointer (&self->display, display);
  self->clipboards[INN_SELECTION_CLIPBOARD] = gtk_widget_get_clipboard (widget);
  self->clipboards[INN_SELECTION_PRIMARY] = gtk_widget_get_primary_clipboard (widget);
  for (InnSelection i = 0; i < INN_N_SELECTIONS; i++)
    g_signal_connect_object (self->clipboards[i], "changed", G_CALLBACK (clipboard_changed_cb),
                             self, 0);

  self->focus = gtk_event_controller_focus_new ();
  g_signal_connect_object (self->focus, "enter", G_CALLBACK (offer_all), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, self->focus);
  g_signal_connect_object (display, "notify::view-only", G_CALLBACK (offer_all), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (display, "notify::source", G_CALLBACK (source_cb), self,
                           G_CONNECT_SWAPPED);
  source_cb (self);
  return self;
}

/**
 * inn_clipboard_bridge_set_enabled:
 * @self: a bridge
 * @enabled: whether anything is carried
 */
void
inn_clipboard_bridge_set_enabled (InnClipboardBridge *self, gboolean enabled)
{
  g_return_if_fail (INN_IS_CLIPBOARD_BRIDGE (self));

  if (self->enabled == enabled)
    return;

  self->enabled = enabled;
  if (self->peer != NULL)
    {
      inn_clipboard_peer_set_enabled (self->peer, enabled);
      types_changed_cb (self->peer, self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENABLED]);
}

gboolean
inn_clipboard_bridge_get_enabled (InnClipboardBridge *self)
{
  g_return_val_if_fail (INN_IS_CLIPBOARD_BRIDGE (self), FALSE);

  return self->enabled;
}

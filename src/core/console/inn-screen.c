/* inn-screen.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-screen.h"

/**
 * InnScreen:
 *
 * Where the screen of a guest is found: what is spoken there and a way to as many connections as
 * that takes. It knows no libvirt and no SSH; whoever makes it does.
 */
struct _InnScreen
{
  GObject parent_instance;

  InnScreenProtocol protocol;
  gboolean tls_only;
  InnScreenOpenFunc func;
  gpointer data;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE (InnScreen, inn_screen, G_TYPE_OBJECT)

static void
inn_screen_finalize (GObject *object)
{
  InnScreen *self = INN_SCREEN (object);

  if (self->destroy != NULL)
    self->destroy (self->data);

  G_OBJECT_CLASS (inn_screen_parent_class)->finalize (object);
}

static void
inn_screen_class_init (InnScreenClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_screen_finalize;
}

static void
inn_screen_init (InnScreen *self)
{
}

/**
 * inn_screen_new:
 * @protocol: what is spoken there
 * @tls_only: whether it has no other port than that for TLS
 * @func: makes a connection; called once for each
 * @data: for @func
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a screen
 */
InnScreen *
inn_screen_new (InnScreenProtocol protocol,
                gboolean tls_only,
                InnScreenOpenFunc func,
                gpointer data,
                GDestroyNotify destroy)
{
  InnScreen *self;

  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (INN_TYPE_SCREEN, NULL);
  self->protocol = protocol;
  self->tls_only = tls_only;
  self->func = func;
  self->data = data;
  self->destroy = destroy;

  return self;
}

InnScreenProtocol
inn_screen_get_protocol (InnScreen *self)
{
  g_return_val_if_fail (INN_IS_SCREEN (self), INN_SCREEN_VNC);

  return self->protocol;
}

gboolean
inn_screen_get_tls_only (InnScreen *self)
{
  g_return_val_if_fail (INN_IS_SCREEN (self), FALSE);

  return self->tls_only;
}

/**
 * inn_screen_open:
 * @self: a screen
 * @tls: whether to go where TLS is spoken; the handshake is the caller's
 * @cancellable: (nullable): gives up
 *
 * Returns: (transfer full): resolves with a connected descriptor (dex_await_fd()); rejects with why
 *   there is none
 */
DexFuture *
inn_screen_open (InnScreen *self, gboolean tls, GCancellable *cancellable)
{
  g_return_val_if_fail (INN_IS_SCREEN (self), NULL);

  return self->func (self, tls, cancellable, self->data);
}

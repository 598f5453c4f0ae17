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
  char *server_name;
  char *authorities;
  char *subject;
};

G_DEFINE_FINAL_TYPE (InnScreen, inn_screen, G_TYPE_OBJECT)

static void
inn_screen_finalize (GObject *object)
{
  InnScreen *self = INN_SCREEN (object);

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_free (self->server_name);
  g_free (self->authorities);
  g_free (self->subject);

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
 * inn_screen_set_identity:
 * @self: a screen
 * @server_name: (nullable): the name that a certificate must be for, unless @subject is given
 * @authorities: (nullable): certificates in PEM; with them no other authority is trusted
 * @subject: (nullable): the subject that the certificate must have, as in a connection file
 *
 * What whoever says where the screen is also says about who answers there. What is not given is
 * known from the host.
 */
void
inn_screen_set_identity (InnScreen *self,
                         const char *server_name,
                         const char *authorities,
                         const char *subject)
{
  g_return_if_fail (INN_IS_SCREEN (self));

  g_set_str (&self->server_name, server_name);
  g_set_str (&self->authorities, authorities);
  g_set_str (&self->subject, subject);
}

const char *
inn_screen_get_server_name (InnScreen *self)
{
  g_return_val_if_fail (INN_IS_SCREEN (self), NULL);

  return self->server_name;
}

const char *
inn_screen_get_authorities (InnScreen *self)
{
  g_return_val_if_fail (INN_IS_SCREEN (self), NULL);

  return self->authorities;
}

const char *
inn_screen_get_subject (InnScreen *self)
{
  g_return_val_if_fail (INN_IS_SCREEN (self), NULL);

  return self->subject;
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

/* inn-app-display.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-screen.h"
#include "virt/inn-domain-xml.h"

#include <glib/gi18n.h>

/* From a guest to where its screen is, and from there to connected descriptors. */

typedef struct
{
  InnAppContext *self;
  InnVm *vm;
  GCancellable *cancellable;
} FindClosure;

static void
find_closure_free (FindClosure *closure)
{
  g_object_unref (closure->self);
  g_object_unref (closure->vm);
  g_clear_object (&closure->cancellable);
  g_free (closure);
}

/* What is known of a screen, from one look at the guest's XML. */
typedef struct
{
  InnAppContext *self;
  InnVm *vm;
  InnSession *session;
  char *host_id;
  char *uri;
  char *machine; /* of the URI; NULL for this one */
  gboolean tunnelled;
  gboolean local;

  guint index; /* among the guest's screens */
  char *listen;
  char *socket;
  guint16 port;
  guint16 tls_port;
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_object_unref (place->self);
  g_object_unref (place->vm);
  g_object_unref (place->session);
  g_free (place->host_id);
  g_free (place->uri);
  g_free (place->machine);
  g_free (place->listen);
  g_free (place->socket);
  g_free (place);
}

static gboolean
get_protocol (const InnGraphicsInfo *graphics, InnScreenProtocol *protocol)
{
  if (g_strcmp0 (graphics->type, "vnc") == 0)
    *protocol = INN_SCREEN_VNC;
  else if (g_strcmp0 (graphics->type, "spice") == 0)
    *protocol = INN_SCREEN_SPICE;
  else
    return FALSE;

  return TRUE;
}

/* The first screen that can be shown; @index is its place among all. */
static const InnGraphicsInfo *
find_graphics (const InnDomainXml *xml,
               const char *name,
               guint *index,
               InnScreenProtocol *protocol,
               GError **error)
{
  for (guint i = 0; i < xml->graphics->len; i++)
    {
      const InnGraphicsInfo *graphics = g_ptr_array_index (xml->graphics, i);

      if (!get_protocol (graphics, protocol))
        continue;
      *index = i;
      return graphics;
    }

  if (xml->graphics->len == 0)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("%s has no graphical screen: add a SPICE or VNC screen to it, or use its "
                      "serial console"),
                   name);
  else
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("%s has a %s screen, which this version cannot show: add a SPICE or VNC "
                      "screen to it"),
                   name, ((InnGraphicsInfo *) g_ptr_array_index (xml->graphics, 0))->type);
  return NULL;
}

static gboolean
is_loopback (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  if (parsed != NULL)
    return g_inet_address_get_is_loopback (parsed);

  return g_ascii_strcasecmp (address, "localhost") == 0;
}

static gboolean
is_any (const char *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  return parsed != NULL && g_inet_address_get_is_any (parsed);
}

/* "All addresses" are of no use either when nobody knows of which machine. */
static gboolean
is_host_only (const char *address, const char *machine)
{
  return is_loopback (address) || (machine == NULL && is_any (address));
}

static gboolean
listens (const Place *place)
{
  return place->socket != NULL || place->port != 0 || place->tls_port != 0;
}

/* Whether the screen can be reached by its address, from where one looks for it. */
static gboolean
check_place (const Place *place, gboolean tls, GError **error)
{
  const char *name = inn_vm_get_name (place->vm);
  const char *listen = place->listen != NULL ? place->listen : "0.0.0.0";

  if (!listens (place))
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("The screen of %s listens nowhere, so it can be had on its host only: "
                      "change its listen type to an address such as 127.0.0.1"),
                   name);
  else if (tls && place->tls_port == 0)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("The screen of %s wants to be encrypted, and has no port for that: give it "
                      "a TLS port, or let its channels be insecure"),
                   name);
  else if (place->tunnelled || place->local)
    return TRUE;
  else if (place->socket != NULL)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("The screen of %s listens on a socket of its host, and that host is not "
                      "reached over SSH: connect it with qemu+ssh, or let the screen listen on an "
                      "address"),
                   name);
  else if (is_host_only (listen, place->machine))
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("The screen of %s listens on %s, which is on its host only: connect the host "
                      "with qemu+ssh, or let the screen listen on another address"),
                   name, listen);
  else
    return TRUE;

  return FALSE;
}

/* Resolves with a descriptor. The transport looks from the host when it tunnels, else from here. */
static DexFuture *
dial (const Place *place, gboolean tls, GCancellable *cancellable)
{
  InnTransport *transport = _inn_app_context_get_transport (place->self);
  const char *address = place->listen;

  if (place->socket != NULL && !tls)
    return inn_transport_connect_stream (transport, place->host_id, place->uri, place->socket, 0,
                                         cancellable);

  if (address == NULL || *address == 0 || is_any (address))
    address = place->tunnelled || place->machine == NULL ? "127.0.0.1" : place->machine;
  return inn_transport_connect_stream (transport, place->host_id, place->uri, address,
                                       tls ? place->tls_port : place->port, cancellable);
}

static DexFuture *
give_fd (int fd)
{
  DexPromise *promise = dex_promise_new ();

  dex_promise_resolve_fd (promise, fd);
  return DEX_FUTURE (promise);
}

typedef struct
{
  InnScreen *screen; /* holds @place */
  const Place *place;
  gboolean tls;
  GCancellable *cancellable;
} OpenClosure;

static void
open_closure_free (gpointer data)
{
  OpenClosure *closure = data;

  g_object_unref (closure->screen);
  g_clear_object (&closure->cancellable);
  g_free (closure);
}

/* A descriptor from libvirt itself needs no port and no password; where that is not to be had
 * (read-only connections, old hosts) the screen's address is the next best. */
static DexFuture *
open_fiber (gpointer user_data)
{
  OpenClosure *closure = user_data;
  const Place *place = closure->place;
  g_autoptr (GError) error = NULL;

  if (place->local && !place->tunnelled && !closure->tls)
    {
      int fd = dex_await_fd (inn_session_open_graphics (place->session, inn_vm_get_uuid (place->vm),
                                                        place->index, closure->cancellable),
                             &error);

      if (fd >= 0)
        return give_fd (fd);
      if (!listens (place) || inn_error_is_cancelled (error))
        return inn_reject (g_steal_pointer (&error));
      g_debug ("No descriptor for a screen: %s", error->message);
      g_clear_error (&error);
    }
  if (!check_place (place, closure->tls, &error))
    return inn_reject (g_steal_pointer (&error));

  return dial (place, closure->tls, closure->cancellable);
}

static DexFuture *
open_screen (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  OpenClosure *closure = g_new0 (OpenClosure, 1);

  closure->screen = g_object_ref (screen);
  closure->place = data;
  closure->tls = tls;
  closure->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  return inn_spawn ("open_fiber", open_fiber, closure, open_closure_free);
}

static InnDomainXml *
read_xml (InnSession *session, InnVm *vm, GError **error)
{
  g_autofree char *text =
      dex_await_string (inn_session_fetch_vm_xml (session, inn_vm_get_uuid (vm), FALSE), error);

  return text != NULL ? inn_domain_xml_parse (text, error) : NULL;
}

static Place *
make_place (FindClosure *closure, InnHost *host, InnSession *session)
{
  g_autofree char *way = _inn_app_uri_get_transport (inn_host_get_uri (host));
  Place *place = g_new0 (Place, 1);

  place->self = g_object_ref (closure->self);
  place->vm = g_object_ref (closure->vm);
  place->session = g_object_ref (session);
  place->host_id = g_strdup (inn_host_get_id (host));
  place->uri = g_strdup (inn_host_get_uri (host));
  place->machine = _inn_app_uri_get_host (inn_host_get_uri (host));
  place->tunnelled = inn_session_is_forwarded (session) || g_strcmp0 (way, "ssh") == 0;
  place->local = place->machine == NULL && inn_session_is_local (session);

  return place;
}

static DexFuture *
find_fiber (gpointer user_data)
{
  FindClosure *closure = user_data;
  g_autoptr (InnHost) host = NULL;
  g_autoptr (InnSession) session = NULL;
  g_autoptr (InnDomainXml) xml = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup (inn_vm_get_name (closure->vm));
  const InnGraphicsInfo *graphics;
  InnScreenProtocol protocol;
  guint index = 0;
  Place *place;

  g_set_object (&host, inn_vm_get_host (closure->vm));
  g_set_object (&session, inn_session_manager_get_for_vm (
                              inn_app_context_get_sessions (closure->self), closure->vm));
  if (host == NULL || session == NULL || !inn_host_is_online (host))
    return inn_reject (inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                                      _ ("The host of %s is not connected: connect it first"),
                                      name));
  if (!inn_vm_is_active (closure->vm))
    return inn_reject (inn_error_new (INN_ERROR_INVALID, NULL,
                                      _ ("%s is not running, so it has no screen: start it first"),
                                      name));

  xml = read_xml (session, closure->vm, &error);
  graphics = xml != NULL ? find_graphics (xml, name, &index, &protocol, &error) : NULL;
  if (graphics == NULL)
    return inn_reject (g_steal_pointer (&error));

  place = make_place (closure, host, session);
  place->index = index;
  place->listen = g_strdup (graphics->listen);
  place->socket = g_strdup (graphics->socket);
  place->port = graphics->port;
  place->tls_port = graphics->tls_port;
  return dex_future_new_take_object (inn_screen_new (
      protocol, graphics->port == 0 && graphics->tls_port != 0, open_screen, place, place_free));
}

/**
 * inn_app_context_find_screen:
 * @self: a context that is open
 * @vm: a guest that runs
 * @cancellable: (nullable): gives up
 *
 * Looks where the first SPICE or VNC screen of a guest is. Its connections are made on this machine
 * by descriptors of libvirt, else where the screen listens, through the host's SSH login or
 * directly; they reject with %INN_ERROR_UNSUPPORTED when it cannot be reached from here.
 *
 * Returns: (transfer full): resolves with an #InnScreen; rejects with %INN_ERROR_NOT_CONNECTED,
 *   %INN_ERROR_INVALID when the guest does not run, %INN_ERROR_UNSUPPORTED when it has no screen
 *   that can be shown
 */
DexFuture *
inn_app_context_find_screen (InnAppContext *self, InnVm *vm, GCancellable *cancellable)
{
  FindClosure *closure;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);

  closure = g_new0 (FindClosure, 1);
  closure->self = g_object_ref (self);
  closure->vm = g_object_ref (vm);
  closure->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  return inn_spawn ("find_fiber", find_fiber, closure, (GDestroyNotify) find_closure_free);
}

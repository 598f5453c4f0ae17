/* inn-app-display.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "virt/inn-domain-xml.h"

#include <glib/gi18n.h>

/* From a guest to a connected descriptor of its screen. */

typedef struct
{
  InnAppContext *self;
  InnVm *vm;
  GCancellable *cancellable;
} DisplayClosure;

static void
display_closure_free (DisplayClosure *closure)
{
  g_object_unref (closure->self);
  g_object_unref (closure->vm);
  g_clear_object (&closure->cancellable);
  g_free (closure);
}

/* The first VNC screen; @index is its place among all. */
static const InnGraphicsInfo *
find_vnc (const InnDomainXml *xml, const char *name, guint *index, GError **error)
{
  for (guint i = 0; i < xml->graphics->len; i++)
    {
      const InnGraphicsInfo *graphics = g_ptr_array_index (xml->graphics, i);

      if (g_strcmp0 (graphics->type, "vnc") != 0)
        continue;
      *index = i;
      return graphics;
    }

  if (xml->graphics->len == 0)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("%s has no graphical screen: add a VNC screen to it, or use its serial "
                      "console"),
                   name);
  else
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("%s has a %s screen, which this version cannot show: add a VNC screen to it"),
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
has_place (const InnGraphicsInfo *graphics)
{
  return graphics->socket != NULL || graphics->port != 0;
}

/* Whether the screen can be reached at all, or @from_here as the host itself reaches it. */
static gboolean
check_place (const InnGraphicsInfo *graphics,
             const char *name,
             const char *machine,
             gboolean from_here,
             GError **error)
{
  const char *listen = graphics->listen != NULL ? graphics->listen : "0.0.0.0";

  if (!has_place (graphics))
    {
      inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                     _ ("The screen of %s listens nowhere, so it can be had on its host only: "
                        "change its listen type to an address such as 127.0.0.1"),
                     name);
      return FALSE;
    }
  if (from_here)
    return TRUE;

  if (graphics->socket != NULL)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("The screen of %s listens on a socket of its host, and that host is not "
                      "reached over SSH: connect it with qemu+ssh, or let the screen listen on an "
                      "address"),
                   name);
  else if (is_host_only (listen, machine))
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
dial (DisplayClosure *closure,
      InnHost *host,
      const InnGraphicsInfo *graphics,
      const char *machine,
      gboolean tunnelled)
{
  InnTransport *transport = _inn_app_context_get_transport (closure->self);
  const char *address = graphics->listen;

  if (address == NULL || *address == 0 || is_any (address))
    address = tunnelled || machine == NULL ? "127.0.0.1" : machine;
  if (graphics->socket != NULL)
    return inn_transport_connect_stream (transport, inn_host_get_id (host), inn_host_get_uri (host),
                                         graphics->socket, 0, closure->cancellable);

  return inn_transport_connect_stream (transport, inn_host_get_id (host), inn_host_get_uri (host),
                                       address, graphics->port, closure->cancellable);
}

static DexFuture *
give_fd (int fd)
{
  DexPromise *promise = dex_promise_new ();

  dex_promise_resolve_fd (promise, fd);
  return DEX_FUTURE (promise);
}

static InnDomainXml *
read_xml (InnSession *session, InnVm *vm, GError **error)
{
  g_autofree char *text =
      dex_await_string (inn_session_fetch_vm_xml (session, inn_vm_get_uuid (vm), FALSE), error);

  return text != NULL ? inn_domain_xml_parse (text, error) : NULL;
}

/* A descriptor from libvirt itself needs no port and no password; -1 where that is not to be had
 * (read-only connections, old hosts) and the screen's address is the next best. */
static int
open_by_descriptor (DisplayClosure *closure, InnSession *session, guint index, GError **error)
{
  return dex_await_fd (inn_session_open_graphics (session, inn_vm_get_uuid (closure->vm), index,
                                                  closure->cancellable),
                       error);
}

static DexFuture *
display_fiber (gpointer user_data)
{
  DisplayClosure *closure = user_data;
  g_autoptr (InnHost) host = NULL;
  g_autoptr (InnSession) session = NULL;
  g_autoptr (InnDomainXml) xml = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) refused = NULL;
  g_autofree char *name = g_strdup (inn_vm_get_name (closure->vm));
  g_autofree char *machine = NULL;
  g_autofree char *way = NULL;
  const InnGraphicsInfo *graphics;
  gboolean tunnelled;
  gboolean local;
  guint index = 0;

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

  machine = _inn_app_uri_get_host (inn_host_get_uri (host));
  way = _inn_app_uri_get_transport (inn_host_get_uri (host));
  tunnelled = inn_session_is_forwarded (session) || g_strcmp0 (way, "ssh") == 0;

  xml = read_xml (session, closure->vm, &error);
  graphics = xml != NULL ? find_vnc (xml, name, &index, &error) : NULL;
  if (graphics == NULL)
    return inn_reject (g_steal_pointer (&error));

  local = machine == NULL && inn_session_is_local (session);
  if (!tunnelled && local)
    {
      int fd = open_by_descriptor (closure, session, index, &refused);

      if (fd >= 0)
        return give_fd (fd);
      if (!has_place (graphics) || inn_error_is_cancelled (refused))
        return inn_reject (g_steal_pointer (&refused));
      g_debug ("No descriptor for a screen: %s", refused->message);
    }
  if (!check_place (graphics, name, machine, tunnelled || local, &error))
    return inn_reject (g_steal_pointer (&error));

  return dial (closure, host, graphics, machine, tunnelled);
}

/**
 * inn_app_context_open_display:
 * @self: a context that is open
 * @vm: a guest that runs
 * @cancellable: (nullable): gives up
 *
 * Opens the first VNC screen of a guest: on this machine by a descriptor of libvirt, else where the
 * screen listens, through the host's SSH login or directly.
 *
 * Returns: (transfer full): resolves with a connected descriptor (dex_await_fd()); rejects with
 *   %INN_ERROR_NOT_CONNECTED, %INN_ERROR_INVALID when the guest does not run,
 * %INN_ERROR_UNSUPPORTED when it has no screen that can be shown or reached, and why it cannot be
 * reached
 */
DexFuture *
inn_app_context_open_display (InnAppContext *self, InnVm *vm, GCancellable *cancellable)
{
  DisplayClosure *closure;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);
  g_return_val_if_fail (INN_IS_VM (vm), NULL);

  closure = g_new0 (DisplayClosure, 1);
  closure->self = g_object_ref (self);
  closure->vm = g_object_ref (vm);
  closure->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  return inn_spawn ("display_fiber", display_fiber, closure, (GDestroyNotify) display_closure_free);
}

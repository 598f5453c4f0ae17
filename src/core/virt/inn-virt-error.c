/* inn-virt-error.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-virt-error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <libvirt-glib/libvirt-glib.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <libxml/parser.h>

static InnError
code_of_errno (int number)
{
  switch (number)
    {
    case ECONNREFUSED:
    case ENOENT:
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case ENETUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
    case ECONNRESET:
      return INN_ERROR_REFUSED;
    case ETIMEDOUT:
      return INN_ERROR_TIMED_OUT;
    case EACCES:
    case EPERM:
      return INN_ERROR_DENIED;
    case ENOSPC:
    case EDQUOT:
      return INN_ERROR_NO_SPACE;
    case EBUSY:
      return INN_ERROR_IN_USE;
    default:
      return INN_ERROR_REMOTE;
    }
}

static InnError
code_of_system_error (const virError *from)
{
  /* A certificate that is not there is not a host that is not there. The path is the one part of
   * the text that no translation changes. */
  if (from->message != NULL && strstr (from->message, ".pem") != NULL)
    return INN_ERROR_INVALID;
  /* libvirt reports a name that does not resolve without an errno. */
  if (from->domain == VIR_FROM_RPC && from->int1 <= 0)
    return INN_ERROR_REFUSED;

  /* A socket that is not there is a daemon that is not there; a file is just missing. */
  if (from->domain != VIR_FROM_RPC && from->int1 == ENOENT)
    return INN_ERROR_NOT_FOUND;

  return code_of_errno (from->int1);
}

static InnError
code_of (const virError *from)
{
  switch (from->code)
    {
    case VIR_ERR_NO_DOMAIN:
    case VIR_ERR_NO_NETWORK:
    case VIR_ERR_NO_STORAGE_POOL:
    case VIR_ERR_NO_STORAGE_VOL:
    case VIR_ERR_NO_NODE_DEVICE:
    case VIR_ERR_NO_SECRET:
    case VIR_ERR_NO_INTERFACE:
    case VIR_ERR_NO_NWFILTER:
    case VIR_ERR_NO_DOMAIN_SNAPSHOT:
    case VIR_ERR_NO_DOMAIN_CHECKPOINT:
    case VIR_ERR_NO_DOMAIN_METADATA:
    case VIR_ERR_DEVICE_MISSING:
      return INN_ERROR_NOT_FOUND;
    case VIR_ERR_AUTH_FAILED:
      return INN_ERROR_AUTH_FAILED;
    case VIR_ERR_AUTH_CANCELLED:
      return INN_ERROR_AUTH_CANCELLED;
    case VIR_ERR_AUTH_UNAVAILABLE:
    case VIR_ERR_OPERATION_DENIED:
    case VIR_ERR_ACCESS_DENIED:
      return INN_ERROR_DENIED;
    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_OPERATION_UNSUPPORTED:
    case VIR_ERR_ARGUMENT_UNSUPPORTED:
    case VIR_ERR_CONFIG_UNSUPPORTED:
      return INN_ERROR_UNSUPPORTED;
    case VIR_ERR_DOM_EXIST:
    case VIR_ERR_NETWORK_EXIST:
    case VIR_ERR_STORAGE_VOL_EXIST:
    case VIR_ERR_OPERATION_INVALID:
      return INN_ERROR_CONFLICT;
    case VIR_ERR_RESOURCE_BUSY:
      return INN_ERROR_IN_USE;
    case VIR_ERR_OPERATION_TIMEOUT:
    case VIR_ERR_AGENT_UNRESPONSIVE:
      return INN_ERROR_TIMED_OUT;
    case VIR_ERR_OPERATION_ABORTED:
      return INN_ERROR_CANCELLED;
    case VIR_ERR_NO_CONNECT:
    case VIR_ERR_INVALID_ARG:
    case VIR_ERR_XML_ERROR:
    case VIR_ERR_XML_DETAIL:
    case VIR_ERR_XML_INVALID_SCHEMA:
      return INN_ERROR_INVALID;
    case VIR_ERR_INVALID_CONN:
      return INN_ERROR_NOT_CONNECTED;
    case VIR_ERR_UNKNOWN_HOST:
      return INN_ERROR_REFUSED;
    case VIR_ERR_INTERNAL_ERROR:
      return from->domain == VIR_FROM_URI ? INN_ERROR_INVALID : INN_ERROR_REMOTE;
    case VIR_ERR_SYSTEM_ERROR:
      return code_of_system_error (from);
    default:
      return INN_ERROR_REMOTE;
    }
}

/**
 * inn_virt_set_error:
 * @error: (out) (optional): return location
 * @format: the headline: names the object, the action and what to do; translated
 *
 * Turns libvirt's error of the calling thread into an %INN_ERROR. To be called in the thread that
 * made the libvirt call, right after it.
 */
void
inn_virt_set_error (GError **error, const char *format, ...)
{
  const virError *from = virGetLastError ();
  g_autofree char *headline = NULL;
  g_autofree char *details = NULL;
  va_list args;

  va_start (args, format);
  headline = g_strdup_vprintf (format, args);
  va_end (args);

  details = from != NULL && from->message != NULL ? g_utf8_make_valid (from->message, -1) : NULL;
  inn_error_set (error, from != NULL ? code_of (from) : INN_ERROR_FAILED, details, "%s", headline);
}

/**
 * inn_virt_set_open_error:
 * @error: (out) (optional): return location
 * @name: what the administrator calls the host
 * @cancelled: whether a person closed a question for credentials
 *
 * As inn_virt_set_error(), for an attempt to connect: says what to do about it.
 */
void
inn_virt_set_open_error (GError **error, const char *name, gboolean cancelled)
{
  g_autoptr (GError) plain = NULL;
  const char *details;
  int code;

  inn_virt_set_error (&plain, "%s", "");
  code = plain->code;
  if (cancelled)
    code = INN_ERROR_AUTH_CANCELLED;
  details = inn_error_get_details (plain);

  switch (code)
    {
    case INN_ERROR_AUTH_CANCELLED:
      inn_error_set (error, code, details,
                     _ ("“%s” needs a password and got none. Connect again to be asked."), name);
      break;
    case INN_ERROR_AUTH_FAILED:
      inn_error_set (error, code, details,
                     _ ("“%s” refused the credentials. Check user name, password or certificate "
                        "and connect again."),
                     name);
      break;
    case INN_ERROR_DENIED:
      inn_error_set (error, code, details,
                     _ ("“%s” does not let you use libvirt. Join the group “libvirt” there, or "
                        "connect as another user."),
                     name);
      break;
    case INN_ERROR_REFUSED:
      inn_error_set (error, code, details,
                     _ ("“%s” cannot be reached. Check its address, that it is switched on and "
                        "that libvirt runs there."),
                     name);
      break;
    case INN_ERROR_INVALID:
    case INN_ERROR_NOT_FOUND:
      inn_error_set (error, INN_ERROR_INVALID, details,
                     _ ("“%s” has an address or certificate files that libvirt cannot use. "
                        "Correct its connection."),
                     name);
      break;
    case INN_ERROR_TIMED_OUT:
      inn_error_set (error, code, details,
                     _ ("“%s” did not answer. Check the network and libvirt on it."), name);
      break;
    default:
      inn_error_set (error, code, details, _ ("Could not connect to “%s”. The details say why."),
                     name);
    }
}

/**
 * inn_virt_check_answers:
 * @domain: a guest
 * @name: its name, for the error
 * @patience: milliseconds
 * @error: return location for a #GError
 *
 * Whether the guest's emulator answers its host. One that has left a question open for @patience
 * would hold up whoever asks it next. Blocking, but asks nobody but libvirt itself.
 *
 * Returns: %FALSE with %INN_ERROR_TIMED_OUT when it hangs
 */
gboolean
inn_virt_check_answers (virDomainPtr domain, const char *name, guint patience, GError **error)
{
  virDomainControlInfo info = { 0 };
  g_autofree char *details = NULL;

  /* Guests that are off, and drivers that do not know. */
  if (virDomainGetControlInfo (domain, &info, 0) < 0)
    {
      virResetLastError ();
      return TRUE;
    }
  if (info.state != VIR_DOMAIN_CONTROL_OCCUPIED || info.stateTime < patience)
    return TRUE;

  details = g_strdup_printf (_ ("Its emulator has one question open for %u seconds"),
                             (guint) (info.stateTime / 1000));
  inn_error_set (error, INN_ERROR_TIMED_OUT, details,
                 _ ("“%s” does not answer its host: its emulator hangs, or waits for its storage. "
                    "Wait until it answers, or power it off."),
                 name);
  return FALSE;
}

static void
be_quiet (void *data, virErrorPtr error)
{
}

/**
 * inn_virt_init:
 *
 * Registers libvirt's event loop with GLib's and silences libvirt's own reporting to stderr; every
 * error reaches its caller. On the main thread, before the first connection; more calls do nothing.
 */
void
inn_virt_init (void)
{
  static gsize done = 0;

  if (!g_once_init_enter (&done))
    return;

  /* Its warnings go to stderr as well, and nobody can act on them. */
  g_setenv ("LIBVIRT_DEBUG", "4", FALSE);
  virInitialize ();
  /* It makes its locks at its first use, and two threads at once would make them twice. */
  xmlInitParser ();
  virSetErrorFunc (NULL, be_quiet);
  gvir_event_register ();
  g_once_init_leave (&done, 1);
}

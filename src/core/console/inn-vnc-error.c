/* inn-vnc-error.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "console/inn-vnc-source-private.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum
{
  CAUSE_CLOSED,
  CAUSE_CERTIFICATE,
  CAUSE_OTHER_NAME,
  CAUSE_EXPIRED,
  CAUSE_TLS,
  CAUSE_UNSUPPORTED,
  CAUSE_GARBAGE,
} Cause;

/* gvnc has no error codes, only English. Words that it does not say any more fall to the general
 * case, with the words themselves as details. */
static Cause
cause_of (const char *said)
{
  static const struct
  {
    const char *start;
    Cause cause;
  } causes[] = {
    { "Server closed the connection", CAUSE_CLOSED },
    { "Unable to read from server", CAUSE_CLOSED },
    { "Failed to flush data", CAUSE_CLOSED },
    { "Failed to any flush data", CAUSE_CLOSED },
    { "The certificate's owner does not match", CAUSE_OTHER_NAME },
    { "The certificate has expired", CAUSE_EXPIRED },
    { "The certificate is not yet activated", CAUSE_EXPIRED },
    { "The certificate", CAUSE_CERTIFICATE },
    { "Failed to verify peer", CAUSE_CERTIFICATE },
    { "Failed to complete handshake", CAUSE_TLS },
    { "No supported auth types", CAUSE_UNSUPPORTED },
    { "Unsupported auth type", CAUSE_UNSUPPORTED },
    { "Unsupported VeNCrypt", CAUSE_UNSUPPORTED },
    { "Server version is not supported", CAUSE_UNSUPPORTED },
  };

  if (said == NULL)
    return CAUSE_CLOSED;

  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (g_str_has_prefix (said, causes[i].start))
      return causes[i].cause;

  return CAUSE_GARBAGE;
}

static GError *
refused_error (InnVncSource *self)
{
  if (self->attempt >= INN_VNC_MAX_ATTEMPTS)
    return inn_error_new (INN_ERROR_AUTH_FAILED, self->said,
                          _ ("The screen of “%s” refused the password %u times; look up the "
                             "password in the guest’s graphics settings"),
                          self->guest_name, self->attempt);

  return inn_error_new (INN_ERROR_AUTH_FAILED, self->said,
                        _ ("The screen of “%s” refused the password"), self->guest_name);
}

/* Why the connection ended, from what the library said on the way. */
GError *
inn_vnc_error_new (InnVncSource *self)
{
  const char *name = self->guest_name;

  if (self->refused)
    return refused_error (self);

  switch (cause_of (self->said))
    {
    case CAUSE_CLOSED:
      if (self->state == INN_DISPLAY_READY)
        return inn_error_new (INN_ERROR_NOT_CONNECTED, self->said,
                              _ ("The connection to the screen of “%s” was lost"), name);
      return inn_error_new (INN_ERROR_NOT_CONNECTED, self->said,
                            _ ("The screen of “%s” closed the connection before it showed "
                               "anything"),
                            name);

    case CAUSE_CERTIFICATE:
      return inn_error_new (INN_ERROR_HOST_KEY_UNKNOWN, self->said,
                            _ ("The certificate of the screen of “%s” is not trusted; put the "
                               "certificate of its authority into ~/.pki/CA/cacert.pem"),
                            name);

    case CAUSE_OTHER_NAME:
      return inn_error_new (
          INN_ERROR_HOST_KEY_CHANGED, self->said,
          _ ("The certificate of the screen of “%s” is not for “%s”; add the host "
             "by the name that is in its certificate"),
          name, self->server_name != NULL ? self->server_name : "localhost");

    case CAUSE_EXPIRED:
      return inn_error_new (INN_ERROR_HOST_KEY_CHANGED, self->said,
                            _ ("The certificate of the screen of “%s” is not valid today; renew it "
                               "on its host, and check the clocks"),
                            name);

    case CAUSE_TLS:
      return inn_error_new (INN_ERROR_REMOTE, self->said,
                            _ ("No encrypted connection to the screen of “%s” could be made"),
                            name);

    case CAUSE_UNSUPPORTED:
      return inn_error_new (INN_ERROR_UNSUPPORTED, self->said,
                            _ ("The screen of “%s” asks for a login that Innkeeper does not know"),
                            name);

    case CAUSE_GARBAGE:
    default:
      return inn_error_new (INN_ERROR_REMOTE, self->said,
                            _ ("The screen of “%s” sent something that is not VNC"), name);
    }
}

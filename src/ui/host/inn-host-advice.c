/* inn-host-advice.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/host/inn-host-advice.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>

static const char *
get_advice_for_code (InnError code)
{
  switch (code)
    {
    case INN_ERROR_AUTH_FAILED:
      return _ ("Connect again and give another user name or password. A saved password is asked "
                "for again.");
    case INN_ERROR_AUTH_CANCELLED:
      return _ ("Connect again and answer the question.");
    case INN_ERROR_HOST_KEY_UNKNOWN:
      return _ ("Compare the fingerprint with the one that the host's administrator tells you, "
                "then connect again and accept it.");
    case INN_ERROR_HOST_KEY_CHANGED:
      return _ ("Was the machine installed anew? Then remove its old key with ssh-keygen -R and "
                "connect again. If not, somebody may be in between: do not connect.");
    case INN_ERROR_REFUSED:
      return _ ("Check the address and port, and that libvirtd (or virtqemud.socket) and sshd run "
                "on the host.");
    case INN_ERROR_TIMED_OUT:
      return _ ("Check that the machine is up and the network reaches it. It is tried again by "
                "itself after it was connected once.");
    case INN_ERROR_DENIED:
      return _ ("The user may not manage libvirt there. Add it to the group “libvirt”, log in as "
                "root, or connect read-only.");
    case INN_ERROR_UNSUPPORTED:
      return _ ("This kind of connection needs something that is missing here or there; the "
                "details name it.");
    case INN_ERROR_INVALID:
      return _ ("Edit the connection: its URI is not understood.");
    case INN_ERROR_NOT_FOUND:
      return _ (
          "Check that libvirt is installed on the host and its socket is where the URI says.");
    case INN_ERROR_FAILED:
    case INN_ERROR_NOT_CONNECTED:
    case INN_ERROR_CONFLICT:
    case INN_ERROR_IN_USE:
    case INN_ERROR_NO_SPACE:
    case INN_ERROR_CANCELLED:
    case INN_ERROR_REMOTE:
    case INN_ERROR_STORE:
    default:
      return _ ("The details have the host's own words. Connect again once its cause is gone.");
    }
}

/**
 * inn_host_advice_get:
 * @host: a host that is not online
 *
 * Returns: what to do about it
 */
const char *
inn_host_advice_get (InnHost *host)
{
  const GError *error = inn_host_get_error (host);

  if (inn_host_get_state (host) == INN_HOST_LOST)
    return _ ("Nothing: it is tried again by itself, less and less often. What is shown is what "
              "was seen last.");
  if (error != NULL && error->domain == INN_ERROR)
    return get_advice_for_code (error->code);
  if (inn_host_get_state (host) == INN_HOST_AUTH_REQUIRED)
    return _ ("Connect, and answer the question for the password or the host key.");

  return get_advice_for_code (INN_ERROR_FAILED);
}

/**
 * inn_host_advice_get_button:
 * @host: a host
 *
 * Returns: (nullable): a verb with a mnemonic that helps now
 */
const char *
inn_host_advice_get_button (InnHost *host)
{
  switch (inn_host_get_state (host))
    {
    case INN_HOST_LOST:
      return _ ("_Reconnect");
    case INN_HOST_OFFLINE:
    case INN_HOST_AUTH_REQUIRED:
    case INN_HOST_FAILED:
      return _ ("_Connect");
    case INN_HOST_CONNECTING:
    case INN_HOST_ONLINE:
    default:
      return NULL;
    }
}

/* inn-session-state.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What a failure means, and how a host that does not answer is shown. */

GError *
_inn_session_not_connected (InnSession *self)
{
  return inn_error_new (INN_ERROR_NOT_CONNECTED, NULL,
                        _ ("“%s” is not connected. Connect it first."),
                        inn_host_get_name (self->host));
}

/* Trying again would only annoy: the next move is a person's. */
gboolean
_inn_session_needs_person (const GError *error)
{
  return g_error_matches (error, INN_ERROR, INN_ERROR_AUTH_FAILED) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_AUTH_CANCELLED) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_HOST_KEY_UNKNOWN) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED);
}

/* What trying again does not change. */
gboolean
_inn_session_is_final (const GError *error)
{
  return g_error_matches (error, INN_ERROR, INN_ERROR_INVALID) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_DENIED) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_UNSUPPORTED) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_CANCELLED);
}

/* Writes down that an attempt failed. */
void
_inn_session_report_failure (InnSession *self, InnHostState old, const GError *error)
{
  /* An attempt that fails as the one before did is no news. */
  if (old == INN_HOST_LOST || inn_host_get_state (self->host) == old)
    return;

  inn_inventory_report (self->inventory, INN_SEVERITY_ERROR, "host.failed", self->host, NULL, "%s",
                        error->message);
}

/* A host that does not answer is shown as lost; its connection stays, since it may only be slow. */
void
_inn_session_set_mute (InnSession *self, gboolean mute)
{
  g_autoptr (GError) error = NULL;

  if (self->mute == mute || !self->online)
    return;

  self->mute = mute;
  if (!mute)
    {
      inn_host_set_state (self->host, INN_HOST_ONLINE, NULL);
      inn_inventory_report (self->inventory, INN_SEVERITY_INFO, "host.connected", self->host, NULL,
                            _ ("“%s” answers again"), inn_host_get_name (self->host));
      return;
    }

  error = inn_error_new (INN_ERROR_TIMED_OUT, NULL,
                         _ ("“%s” does not answer. It is shown as it was; it continues by itself "
                            "when the host answers. If it lasts, restart libvirt on it."),
                         inn_host_get_name (self->host));
  inn_host_set_state (self->host, INN_HOST_LOST, error);
  inn_inventory_report (self->inventory, INN_SEVERITY_ERROR, "host.lost", self->host, NULL, "%s",
                        error->message);
}

/* libvirt takes nearly anything for the name of a local driver. */
gboolean
_inn_session_check_uri (InnSession *self, GError **error)
{
  const char *uri = inn_host_get_uri (self->host);
  g_autofree char *scheme = uri != NULL ? g_uri_parse_scheme (uri) : NULL;

  if (scheme != NULL && strstr (uri, ":/") != NULL)
    return TRUE;

  inn_error_set (error, INN_ERROR_INVALID, uri,
                 _ ("The address of “%s” is no libvirt URI. It looks like "
                    "“qemu+ssh://root@host/system”; correct it."),
                 inn_host_get_name (self->host));
  return FALSE;
}

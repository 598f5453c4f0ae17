/* inn-spice-error.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"
#include "console/inn-spice-session-private.h"

#include <glib/gi18n.h>
#include <string.h>

/* The library has an error code for each kind of failure, but why a greeting failed it only writes
 * to its log, in English. */

#define LIBRARY_DOMAIN "GSpice"
#define COMMON_DOMAIN "Spice" /* of what it shares with the server */
#define SAID_QUARK (g_quark_from_static_string ("inn-spice-said"))

typedef enum
{
  CAUSE_CLOSED,
  CAUSE_GARBAGE,
  CAUSE_VERSION,
  CAUSE_LOGIN,
  CAUSE_REFUSED,
} Cause;

static Cause
cause_of (const char *said)
{
  static const struct
  {
    const char *part;
    Cause cause;
  } causes[] = {
    { "incomplete link", CAUSE_CLOSED },      { "invalid SPICE_MAGIC", CAUSE_GARBAGE },
    { "invalid peer header", CAUSE_GARBAGE }, { "major mismatch", CAUSE_VERSION },
    { "No compatible AUTH", CAUSE_LOGIN },    { "unhandled error", CAUSE_REFUSED },
    { "failed to parse", CAUSE_GARBAGE },
  };

  if (said == NULL || *said == '\0')
    return CAUSE_CLOSED;

  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (strstr (said, causes[i].part) != NULL)
      return causes[i].cause;

  return CAUSE_CLOSED;
}

/* What a server sends is no fault of this program: nothing for the journal, but the first words say
 * what went wrong. */
static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  GString *said = data;

  /* g_debug() inside of a handler would be taken for a recursion. */
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_DEBUG, "MESSAGE", "%s: %s", domain, message);
  if (said->len == 0 && (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL)) != 0)
    g_string_assign (said, message);
}

void
inn_spice_error_init (void)
{
  const GLogLevelFlags levels = G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_MESSAGE |
                                G_LOG_LEVEL_INFO | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION;
  GString *said = g_string_new (NULL);

  g_type_set_qdata (INN_TYPE_SPICE_SESSION, SAID_QUARK, said);
  g_log_set_handler (LIBRARY_DOMAIN, levels, log_cb, said);
  g_log_set_handler (COMMON_DOMAIN, levels, log_cb, said);
}

static GString *
get_said (void)
{
  return g_type_get_qdata (INN_TYPE_SPICE_SESSION, SAID_QUARK);
}

/* What was said belongs to the try before. */
void
inn_spice_error_forget (void)
{
  g_string_truncate (get_said (), 0);
}

static GError *
closed_error (InnSpiceSession *self, const char *details)
{
  const char *name = self->place->guest_name;

  if (self->state == INN_DISPLAY_READY)
    return inn_error_new (INN_ERROR_NOT_CONNECTED, details,
                          _ ("The connection to the screen of “%s” was lost"), name);

  return inn_error_new (INN_ERROR_NOT_CONNECTED, details,
                        _ ("The screen of “%s” closed the connection before it showed anything"),
                        name);
}

static GError *
greeting_error (InnSpiceSession *self, const char *details)
{
  const char *name = self->place->guest_name;

  switch (cause_of (details))
    {
    case CAUSE_GARBAGE:
      return inn_error_new (INN_ERROR_REMOTE, details,
                            _ ("The screen of “%s” sent something that is not SPICE"), name);

    case CAUSE_VERSION:
      return inn_error_new (INN_ERROR_UNSUPPORTED, details,
                            _ ("The screen of “%s” speaks a version of SPICE that Innkeeper does "
                               "not know"),
                            name);

    case CAUSE_LOGIN:
      return inn_error_new (INN_ERROR_UNSUPPORTED, details,
                            _ ("The screen of “%s” asks for a login that Innkeeper does not know"),
                            name);

    case CAUSE_REFUSED:
      return inn_error_new (INN_ERROR_REMOTE, details,
                            _ ("The screen of “%s” refused the connection"), name);

    case CAUSE_CLOSED:
    default:
      return closed_error (self, details);
    }
}

/* Why a channel ended; @why is the library's own error, when it has one. */
GError *
inn_spice_error_new (InnSpiceSession *self, SpiceChannelEvent event, const GError *why)
{
  const char *name = self->place->guest_name;
  const char *said = get_said ()->str;
  const char *details = why != NULL ? why->message : (*said != '\0' ? said : NULL);

  switch (event)
    {
    case SPICE_CHANNEL_ERROR_AUTH:
      if (self->attempt >= INN_SPICE_MAX_ATTEMPTS)
        return inn_error_new (INN_ERROR_AUTH_FAILED, details,
                              _ ("The screen of “%s” refused the password %u times; look up the "
                                 "password in the guest’s graphics settings"),
                              name, self->attempt);
      return inn_error_new (INN_ERROR_AUTH_FAILED, details,
                            _ ("The screen of “%s” refused the password"), name);

    case SPICE_CHANNEL_ERROR_LINK:
      return greeting_error (self, details);

    case SPICE_CHANNEL_ERROR_TLS:
      return inn_error_new (INN_ERROR_REMOTE, details,
                            _ ("No encrypted connection to the screen of “%s” could be made"),
                            name);

    case SPICE_CHANNEL_CLOSED:
    case SPICE_CHANNEL_ERROR_IO:
    case SPICE_CHANNEL_ERROR_CONNECT:
    case SPICE_CHANNEL_NONE:
    case SPICE_CHANNEL_OPENED:
    case SPICE_CHANNEL_SWITCHING:
    default:
      return closed_error (self, details);
    }
}

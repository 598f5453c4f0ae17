/* inn-error.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-error.h"

#include <gio/gio.h>
#include <libdex.h>

/* The details ride on the GError itself (an "extended error"), so that they survive every
 * g_error_copy, every promise and every thread on the way to the person who reads them. */
typedef struct
{
  char *details;
} InnErrorPrivate;

static void
inn_error_private_init (InnErrorPrivate *priv)
{
}

static void
inn_error_private_copy (const InnErrorPrivate *src, InnErrorPrivate *dest)
{
  dest->details = g_strdup (src->details);
}

static void
inn_error_private_clear (InnErrorPrivate *priv)
{
  g_clear_pointer (&priv->details, g_free);
}

G_DEFINE_EXTENDED_ERROR (InnError, inn_error)

GType
inn_error_get_type (void)
{
  static gsize type_id;

  if (g_once_init_enter (&type_id))
    {
      static const GEnumValue values[] = {
        { INN_ERROR_FAILED, "INN_ERROR_FAILED", "failed" },
        { INN_ERROR_NOT_CONNECTED, "INN_ERROR_NOT_CONNECTED", "not-connected" },
        { INN_ERROR_AUTH_FAILED, "INN_ERROR_AUTH_FAILED", "auth-failed" },
        { INN_ERROR_AUTH_CANCELLED, "INN_ERROR_AUTH_CANCELLED", "auth-cancelled" },
        { INN_ERROR_HOST_KEY_UNKNOWN, "INN_ERROR_HOST_KEY_UNKNOWN", "host-key-unknown" },
        { INN_ERROR_HOST_KEY_CHANGED, "INN_ERROR_HOST_KEY_CHANGED", "host-key-changed" },
        { INN_ERROR_REFUSED, "INN_ERROR_REFUSED", "refused" },
        { INN_ERROR_TIMED_OUT, "INN_ERROR_TIMED_OUT", "timed-out" },
        { INN_ERROR_UNSUPPORTED, "INN_ERROR_UNSUPPORTED", "unsupported" },
        { INN_ERROR_CONFLICT, "INN_ERROR_CONFLICT", "conflict" },
        { INN_ERROR_IN_USE, "INN_ERROR_IN_USE", "in-use" },
        { INN_ERROR_NO_SPACE, "INN_ERROR_NO_SPACE", "no-space" },
        { INN_ERROR_NOT_FOUND, "INN_ERROR_NOT_FOUND", "not-found" },
        { INN_ERROR_INVALID, "INN_ERROR_INVALID", "invalid" },
        { INN_ERROR_DENIED, "INN_ERROR_DENIED", "denied" },
        { INN_ERROR_CANCELLED, "INN_ERROR_CANCELLED", "cancelled" },
        { INN_ERROR_REMOTE, "INN_ERROR_REMOTE", "remote" },
        { INN_ERROR_STORE, "INN_ERROR_STORE", "store" },
        { 0, NULL, NULL },
      };

      g_once_init_leave (&type_id, g_enum_register_static ("InnError", values));
    }

  return type_id;
}

static GError *
inn_error_new_valist (InnError code, const char *details, const char *format, va_list args)
{
  GError *error = g_error_new_valist (INN_ERROR, code, format, args);

  inn_error_get_private (error)->details = g_strdup (details);
  return error;
}

/**
 * inn_error_new:
 * @code: what went wrong
 * @details: (nullable): the words of libvirt, ssh or the system, untranslated
 * @format: the headline, translated: names the object, the action and what to do
 *
 * Returns: (transfer full): a new error in the domain %INN_ERROR
 */
GError *
inn_error_new (InnError code, const char *details, const char *format, ...)
{
  va_list args;
  GError *error;

  g_return_val_if_fail (format != NULL, NULL);

  va_start (args, format);
  error = inn_error_new_valist (code, details, format, args);
  va_end (args);

  return error;
}

/**
 * inn_error_set:
 * @error: (out) (optional): where to put it; %NULL drops it
 * @code: what went wrong
 * @details: (nullable): the words of libvirt, ssh or the system, untranslated
 * @format: the headline, translated
 *
 * Like [func@inn_error_new], in the shape of g_set_error().
 */
void
inn_error_set (GError **error, InnError code, const char *details, const char *format, ...)
{
  va_list args;

  g_return_if_fail (error == NULL || *error == NULL);
  g_return_if_fail (format != NULL);

  if (error == NULL)
    return;

  va_start (args, format);
  *error = inn_error_new_valist (code, details, format, args);
  va_end (args);
}

/**
 * inn_error_get_details:
 * @error: any error
 *
 * Returns: (nullable): the untranslated words of the library or program that failed; %NULL when
 *   there are none or @error is of another domain
 */
const char *
inn_error_get_details (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain != INN_ERROR)
    return NULL;

  return inn_error_get_private (error)->details;
}

/**
 * inn_error_get_nick:
 * @error: any error
 *
 * Returns: the stable name of its code, as `innctl --json` prints it ("timed-out"); "failed" for
 *   an error of another domain
 */
const char *
inn_error_get_nick (const GError *error)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (INN_TYPE_ERROR);
  GEnumValue *value;

  g_return_val_if_fail (error != NULL, "failed");

  if (error->domain != INN_ERROR)
    return inn_error_is_cancelled (error) ? "cancelled" : "failed";

  value = g_enum_get_value (klass, error->code);
  return value != NULL ? value->value_nick : "failed";
}

/**
 * inn_error_is_cancelled:
 * @error: any error
 *
 * Returns: whether it only says that somebody cancelled, in our words, GIO's or libdex's
 */
gboolean
inn_error_is_cancelled (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return g_error_matches (error, INN_ERROR, INN_ERROR_CANCELLED) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_AUTH_CANCELLED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);
}

/* inn-error.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define INN_ERROR (inn_error_quark ())
#define INN_TYPE_ERROR (inn_error_get_type ())

/**
 * InnError:
 * @INN_ERROR_FAILED: anything that fits no other code
 * @INN_ERROR_NOT_CONNECTED: the host is not connected
 * @INN_ERROR_AUTH_FAILED: the host refused the credentials
 * @INN_ERROR_AUTH_CANCELLED: the person closed the question for credentials
 * @INN_ERROR_HOST_KEY_UNKNOWN: the host key was never seen and was not accepted
 * @INN_ERROR_HOST_KEY_CHANGED: the host key is another one than the one on record
 * @INN_ERROR_REFUSED: nothing listens there, or the name does not resolve
 * @INN_ERROR_TIMED_OUT: no answer within the deadline
 * @INN_ERROR_UNSUPPORTED: host, guest or library cannot do that
 * @INN_ERROR_CONFLICT: it changed, or exists, in the meantime
 * @INN_ERROR_IN_USE: something else holds it
 * @INN_ERROR_NO_SPACE: a disk is full
 * @INN_ERROR_NOT_FOUND: no such object
 * @INN_ERROR_INVALID: what was asked makes no sense (bad URI, bad name, bad XML)
 * @INN_ERROR_DENIED: the host or the file system forbids it (polkit, read-only, mode)
 * @INN_ERROR_CANCELLED: cancelled by a person
 * @INN_ERROR_REMOTE: the far side failed; its own words are the details
 * @INN_ERROR_STORE: the local view on disk cannot be read or written
 *
 * Codes that callers branch on. The nicks are part of `innctl --json` and stay as they are.
 */
typedef enum
{
  INN_ERROR_FAILED,
  INN_ERROR_NOT_CONNECTED,
  INN_ERROR_AUTH_FAILED,
  INN_ERROR_AUTH_CANCELLED,
  INN_ERROR_HOST_KEY_UNKNOWN,
  INN_ERROR_HOST_KEY_CHANGED,
  INN_ERROR_REFUSED,
  INN_ERROR_TIMED_OUT,
  INN_ERROR_UNSUPPORTED,
  INN_ERROR_CONFLICT,
  INN_ERROR_IN_USE,
  INN_ERROR_NO_SPACE,
  INN_ERROR_NOT_FOUND,
  INN_ERROR_INVALID,
  INN_ERROR_DENIED,
  INN_ERROR_CANCELLED,
  INN_ERROR_REMOTE,
  INN_ERROR_STORE,
} InnError;

GQuark inn_error_quark (void);
GType inn_error_get_type (void);

GError *inn_error_new (InnError code, const char *details, const char *format, ...)
    G_GNUC_PRINTF (3, 4) G_GNUC_WARN_UNUSED_RESULT;
void inn_error_set (GError **error, InnError code, const char *details, const char *format, ...)
    G_GNUC_PRINTF (4, 5);
const char *inn_error_get_details (const GError *error);
const char *inn_error_get_nick (const GError *error);
gboolean inn_error_is_cancelled (const GError *error);

G_END_DECLS

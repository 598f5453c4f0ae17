/* inn-virt-error.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-error.h"

#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/* Turns libvirt's error of the calling thread into an INN_ERROR whose headline is @format and whose
 * details are libvirt's own words; the code follows libvirt's (VIR_ERR_NO_DOMAIN -> NOT_FOUND,
 * VIR_ERR_AUTH_* -> AUTH_FAILED, VIR_ERR_OPERATION_DENIED -> DENIED, VIR_ERR_NO_SUPPORT ->
 * UNSUPPORTED …). To be called in the thread that made the libvirt call, right after it. */
void inn_virt_set_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The same for an attempt to connect to the host of that name, with what to do as the headline. */
void inn_virt_set_open_error (GError **error, const char *name, gboolean cancelled);

/* Whether a guest's emulator answers its host, which may be silent for @patience milliseconds. */
gboolean
inn_virt_check_answers (virDomainPtr domain, const char *name, guint patience, GError **error);

/* Registers libvirt's event loop with GLib's and silences libvirt's own stderr reporting. Once, on
 * the main thread, before the first connection. */
void inn_virt_init (void);

G_END_DECLS

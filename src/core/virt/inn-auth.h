/* inn-auth.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/* Answers libvirt's questions for credentials. libvirt asks on a worker and waits there; the person
 * is asked on the main thread. Shared by both, reference counted. */
typedef struct _InnAuth InnAuth;

InnAuth *inn_auth_new (InnPrompter *prompter,
                       const char *host_id,
                       const char *host_name,
                       const char *user,
                       guint attempt);
InnAuth *inn_auth_ref (InnAuth *self);
void inn_auth_unref (InnAuth *self);

void inn_auth_fill (InnAuth *self, virConnectAuth *auth);
gboolean inn_auth_is_asking (InnAuth *self);
gboolean inn_auth_was_cancelled (InnAuth *self);
void inn_auth_stop (InnAuth *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnAuth, inn_auth_unref)

G_END_DECLS

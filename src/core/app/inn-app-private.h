/* inn-app-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

G_BEGIN_DECLS

/* Inside the room: the parts of the context that have a file of their own. */

/**
 * InnImportedUri:
 * @uri: an address of virt-manager
 * @autoconnect: whether it connects to it when it starts
 */
typedef struct
{
  char *uri;
  gboolean autoconnect;
} InnImportedUri;

InnTransport *_inn_app_context_get_transport (InnAppContext *self);

/* InnWorkFunc; data: (nullable) path of a GSettings keyfile; result: a GPtrArray (boxed) of
 * InnImportedUri */
gboolean _inn_virt_manager_read_thread (gpointer data,
                                        GCancellable *cancellable,
                                        GValue *result,
                                        GError **error);
char *_inn_virt_manager_get_keyfile (void);
char *_inn_app_uri_get_host (const char *uri);
char *_inn_app_uri_get_user (const char *uri);
char *_inn_app_uri_get_transport (const char *uri);

G_END_DECLS

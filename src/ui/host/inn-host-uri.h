/* inn-host-uri.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InnHostUriKind:
 *
 * The ways to a host that the dialog offers, in its order.
 */
typedef enum
{
  INN_HOST_URI_SSH,
  INN_HOST_URI_LOCAL_SYSTEM,
  INN_HOST_URI_LOCAL_SESSION,
  INN_HOST_URI_TLS,
  INN_HOST_URI_TCP,
  INN_HOST_URI_SOCKET,
  INN_HOST_URI_TEST,
  INN_HOST_URI_OTHER,
} InnHostUriKind;

/**
 * InnHostUri:
 * @kind: the way
 * @host: (nullable): name or address, for SSH, TLS and TCP
 * @user: (nullable): login name, for SSH
 * @port: TCP port, 0 for the usual one
 * @session: the session daemon and not the system one, for SSH
 * @path: (nullable): path of the socket, or of the test file
 * @other: (nullable): a whole URI
 *
 * A libvirt URI taken apart into the fields of a form. All strings are owned.
 */
typedef struct
{
  InnHostUriKind kind;
  char *host;
  char *user;
  guint16 port;
  gboolean session;
  char *path;
  char *other;
} InnHostUri;

void inn_host_uri_clear (InnHostUri *self);
char *inn_host_uri_build (const InnHostUri *self);
void inn_host_uri_parse (InnHostUri *self, const char *uri);
char *inn_host_uri_suggest_name (const InnHostUri *self);

G_END_DECLS

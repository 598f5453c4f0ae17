/* inn-store-uri.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-store-uri.h"

#include <string.h>

/**
 * inn_store_uri_without_password:
 * @uri: a libvirt URI, well formed or not
 *
 * "qemu+tcp://me:secret@host/system" becomes "qemu+tcp://me@host/system". The rest stays as it is,
 * byte by byte: what is odd is for libvirt to judge.
 *
 * Returns: (transfer full): the URI as it may be written down
 */
char *
inn_store_uri_without_password (const char *uri)
{
  const char *authority = strstr (uri, "://");
  const char *at = NULL;
  const char *colon;
  gsize length;

  if (authority == NULL)
    return g_strdup (uri);

  authority += strlen ("://");
  length = strcspn (authority, "/?#");
  /* A password may hold an @ that nobody escaped: the last one ends it. */
  for (gsize i = 0; i < length; i++)
    if (authority[i] == '@')
      at = authority + i;
  if (at == NULL)
    return g_strdup (uri);

  colon = memchr (authority, ':', (gsize) (at - authority));
  if (colon == NULL)
    return g_strdup (uri);

  return g_strdup_printf ("%.*s%s", (int) (colon - uri), uri, at);
}

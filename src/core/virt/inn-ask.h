/* inn-ask.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-session.h"

G_BEGIN_DECLS

/* Questions about one guest, as jobs for a connection. Their data is an InnAsk. */
typedef struct
{
  char *uuid;
  char *name; /* of the guest, for errors */
  guint number;
  DexPromise *promise; /* (nullable): of an open file, which must not get lost on the way */
} InnAsk;

/* What is known of a guest's addresses. */
typedef struct
{
  char *uuid;
  gboolean ask_agent;
  GStrv addresses; /* (nullable): not known, the guest hangs or is gone */
  gboolean deaf;   /* its agent did not answer in time */
} InnFound;

InnFound *inn_found_new (const char *uuid, gboolean ask_agent);
void inn_found_free (gpointer data);
gboolean inn_ask_found_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);

InnAsk *inn_ask_new (const char *uuid, const char *name, guint number);
void inn_ask_free (gpointer data);

gboolean inn_ask_xml_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
gboolean inn_ask_addresses_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
gboolean inn_ask_screenshot_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);
gboolean inn_ask_graphics_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error);

G_END_DECLS

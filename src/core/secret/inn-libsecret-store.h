/* inn-libsecret-store.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "secret/inn-secret-store.h"

G_BEGIN_DECLS

#define INN_TYPE_LIBSECRET_STORE (inn_libsecret_store_get_type ())

G_DECLARE_FINAL_TYPE (InnLibsecretStore, inn_libsecret_store, INN, LIBSECRET_STORE, GObject)

InnSecretStore *inn_libsecret_store_new (void);

G_END_DECLS

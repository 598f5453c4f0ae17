/* inn-memory-secret-store.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "secret/inn-secret-store.h"

G_BEGIN_DECLS

#define INN_TYPE_MEMORY_SECRET_STORE (inn_memory_secret_store_get_type ())

G_DECLARE_FINAL_TYPE (
    InnMemorySecretStore, inn_memory_secret_store, INN, MEMORY_SECRET_STORE, GObject)

InnSecretStore *inn_memory_secret_store_new (void);

G_END_DECLS

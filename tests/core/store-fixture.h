/* store-fixture.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inn-test.h"
#include "store/inn-store.h"

G_BEGIN_DECLS

/* One process's look at a store: an inventory, a list of operations, and the store. */
typedef struct
{
  InnInventory *inventory;
  InnOperationManager *operations;
  InnStore *store;
} StoreFixture;

/* In a fiber. Opening and closing must work; close also checks that nothing holds the objects. */
StoreFixture *store_fixture_new (const char *directory);
StoreFixture *store_fixture_open (const char *directory);
void store_fixture_close (StoreFixture *self);

char *store_fixture_await_id (DexFuture *future);
char *store_fixture_add_host (StoreFixture *self, const char *name, const char *uri);
InnHost *store_fixture_find_host (StoreFixture *self, const char *name);
InnDataCenter *store_fixture_find_data_center (StoreFixture *self, const char *name);
guint store_fixture_get_n_hosts (StoreFixture *self);

/* Runs SQL on DIRECTORY/view.db from outside, and gives the first column of the first row. */
char *store_fixture_sql (const char *directory, const char *sql);

G_END_DECLS

/* inn-store-journal.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "store/inn-store.h"

G_BEGIN_DECLS

#define INN_TYPE_STORE_JOURNAL (inn_store_journal_get_type ())

G_DECLARE_FINAL_TYPE (InnStoreJournal, inn_store_journal, INN, STORE_JOURNAL, GObject)

InnStoreJournal *inn_store_journal_new (InnStore *store);
void inn_store_journal_show (InnStoreJournal *self, GPtrArray *rows, gint64 revision);
gint64 inn_store_journal_get_shown (InnStoreJournal *self);
void inn_store_journal_forget (InnStoreJournal *self);
gboolean inn_store_journal_has_foreign (InnStoreJournal *self);
const char *inn_store_journal_get_owner_mark (InnStoreJournal *self);
DexFuture *inn_store_journal_flush (InnStoreJournal *self) G_GNUC_WARN_UNUSED_RESULT;
void inn_store_journal_stop (InnStoreJournal *self);

G_END_DECLS

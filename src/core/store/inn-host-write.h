/* inn-host-write.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "store/inn-store-view.h"

G_BEGIN_DECLS

/* What several hosts said, as rows to write in one transaction. */
typedef struct _InnHostWrite InnHostWrite;

/* @writer tells the rows of this program run from those of others. */
InnHostWrite *inn_host_write_new (gint64 writer);
void inn_host_write_free (gpointer self);
guint inn_host_write_get_n_rows (InnHostWrite *self);

/* Begins the rows of @host; @replace means that nothing is known of what is on disk. */
void inn_host_write_add_host (InnHostWrite *self, InnHost *host, gboolean replace);
void inn_host_write_add_vm (InnHostWrite *self, InnVm *vm);
void inn_host_write_add_gone (InnHostWrite *self, const char *uuid);

gboolean inn_host_write_run (InnDatabase *db, gpointer self, GValue *result, GError **error);

G_END_DECLS

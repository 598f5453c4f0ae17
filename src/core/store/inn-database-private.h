/* inn-database-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "store/inn-database.h"

G_BEGIN_DECLS

/* Shared by inn-database.c, which runs statements, and inn-database-open.c, which opens it. */
struct _InnDatabase
{
  gatomicrefcount ref_count;
  char *directory;
  char *path;
  char *notice;
  sqlite3 *handle;
  GHashTable *statements; /* address of the SQL -> statement */
  dev_t device;           /* where the file was when it was opened */
  guint generation;       /* how often the file was found gone */
  guint read_only : 1;
  guint damaged : 1;
};

G_END_DECLS

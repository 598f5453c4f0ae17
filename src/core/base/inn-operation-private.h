/* inn-operation-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation.h"

G_BEGIN_DECLS

/* Shared by inn-operation.c, which changes it, and inn-operation-accessors.c, which reads it. */
struct _InnOperation
{
  GObject parent_instance;

  char *id;
  char *kind;
  char *object_id;
  char *object_name;
  char *title;
  char *detail;
  char *no_cancel_reason;
  double progress;
  InnOperationState state;
  GError *error;
  gint64 started_at;
  gint64 ended_at;
  GCancellable *cancellable;
  DexPromise *ended;
  GListStore *log;
  GListStore *children;
  guint foreign : 1;
  guint offered : 1;
};

G_END_DECLS

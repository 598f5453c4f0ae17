/* inn-delta.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-host.h"

#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/* What a row of a delta says about its guest. */
typedef enum
{
  INN_ROW_CHANGED = 0,
  INN_ROW_NEW = 1 << 0,
  INN_ROW_GONE = 1 << 1,
} InnRowFlags;

/* One guest, as plain data. */
typedef struct
{
  char uuid[VIR_UUID_STRING_BUFLEN];
  guint8 flags;
  guint8 state;
  guint8 persistent : 1;
  guint8 autostart : 1;
  guint8 managed_save : 1;
  int reason;
  int domain_id;
  guint vcpus;
  guint64 max_memory_kib;
  guint64 memory_kib;
  InnVmSample sample;
  char *name; /* valid UTF-8 */
} InnRow;

void inn_row_clear (InnRow *row);
void inn_row_copy (const InnRow *from, InnRow *to);

#define INN_TYPE_DELTA (inn_delta_get_type ())

/* What one look at a host found to be different. Made by a worker, handed to the main thread whole,
 * and never changed afterwards. */
typedef struct
{
  gatomicrefcount ref_count;
  guint64 serial; /* of the look */
  gboolean first; /* the rows are all guests there are */
  gboolean have_facts;
  InnHostFacts facts;
  gboolean have_host;
  double cpu_percent;
  guint64 memory_used_kib;
  GArray *rows; /* of InnRow */
} InnDelta;

GType inn_delta_get_type (void);
InnDelta *inn_delta_new (void);
InnDelta *inn_delta_ref (InnDelta *self);
void inn_delta_unref (InnDelta *self);
gboolean inn_delta_is_empty (InnDelta *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnDelta, inn_delta_unref)

G_END_DECLS

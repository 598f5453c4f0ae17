/* inn-vm-query-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-vm-query.h"

G_BEGIN_DECLS

/* Between inn-vm-query-parse.c, which reads what was typed, and inn-vm-query.c, which looks at
 * guests. */

typedef enum
{
  INN_QUERY_FIELD_ANY,
  INN_QUERY_FIELD_NAME,
  INN_QUERY_FIELD_HOST,
  INN_QUERY_FIELD_CLUSTER,
  INN_QUERY_FIELD_STATE,
  INN_QUERY_FIELD_TAG,
  INN_QUERY_FIELD_OS,
  INN_QUERY_FIELD_ADDRESS,
  INN_QUERY_FIELD_UUID,
  INN_QUERY_FIELD_AUTOSTART,
  INN_QUERY_FIELD_PERSISTENT,
  INN_QUERY_FIELD_CPU,
  INN_QUERY_FIELD_MEMORY,
  INN_QUERY_FIELD_USED,
  INN_QUERY_FIELD_VCPUS,
  INN_QUERY_FIELD_DISK,
  INN_QUERY_FIELD_NET,
  INN_QUERY_FIELD_UPTIME,
} InnQueryField;

typedef enum
{
  INN_QUERY_KIND_TEXT,
  INN_QUERY_KIND_STATE,
  INN_QUERY_KIND_BOOLEAN,
  INN_QUERY_KIND_NUMBER,
  INN_QUERY_KIND_BYTES,
  INN_QUERY_KIND_TIME,
} InnQueryKind;

typedef enum
{
  INN_QUERY_COMPARE_IS,
  INN_QUERY_COMPARE_LESS,
  INN_QUERY_COMPARE_LESS_EQUAL,
  INN_QUERY_COMPARE_MORE,
  INN_QUERY_COMPARE_MORE_EQUAL,
} InnQueryCompare;

typedef struct
{
  InnQueryField field;
  InnQueryKind kind;
  InnQueryCompare compare;
  gboolean negated;
  gboolean ascii;
  char *text;    /* folded */
  guint states;  /* bit set */
  double number; /* bytes, seconds, percent */
} InnQueryTerm;

struct _InnVmQuery
{
  GObject parent_instance;

  GArray *terms;
  InnInventory *inventory;
};

void _inn_query_term_clear (gpointer term);

G_END_DECLS

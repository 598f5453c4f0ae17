/* inn-vm-columns.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * InnVmColumn:
 * @id: stable name, as the settings keep it
 * @title: untranslated title
 * @width: pixels at first
 * @numeric: figures, right-aligned
 * @dynamic: changes all the time: sorting by it happens on ticks only
 * @by_default: shown until somebody chooses
 * @watch: properties of the guest it depends on, separated by spaces, and "time" for the clock
 * @format: what the cell shows; new string
 * @explain: (nullable): the same at length, for who points at it or hears it; new string
 * @compare: order of two guests, as strcmp()
 *
 * One column of the list of guests.
 */
typedef struct
{
  const char *id;
  const char *title;
  int width;
  gboolean numeric;
  gboolean dynamic;
  gboolean by_default;
  const char *watch;
  char *(*format) (InnVm *vm, InnInventory *inventory);
  char *(*explain) (InnVm *vm);
  int (*compare) (InnVm *a, InnVm *b, InnInventory *inventory);
} InnVmColumn;

const InnVmColumn *inn_vm_columns_get (guint *n);
const InnVmColumn *inn_vm_columns_find (const char *id);
gboolean inn_vm_column_depends_on (const InnVmColumn *self, const char *property);
int inn_vm_column_get_width (const InnVmColumn *self, GtkWidget *list);

G_END_DECLS

/* inn-delta.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-delta.h"

G_DEFINE_BOXED_TYPE (InnDelta, inn_delta, inn_delta_ref, inn_delta_unref)

/* Frees what a row points to. */
void
inn_row_clear (InnRow *row)
{
  g_clear_pointer (&row->name, g_free);
}

/* Copies a row into unset memory. */
void
inn_row_copy (const InnRow *from, InnRow *to)
{
  *to = *from;
  to->name = g_strdup (from->name);
}

/* An empty delta. */
InnDelta *
inn_delta_new (void)
{
  InnDelta *self = g_new0 (InnDelta, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->cpu_percent = -1;
  self->rows = g_array_new (FALSE, TRUE, sizeof (InnRow));
  g_array_set_clear_func (self->rows, (GDestroyNotify) inn_row_clear);

  return self;
}

InnDelta *
inn_delta_ref (InnDelta *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
inn_delta_unref (InnDelta *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  inn_host_facts_clear (&self->facts);
  g_array_unref (self->rows);
  g_free (self);
}

/* Whether there is nothing to tell the main thread. */
gboolean
inn_delta_is_empty (InnDelta *self)
{
  return !self->first && !self->have_facts && !self->have_host && self->rows->len == 0;
}

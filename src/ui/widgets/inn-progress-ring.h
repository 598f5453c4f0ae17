/* inn-progress-ring.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_PROGRESS_RING (inn_progress_ring_get_type ())

G_DECLARE_FINAL_TYPE (InnProgressRing, inn_progress_ring, INN, PROGRESS_RING, GtkWidget)

void inn_progress_ring_set_fraction (InnProgressRing *self, double fraction);

G_END_DECLS

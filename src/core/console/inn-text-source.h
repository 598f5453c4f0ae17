/* inn-text-source.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define INN_TYPE_TEXT_SOURCE (inn_text_source_get_type ())

G_DECLARE_FINAL_TYPE (InnTextSource, inn_text_source, INN, TEXT_SOURCE, GObject)

/* A terminal's other end, with no widget and no libvirt: bytes in and out over a descriptor.
 * Main thread only.
 *
 * Signals:
 *   "received" (GBytes bytes): what the other end wrote; hostile input
 *   "closed" (): it ended by itself
 */
InnTextSource *inn_text_source_new (void);

void inn_text_source_start (InnTextSource *self, int fd);
void inn_text_source_close (InnTextSource *self);
void inn_text_source_finish (InnTextSource *self);
gboolean inn_text_source_is_open (InnTextSource *self);
gboolean inn_text_source_write (InnTextSource *self, const char *data, gsize size);
void inn_text_source_set_size (InnTextSource *self, guint columns, guint rows);
void inn_text_source_hold (InnTextSource *self);
void inn_text_source_release (InnTextSource *self);

G_END_DECLS

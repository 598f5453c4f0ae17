/* inn-cli-raw.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A terminal that hands on each key at once and shows nothing by itself; it is what it was when
 * this ends, however the program ends. One at a time. */
typedef struct _InnCliRaw InnCliRaw;

InnCliRaw *inn_cli_raw_begin (int fd);
void inn_cli_raw_restore (void);
void inn_cli_raw_end (InnCliRaw *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnCliRaw, inn_cli_raw_end)

G_END_DECLS

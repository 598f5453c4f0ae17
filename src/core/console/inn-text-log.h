/* inn-text-log.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-text-source.h"

#include <libdex.h>

G_BEGIN_DECLS

#define INN_TYPE_TEXT_LOG (inn_text_log_get_type ())

G_DECLARE_FINAL_TYPE (InnTextLog, inn_text_log, INN, TEXT_LOG, GObject)

/* Writes what a source reads to a file, byte for byte.
 *
 * Signals:
 *   "failed" (): the file takes no more; see inn_text_log_get_error() */
InnTextLog *inn_text_log_new (InnTextSource *source, const char *path);
InnTextLog *inn_text_log_new_for_fd (InnTextSource *source, int fd);
DexFuture *inn_text_log_open (InnTextLog *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_text_log_close (InnTextLog *self) G_GNUC_WARN_UNUSED_RESULT;
const GError *inn_text_log_get_error (InnTextLog *self);

G_END_DECLS

/* inn-log-line.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define INN_TYPE_LOG_LINE (inn_log_line_get_type ())

G_DECLARE_FINAL_TYPE (InnLogLine, inn_log_line, INN, LOG_LINE, GObject)

InnLogLine *inn_log_line_new (const char *text);
const char *inn_log_line_get_text (InnLogLine *self);

G_END_DECLS

/* inn-view-json.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

G_BEGIN_DECLS

char *inn_view_json_write (InnViewConfig *config);
InnViewConfig *inn_view_json_parse (const char *text, gsize length, GError **error);

G_END_DECLS

/* inn-vv-console.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-vv-file.h"
#include "ui/console/inn-console-page.h"
#include "ui/shell/inn-settings.h"

G_BEGIN_DECLS

/* In a fiber. */
InnConsolePage *inn_vv_console_new (const InnVvFile *file, InnSettings *settings, GError **error);

G_END_DECLS

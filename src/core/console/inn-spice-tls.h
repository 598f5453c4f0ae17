/* inn-spice-tls.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-console-session.h"

G_BEGIN_DECLS

gboolean inn_spice_tls_is_subject (const char *subject, const char *wanted);
DexFuture *inn_spice_tls_wrap (int fd,
                               InnScreen *screen,
                               const InnConsolePlace *place,
                               GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* inn-spice-session.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "console/inn-console-session.h"

G_BEGIN_DECLS

/* Wrong answers before the session gives up. */
#define INN_SPICE_MAX_ATTEMPTS 3

#define INN_TYPE_SPICE_SESSION (inn_spice_session_get_type ())

G_DECLARE_FINAL_TYPE (InnSpiceSession, inn_spice_session, INN, SPICE_SESSION, GObject)

InnSpiceSession *inn_spice_session_new (InnPrompter *prompter, const InnConsolePlace *place);

void inn_spice_session_set_deadline (InnSpiceSession *self, guint seconds);

G_END_DECLS

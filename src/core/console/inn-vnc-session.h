/* inn-vnc-session.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "console/inn-console-session.h"

G_BEGIN_DECLS

#define INN_TYPE_VNC_SESSION (inn_vnc_session_get_type ())

G_DECLARE_FINAL_TYPE (InnVncSession, inn_vnc_session, INN, VNC_SESSION, GObject)

InnVncSession *inn_vnc_session_new (InnPrompter *prompter, const InnConsolePlace *place);

G_END_DECLS

/* inn-sleep-watch.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-session-manager.h"

G_BEGIN_DECLS

#define INN_TYPE_SLEEP_WATCH (inn_sleep_watch_get_type ())

G_DECLARE_FINAL_TYPE (InnSleepWatch, inn_sleep_watch, INN, SLEEP_WATCH, GObject)

InnSleepWatch *inn_sleep_watch_new (InnSessionManager *sessions);

G_END_DECLS

/* inn-notifier.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_NOTIFIER (inn_notifier_get_type ())

G_DECLARE_FINAL_TYPE (InnNotifier, inn_notifier, INN, NOTIFIER, GObject)

InnNotifier *inn_notifier_new (GtkApplication *application, InnAppContext *context);

G_END_DECLS

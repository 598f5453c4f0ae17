/* inn-window-prompter.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_WINDOW_PROMPTER (inn_window_prompter_get_type ())

G_DECLARE_FINAL_TYPE (InnWindowPrompter, inn_window_prompter, INN, WINDOW_PROMPTER, GObject)

InnWindowPrompter *inn_window_prompter_new (GtkApplication *application);

G_END_DECLS

/* inn-error-dialog.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void inn_error_dialog_present (const GError *error, GtkWidget *parent);

G_END_DECLS

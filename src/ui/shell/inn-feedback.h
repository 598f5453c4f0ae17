/* inn-feedback.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-operation.h"

#include <adwaita.h>

G_BEGIN_DECLS

void inn_feedback_present (AdwDialog *dialog, GtkWidget *parent);
void inn_feedback_present_now (AdwDialog *dialog, GtkWidget *parent);
void inn_feedback_toast (GtkWidget *widget, const char *text);
void inn_feedback_error (GtkWidget *widget, const GError *error);
void inn_feedback_follow (GtkWidget *widget, InnOperation *operation);
void inn_feedback_follow_future (GtkWidget *widget, DexFuture *future, const char *done);

G_END_DECLS

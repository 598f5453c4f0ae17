/* inn-events-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-page.h"

G_BEGIN_DECLS

#define INN_TYPE_EVENTS_PAGE (inn_events_page_get_type ())

G_DECLARE_FINAL_TYPE (InnEventsPage, inn_events_page, INN, EVENTS_PAGE, InnPage)

GtkWidget *inn_events_page_new (InnAppContext *context, InnSettings *settings);

G_END_DECLS

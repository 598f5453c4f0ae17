/* inn-overview-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-page.h"

G_BEGIN_DECLS

#define INN_TYPE_OVERVIEW_PAGE (inn_overview_page_get_type ())

G_DECLARE_FINAL_TYPE (InnOverviewPage, inn_overview_page, INN, OVERVIEW_PAGE, InnPage)

GtkWidget *inn_overview_page_new (InnAppContext *context, InnSettings *settings);

G_END_DECLS

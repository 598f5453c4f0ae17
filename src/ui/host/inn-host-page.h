/* inn-host-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-page.h"

G_BEGIN_DECLS

#define INN_TYPE_HOST_PAGE (inn_host_page_get_type ())

G_DECLARE_FINAL_TYPE (InnHostPage, inn_host_page, INN, HOST_PAGE, InnPage)

GtkWidget *inn_host_page_new (InnAppContext *context, InnSettings *settings, InnHost *host);

G_END_DECLS

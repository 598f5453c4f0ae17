/* inn-group-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-page.h"

G_BEGIN_DECLS

#define INN_TYPE_GROUP_PAGE (inn_group_page_get_type ())

G_DECLARE_FINAL_TYPE (InnGroupPage, inn_group_page, INN, GROUP_PAGE, InnPage)

/* @group: a data center or a cluster */
GtkWidget *inn_group_page_new (InnAppContext *context, InnSettings *settings, gpointer group);

G_END_DECLS

/* inn-vms-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-page.h"

G_BEGIN_DECLS

#define INN_TYPE_VMS_PAGE (inn_vms_page_get_type ())

G_DECLARE_FINAL_TYPE (InnVmsPage, inn_vms_page, INN, VMS_PAGE, InnPage)

GtkWidget *inn_vms_page_new (InnAppContext *context, InnSettings *settings);

G_END_DECLS

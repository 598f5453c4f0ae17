/* inn-host-dialog.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_HOST_DIALOG (inn_host_dialog_get_type ())

G_DECLARE_FINAL_TYPE (InnHostDialog, inn_host_dialog, INN, HOST_DIALOG, AdwDialog)

AdwDialog *inn_host_dialog_new (InnAppContext *context, const char *cluster_id);
AdwDialog *inn_host_dialog_new_edit (InnAppContext *context, InnHost *host);

G_END_DECLS

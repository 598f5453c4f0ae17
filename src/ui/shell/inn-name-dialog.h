/* inn-name-dialog.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_NAME_DIALOG (inn_name_dialog_get_type ())

G_DECLARE_FINAL_TYPE (InnNameDialog, inn_name_dialog, INN, NAME_DIALOG, AdwDialog)

AdwDialog *
inn_name_dialog_new (const char *title, const char *label, const char *name, const char *verb);

G_END_DECLS

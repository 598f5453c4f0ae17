/* inn-shortcuts-dialog.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_SHORTCUTS_DIALOG (inn_shortcuts_dialog_get_type ())

G_DECLARE_FINAL_TYPE (InnShortcutsDialog, inn_shortcuts_dialog, INN, SHORTCUTS_DIALOG, AdwDialog)

AdwDialog *inn_shortcuts_dialog_new (void);

G_END_DECLS

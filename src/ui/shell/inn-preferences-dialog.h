/* inn-preferences-dialog.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "ui/shell/inn-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_PREFERENCES_DIALOG (inn_preferences_dialog_get_type ())

G_DECLARE_FINAL_TYPE (
    InnPreferencesDialog, inn_preferences_dialog, INN, PREFERENCES_DIALOG, AdwPreferencesDialog)

AdwDialog *inn_preferences_dialog_new (InnSettings *settings);

G_END_DECLS

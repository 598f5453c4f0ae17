/* inn-prompt-dialog.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_PROMPT_DIALOG (inn_prompt_dialog_get_type ())

G_DECLARE_FINAL_TYPE (InnPromptDialog, inn_prompt_dialog, INN, PROMPT_DIALOG, AdwAlertDialog)

InnPromptDialog *inn_prompt_dialog_new (const InnPrompt *prompt);
InnPromptReply *inn_prompt_dialog_dup_reply (InnPromptDialog *self);

G_END_DECLS

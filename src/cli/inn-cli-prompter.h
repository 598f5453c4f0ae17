/* inn-cli-prompter.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

G_BEGIN_DECLS

#define INN_TYPE_CLI_PROMPTER (inn_cli_prompter_get_type ())

G_DECLARE_FINAL_TYPE (InnCliPrompter, inn_cli_prompter, INN, CLI_PROMPTER, GObject)

InnCliPrompter *inn_cli_prompter_new (void);
void inn_cli_prompter_restore (InnCliPrompter *self);

G_END_DECLS

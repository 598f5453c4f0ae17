/* inn-inline-prompter.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

G_BEGIN_DECLS

#define INN_TYPE_INLINE_PROMPTER (inn_inline_prompter_get_type ())

G_DECLARE_FINAL_TYPE (InnInlinePrompter, inn_inline_prompter, INN, INLINE_PROMPTER, GObject)

InnInlinePrompter *inn_inline_prompter_new (void);
const InnPrompt *inn_inline_prompter_get_prompt (InnInlinePrompter *self);
void inn_inline_prompter_answer (InnInlinePrompter *self, const char *text, gboolean remember);
void inn_inline_prompter_cancel (InnInlinePrompter *self);

G_END_DECLS

/* inn-masker.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define INN_TYPE_MASKER (inn_masker_get_type ())

G_DECLARE_FINAL_TYPE (InnMasker, inn_masker, INN, MASKER, GObject)

/* Takes out of a text what says whose it is. The same word always becomes the same mask, so that
 * the text still makes sense. */
InnMasker *inn_masker_new (void);
void inn_masker_add (InnMasker *self, const char *kind, const char *word);
char *inn_masker_mask (InnMasker *self, const char *text);

G_END_DECLS

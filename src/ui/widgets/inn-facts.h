/* inn-facts.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Rows of "what it is called: what it is". What it is comes from hosts and guests: never markup. */
AdwActionRow *inn_facts_add (AdwPreferencesGroup *group, const char *title);
void inn_facts_set (AdwActionRow *row, const char *text);
void inn_facts_take (AdwActionRow *row, char *text);

G_END_DECLS

/* inn-terminal.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-text-link.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_TERMINAL (inn_terminal_get_type ())

G_DECLARE_FINAL_TYPE (InnTerminal, inn_terminal, INN, TERMINAL, AdwBin)

GtkWidget *inn_terminal_new (GObject *subject,
                             const char *name,
                             InnTextOpener opener,
                             gpointer data,
                             GDestroyNotify destroy);

void inn_terminal_set_release_keys (InnTerminal *self, const char *keys);

G_END_DECLS

/* inn-key-typer.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-display-source.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* More would take minutes, and is a file that was copied by mistake. */
#define INN_KEY_TYPER_MAX 4096

#define INN_TYPE_KEY_TYPER (inn_key_typer_get_type ())

G_DECLARE_FINAL_TYPE (InnKeyTyper, inn_key_typer, INN, KEY_TYPER, GObject)

InnKeyTyper *inn_key_typer_new (GdkDisplay *display, InnDisplaySource *source, const char *text);
guint inn_key_typer_get_left_out (InnKeyTyper *self);
gboolean inn_key_typer_get_stopped (InnKeyTyper *self);

G_END_DECLS

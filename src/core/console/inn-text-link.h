/* inn-text-link.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-link.h"
#include "console/inn-text-source.h"

#include <libdex.h>

G_BEGIN_DECLS

/**
 * InnTextOpener:
 * @subject: a guest that runs or a host that is connected
 * @force: whether whoever has it loses it
 * @cancellable: fires when nobody wants it any more
 * @data: of whoever gave the opener
 *
 * Returns: (transfer full): resolves with a connected file descriptor
 */
typedef DexFuture *(*InnTextOpener) (GObject *subject,
                                     gboolean force,
                                     GCancellable *cancellable,
                                     gpointer data);

#define INN_TYPE_TEXT_LINK (inn_text_link_get_type ())

G_DECLARE_FINAL_TYPE (InnTextLink, inn_text_link, INN, TEXT_LINK, InnLink)

InnTextLink *
inn_text_link_new (GObject *subject, InnTextOpener opener, gpointer data, GDestroyNotify destroy);

InnTextSource *inn_text_link_get_source (InnTextLink *self);
void inn_text_link_take_over (InnTextLink *self);

G_END_DECLS

/* inn-sorted-hosts.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GListModel *inn_sorted_hosts_new (GListModel *hosts);

G_END_DECLS

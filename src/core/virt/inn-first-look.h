/* inn-first-look.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-sampler.h"

G_BEGIN_DECLS

InnDelta *inn_first_look (InnSampler *sampler, virConnectPtr conn, guint64 serial, GError **error);

G_END_DECLS

/* inn-spice-head.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-display-source.h"

G_BEGIN_DECLS

#define INN_TYPE_SPICE_HEAD (inn_spice_head_get_type ())

G_DECLARE_FINAL_TYPE (InnSpiceHead, inn_spice_head, INN, SPICE_HEAD, GObject)

G_END_DECLS

/* inn-host-advice.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "model/inn-inventory.h"

G_BEGIN_DECLS

const char *inn_host_advice_get (InnHost *host);
const char *inn_host_advice_get_button (InnHost *host);

G_END_DECLS

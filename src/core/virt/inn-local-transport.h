/* inn-local-transport.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-transport.h"

G_BEGIN_DECLS

#define INN_TYPE_LOCAL_TRANSPORT (inn_local_transport_get_type ())

G_DECLARE_FINAL_TYPE (InnLocalTransport, inn_local_transport, INN, LOCAL_TRANSPORT, GObject)

InnLocalTransport *inn_local_transport_new (void);

G_END_DECLS

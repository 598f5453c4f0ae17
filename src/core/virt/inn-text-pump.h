/* inn-text-pump.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>

G_BEGIN_DECLS

/**
 * InnTextPlace:
 * @uuid: the guest
 * @guest_name: its name, for errors
 * @device: alias of the device
 * @is_channel: whether it is a virtio channel, else a serial port or a console
 * @force: whether whoever has it loses it
 *
 * Which device of which guest.
 */
typedef struct
{
  char *uuid;
  char *guest_name;
  char *device;
  gboolean is_channel;
  gboolean force;
} InnTextPlace;

void inn_text_place_clear (InnTextPlace *self);

/* Blocks: opens the device and lets a thread carry its bytes. */
int inn_text_pump_start (virConnectPtr conn,
                         const InnTextPlace *place,
                         GCancellable *ended,
                         GError **error);

G_END_DECLS

/* inn-text-device.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define INN_TYPE_TEXT_DEVICE (inn_text_device_get_type ())

/**
 * InnTextDevice:
 * @element: "serial", "console" or "channel"
 * @alias: what it is opened by
 * @type: "pty", "unix" …: where its other end is
 * @target: (nullable): its port or, for a channel, its name
 *
 * A device of a running guest that text can go through. Boxed.
 */
typedef struct
{
  char *element;
  char *alias;
  char *type;
  char *target;
} InnTextDevice;

GType inn_text_device_get_type (void);
InnTextDevice *inn_text_device_copy (const InnTextDevice *self);
void inn_text_device_free (InnTextDevice *self);
char *inn_text_device_dup_label (const InnTextDevice *self);
gboolean inn_text_device_is_channel (const InnTextDevice *self);

GPtrArray *inn_text_devices_parse (const char *xml, GError **error);
const InnTextDevice *inn_text_devices_find (GPtrArray *devices, const char *word);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnTextDevice, inn_text_device_free)

G_END_DECLS

/* inn-text-device.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-text-device.h"

#include "virt/inn-domain-xml.h"

#include <glib/gi18n.h>

G_DEFINE_BOXED_TYPE (InnTextDevice, inn_text_device, inn_text_device_copy, inn_text_device_free)

/**
 * inn_text_device_copy:
 * @self: a device
 *
 * Returns: (transfer full): a copy
 */
InnTextDevice *
inn_text_device_copy (const InnTextDevice *self)
{
  InnTextDevice *copy = g_new0 (InnTextDevice, 1);

  copy->element = g_strdup (self->element);
  copy->alias = g_strdup (self->alias);
  copy->type = g_strdup (self->type);
  copy->target = g_strdup (self->target);
  return copy;
}

/**
 * inn_text_device_free:
 * @self: (transfer full): a device
 */
void
inn_text_device_free (InnTextDevice *self)
{
  g_free (self->element);
  g_free (self->alias);
  g_free (self->type);
  g_free (self->target);
  g_free (self);
}

/**
 * inn_text_device_is_channel:
 * @self: a device
 *
 * Returns: whether it is a virtio channel, which the guest knows by its name
 */
gboolean
inn_text_device_is_channel (const InnTextDevice *self)
{
  return g_str_equal (self->element, "channel");
}

/**
 * inn_text_device_dup_label:
 * @self: a device
 *
 * Returns: (transfer full): what a person calls it; text and no markup
 */
char *
inn_text_device_dup_label (const InnTextDevice *self)
{
  if (inn_text_device_is_channel (self))
    /* Translators: a channel between a guest and its host, and its name */
    return g_strdup_printf (_ ("Channel %s"), self->target != NULL ? self->target : self->alias);
  if (g_str_equal (self->element, "console"))
    /* Translators: a text console of a guest, and its number */
    return g_strdup_printf (_ ("Console %s"), self->target != NULL ? self->target : self->alias);

  /* Translators: a serial port of a guest, and its number */
  return g_strdup_printf (_ ("Serial Port %s"), self->target != NULL ? self->target : self->alias);
}

static gboolean
has_alias (GPtrArray *devices, const char *alias)
{
  for (guint i = 0; i < devices->len; i++)
    if (g_str_equal (((InnTextDevice *) g_ptr_array_index (devices, i))->alias, alias))
      return TRUE;

  return FALSE;
}

/* The agents of libvirt and of SPICE have channels of their own, which speak no text. */
static gboolean
is_text (const InnConsoleInfo *info)
{
  if (info->alias == NULL || info->type == NULL)
    return FALSE;
  if (!g_str_equal (info->element, "channel"))
    return TRUE;

  return g_str_equal (info->type, "unix") && info->target != NULL &&
         !g_str_has_prefix (info->target, "org.qemu.guest_agent.") &&
         !g_str_has_prefix (info->target, "com.redhat.spice.");
}

/**
 * inn_text_devices_parse:
 * @xml: the definition of a guest that runs
 * @error: return location
 *
 * The first serial port is in it twice, also as a console, and is listed once.
 *
 * Returns: (transfer full) (element-type InnTextDevice) (nullable): what text can go through, in
 *   the order of the definition: serial ports, consoles, channels
 */
GPtrArray *
inn_text_devices_parse (const char *xml, GError **error)
{
  static const char *const elements[] = { "serial", "console", "channel" };
  g_autoptr (InnDomainXml) domain = inn_domain_xml_parse (xml, error);
  GPtrArray *devices;

  if (domain == NULL)
    return NULL;

  devices = g_ptr_array_new_with_free_func ((GDestroyNotify) inn_text_device_free);
  for (guint e = 0; e < G_N_ELEMENTS (elements); e++)
    for (guint i = 0; i < domain->consoles->len; i++)
      {
        const InnConsoleInfo *info = g_ptr_array_index (domain->consoles, i);
        const InnTextDevice device = { info->element, info->alias, info->type, info->target };

        if (g_str_equal (info->element, elements[e]) && is_text (info) &&
            !has_alias (devices, info->alias))
          g_ptr_array_add (devices, inn_text_device_copy (&device));
      }

  return devices;
}

/**
 * inn_text_devices_find:
 * @devices: (element-type InnTextDevice): devices of a guest
 * @word: (nullable): an alias or the name of a channel; %NULL for the first one
 *
 * Returns: (nullable) (transfer none): that device
 */
const InnTextDevice *
inn_text_devices_find (GPtrArray *devices, const char *word)
{
  for (guint i = 0; i < devices->len; i++)
    {
      const InnTextDevice *device = g_ptr_array_index (devices, i);

      if (word == NULL || g_str_equal (device->alias, word) ||
          (inn_text_device_is_channel (device) && g_strcmp0 (device->target, word) == 0))
        return device;
    }

  return NULL;
}

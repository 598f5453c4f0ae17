/* inn-domain-xml.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-domain-xml.h"

#include "base/inn-error.h"
#include "virt/inn-xml.h"

#include <glib/gi18n.h>
#include <string.h>

G_DEFINE_BOXED_TYPE (InnDomainXml, inn_domain_xml, inn_domain_xml_ref, inn_domain_xml_unref)

#define OSINFO_ID "string(/domain/metadata/libosinfo:libosinfo/libosinfo:os/@id)"

static void
graphics_free (gpointer data)
{
  InnGraphicsInfo *info = data;

  g_free (info->type);
  g_free (info->listen);
  g_free (info->socket);
  g_free (info);
}

static void
disk_free (gpointer data)
{
  InnDiskInfo *info = data;

  g_free (info->device);
  g_free (info->target);
  g_free (info->bus);
  g_free (info->source);
  g_free (info->format);
  g_free (info);
}

static void
interface_free (gpointer data)
{
  InnInterfaceInfo *info = data;

  g_free (info->type);
  g_free (info->source);
  g_free (info->mac);
  g_free (info->model);
  g_free (info->target);
  g_free (info);
}

static void
console_free (gpointer data)
{
  InnConsoleInfo *info = data;

  g_free (info->element);
  g_free (info->type);
  g_free (info->path);
  g_free (info->alias);
  g_free (info->target);
  g_free (info->target_type);
  g_free (info);
}

static guint16
port_of (xmlNodePtr node, const char *name)
{
  g_autofree char *text = inn_xml_attribute (node, name);
  guint64 port;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return 0;

  return (guint16) port;
}

static gboolean
is_yes (xmlNodePtr node, const char *name)
{
  g_autofree char *text = inn_xml_attribute (node, name);

  return g_strcmp0 (text, "yes") == 0;
}

static InnGraphicsInfo *
read_graphics (xmlNodePtr node)
{
  InnGraphicsInfo *info = g_new0 (InnGraphicsInfo, 1);
  xmlNodePtr listen = inn_xml_child (node, "listen");
  g_autofree char *how = inn_xml_attribute (listen, "type");

  info->type = inn_xml_attribute (node, "type");
  info->port = port_of (node, "port");
  info->tls_port = port_of (node, "tlsPort");
  info->autoport = is_yes (node, "autoport");
  info->has_password = xmlHasProp (node, BAD_CAST "passwd") != NULL;
  info->listen = inn_xml_attribute (listen, "address");
  if (info->listen == NULL)
    info->listen = inn_xml_attribute (node, "listen");
  info->socket = inn_xml_attribute (listen, "socket");
  if (info->socket == NULL)
    info->socket = inn_xml_attribute (node, "socket");
  info->listens_nowhere = g_strcmp0 (how, "none") == 0;

  return info;
}

/* The first of these that the source has says what it is. */
static char *
source_of (xmlNodePtr source)
{
  static const char *const names[] = { "file", "dev", "name", "dir" };
  g_autofree char *pool = inn_xml_attribute (source, "pool");
  g_autofree char *volume = inn_xml_attribute (source, "volume");

  if (pool != NULL && volume != NULL)
    return g_strdup_printf ("%s/%s", pool, volume);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *text = inn_xml_attribute (source, names[i]);

      if (text != NULL)
        return text;
    }

  return NULL;
}

static InnDiskInfo *
read_disk (xmlNodePtr node)
{
  InnDiskInfo *info = g_new0 (InnDiskInfo, 1);

  info->device = inn_xml_attribute (node, "device");
  if (info->device == NULL)
    info->device = g_strdup ("disk");
  info->target = inn_xml_child_attribute (node, "target", "dev");
  info->bus = inn_xml_child_attribute (node, "target", "bus");
  info->source = source_of (inn_xml_child (node, "source"));
  info->format = inn_xml_child_attribute (node, "driver", "type");
  info->readonly = inn_xml_child (node, "readonly") != NULL;
  info->shareable = inn_xml_child (node, "shareable") != NULL;

  return info;
}

static InnInterfaceInfo *
read_interface (xmlNodePtr node)
{
  static const char *const names[] = { "network", "bridge", "dev", "name" };
  InnInterfaceInfo *info = g_new0 (InnInterfaceInfo, 1);

  info->type = inn_xml_attribute (node, "type");
  for (guint i = 0; i < G_N_ELEMENTS (names) && info->source == NULL; i++)
    info->source = inn_xml_child_attribute (node, "source", names[i]);
  info->mac = inn_xml_child_attribute (node, "mac", "address");
  info->model = inn_xml_child_attribute (node, "model", "type");
  info->target = inn_xml_child_attribute (node, "target", "dev");

  return info;
}

static InnConsoleInfo *
read_console (xmlNodePtr node)
{
  InnConsoleInfo *info = g_new0 (InnConsoleInfo, 1);

  info->element = g_strdup ((const char *) node->name);
  info->type = inn_xml_attribute (node, "type");
  info->path = inn_xml_child_attribute (node, "source", "path");
  info->alias = inn_xml_child_attribute (node, "alias", "name");
  info->target = inn_xml_child_attribute (node, "target", "port");
  if (info->target == NULL)
    info->target = inn_xml_child_attribute (node, "target", "name");
  info->target_type = inn_xml_child_attribute (node, "target", "type");

  return info;
}

/* One walk over the devices: there may be very many. */
static void
read_devices (InnDomainXml *self, xmlNodePtr devices)
{
  if (devices == NULL)
    return;

  for (xmlNodePtr node = devices->children; node != NULL; node = node->next)
    {
      const char *name = (const char *) node->name;

      if (node->type != XML_ELEMENT_NODE)
        continue;
      if (g_str_equal (name, "disk"))
        g_ptr_array_add (self->disks, read_disk (node));
      else if (g_str_equal (name, "interface"))
        g_ptr_array_add (self->interfaces, read_interface (node));
      else if (g_str_equal (name, "graphics"))
        g_ptr_array_add (self->graphics, read_graphics (node));
      else if (g_str_equal (name, "serial") || g_str_equal (name, "console") ||
               g_str_equal (name, "channel"))
        g_ptr_array_add (self->consoles, read_console (node));
    }
}

static char *
non_empty (char *text)
{
  if (text != NULL && text[0] == '\0')
    g_clear_pointer (&text, g_free);

  return text;
}

/**
 * inn_domain_xml_parse:
 * @text: a domain's XML
 * @error: return location for a #GError; %INN_ERROR_INVALID
 *
 * Reads what is known and lets the rest be. Safe on any thread.
 *
 * Returns: (transfer full) (nullable): what it says
 */
InnDomainXml *
inn_domain_xml_parse (const char *text, GError **error)
{
  g_autoptr (InnXml) xml = inn_xml_parse (text, error);
  InnDomainXml *self;
  xmlNodePtr root;
  xmlNodePtr type;

  if (xml == NULL)
    return NULL;

  root = xmlDocGetRootElement (inn_xml_get_doc (xml));
  if (!xmlStrEqual (root->name, BAD_CAST "domain"))
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("The XML does not describe a guest"));
      return NULL;
    }

  self = g_new0 (InnDomainXml, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->graphics = g_ptr_array_new_with_free_func (graphics_free);
  self->disks = g_ptr_array_new_with_free_func (disk_free);
  self->interfaces = g_ptr_array_new_with_free_func (interface_free);
  self->consoles = g_ptr_array_new_with_free_func (console_free);
  self->uuid = inn_xml_text (inn_xml_child (root, "uuid"));
  self->name = inn_xml_text (inn_xml_child (root, "name"));
  self->title = non_empty (inn_xml_text (inn_xml_child (root, "title")));
  self->description = non_empty (inn_xml_text (inn_xml_child (root, "description")));
  self->os = non_empty (inn_xml_string (xml, NULL, OSINFO_ID));
  type = inn_xml_child (inn_xml_child (root, "os"), "type");
  self->arch = inn_xml_attribute (type, "arch");
  self->machine = inn_xml_attribute (type, "machine");
  read_devices (self, inn_xml_child (root, "devices"));

  return self;
}

/**
 * inn_domain_xml_ref:
 * @self: a reading
 *
 * Returns: (transfer full): the same
 */
InnDomainXml *
inn_domain_xml_ref (InnDomainXml *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * inn_domain_xml_unref:
 * @self: (transfer full): a reading
 */
void
inn_domain_xml_unref (InnDomainXml *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->uuid);
  g_free (self->name);
  g_free (self->title);
  g_free (self->description);
  g_free (self->os);
  g_free (self->arch);
  g_free (self->machine);
  g_ptr_array_unref (self->graphics);
  g_ptr_array_unref (self->disks);
  g_ptr_array_unref (self->interfaces);
  g_ptr_array_unref (self->consoles);
  g_free (self);
}

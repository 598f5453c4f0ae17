/* inn-domain-xml.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * InnGraphicsInfo:
 * @type: "vnc", "spice", "sdl" …
 * @listen: (nullable): address it listens on
 * @socket: (nullable): path of a UNIX socket it listens on
 * @port: TCP port; 0 for none (not running, or not on TCP)
 * @tls_port: TLS port of SPICE; 0 for none
 * @autoport: libvirt chooses the port
 * @listens_nowhere: only a file descriptor leads to it
 * @has_password: a password is set; only XML with its secrets tells
 *
 * A graphical console. Its place in the list is the index of virDomainOpenGraphicsFD().
 */
typedef struct
{
  char *type;
  char *listen;
  char *socket;
  guint16 port;
  guint16 tls_port;
  gboolean autoport;
  gboolean listens_nowhere;
  gboolean has_password;
} InnGraphicsInfo;

/**
 * InnDiskInfo:
 * @device: "disk", "cdrom", "floppy", "lun"
 * @target: (nullable): name in the guest ("vda")
 * @bus: (nullable): "virtio", "sata" …
 * @source: (nullable): file, device, URL-like name or POOL/VOLUME
 * @format: (nullable): "qcow2", "raw"
 * @readonly: the guest cannot write to it
 * @shareable: more than one guest may use it
 */
typedef struct
{
  char *device;
  char *target;
  char *bus;
  char *source;
  char *format;
  gboolean readonly;
  gboolean shareable;
} InnDiskInfo;

/**
 * InnInterfaceInfo:
 * @type: "network", "bridge", "direct" …
 * @source: (nullable): name of the network, bridge or device
 * @mac: (nullable): MAC address
 * @model: (nullable): "virtio" …
 * @target: (nullable): name of the device on the host
 */
typedef struct
{
  char *type;
  char *source;
  char *mac;
  char *model;
  char *target;
} InnInterfaceInfo;

/**
 * InnConsoleInfo:
 * @element: "serial", "console" or "channel"
 * @type: "pty", "unix", "tcp" …
 * @path: (nullable): its terminal or socket on the host, once it has one
 * @alias: (nullable): name to open it by, while the guest runs
 * @target: (nullable): port or, for a channel, name
 * @target_type: (nullable): "isa-serial", "virtio", "serial" …
 */
typedef struct
{
  char *element;
  char *type;
  char *path;
  char *alias;
  char *target;
  char *target_type;
} InnConsoleInfo;

#define INN_TYPE_DOMAIN_XML (inn_domain_xml_get_type ())

/**
 * InnDomainXml:
 * @graphics: (element-type InnGraphicsInfo): graphical consoles
 * @disks: (element-type InnDiskInfo): disks
 * @interfaces: (element-type InnInterfaceInfo): network cards
 * @consoles: (element-type InnConsoleInfo): serial ports, consoles and channels
 *
 * What the rest of the program reads from a domain's XML, as plain data. Boxed, reference counted,
 * not changed once it is made. Every string is valid UTF-8.
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *uuid;
  char *name;
  char *title;
  char *description;
  char *os;
  char *arch;
  char *machine;
  GPtrArray *graphics;
  GPtrArray *disks;
  GPtrArray *interfaces;
  GPtrArray *consoles;
} InnDomainXml;

GType inn_domain_xml_get_type (void);
InnDomainXml *inn_domain_xml_parse (const char *text, GError **error);
InnDomainXml *inn_domain_xml_ref (InnDomainXml *self);
void inn_domain_xml_unref (InnDomainXml *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnDomainXml, inn_domain_xml_unref)

G_END_DECLS

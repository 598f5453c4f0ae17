/* inn-vm-disks.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-ops-private.h"
#include "ops/inn-vm-place.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>
#include <libvirt/virterror.h>

/* What storage a guest has, and who else of its host uses it. Runs on the host's threads. */

/* Overlays on overlays; more is a ring. */
#define MAX_CHAIN 256

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStoragePool, virStoragePoolFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStorageVol, virStorageVolFree)

static void
disk_free (InnVmDisk *disk)
{
  g_free (disk->target);
  g_free (disk->device);
  g_free (disk->source);
  g_free (disk->shared_with);
  g_free (disk->unasked);
  g_clear_pointer (&disk->place, _inn_vm_place_free);
  g_free (disk);
}

/* The path of a volume that is named by its pool. */
static char *
volume_path (virConnectPtr conn, const char *pool_name, const char *volume_name)
{
  g_autoptr (virStoragePool) pool = virStoragePoolLookupByName (conn, pool_name);
  g_autoptr (virStorageVol) volume = NULL;

  if (pool != NULL)
    volume = virStorageVolLookupByName (pool, volume_name);

  return volume != NULL ? virStorageVolGetPath (volume) : NULL;
}

/* Where a <source> is: a path; for a network disk its name, which no pool of the host has. */
char *
_inn_vm_source_path (virConnectPtr conn, xmlNode *source)
{
  static const char *const names[] = { "file", "dev", "dir", "name" };
  g_autofree char *pool = inn_xml_attribute (source, "pool");
  g_autofree char *volume = inn_xml_attribute (source, "volume");

  if (pool != NULL && volume != NULL)
    {
      char *path = volume_path (conn, pool, volume);

      return path != NULL ? path : g_strdup_printf ("%s/%s", pool, volume);
    }

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      char *path = inn_xml_attribute (source, names[i]);

      if (path != NULL)
        return path;
    }

  return NULL;
}

/* Whether @expression finds something in a document of the host. */
gboolean
_inn_vm_xml_has (const char *xml, const char *expression)
{
  g_autoptr (InnXml) document = inn_xml_parse (xml, NULL);

  return document != NULL && inn_xml_exists (document, NULL, expression);
}

static gboolean
same_file (const char *a, const char *b)
{
  g_autofree char *canonical_a = g_canonicalize_filename (a, "/");
  g_autofree char *canonical_b = g_canonicalize_filename (b, "/");

  return g_str_equal (canonical_a, canonical_b);
}

InnXml *
_inn_vm_read_definition (virDomainPtr domain, unsigned int flags, GError **error)
{
  g_autofree char *name = g_utf8_make_valid (virDomainGetName (domain), -1);
  g_autofree char *xml = virDomainGetXMLDesc (domain, flags);
  g_autofree char *valid = NULL;

  if (xml == NULL)
    {
      if (virGetLastErrorCode () != VIR_ERR_NO_DOMAIN)
        inn_virt_set_error (error, _ ("Could not read the definition of %s: try again"), name);
      return NULL;
    }

  valid = g_utf8_make_valid (xml, -1);
  return inn_xml_parse (valid, error);
}

static void
mark_path (const char *path, GPtrArray *disks, const char *name)
{
  for (guint i = 0; i < disks->len; i++)
    {
      InnVmDisk *disk = g_ptr_array_index (disks, i);

      if (disk->shared_with == NULL && disk->source != NULL && same_file (path, disk->source))
        disk->shared_with = g_utf8_make_valid (name, -1);
    }
}

/* Also what lies below an overlay: a guest that is shut off does not name it. */
static void
mark_users_of (virConnectPtr conn, xmlNode *source, GPtrArray *disks, const char *name)
{
  g_autofree char *path = _inn_vm_source_path (conn, source);

  for (guint i = 0; path != NULL && i < MAX_CHAIN; i++)
    {
      char *base = _inn_vm_place_dup_base (conn, path);

      mark_path (path, disks, name);
      g_free (path);
      path = base;
    }
}

/* Marks the disks that @domain has as well, or below one of its disks. */
static gboolean
mark_used_by (
    virConnectPtr conn, virDomainPtr domain, unsigned int flags, GPtrArray *disks, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (InnXml) document = _inn_vm_read_definition (domain, flags, &failure);
  g_autoptr (GPtrArray) sources = NULL;

  if (document == NULL)
    {
      gboolean gone = failure == NULL;

      if (!gone)
        g_propagate_error (error, g_steal_pointer (&failure));
      return gone;
    }

  sources = inn_xml_nodes (document, NULL, "/domain/devices/disk//source");
  for (guint i = 0; i < sources->len; i++)
    mark_users_of (conn, g_ptr_array_index (sources, i), disks, virDomainGetName (domain));
  return TRUE;
}

/* Marks the disks that another guest has too, by its name. Fails when that cannot be known: a disk
 * that is taken for unshared may be deleted. */
static gboolean
mark_shared (virConnectPtr conn, virDomainPtr self, GPtrArray *disks, GError **error)
{
  virDomainPtr *domains = NULL;
  char own[VIR_UUID_STRING_BUFLEN] = "";
  int n = virConnectListAllDomains (conn, &domains, 0);
  gboolean ok = n >= 0;

  if (!ok)
    inn_virt_set_error (error, _ ("Could not list the guests that may share a disk: try again"));
  if (self != NULL)
    virDomainGetUUIDString (self, own);
  for (int i = 0; i < n; i++)
    {
      char uuid[VIR_UUID_STRING_BUFLEN] = "";

      virDomainGetUUIDString (domains[i], uuid);
      if (ok && !g_str_equal (uuid, own))
        ok = mark_used_by (conn, domains[i], 0, disks, error) &&
             mark_used_by (conn, domains[i], VIR_DOMAIN_XML_INACTIVE, disks, error);
      virDomainFree (domains[i]);
    }
  free (domains);

  return ok;
}

/* (transfer full) (nullable): a guest of this host that has @path by now, NULL with an error when
 * that cannot be known */
char *
_inn_vm_disks_find_user (virConnectPtr conn, const char *path, GError **error)
{
  g_autoptr (GPtrArray) disks = g_ptr_array_new_with_free_func ((GDestroyNotify) disk_free);
  InnVmDisk *disk = g_new0 (InnVmDisk, 1);

  disk->source = g_strdup (path);
  g_ptr_array_add (disks, disk);
  if (!mark_shared (conn, NULL, disks, error))
    return NULL;

  return g_steal_pointer (&disk->shared_with);
}

/* Marks the disk when a volume of @pool is an overlay of it: without its base that one is lost.
 * Where that cannot be known the disk stays. */
static void
mark_backing (virStoragePoolPtr pool, InnVmDisk *disk)
{
  virStorageVolPtr *volumes = NULL;
  int n = virStoragePoolListAllVolumes (pool, &volumes, 0);

  if (n < 0)
    disk->deletable = FALSE;
  for (int i = 0; i < n; i++)
    {
      g_autofree char *xml =
          disk->shared_with == NULL ? virStorageVolGetXMLDesc (volumes[i], 0) : NULL;
      g_autoptr (InnXml) document = xml != NULL ? inn_xml_parse (xml, NULL) : NULL;
      g_autofree char *base =
          document != NULL ? inn_xml_string (document, NULL, "/volume/backingStore/path") : NULL;

      if (base != NULL && *base != 0 && same_file (base, disk->source))
        disk->shared_with = g_utf8_make_valid (virStorageVolGetName (volumes[i]), -1);
      virStorageVolFree (volumes[i]);
    }
  free (volumes);
}

static void
read_volume (virConnectPtr conn, InnVmDisk *disk)
{
  g_autoptr (virStorageVol) volume = NULL;
  g_autoptr (virStoragePool) pool = NULL;
  virStorageVolInfo info;

  if (disk->source == NULL || disk->source[0] != '/')
    return;
  volume = _inn_vm_place_lookup (conn, disk->source);
  if (volume == NULL)
    return;

  if (virStorageVolGetInfo (volume, &info) == 0)
    disk->capacity_bytes = info.capacity;
  disk->deletable = g_strcmp0 (disk->device, "disk") == 0;
  pool = virStoragePoolLookupByVolume (volume);
  if (disk->deletable)
    disk->place = _inn_vm_place_read (conn, disk->source);
  if (pool != NULL && disk->deletable && disk->shared_with == NULL)
    mark_backing (pool, disk);
}

static InnVmDisk *
read_disk (virConnectPtr conn, xmlNode *node)
{
  xmlNode *target = inn_xml_child (node, "target");
  xmlNode *source = inn_xml_child (node, "source");
  InnVmDisk *disk = g_new0 (InnVmDisk, 1);

  disk->device = inn_xml_attribute (node, "device");
  if (disk->device == NULL)
    disk->device = g_strdup ("disk");
  disk->target = inn_xml_attribute (target, "dev");
  disk->source = source != NULL ? _inn_vm_source_path (conn, source) : NULL;
  /* <shareable/> says that others, perhaps on other hosts, write to it as well. */
  if (inn_xml_child (node, "shareable") != NULL)
    disk->shared_with = g_strdup (_ ("other guests (it is marked as shareable)"));

  return disk;
}

/* Resolved on the host; the caller holds @domain. */
GPtrArray *
_inn_vm_disks_read (virConnectPtr conn, virDomainPtr domain, GError **error)
{
  g_autoptr (GPtrArray) disks = g_ptr_array_new_with_free_func ((GDestroyNotify) disk_free);
  g_autoptr (GError) failure = NULL;
  g_autoptr (InnXml) document = _inn_vm_read_definition (domain, VIR_DOMAIN_XML_INACTIVE, &failure);
  g_autoptr (GPtrArray) nodes = NULL;

  if (document == NULL)
    {
      if (failure == NULL)
        inn_error_set (&failure, INN_ERROR_NOT_FOUND, NULL,
                       _ ("%s is no longer on its host: refresh and try again"),
                       virDomainGetName (domain));
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }

  nodes = inn_xml_nodes (document, NULL, "/domain/devices/disk");
  for (guint i = 0; i < nodes->len; i++)
    g_ptr_array_add (disks, read_disk (conn, g_ptr_array_index (nodes, i)));

  if (!mark_shared (conn, domain, disks, error))
    return NULL;
  for (guint i = 0; i < disks->len; i++)
    read_volume (conn, g_ptr_array_index (disks, i));

  return g_steal_pointer (&disks);
}

static InnVmDisk *
find_disk (GPtrArray *disks, const char *path)
{
  for (guint i = 0; i < disks->len; i++)
    {
      InnVmDisk *disk = g_ptr_array_index (disks, i);

      if (g_strcmp0 (disk->source, path) == 0)
        return disk;
    }

  return NULL;
}

static gboolean
check_volume (InnVmCall *call, GPtrArray *disks, const char *path, GError **error)
{
  InnVmDisk *disk = find_disk (disks, path);

  if (disk == NULL)
    inn_error_set (error, INN_ERROR_NOT_FOUND, NULL,
                   _ ("%s is no storage of %s: nothing was deleted"), path, call->name);
  else if (g_strcmp0 (disk->device, "disk") != 0)
    inn_error_set (error, INN_ERROR_INVALID, NULL,
                   _ ("%s is only inserted into a drive of %s and is never deleted with it: "
                      "nothing was deleted"),
                   path, call->name);
  else if (disk->shared_with != NULL)
    inn_error_set (error, INN_ERROR_IN_USE, NULL,
                   _ ("%s of %s is also used by %s: nothing was deleted"), path, call->name,
                   disk->shared_with);
  else if (disk->unasked != NULL && !disk->deletable)
    inn_error_set (
        error, INN_ERROR_NOT_CONNECTED, NULL,
        _ ("%s of %s is on network storage, and whether guests of %s use it could not be "
           "asked: connect that host, or remove it from the view; nothing was deleted"),
        path, call->name, disk->unasked);
  else if (!disk->deletable)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("%s of %s is in no active storage pool of %s: delete %s without it, or start "
                      "its pool first; nothing was deleted"),
                   path, call->name, call->host_name, call->name);
  else
    return TRUE;

  return FALSE;
}

gboolean
_inn_vm_disks_check (InnVmCall *call, GPtrArray *disks, GError **error)
{
  for (guint i = 0; call->volumes[i] != NULL; i++)
    if (!check_volume (call, disks, call->volumes[i], error))
      return FALSE;

  return TRUE;
}

gboolean
_inn_vm_list_storage_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (data, conn, error);
  GPtrArray *disks;

  if (domain == NULL)
    return FALSE;

  disks = _inn_vm_disks_read (conn, domain, error);
  if (disks == NULL)
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, disks);
  return TRUE;
}

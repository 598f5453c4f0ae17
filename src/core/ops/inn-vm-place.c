/* inn-vm-place.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-place.h"

#include "virt/inn-xml.h"

#include <string.h>

/* Whether two hosts mean the same bytes. No call of libvirt says so: it is told from the pool (the
 * same export, the same key of a LUN or logical volume), and else from the path, unless size or
 * times prove that they are two. Wrong in one direction somebody cannot delete a disk with us, in
 * the other a guest loses its own: what cannot be told apart is the same. Runs on threads of the
 * hosts. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStoragePool, virStoragePoolFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStorageVol, virStorageVolFree)

static InnXml *
parse_and_free (char *xml)
{
  g_autofree char *valid = xml != NULL ? g_utf8_make_valid (xml, -1) : NULL;

  g_free (xml);
  return valid != NULL ? inn_xml_parse (valid, NULL) : NULL;
}

static gboolean
is_network_type (const char *type)
{
  static const char *const types[] = {
    "netfs", "iscsi", "iscsi-direct", "mpath", "gluster", "rbd", "sheepdog", "vstorage", NULL,
  };

  return type != NULL && g_strv_contains (types, type);
}

/* The name inside of an export: its folder, and where the file is below the mount point. */
static char *
exported_name (InnXml *pool, const char *path)
{
  g_autofree char *folder = inn_xml_string (pool, NULL, "/pool/source/dir/@path");
  g_autofree char *target = inn_xml_string (pool, NULL, "/pool/target/path");
  g_autofree char *name = NULL;

  if (folder == NULL || target == NULL || *target == '\0' || !g_str_has_prefix (path, target))
    return NULL;

  name = g_build_filename ("/", folder, path + strlen (target), NULL);
  return g_canonicalize_filename (name, "/");
}

static void
read_pool (InnVmPlace *self, virStorageVolPtr volume)
{
  g_autoptr (virStoragePool) pool = virStoragePoolLookupByVolume (volume);
  g_autoptr (InnXml) document =
      pool != NULL ? parse_and_free (virStoragePoolGetXMLDesc (pool, 0)) : NULL;
  g_autofree char *type = document != NULL ? inn_xml_string (document, NULL, "/pool/@type") : NULL;
  const char *key = virStorageVolGetKey (volume);

  if (type == NULL)
    return;

  self->is_network = is_network_type (type);
  if (g_str_equal (type, "netfs"))
    {
      self->shared = exported_name (document, self->path);
      self->server = inn_xml_string (document, NULL, "/pool/source/host/@name");
    }
  /* A serial number, or a path that has target and LUN in it; a plain path is no key. */
  else if (key != NULL && (key[0] != '/' || strstr (key, "-iscsi-") != NULL))
    self->shared = g_strdup (key);
}

static char *
read_base (InnXml *volume)
{
  g_autofree char *base = inn_xml_string (volume, NULL, "/volume/backingStore/path");

  return base != NULL && base[0] == '/' ? g_steal_pointer (&base) : NULL;
}

static void
read_volume (InnVmPlace *self, virStorageVolPtr volume)
{
  g_autoptr (InnXml) document = parse_and_free (virStorageVolGetXMLDesc (volume, 0));
  g_autofree char *capacity = NULL;
  g_autofree char *modified = NULL;
  g_autofree char *changed = NULL;

  if (document == NULL)
    return;

  capacity = inn_xml_string (document, NULL, "/volume/capacity");
  self->capacity = capacity != NULL ? g_ascii_strtoull (capacity, NULL, 10) : 0;
  self->base = read_base (document);

  /* A device node has times of its own on each host. */
  if (!inn_xml_exists (document, NULL, "/volume[@type='file']"))
    return;
  modified = inn_xml_string (document, NULL, "/volume/target/timestamps/mtime");
  changed = inn_xml_string (document, NULL, "/volume/target/timestamps/ctime");
  if (modified != NULL && changed != NULL && *modified != '\0' && *changed != '\0')
    self->changed = g_strconcat (modified, " ", changed, NULL);
}

/* A pool does not see a file that came after it was read: the pool of that folder is read again. */
virStorageVolPtr
_inn_vm_place_lookup (virConnectPtr conn, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (virStoragePool) pool = NULL;
  virStorageVolPtr volume = path[0] == '/' ? virStorageVolLookupByPath (conn, path) : NULL;

  if (volume != NULL || path[0] != '/')
    return volume;

  pool = virStoragePoolLookupByTargetPath (conn, folder);
  if (pool == NULL || virStoragePoolIsActive (pool) != 1 || virStoragePoolRefresh (pool, 0) < 0)
    return NULL;

  return virStorageVolLookupByPath (conn, path);
}

InnVmPlace *
_inn_vm_place_read (virConnectPtr conn, const char *path)
{
  g_autoptr (virStorageVol) volume = _inn_vm_place_lookup (conn, path);
  InnVmPlace *self = g_new0 (InnVmPlace, 1);

  self->path = g_canonicalize_filename (path, "/");
  if (volume != NULL)
    {
      read_pool (self, volume);
      read_volume (self, volume);
    }

  return self;
}

/* The image that the one at @path is an overlay of; NULL for none, or when no pool knows. */
char *
_inn_vm_place_dup_base (virConnectPtr conn, const char *path)
{
  g_autoptr (virStorageVol) volume = _inn_vm_place_lookup (conn, path);
  g_autoptr (InnXml) document =
      volume != NULL ? parse_and_free (virStorageVolGetXMLDesc (volume, 0)) : NULL;

  return document != NULL ? read_base (document) : NULL;
}

void
_inn_vm_place_free (InnVmPlace *self)
{
  g_free (self->path);
  g_free (self->server);
  g_free (self->shared);
  g_free (self->base);
  g_free (self->changed);
  g_free (self);
}

static gboolean
is_same_name (const char *a, const char *b)
{
  return a != NULL && b != NULL && g_str_equal (a, b);
}

static gboolean
is_same_file_elsewhere (const InnVmPlace *a, const InnVmPlace *b)
{
  g_autofree char *name_a = g_path_get_basename (a->path);
  g_autofree char *name_b = g_path_get_basename (b->path);

  return a->capacity == b->capacity && is_same_name (a->changed, b->changed) &&
         g_str_equal (name_a, name_b);
}

/*
 * _inn_vm_place_may_be_same:
 * @self: a place as one host sees it
 * @other: a place as another host sees it
 * @at_work: whether a guest that runs writes to @other: then its times tell nothing
 *
 * Returns: FALSE when they are surely two
 */
gboolean
_inn_vm_place_may_be_same (const InnVmPlace *self, const InnVmPlace *other, gboolean at_work)
{
  gboolean known_apart =
      (self->capacity != 0 && other->capacity != 0 && self->capacity != other->capacity) ||
      (!at_work && self->changed != NULL && other->changed != NULL &&
       !g_str_equal (self->changed, other->changed));

  if (is_same_name (self->shared, other->shared))
    {
      /* One server has several names, and two servers may have folders of one name. */
      gboolean other_server = self->server != NULL && other->server != NULL &&
                              !g_str_equal (self->server, other->server);

      return !other_server || !known_apart;
    }
  if (is_same_file_elsewhere (self, other))
    return TRUE;

  return g_str_equal (self->path, other->path) && !known_apart;
}

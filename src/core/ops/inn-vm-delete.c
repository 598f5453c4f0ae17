/* inn-vm-delete.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-ops-private.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>
#include <libvirt/virterror.h>

/* Deleting a guest, on the host's threads.
 *
 * Everything that can be refused is refused before anything is deleted. Then the volumes go first
 * and the definition last: when a volume cannot be deleted the guest still names it, so that the
 * same command can be given again, and nothing is left that nobody knows of. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStorageVol, virStorageVolFree)

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
  else if (!disk->deletable)
    inn_error_set (error, INN_ERROR_UNSUPPORTED, NULL,
                   _ ("%s of %s is in no active storage pool of %s: delete %s without it, or start "
                      "its pool first; nothing was deleted"),
                   path, call->name, call->host_name, call->name);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_volumes (InnVmCall *call, virConnectPtr conn, virDomainPtr domain, GError **error)
{
  g_autoptr (GPtrArray) disks = NULL;

  if (call->volumes == NULL || call->volumes[0] == NULL)
    return TRUE;

  disks = _inn_vm_disks_read (conn, domain, error);
  if (disks == NULL)
    return FALSE;

  for (guint i = 0; call->volumes[i] != NULL; i++)
    if (!check_volume (call, disks, call->volumes[i], error))
      return FALSE;

  return TRUE;
}

static gboolean
delete_volumes (InnVmCall *call, virConnectPtr conn, GError **error)
{
  guint n = call->volumes != NULL ? g_strv_length (call->volumes) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (virStorageVol) volume = virStorageVolLookupByPath (conn, call->volumes[i]);

      if (volume != NULL && virStorageVolDelete (volume, 0) == 0)
        continue;

      if (i == 0)
        inn_virt_set_error (error,
                            _ ("Could not delete %s, so nothing of %s was deleted: try again, or "
                               "delete it without its storage"),
                            call->volumes[i], call->name);
      else
        inn_virt_set_error (error,
                            _ ("%s is partly deleted: %u of %u volumes are gone, %s could not be "
                               "deleted, and its definition was kept: try again, or delete it "
                               "without its storage"),
                            call->name, i, n, call->volumes[i]);
      return FALSE;
    }

  return TRUE;
}

/* Only what is there is named: old daemons and small drivers refuse flags that they do not know. */
static unsigned int
undefine_flags (virDomainPtr domain)
{
  g_autofree char *xml = virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE);
  virDomainCheckpointPtr *checkpoints = NULL;
  unsigned int flags = 0;
  int n;

  if (virDomainHasManagedSaveImage (domain, 0) > 0)
    flags |= VIR_DOMAIN_UNDEFINE_MANAGED_SAVE;
  if (virDomainSnapshotNum (domain, 0) > 0)
    flags |= VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA;
  if (xml != NULL && _inn_vm_xml_has (xml, "/domain/os/nvram"))
    flags |= VIR_DOMAIN_UNDEFINE_NVRAM;

  n = virDomainListAllCheckpoints (domain, &checkpoints, 0);
  if (n > 0)
    flags |= VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA;
  for (int i = 0; i < n; i++)
    virDomainCheckpointFree (checkpoints[i]);
  free (checkpoints);

  return flags;
}

gboolean
_inn_vm_delete_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);
  unsigned int flags;

  if (domain == NULL)
    return FALSE;

  if (virDomainIsActive (domain) == 1)
    {
      inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                     _ ("%s was started in the meantime: shut it down before you delete it"),
                     call->name);
      return FALSE;
    }
  flags = undefine_flags (domain);
  if (!check_volumes (call, conn, domain, error) || !delete_volumes (call, conn, error))
    return FALSE;

  if (virDomainUndefineFlags (domain, flags) == 0)
    return TRUE;

  if (call->volumes != NULL && call->volumes[0] != NULL)
    inn_virt_set_error (error,
                        _ ("%s is partly deleted: its storage is gone, but %s keeps its "
                           "definition: delete it again without its storage"),
                        call->name, call->host_name);
  else
    inn_virt_set_error (error, _ ("Could not delete %s from %s"), call->name, call->host_name);
  return FALSE;
}

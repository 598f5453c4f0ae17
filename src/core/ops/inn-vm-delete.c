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
 * Everything that can be refused is refused before anything is deleted. Then the definition goes
 * first and the volumes last: what is not defined nobody can start, so no guest loses a disk that
 * it runs on. A guest that was started in between gets its definition back. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (virStorageVol, virStorageVolFree)

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

static gboolean
has_volumes (InnVmCall *call)
{
  return call->volumes != NULL && call->volumes[0] != NULL;
}

static gboolean
check (InnVmCall *call, virConnectPtr conn, virDomainPtr domain, GError **error)
{
  g_autoptr (GPtrArray) disks = NULL;

  if (virDomainIsActive (domain) == 1)
    {
      inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                     _ ("%s was started in the meantime: shut it down before you delete it"),
                     call->name);
      return FALSE;
    }
  if (!has_volumes (call))
    return TRUE;

  disks = _inn_vm_disks_read (conn, domain, error);
  return disks != NULL && _inn_vm_disks_check (call, disks, error);
}

/* It runs on without a definition now, and would be gone when it is shut down. */
static void
put_back (InnVmCall *call, virConnectPtr conn, const char *xml, GError **error)
{
  g_autoptr (virDomain) domain = virDomainDefineXML (conn, xml);

  if (domain == NULL)
    inn_virt_set_error (error,
                        _ ("%s was started in the meantime and runs on with its storage, but its "
                           "definition could not be put back: save its XML before you shut it "
                           "down"),
                        call->name);
  else
    inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                   _ ("%s was started in the meantime: shut it down before you delete it"),
                   call->name);
}

static gboolean
undefine (InnVmCall *call, virConnectPtr conn, virDomainPtr domain, GError **error)
{
  unsigned int flags = undefine_flags (domain);
  g_autofree char *xml =
      virDomainGetXMLDesc (domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE);

  if (xml == NULL || virDomainUndefineFlags (domain, flags) < 0)
    {
      inn_virt_set_error (error,
                          _ ("Could not delete %s from %s, and nothing of it is gone: the details "
                             "say why"),
                          call->name, call->host_name);
      return FALSE;
    }
  if (virDomainIsActive (domain) != 1)
    return TRUE;

  put_back (call, conn, xml, error);
  return FALSE;
}

/* Somebody may have its XML and define it again, at any time. */
static gboolean
check_unused (InnVmCall *call, virConnectPtr conn, const char *path, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autofree char *user = _inn_vm_disks_find_user (conn, path, &failure);

  if (user == NULL && failure == NULL)
    return TRUE;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    inn_error_set (error, INN_ERROR_IN_USE, NULL, _ ("%s uses it now"), user);
  return FALSE;
}

static gboolean
delete_volume (InnVmCall *call, virConnectPtr conn, const char *path, GError **error)
{
  g_autoptr (virStorageVol) volume = NULL;

  if (!check_unused (call, conn, path, error))
    return FALSE;

  volume = virStorageVolLookupByPath (conn, path);
  if (volume != NULL && virStorageVolDelete (volume, 0) == 0)
    return TRUE;

  inn_virt_set_error (error, "%s", path);
  return FALSE;
}

static gboolean
delete_volumes (InnVmCall *call, virConnectPtr conn, GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_null_terminated (4, NULL, TRUE);
  g_autoptr (GString) details = g_string_new (NULL);
  g_autofree char *paths = NULL;
  InnError code = INN_ERROR_FAILED;

  for (guint i = 0; has_volumes (call) && call->volumes[i] != NULL; i++)
    {
      g_autoptr (GError) reason = NULL;
      const char *words;

      if (delete_volume (call, conn, call->volumes[i], &reason))
        continue;

      words = inn_error_get_details (reason);
      code = (InnError) reason->code;
      g_ptr_array_add (kept, call->volumes[i]);
      g_string_append_printf (details, "%s%s: %s", details->len > 0 ? "\n" : "", call->volumes[i],
                              words != NULL ? words : reason->message);
    }
  if (kept->len == 0)
    return TRUE;

  paths = g_strjoinv (", ", (char **) kept->pdata);
  inn_error_set (error, code, details->str,
                 /* Translators: a guest, a host, two numbers, paths */
                 ngettext ("%s was deleted from %s, but %u of %u volume stayed: %s; delete it from "
                           "its storage pool when nobody needs it",
                           "%s was deleted from %s, but %u of %u volumes stayed: %s; delete them "
                           "from their storage pool when nobody needs them",
                           g_strv_length (call->volumes)),
                 call->name, call->host_name, kept->len, g_strv_length (call->volumes), paths);
  return FALSE;
}

gboolean
_inn_vm_delete_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnVmCall *call = data;
  g_autoptr (virDomain) domain = _inn_vm_call_lookup (call, conn, error);

  return domain != NULL && check (call, conn, domain, error) &&
         undefine (call, conn, domain, error) && delete_volumes (call, conn, error);
}

/* inn-vm-elsewhere.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ops/inn-vm-ops-private.h"

#include "base/inn-dex.h"
#include "ops/inn-vm-place.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>

/* Who else uses the disks of a guest, on the other hosts of the view: storage may be shared, and no
 * host knows of the guests of another. */

#define DEADLINE_USEC (20 * G_USEC_PER_SEC)
#define MAX_NAMES 5
#define MAX_CHAIN 256

G_DEFINE_AUTOPTR_CLEANUP_FUNC (virDomain, virDomainFree)

/* What another host is asked. It may answer when nobody waits any more, so it has all it needs. */
typedef struct
{
  GPtrArray *disks; /* of which only the places are read */
  char *own_uuid;   /* (nullable): the guest itself, seen through another connection */
  GPtrArray *users; /* a name or NULL for each disk */
} Question;

static Question *
question_new (GPtrArray *disks, const char *own_uuid)
{
  Question *question = g_new0 (Question, 1);

  question->disks = g_ptr_array_ref (disks);
  question->own_uuid = g_strdup (own_uuid);
  question->users = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_set_size (question->users, (gint) disks->len);
  return question;
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_ptr_array_unref (question->disks);
  g_free (question->own_uuid);
  g_ptr_array_unref (question->users);
  g_free (question);
}

static void
mark_place (Question *question, const InnVmPlace *place, gboolean at_work, const char *name)
{
  for (guint i = 0; i < question->disks->len; i++)
    {
      const InnVmDisk *disk = g_ptr_array_index (question->disks, i);

      if (disk->place != NULL && question->users->pdata[i] == NULL &&
          _inn_vm_place_may_be_same (disk->place, place, at_work))
        question->users->pdata[i] = g_utf8_make_valid (name, -1);
    }
}

static void
mark_chain (
    Question *question, virConnectPtr conn, xmlNode *source, gboolean active, const char *name)
{
  g_autofree char *path = _inn_vm_source_path (conn, source);

  for (guint i = 0; path != NULL && path[0] == '/' && i < MAX_CHAIN; i++)
    {
      g_autoptr (InnVmPlace) place = _inn_vm_place_read (conn, path);

      mark_place (question, place, active && i == 0, name);
      g_free (path);
      path = g_steal_pointer (&place->base);
    }
}

static gboolean
mark_used_by (
    Question *question, virConnectPtr conn, virDomainPtr domain, unsigned int flags, GError **error)
{
  gboolean active = virDomainIsActive (domain) != 0;
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
    mark_chain (question, conn, g_ptr_array_index (sources, i), active, virDomainGetName (domain));
  return TRUE;
}

static gboolean
ask_domain (Question *question, virConnectPtr conn, virDomainPtr domain, GError **error)
{
  char uuid[VIR_UUID_STRING_BUFLEN] = "";

  virDomainGetUUIDString (domain, uuid);
  if (g_strcmp0 (uuid, question->own_uuid) == 0)
    return TRUE;

  return mark_used_by (question, conn, domain, VIR_DOMAIN_XML_INACTIVE, error) &&
         (virDomainIsActive (domain) == 0 || mark_used_by (question, conn, domain, 0, error));
}

static gboolean
ask_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Question *question = data;
  virDomainPtr *domains = NULL;
  int n = virConnectListAllDomains (conn, &domains, 0);
  gboolean ok = n >= 0;

  if (!ok)
    inn_virt_set_error (error, _ ("Could not list the guests that may share a disk: try again"));
  for (int i = 0; i < n; i++)
    {
      ok = ok && ask_domain (question, conn, domains[i], error);
      virDomainFree (domains[i]);
    }
  free (domains);
  if (!ok)
    return FALSE;

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_set_boxed (result, question->users);
  return TRUE;
}

/* Two connections to one machine see the same guest twice; a guest that another machine has as
 * well, under the same UUID, was left behind by a migration and is another user of the disk. */
static gboolean
is_same_machine (InnHost *a, InnHost *b)
{
  const InnHostFacts *facts_a = inn_host_get_facts (a);
  const InnHostFacts *facts_b = inn_host_get_facts (b);

  return facts_a != NULL && facts_b != NULL && facts_a->uuid != NULL &&
         g_strcmp0 (facts_a->uuid, facts_b->uuid) == 0 &&
         g_strcmp0 (facts_a->hostname, facts_b->hostname) == 0;
}

static void
take_users (GPtrArray *disks, GPtrArray *users, InnHost *host)
{
  for (guint i = 0; i < disks->len && i < users->len; i++)
    {
      InnVmDisk *disk = g_ptr_array_index (disks, i);
      const char *user = g_ptr_array_index (users, i);

      if (user != NULL && disk->shared_with == NULL)
        /* Translators: a guest, a host */
        disk->shared_with = g_strdup_printf (_ ("%s on %s"), user, inn_host_get_name (host));
    }
}

static void
take_unasked (GPtrArray *disks, GPtrArray *unasked)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < unasked->len; i++)
    if (i < MAX_NAMES)
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "",
                              (const char *) g_ptr_array_index (unasked, i));
  if (unasked->len > MAX_NAMES)
    g_string_append (names, ", …");

  for (guint i = 0; unasked->len > 0 && i < disks->len; i++)
    {
      InnVmDisk *disk = g_ptr_array_index (disks, i);

      if (disk->place == NULL || disk->shared_with != NULL)
        continue;
      disk->unasked = g_strdup (names->str);
      if (disk->place->is_network)
        disk->deletable = FALSE;
    }
}

static gboolean
has_places (GPtrArray *disks)
{
  for (guint i = 0; i < disks->len; i++)
    if (((InnVmDisk *) g_ptr_array_index (disks, i))->place != NULL)
      return TRUE;

  return FALSE;
}

/* In a fiber: asks all at once, and waits for each. */
static void
ask_others (InnSessionManager *sessions, InnVm *vm, GPtrArray *disks)
{
  g_autoptr (InnHost) own =
      inn_vm_get_host (vm) != NULL ? g_object_ref (inn_vm_get_host (vm)) : NULL;
  GListModel *hosts = inn_session_manager_get_hosts (sessions);
  g_autoptr (GPtrArray) asked = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr (GPtrArray) unasked = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; has_places (disks) && i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);
      InnSession *session = inn_session_manager_get (sessions, host);
      gboolean same = own != NULL && is_same_machine (own, host);
      Question *question;

      if (host == own || session == NULL)
        continue;

      question = question_new (disks, same ? inn_vm_get_uuid (vm) : NULL);
      g_ptr_array_add (answers, inn_future_timeout (inn_session_ask (session, ask_thread, question,
                                                                     question_free, NULL),
                                                    DEADLINE_USEC));
      g_ptr_array_add (asked, g_steal_pointer (&host));
    }

  for (guint i = 0; i < asked->len; i++)
    {
      InnHost *host = g_ptr_array_index (asked, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) users =
          dex_await_boxed (dex_ref (g_ptr_array_index (answers, i)), &error);

      if (users != NULL)
        take_users (disks, users, host);
      else
        g_ptr_array_add (unasked, g_strdup (inn_host_get_name (host)));
      if (error != NULL)
        g_debug ("%s: %s", inn_host_get_name (host), error->message);
    }
  take_unasked (disks, unasked);
}

typedef struct
{
  InnSessionManager *sessions;
  InnVm *vm;
  InnVmCall *call;
} Task;

static Task *
task_new (InnSessionManager *sessions, InnVm *vm)
{
  Task *task = g_new0 (Task, 1);

  task->sessions = g_object_ref (sessions);
  task->vm = g_object_ref (vm);
  task->call = _inn_vm_call_new (vm);
  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->sessions);
  g_object_unref (task->vm);
  g_clear_pointer (&task->call, _inn_vm_call_free);
  g_free (task);
}

static InnSession *
get_session (Task *task, GError **error)
{
  InnSession *session = inn_session_manager_get_for_vm (task->sessions, task->vm);

  if (session == NULL)
    inn_error_set (error, INN_ERROR_NOT_CONNECTED, NULL,
                   _ ("The host of %s is not connected: connect it first"),
                   inn_vm_get_name (task->vm));

  return session;
}

/* In a fiber. */
static GPtrArray *
list_disks (Task *task, GError **error)
{
  InnSession *session = get_session (task, error);
  GPtrArray *disks;

  if (session == NULL)
    return NULL;

  disks = dex_await_boxed (inn_session_ask (session, _inn_vm_list_storage_thread,
                                            _inn_vm_call_new (task->vm),
                                            (GDestroyNotify) _inn_vm_call_free, NULL),
                           error);
  if (disks != NULL)
    ask_others (task->sessions, task->vm, disks);
  return disks;
}

static DexFuture *
list_fiber (gpointer data)
{
  GError *error = NULL;
  GPtrArray *disks = list_disks (data, &error);

  return disks != NULL ? dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, disks) : inn_reject (error);
}

DexFuture *
_inn_vm_storage_list (InnSessionManager *sessions, InnVm *vm)
{
  return inn_spawn ("list_fiber", list_fiber, task_new (sessions, vm), task_free);
}

static DexFuture *
delete_fiber (gpointer data)
{
  Task *task = data;
  g_autoptr (GPtrArray) disks = NULL;
  InnSession *session;
  GError *error = NULL;

  if (task->call->volumes != NULL && task->call->volumes[0] != NULL)
    {
      disks = list_disks (task, &error);
      if (disks == NULL || !_inn_vm_disks_check (task->call, disks, &error))
        return inn_reject (error);
    }

  session = get_session (task, &error);
  if (session == NULL)
    return inn_reject (error);

  return inn_session_run (session, _inn_vm_delete_thread, g_steal_pointer (&task->call),
                          (GDestroyNotify) _inn_vm_call_free, NULL);
}

DexFuture *
_inn_vm_storage_delete (InnSessionManager *sessions, InnVm *vm, const char *const *volumes)
{
  Task *task = task_new (sessions, vm);

  task->call->volumes = g_strdupv ((char **) volumes);
  return inn_spawn ("delete_fiber", delete_fiber, task, task_free);
}

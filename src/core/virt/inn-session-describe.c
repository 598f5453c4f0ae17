/* inn-session-describe.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-dex.h"
#include "virt/inn-domain-xml.h"
#include "virt/inn-virt-error.h"

/* Title, description and OS stand only in a guest's XML. It is read a few guests a tick after the
 * first list, and again when libvirt says that it changed; never for made-up hosts, which are many
 * and have none. */

#define GUESTS_A_BATCH 10
/* Milliseconds of silence after which a guest is passed by. */
#define PATIENCE 1000

static void
apply_description (InnSession *self, const InnDomainXml *xml)
{
  InnVm *vm = xml->uuid != NULL ? inn_host_find_vm (self->host, xml->uuid) : NULL;
  InnVmInfo info;

  if (vm == NULL)
    return;

  info = (InnVmInfo) {
    .uuid = (char *) inn_vm_get_uuid (vm),
    .name = (char *) inn_vm_get_name (vm),
    .title = xml->title,
    .description = xml->description,
    .os = xml->os,
    .domain_id = inn_vm_get_domain_id (vm),
    .state = inn_vm_get_state (vm),
    .reason = inn_vm_get_reason (vm),
    .persistent = inn_vm_get_persistent (vm),
    .autostart = inn_vm_get_autostart (vm),
    .managed_save = inn_vm_get_managed_save (vm),
    .vcpus = inn_vm_get_vcpus (vm),
    .max_memory_kib = inn_vm_get_max_memory_kib (vm),
    .memory_kib = inn_vm_get_memory_kib (vm),
  };
  if (inn_vm_apply_info (vm, &info))
    inn_host_mark_dirty (self->host);
}

/* Brings the model up to date from a definition that was read anyway. */
void
_inn_session_describe (InnSession *self, const char *uuid, const char *xml)
{
  g_autoptr (InnDomainXml) parsed = inn_domain_xml_parse (xml, NULL);

  if (parsed != NULL && g_strcmp0 (parsed->uuid, uuid) == 0)
    apply_description (self, parsed);
  g_hash_table_remove (self->undescribed, uuid);
}

/* Has the definition of a guest read, some time soon. */
void
_inn_session_want_description (InnSession *self, const char *uuid)
{
  if (!g_hash_table_contains (self->undescribed, uuid))
    g_hash_table_add (self->undescribed, g_strdup (uuid));
}

static gboolean
read_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  char **uuids = data;
  g_autoptr (GPtrArray) read =
      g_ptr_array_new_with_free_func ((GDestroyNotify) inn_domain_xml_unref);

  for (guint i = 0; uuids[i] != NULL; i++)
    {
      virDomainPtr domain = virDomainLookupByUUIDString (conn, uuids[i]);
      gboolean ask = domain != NULL && inn_virt_check_answers (domain, uuids[i], PATIENCE, NULL);
      char *text = ask ? virDomainGetXMLDesc (domain, 0) : NULL;
      g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;
      InnDomainXml *xml = valid != NULL ? inn_domain_xml_parse (valid, NULL) : NULL;

      if (xml != NULL)
        g_ptr_array_add (read, xml);
      free (text);
      if (domain != NULL)
        virDomainFree (domain);
    }

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&read));
  return TRUE;
}

static DexFuture *
read_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnSession) self = inn_weak_get (data);
  const GValue *value = dex_future_get_value (completed, NULL);
  GPtrArray *read;

  if (self == NULL)
    return dex_future_new_true ();

  self->describing = FALSE;
  if (value == NULL)
    return dex_future_new_true ();

  read = g_value_get_boxed (value);
  for (guint i = 0; i < read->len; i++)
    apply_description (self, g_ptr_array_index (read, i));

  return dex_future_new_true ();
}

/* The facts point into the host's own, which applying them changes. */
static void
apply_hostname (InnSession *self, const InnHostFacts *facts)
{
  InnHostFacts copy = *facts;

  copy.uuid = g_strdup (facts->uuid);
  copy.hostname = g_strdup (facts->hostname);
  copy.hypervisor = g_strdup (facts->hypervisor);
  copy.arch = g_strdup (facts->arch);
  copy.cpu_model = g_strdup (facts->cpu_model);
  inn_host_apply_facts (self->host, &copy);
  inn_host_facts_clear (&copy);
}

static gboolean
hostname_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  char *name = virConnectGetHostname (conn);

  g_value_init (result, G_TYPE_STRING);
  if (name != NULL)
    g_value_take_string (result, g_utf8_make_valid (name, -1));
  free (name);
  return TRUE;
}

static DexFuture *
hostname_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnSession) self = inn_weak_get (data);
  const GValue *value = dex_future_get_value (completed, NULL);
  InnHostFacts facts;

  if (self == NULL || value == NULL || g_value_get_string (value) == NULL)
    return dex_future_new_true ();

  facts = *inn_host_get_facts (self->host);
  facts.hostname = (char *) g_value_get_string (value);
  if (g_strcmp0 (facts.hostname, inn_host_get_facts (self->host)->hostname) != 0)
    apply_hostname (self, &facts);

  return dex_future_new_true ();
}

/* Reads a few definitions. One batch at a time, so that a guest that hangs holds up one thread. */
void
_inn_session_describe_some (InnSession *self)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  GHashTableIter iter;
  char *uuid;

  if (self->describing || g_hash_table_size (self->undescribed) == 0)
    return;

  builder = g_strv_builder_new ();
  g_hash_table_iter_init (&iter, self->undescribed);
  for (guint i = 0; i < GUESTS_A_BATCH && g_hash_table_iter_next (&iter, (gpointer *) &uuid, NULL);
       i++)
    {
      g_hash_table_iter_steal (&iter);
      g_strv_builder_take (builder, uuid);
    }

  self->describing = TRUE;
  dex_future_disown (dex_future_finally (
      inn_connection_run (self->connection, INN_LANE_QUESTION, read_thread,
                          g_strv_builder_end (builder), (GDestroyNotify) g_strfreev, NULL),
      read_cb, inn_weak_new (self), inn_weak_unref));
}

/* Asks a host for its own name, which may take it long. The test driver would tell this machine's.
 */
void
_inn_session_ask_hostname (InnSession *self)
{

  if (!self->has_definitions)
    return;

  dex_future_disown (dex_future_finally (
      inn_connection_run (self->connection, INN_LANE_QUESTION, hostname_thread, NULL, NULL, NULL),
      hostname_cb, inn_weak_new (self), inn_weak_unref));
}

/* Forgets what was to be read. */
void
_inn_session_drop_descriptions (InnSession *self)
{
  g_hash_table_remove_all (self->undescribed);
}

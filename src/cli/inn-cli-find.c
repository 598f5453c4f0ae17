/* inn-cli-find.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-run.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>
#include <string.h>

/* From the words of a command line to the things they name, and connecting the hosts that have to
 * be asked for that. */

typedef const char *(*GetText) (gpointer object);

/* The one object of @model that one of @texts gives @word for. */
static gpointer
find_one (GListModel *model,
          const char *word,
          const GetText *texts,
          GetText describe,
          const char *none,
          const char *many,
          GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GString) candidates = g_string_new (NULL);
  guint n = g_list_model_get_n_items (model);

  for (guint i = 0; i < n; i++)
    {
      gpointer object = g_list_model_get_item (model, i);
      gboolean matches = FALSE;

      for (guint t = 0; texts[t] != NULL && !matches; t++)
        matches = g_strcmp0 (texts[t](object), word) == 0;
      if (matches)
        g_ptr_array_add (found, object);
      else
        g_object_unref (object);
    }

  if (found->len == 1)
    return g_ptr_array_steal_index (found, 0);

  for (guint i = 0; i < found->len; i++)
    g_string_append_printf (candidates, "%s%s", i > 0 ? ", " : "",
                            describe (g_ptr_array_index (found, i)));
  if (found->len == 0)
    inn_error_set (error, INN_ERROR_NOT_FOUND, NULL, "%s: %s", none, word);
  else
    inn_error_set (error, INN_ERROR_CONFLICT, NULL, "%s: %s: %s", many, word, candidates->str);
  return NULL;
}

/* Returns: (transfer full) (nullable): by name, record id or address */
InnHost *
inn_cli_run_find_host (InnCliRun *self, const char *word, GError **error)
{
  const GetText texts[] = { (GetText) inn_host_get_id, (GetText) inn_host_get_name,
                            (GetText) inn_host_get_uri, NULL };

  return find_one (inn_inventory_get_hosts (inn_cli_run_get_inventory (self)), word, texts,
                   (GetText) inn_host_get_id,
                   _ ("There is no host of this name; innctl host list shows all"),
                   _ ("Several hosts have this name; take an id instead"), error);
}

/* Returns: (transfer full) (nullable): by name or record id */
InnDataCenter *
inn_cli_run_find_data_center (InnCliRun *self, const char *word, GError **error)
{
  const GetText texts[] = { (GetText) inn_data_center_get_id, (GetText) inn_data_center_get_name,
                            NULL };

  return find_one (inn_inventory_get_data_centers (inn_cli_run_get_inventory (self)), word, texts,
                   (GetText) inn_data_center_get_id,
                   _ ("There is no data center of this name; innctl datacenter list shows all"),
                   _ ("Several data centers have this name; take an id instead"), error);
}

static GListStore *
list_clusters (InnInventory *inventory)
{
  GListModel *data_centers = inn_inventory_get_data_centers (inventory);
  GListStore *all = g_list_store_new (INN_TYPE_CLUSTER);
  guint n = g_list_model_get_n_items (data_centers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);
      GListModel *clusters = inn_data_center_get_clusters (data_center);
      guint n_clusters = g_list_model_get_n_items (clusters);

      for (guint c = 0; c < n_clusters; c++)
        {
          g_autoptr (InnCluster) cluster = g_list_model_get_item (clusters, c);

          g_list_store_append (all, cluster);
        }
    }

  return all;
}

/* Returns: (transfer full) (nullable): by name, by record id, or as DATACENTER/CLUSTER */
InnCluster *
inn_cli_run_find_cluster (InnCliRun *self, const char *word, GError **error)
{
  const GetText texts[] = { (GetText) inn_cluster_get_id, (GetText) inn_cluster_get_name, NULL };
  g_autoptr (GListStore) all = list_clusters (inn_cli_run_get_inventory (self));
  const char *slash = strchr (word, '/');

  if (slash != NULL)
    {
      g_autofree char *name = g_strndup (word, slash - word);
      g_autoptr (InnDataCenter) data_center = inn_cli_run_find_data_center (self, name, NULL);

      if (data_center != NULL)
        return find_one (inn_data_center_get_clusters (data_center), slash + 1, texts,
                         (GetText) inn_cluster_get_id,
                         _ ("There is no cluster of this name in the data center"),
                         _ ("Several clusters have this name; take an id instead"), error);
    }

  return find_one (G_LIST_MODEL (all), word, texts, (GetText) inn_cluster_get_id,
                   _ ("There is no cluster of this name; innctl cluster list shows all"),
                   _ ("Several clusters have this name; take DATACENTER/CLUSTER or an id instead"),
                   error);
}

static void
add_matching_vms (GPtrArray *found, GListModel *vms, const char *word)
{
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      if (g_strcmp0 (inn_vm_get_name (vm), word) == 0 ||
          g_ascii_strcasecmp (inn_vm_get_uuid (vm), word) == 0)
        g_ptr_array_add (found, g_steal_pointer (&vm));
    }
}

/* The guests that a word can mean: by name, UUID, or as HOST/NAME (libvirt lets no guest have a
 * slash in its name; a host of ours may). */
static GPtrArray *
match_vms (InnCliRun *self, const char *word)
{
  InnInventory *inventory = inn_cli_run_get_inventory (self);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  const char *slash = strrchr (word, '/');

  add_matching_vms (found, inn_inventory_get_vms (inventory), word);
  if (slash != NULL && found->len == 0)
    {
      g_autofree char *name = g_strndup (word, slash - word);
      g_autoptr (InnHost) host = inn_cli_run_find_host (self, name, NULL);

      if (host != NULL)
        add_matching_vms (found, inn_host_get_vms (host), slash + 1);
    }

  return found;
}

static char *
format_candidates (GPtrArray *vms)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (vms, i);
      InnHost *host = inn_vm_get_host (vm);

      g_string_append_printf (text, "%s%s/%s (%s)", i > 0 ? ", " : "",
                              host != NULL ? inn_host_get_name (host) : "?", inn_vm_get_name (vm),
                              inn_vm_get_uuid (vm));
    }

  return g_string_free_and_steal (text);
}

/* Returns: (transfer full) (nullable): the one guest that @word means, as far as is known now */
InnVm *
inn_cli_run_find_vm (InnCliRun *self, const char *word, GError **error)
{
  g_autoptr (GPtrArray) found = match_vms (self, word);
  g_autofree char *candidates = NULL;

  if (found->len == 1)
    return g_ptr_array_steal_index (found, 0);

  if (found->len == 0)
    {
      inn_error_set (error, INN_ERROR_NOT_FOUND, NULL,
                     _ ("There is no guest called %s on the connected hosts; innctl vm list shows "
                        "all"),
                     word);
      return NULL;
    }

  candidates = format_candidates (found);
  inn_error_set (error, INN_ERROR_CONFLICT, NULL,
                 _ ("Several guests are called %s; take HOST/NAME or a UUID instead: %s"), word,
                 candidates);
  return NULL;
}

/* Connected and listed. */
static DexFuture *
connect_fiber (gpointer user_data)
{
  InnSession *session = user_data;
  g_autoptr (GError) error = NULL;

  if (!dex_await (inn_session_connect (session), &error) ||
      !dex_await (inn_session_wait_first_list (session), &error))
    return inn_reject (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static DexFuture *
start_connecting (InnCliRun *self, InnHost *host)
{
  InnSessionManager *sessions = inn_app_context_get_sessions (inn_cli_run_get_context (self));
  InnSession *session = inn_session_manager_get (sessions, host);

  if (session == NULL)
    return inn_reject (inn_error_new (
        INN_ERROR_NOT_FOUND, NULL, _ ("%s was removed in the meantime"), inn_host_get_name (host)));

  return inn_future_timeout (
      inn_spawn ("connect_fiber", connect_fiber, g_object_ref (session), g_object_unref),
      inn_cli_run_get_timeout (self));
}

static void
report_unreachable (InnCliRun *self, InnHost *host, const GError *error)
{
  g_autoptr (GError) named = NULL;
  const char *name = inn_host_get_name (host);

  if (g_error_matches (error, INN_ERROR, INN_ERROR_TIMED_OUT))
    named = inn_error_new (INN_ERROR_TIMED_OUT, inn_error_get_details (error),
                           _ ("%s did not answer within %d seconds; give it longer with --timeout, "
                              "or see what its libvirt does"),
                           name, (int) (inn_cli_run_get_timeout (self) / G_TIME_SPAN_SECOND));
  else if (strstr (error->message, name) == NULL)
    named = inn_error_new (error->domain == INN_ERROR ? (InnError) error->code : INN_ERROR_FAILED,
                           inn_error_get_details (error), "%s: %s", name, error->message);

  inn_cli_run_report (self, named != NULL ? named : error);
}

/**
 * inn_cli_run_connect:
 * @self: a run
 * @hosts: (element-type InnHost): hosts; those that are online are left alone
 *
 * Awaits all at once, so that a dead host costs the others nothing.
 *
 * Returns: how many could not be connected; they were reported
 */
guint
inn_cli_run_connect (InnCliRun *self, GPtrArray *hosts)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  guint n_failed = 0;

  for (guint i = 0; i < hosts->len; i++)
    {
      InnHost *host = g_ptr_array_index (hosts, i);

      g_ptr_array_add (futures, inn_host_is_online (host) ? dex_future_new_true ()
                                                          : start_connecting (self, host));
    }

  for (guint i = 0; i < futures->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (dex_await (dex_ref (g_ptr_array_index (futures, i)), &error))
        continue;
      report_unreachable (self, g_ptr_array_index (hosts, i), error);
      n_failed++;
    }

  return n_failed;
}

/* Returns: (transfer full): the hosts that connect by themselves */
GPtrArray *
inn_cli_run_list_autoconnect (InnCliRun *self)
{
  GListModel *hosts = inn_inventory_get_hosts (inn_cli_run_get_inventory (self));
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      if (inn_host_get_autoconnect (host))
        g_ptr_array_add (found, g_steal_pointer (&host));
    }

  return found;
}

static void
add_host_once (GPtrArray *hosts, InnHost *host)
{
  if (host != NULL && !g_ptr_array_find (hosts, host, NULL))
    g_ptr_array_add (hosts, g_object_ref (host));
}

/* The hosts that the cached view has the guest on; FALSE when it knows none. */
static gboolean
add_hosts_of (InnCliRun *self, const char *word, GPtrArray *hosts)
{
  g_autoptr (GPtrArray) found = match_vms (self, word);
  const char *slash = strrchr (word, '/');

  for (guint i = 0; i < found->len; i++)
    add_host_once (hosts, inn_vm_get_host (g_ptr_array_index (found, i)));
  if (found->len == 0 && slash != NULL)
    {
      g_autofree char *name = g_strndup (word, slash - word);
      g_autoptr (InnHost) host = inn_cli_run_find_host (self, name, NULL);

      add_host_once (hosts, host);
      return host != NULL;
    }

  return found->len > 0;
}

static gboolean
are_all_known (InnCliRun *self, const char *const *words)
{
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) found = match_vms (self, words[i]);

      if (found->len == 0)
        return FALSE;
    }

  return TRUE;
}

/* Such a name may also be one of a guest of a host that was never looked at. */
static gboolean
is_plain_name (const char *word)
{
  return strchr (word, '/') == NULL && !g_uuid_string_is_valid (word);
}

static void
unref_if_any (gpointer object)
{
  if (object != NULL)
    g_object_unref (object);
}

/**
 * inn_cli_run_find_vms:
 * @self: a run
 * @words: names, UUIDs, HOST/NAME
 *
 * Connects the hosts that have these guests as far as is known, with those that were never seen;
 * else all that connect by themselves; and looks again. What is not found is reported.
 *
 * Returns: (transfer full): an #InnVm or %NULL for each word
 */
GPtrArray *
inn_cli_run_find_vms (InnCliRun *self, const char *const *words)
{
  GPtrArray *vms = g_ptr_array_new_with_free_func (unref_if_any);
  g_autoptr (GPtrArray) hosts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) others = inn_cli_run_list_autoconnect (self);
  gboolean known = TRUE;
  gboolean named = FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      known = add_hosts_of (self, words[i], hosts) && known;
      named = named || is_plain_name (words[i]);
    }
  for (guint i = 0; i < others->len; i++)
    if (!known || (named && inn_host_get_last_seen (g_ptr_array_index (others, i)) == 0))
      add_host_once (hosts, g_ptr_array_index (others, i));
  inn_cli_run_connect (self, hosts);

  /* It may have moved since it was last seen. */
  if (known && !are_all_known (self, words))
    inn_cli_run_connect (self, others);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      InnVm *vm = inn_cli_run_find_vm (self, words[i], &error);

      if (vm == NULL)
        inn_cli_run_report (self, error);
      g_ptr_array_add (vms, vm);
    }

  return vms;
}

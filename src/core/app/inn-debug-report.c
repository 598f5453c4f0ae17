/* inn-debug-report.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-private.h"

#include "app/inn-masker.h"
#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <libvirt/libvirt.h>
#include <libxml/xmlversion.h>

/* A text for a bug report, in English: it is read by those who mend. It is put together from what
 * cannot tell whose it is (versions, counts, states) and from errors, which are masked. */

#define MOST_PROBLEMS 30

/* A piece of the report: @masked when it may say whose it is. */
typedef struct
{
  char *text;
  gboolean masked;
} Piece;

typedef struct
{
  const char *kind;
  char *word;
} Word;

/* What the main thread collects, and a thread masks and puts together: with ten thousand guests
 * that takes longer than a person may wait for the window. */
typedef struct
{
  GArray *words; /* all that has a name here, so that errors can speak of host-1 and vm-7 */
  GArray *pieces;
} Draft;

static void
word_clear (gpointer data)
{
  g_free (((Word *) data)->word);
}

static void
piece_clear (gpointer data)
{
  g_free (((Piece *) data)->text);
}

static Draft *
draft_new (void)
{
  Draft *draft = g_new0 (Draft, 1);

  draft->words = g_array_new (FALSE, FALSE, sizeof (Word));
  g_array_set_clear_func (draft->words, word_clear);
  draft->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  g_array_set_clear_func (draft->pieces, piece_clear);
  return draft;
}

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_array_unref (draft->words);
  g_array_unref (draft->pieces);
  g_free (draft);
}

static void
learn (Draft *draft, const char *kind, const char *text)
{
  Word word = { kind, g_strdup (text) };

  g_array_append_val (draft->words, word);
}

static void G_GNUC_PRINTF (2, 3) say (Draft *draft, const char *format, ...)
{
  Piece piece = { NULL, FALSE };
  va_list args;

  va_start (args, format);
  piece.text = g_strdup_vprintf (format, args);
  va_end (args);
  g_array_append_val (draft->pieces, piece);
}

static void
say_masked (Draft *draft, const char *text)
{
  Piece piece = { g_strdup (text), TRUE };

  g_array_append_val (draft->pieces, piece);
}

static void
learn_groups (Draft *draft, InnInventory *inventory)
{
  GListModel *data_centers = inn_inventory_get_data_centers (inventory);
  guint n = g_list_model_get_n_items (data_centers);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnDataCenter) data_center = g_list_model_get_item (data_centers, i);
      GListModel *clusters = inn_data_center_get_clusters (data_center);
      guint n_clusters = g_list_model_get_n_items (clusters);

      learn (draft, "datacenter", inn_data_center_get_name (data_center));
      for (guint c = 0; c < n_clusters; c++)
        {
          g_autoptr (InnCluster) cluster = g_list_model_get_item (clusters, c);

          learn (draft, "cluster", inn_cluster_get_name (cluster));
        }
    }
}

static void
learn_host (Draft *draft, InnHost *host)
{
  g_autofree char *machine = _inn_app_uri_get_host (inn_host_get_uri (host));
  g_autofree char *user = _inn_app_uri_get_user (inn_host_get_uri (host));

  learn (draft, "host", inn_host_get_name (host));
  learn (draft, "host", machine);
  learn (draft, "host", inn_host_get_facts (host)->hostname);
  learn (draft, "user", user);
  learn (draft, "uri", inn_host_get_uri (host));
}

static void
learn_vms (Draft *draft, InnInventory *inventory)
{
  GListModel *vms = inn_inventory_get_vms (inventory);
  guint n = g_list_model_get_n_items (vms);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      learn (draft, "vm", inn_vm_get_name (vm));
      learn (draft, "vm", inn_vm_get_title (vm));
    }
}

static void
learn_all (Draft *draft, InnInventory *inventory)
{
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  guint n = g_list_model_get_n_items (hosts);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      learn_host (draft, host);
    }
  learn_vms (draft, inventory);
  learn_groups (draft, inventory);
}

static char *
get_scheme (const char *uri)
{
  char *scheme = g_uri_parse_scheme (uri);

  return scheme != NULL ? scheme : g_strdup ("?");
}

static void
add_error (Draft *draft, const GError *error)
{
  const char *details = inn_error_get_details (error);

  say (draft, "    %s: ", inn_error_get_nick (error));
  say_masked (draft, error->message);
  if (details != NULL)
    {
      say (draft, "\n    ");
      say_masked (draft, details);
    }
  say (draft, "\n");
}

static void
add_host (Draft *draft, InnHost *host)
{
  const InnHostFacts *facts = inn_host_get_facts (host);
  g_autofree char *scheme = get_scheme (inn_host_get_uri (host));
  g_autofree char *libvirt = inn_host_format_version (facts->libvirt_version);
  g_autofree char *hypervisor = inn_host_format_version (facts->hypervisor_version);

  say (draft, "  ");
  say_masked (draft, inn_host_get_name (host));
  say (draft, ": %s, %s%s%s\n", scheme, inn_host_state_to_nick (inn_host_get_state (host)),
       inn_host_get_read_only (host) ? ", read-only" : "",
       inn_host_get_duplicate (host) ? ", duplicate UUID" : "");
  say (draft, "    libvirt %s, %s %s, %s, %u CPUs, %u of %u guests running\n",
       libvirt != NULL ? libvirt : "?", facts->hypervisor != NULL ? facts->hypervisor : "?",
       hypervisor != NULL ? hypervisor : "?", facts->arch != NULL ? facts->arch : "?", facts->cpus,
       inn_host_get_n_running (host), inn_host_get_n_vms (host));
  if (inn_host_get_error (host) != NULL)
    add_error (draft, inn_host_get_error (host));
}

static void
add_hosts (Draft *draft, InnInventory *inventory)
{
  GListModel *hosts = inn_inventory_get_hosts (inventory);
  guint n = g_list_model_get_n_items (hosts);

  say (draft, "\n%u data centers, %u hosts, %u guests\n",
       g_list_model_get_n_items (inn_inventory_get_data_centers (inventory)), n,
       g_list_model_get_n_items (inn_inventory_get_vms (inventory)));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnHost) host = g_list_model_get_item (hosts, i);

      add_host (draft, host);
    }
}

static void
add_operations (Draft *draft, InnOperationManager *manager)
{
  GListModel *operations = G_LIST_MODEL (manager);
  guint n = g_list_model_get_n_items (operations);
  guint n_shown = 0;

  say (draft, "\nLast operations that failed\n");
  for (guint i = 0; i < n && n_shown < MOST_PROBLEMS; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, i);
      const GError *error = inn_operation_get_error (operation);

      if (error == NULL || inn_operation_get_state (operation) == INN_OPERATION_CANCELLED)
        continue;
      say (draft, "  %s\n", inn_operation_get_kind (operation));
      add_error (draft, error);
      n_shown++;
    }
}

static void
add_events (Draft *draft, InnInventory *inventory)
{
  GListModel *events = inn_inventory_get_events (inventory);
  guint n = g_list_model_get_n_items (events);
  guint n_shown = 0;

  say (draft, "\nLast warnings\n");
  for (guint i = n; i > 0 && n_shown < MOST_PROBLEMS; i--)
    {
      g_autoptr (InnEvent) event = g_list_model_get_item (events, i - 1);

      if (inn_event_get_severity (event) == INN_SEVERITY_INFO)
        continue;
      /* A guest that is gone is still named in its events. */
      learn (draft, "vm", inn_event_get_vm_name (event));
      learn (draft, "host", inn_event_get_host_name (event));
      say (draft, "  %s: ", inn_event_get_kind (event));
      say_masked (draft, inn_event_get_text (event));
      say (draft, "\n");
      n_shown++;
    }
}

static InnMasker *
make_masker (Draft *draft)
{
  InnMasker *masker = inn_masker_new ();

  for (guint i = 0; i < draft->words->len; i++)
    {
      const Word *word = &g_array_index (draft->words, Word, i);

      inn_masker_add (masker, word->kind, word->word);
    }
  inn_masker_add (masker, "user", g_get_user_name ());
  inn_masker_add (masker, "user", g_get_real_name ());
  inn_masker_add (masker, "host", g_get_host_name ());

  return masker;
}

static void
add_versions (GString *report)
{
  g_autofree char *os = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  unsigned long libvirt = 0;

  virGetVersion (&libvirt, NULL, NULL);
  g_string_append_printf (report, "Innkeeper %s\n", PACKAGE_VERSION);
  g_string_append_printf (report, "System: %s\n", os != NULL ? os : "unknown");
  g_string_append_printf (
      report, "GLib %u.%u.%u, libdex %d.%d.%d, libvirt %lu.%lu.%lu, libxml2 %s\n",
      glib_major_version, glib_minor_version, glib_micro_version, (int) DEX_MAJOR_VERSION,
      (int) DEX_MINOR_VERSION, (int) DEX_MICRO_VERSION, libvirt / 1000000, libvirt / 1000 % 1000,
      libvirt % 1000, LIBXML_DOTTED_VERSION);
}

static gboolean
write_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Draft *draft = data;
  g_autoptr (InnMasker) masker = make_masker (draft);
  GString *report = g_string_new (NULL);

  add_versions (report);
  for (guint i = 0; i < draft->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (draft->pieces, Piece, i);
      g_autofree char *masked = piece->masked ? inn_masker_mask (masker, piece->text) : NULL;

      g_string_append (report, masked != NULL ? masked : piece->text);
    }
  g_value_init (result, G_TYPE_STRING);
  g_value_take_string (result, g_string_free_and_steal (report));

  return TRUE;
}

/**
 * inn_app_context_debug_report:
 * @self: a context that is open
 *
 * Versions, hosts with their states, and the last errors, in English. Names, addresses, UUIDs and
 * paths are masked, each always in the same way.
 *
 * Returns: (transfer full): resolves with a string
 */
DexFuture *
inn_app_context_debug_report (InnAppContext *self)
{
  InnInventory *inventory;
  const char *notice;
  Draft *draft;

  g_return_val_if_fail (INN_IS_APP_CONTEXT (self), NULL);

  inventory = inn_app_context_get_inventory (self);
  draft = draft_new ();
  learn_all (draft, inventory);
  notice = inn_store_get_notice (inn_app_context_get_store (self));
  if (notice != NULL)
    {
      say (draft, "View: ");
      say_masked (draft, notice);
      say (draft, "\n");
    }
  add_hosts (draft, inventory);
  add_operations (draft, inn_app_context_get_operations (self));
  add_events (draft, inventory);

  return inn_thread_run ("debug-report", write_thread, draft, draft_free, NULL);
}

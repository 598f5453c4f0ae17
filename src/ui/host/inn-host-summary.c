/* inn-host-summary.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/host/inn-host-summary.h"

#include "base/inn-error.h"
#include "ui/host/inn-host-advice.h"
#include "ui/widgets/inn-facts.h"
#include "ui/widgets/inn-format.h"
#include "ui/widgets/inn-stat-card.h"

#include <glib/gi18n.h>

/**
 * InnHostSummary:
 *
 * What a host is and how it does: why it is not connected and what to do, its usage over the last
 * minutes, its versions and its machine.
 */
struct _InnHostSummary
{
  GtkWidget parent_instance;

  InnHost *host;
  guint tick_id;
  InnStatCard *cpu;
  InnStatCard *memory;
  InnStatCard *guests;
  AdwActionRow *state_row;
  AdwActionRow *uri_row;
  AdwActionRow *hostname_row;
  AdwActionRow *uuid_row;
  AdwActionRow *hypervisor_row;
  AdwActionRow *libvirt_row;
  AdwActionRow *cpu_row;
  AdwActionRow *topology_row;
  AdwActionRow *memory_row;
  AdwActionRow *uptime_row;

  AdwPreferencesGroup *problem_group;
  AdwExpanderRow *problem_row;
  GtkImage *problem_icon;
  GtkLabel *problem_details;
  AdwActionRow *advice_row;
  GtkWidget *duplicate_group;
  InnCards *charts;
  AdwPreferencesGroup *host_group;
  AdwPreferencesGroup *machine_group;
  GtkWidget *root;
};

G_DEFINE_FINAL_TYPE (InnHostSummary, inn_host_summary, GTK_TYPE_WIDGET)

#define TICK_SECONDS 3

static void
update_problem (InnHostSummary *self)
{
  InnHostState state = inn_host_get_state (self->host);
  const GError *error = inn_host_get_error (self->host);
  const char *details = error != NULL ? inn_error_get_details (error) : NULL;
  gboolean problem =
      state == INN_HOST_FAILED || state == INN_HOST_LOST || state == INN_HOST_AUTH_REQUIRED;

  gtk_widget_set_visible (GTK_WIDGET (self->problem_group), problem);
  gtk_widget_set_visible (self->duplicate_group, inn_host_get_duplicate (self->host));
  if (!problem)
    return;

  inn_image_set_icon_name (self->problem_icon, inn_host_state_get_icon (state));
  inn_widget_set_state_class (GTK_WIDGET (self->problem_icon), inn_host_state_get_class (state));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->problem_row),
                                 error != NULL ? error->message : inn_host_state_get_label (state));
  adw_expander_row_set_subtitle (self->problem_row, details != NULL ? _ ("Details") : "");
  if (adw_expander_row_get_enable_expansion (self->problem_row) != (details != NULL))
    {
      adw_expander_row_set_enable_expansion (self->problem_row, details != NULL);
      /* It would unfold by itself. */
      adw_expander_row_set_expanded (self->problem_row, FALSE);
    }
  gtk_label_set_text (self->problem_details, details != NULL ? details : "");
  adw_action_row_set_subtitle (self->advice_row, inn_host_advice_get (self->host));
}

static char *
describe_topology (const InnHostFacts *facts)
{
  g_autofree char *cpus = NULL;
  g_autofree char *sockets = NULL;
  g_autofree char *cores = NULL;
  g_autofree char *threads = NULL;

  if (facts->cpus == 0)
    return NULL;
  if (facts->sockets == 0)
    return g_strdup_printf (g_dngettext (NULL, "%u CPU", "%u CPUs", facts->cpus), facts->cpus);

  cpus = g_strdup_printf (g_dngettext (NULL, "%u CPU", "%u CPUs", facts->cpus), facts->cpus);
  sockets = g_strdup_printf (g_dngettext (NULL, "%u socket", "%u sockets", facts->sockets),
                             facts->sockets);
  cores = g_strdup_printf (g_dngettext (NULL, "%u core", "%u cores", facts->cores), facts->cores);
  threads = g_strdup_printf (g_dngettext (NULL, "%u thread", "%u threads", facts->threads),
                             facts->threads);

  /* Translators: "8 CPUs: 1 socket × 4 cores × 2 threads": cores a socket, threads a core */
  return g_strdup_printf (_ ("%s: %s × %s × %s"), cpus, sockets, cores, threads);
}

static void
update_facts (InnHostSummary *self)
{
  const InnHostFacts *facts = inn_host_get_facts (self->host);
  g_autofree char *hypervisor = inn_host_format_version (facts->hypervisor_version);
  g_autofree char *libvirt = inn_host_format_version (facts->libvirt_version);

  inn_facts_set (self->uri_row, inn_host_get_uri (self->host));
  inn_facts_set (self->hostname_row, facts->hostname);
  inn_facts_set (self->uuid_row, facts->uuid);
  inn_facts_take (
      self->hypervisor_row,
      facts->hypervisor != NULL ? g_strdup_printf ("%s %s", facts->hypervisor, hypervisor) : NULL);
  inn_facts_set (self->libvirt_row, facts->libvirt_version > 0 ? libvirt : NULL);
  inn_facts_take (self->cpu_row,
                  facts->cpu_model == NULL ? NULL
                  : facts->cpu_mhz > 0
                      /* Translators: model, architecture, frequency of a CPU */
                      ? g_strdup_printf (_ ("%s (%s), %u MHz"), facts->cpu_model,
                                         facts->arch != NULL ? facts->arch : "", facts->cpu_mhz)
                      : g_strdup (facts->cpu_model));
  inn_facts_take (self->topology_row, describe_topology (facts));
  inn_facts_take (self->memory_row,
                  facts->memory_kib > 0 ? inn_format_kib (facts->memory_kib) : NULL);
  inn_facts_take (self->uptime_row,
                  facts->boot_time > 0 ? inn_format_uptime (facts->boot_time) : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->machine_group), facts->cpus > 0);
}

static gboolean
was_seen (InnHostSummary *self)
{
  return inn_host_is_online (self->host) || inn_host_get_last_seen (self->host) > 0;
}

static void
update_state (InnHostSummary *self)
{
  InnHostState state = inn_host_get_state (self->host);
  g_autofree char *ago = inn_format_ago (inn_host_get_last_seen (self->host));

  /* Of a host that was never seen nothing is known, not even that it has no guests. */
  gtk_widget_set_visible (GTK_WIDGET (self->charts), was_seen (self));
  if (state == INN_HOST_ONLINE && inn_host_get_read_only (self->host))
    inn_facts_set (self->state_row, _ ("Connected, read-only"));
  else if (state == INN_HOST_ONLINE || inn_host_get_last_seen (self->host) == 0)
    inn_facts_set (self->state_row, inn_host_get_word (self->host));
  else
    inn_facts_take (self->state_row,
                    g_strdup_printf (_ ("%s, last seen %s"), inn_host_get_word (self->host), ago));
}

static void
on_notify (InnHostSummary *self, GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "cpu-percent") || g_str_equal (pspec->name, "memory-used-kib") ||
      g_str_equal (pspec->name, "last-seen"))
    return;

  update_problem (self);
  update_state (self);
  update_facts (self);
}

static char *
describe_cpus (guint cpus)
{
  return cpus > 0 ? g_strdup_printf (g_dngettext (NULL, "of %'u CPU", "of %'u CPUs", cpus), cpus)
                  : NULL;
}

/* As on the overview: the share, and below it of what. */
static char *
describe_memory (guint64 used, guint64 total)
{
  g_autofree char *used_text = inn_format_kib (used);
  g_autofree char *total_text = inn_format_kib (total);

  if (total == 0)
    return NULL;
  if (used == 0)
    /* Translators: memory there is; how much of it is in use is not known */
    return g_strdup_printf (_ ("of %s"), total_text);

  /* Translators: memory in use and memory there is: "12 GiB of 64 GiB" */
  return g_strdup_printf (_ ("%s of %s"), used_text, total_text);
}

static gboolean
on_tick (gpointer data)
{
  InnHostSummary *self = data;
  const InnHostFacts *facts = inn_host_get_facts (self->host);
  gboolean online = inn_host_is_online (self->host);
  guint64 total = facts->memory_kib;
  guint64 used = online ? inn_host_get_memory_used_kib (self->host) : 0;
  double memory = total > 0 && used > 0 ? (double) used / (double) total * 100 : -1;
  double cpu = online ? inn_host_get_cpu_percent (self->host) : -1;
  guint running = inn_host_get_n_running (self->host);
  guint guests = inn_host_get_n_vms (self->host);
  g_autofree char *cpu_text = inn_format_percent (cpu);
  g_autofree char *cpu_hint = describe_cpus (facts->cpus);
  g_autofree char *memory_text = inn_format_percent (memory);
  g_autofree char *memory_hint = describe_memory (used, total);
  g_autofree char *guests_text = g_strdup_printf ("%'u", running);
  g_autofree char *guests_hint =
      g_strdup_printf (g_dngettext (NULL, "of %'u guest", "of %'u guests", guests), guests);

  inn_stat_card_push (self->cpu, cpu, cpu_text, cpu_hint);
  inn_stat_card_push (self->memory, memory, memory_text, memory_hint);
  inn_stat_card_push (self->guests, online ? (double) running : -1, guests_text, guests_hint);
  update_state (self);

  return G_SOURCE_CONTINUE;
}

static void
inn_host_summary_map (GtkWidget *widget)
{
  InnHostSummary *self = INN_HOST_SUMMARY (widget);

  GTK_WIDGET_CLASS (inn_host_summary_parent_class)->map (widget);
  if (self->host == NULL || self->tick_id != 0)
    return;

  on_tick (self);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
}

static void
inn_host_summary_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&INN_HOST_SUMMARY (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (inn_host_summary_parent_class)->unmap (widget);
}

static void
inn_host_summary_dispose (GObject *object)
{
  InnHostSummary *self = INN_HOST_SUMMARY (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_HOST_SUMMARY);
  inn_widget_unparent_children (GTK_WIDGET (object));
  g_clear_object (&self->host);

  G_OBJECT_CLASS (inn_host_summary_parent_class)->dispose (object);
}

static void
inn_host_summary_class_init (InnHostSummaryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_host_summary_dispose;
  widget_class->map = inn_host_summary_map;
  widget_class->unmap = inn_host_summary_unmap;

  g_type_ensure (INN_TYPE_CARDS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/host/inn-host-summary.ui");
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, root);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, problem_group);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, problem_row);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, problem_icon);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, problem_details);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, advice_row);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, duplicate_group);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, charts);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, host_group);
  gtk_widget_class_bind_template_child (widget_class, InnHostSummary, machine_group);
}

static void
inn_host_summary_init (InnHostSummary *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  inn_label_set_verbatim (self->problem_details);
  self->cpu = inn_stat_card_append (self->charts, _ ("CPU"), 100);
  self->memory = inn_stat_card_append (self->charts, _ ("Memory"), 100);
  self->guests = inn_stat_card_append (self->charts, _ ("Guests Running"), 0);
  self->state_row = inn_facts_add (self->host_group, _ ("State"));
  self->uri_row = inn_facts_add (self->host_group, _ ("Connection"));
  self->hostname_row = inn_facts_add (self->host_group, _ ("Host Name"));
  self->uuid_row = inn_facts_add (self->host_group, _ ("UUID"));
  self->hypervisor_row = inn_facts_add (self->host_group, _ ("Hypervisor"));
  self->libvirt_row = inn_facts_add (self->host_group, _ ("libvirt"));
  self->cpu_row = inn_facts_add (self->machine_group, _ ("CPU Model"));
  self->topology_row = inn_facts_add (self->machine_group, _ ("CPUs"));
  self->memory_row = inn_facts_add (self->machine_group, _ ("Memory"));
  self->uptime_row = inn_facts_add (self->machine_group, _ ("Uptime"));
}

/**
 * inn_host_summary_set_host:
 * @self: a summary
 * @host: what it is about; once
 */
void
inn_host_summary_set_host (InnHostSummary *self, InnHost *host)
{
  g_return_if_fail (INN_IS_HOST_SUMMARY (self));
  g_return_if_fail (self->host == NULL);

  self->host = g_object_ref (host);
  g_signal_connect_object (host, "notify", G_CALLBACK (on_notify), self, G_CONNECT_SWAPPED);
  update_problem (self);
  update_state (self);
  update_facts (self);
}

/* inn-vm-summary.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-summary.h"

#include "ui/vm/inn-vm-thumbnail.h"
#include "ui/widgets/inn-facts.h"
#include "ui/widgets/inn-format.h"
#include "ui/widgets/inn-stat-card.h"

#include <glib/gi18n.h>

/**
 * InnVmSummary:
 *
 * What a guest is and how it does: its screen, its usage over the last minutes, where it is and
 * what it has.
 */
struct _InnVmSummary
{
  GtkWidget parent_instance;

  InnAppContext *context;
  InnVm *vm;
  guint tick_id;
  InnStatCard *cpu;
  InnStatCard *memory;
  InnStatCard *disk;
  InnStatCard *net;
  AdwActionRow *state_row;
  AdwActionRow *title_row;
  AdwActionRow *addresses_row;
  AdwActionRow *uptime_row;
  AdwActionRow *os_row;
  AdwActionRow *tags_row;
  AdwActionRow *host_row;
  AdwActionRow *uuid_row;
  AdwActionRow *vcpus_row;
  AdwActionRow *memory_row;
  AdwActionRow *start_row;

  InnVmThumbnail *thumbnail;
  InnCards *charts;
  AdwPreferencesGroup *guest_group;
  AdwPreferencesGroup *place_group;
  GtkWidget *notes_group;
  GtkLabel *notes;
  GtkWidget *root;
};

G_DEFINE_FINAL_TYPE (InnVmSummary, inn_vm_summary, GTK_TYPE_WIDGET)

#define TICK_SECONDS 3

static char *
join (const char *const *strv, const char *separator)
{
  return strv != NULL ? g_strjoinv (separator, (char **) strv) : NULL;
}

static char *
describe_state (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  g_autofree char *label = inn_vm_dup_state_text (vm);
  g_autofree char *ago = NULL;

  if (!inn_vm_get_stale (vm) || host == NULL)
    return inn_vm_get_managed_save (vm) ? g_strdup_printf (_ ("%s, its state is saved"), label)
                                        : g_steal_pointer (&label);

  ago = inn_format_ago (inn_host_get_last_seen (host));
  return g_strdup_printf (_ ("%s, as last seen %s"), label, ago);
}

static char *
describe_start (InnVm *vm)
{
  if (!inn_vm_get_persistent (vm))
    return g_strdup (_ ("Transient: gone from the host when it stops"));

  return g_strdup (inn_vm_get_autostart (vm) ? _ ("Starts with the host")
                                             : _ ("Is started by hand"));
}

static void
update (InnVmSummary *self)
{
  InnVm *vm = self->vm;
  InnHost *host = inn_vm_get_host (vm);
  g_autofree char *now = inn_format_kib (inn_vm_get_memory_kib (vm));
  g_autofree char *most = inn_format_kib (inn_vm_get_max_memory_kib (vm));
  const char *notes = inn_vm_get_description (vm);
  gint64 started_at = inn_vm_get_started_at (vm);

  inn_facts_take (self->state_row, describe_state (vm));
  inn_facts_set (self->title_row, inn_vm_get_title (vm));
  inn_facts_take (self->addresses_row, join (inn_vm_get_addresses (vm), "\n"));
  inn_facts_take (self->uptime_row, started_at > 0 ? inn_format_uptime (started_at) : NULL);
  inn_facts_set (self->os_row, inn_vm_get_os (vm));
  inn_facts_take (self->tags_row, join (inn_vm_get_tags (vm), ", "));
  inn_facts_set (self->host_row, host != NULL ? inn_host_get_name (host) : NULL);
  inn_facts_set (self->uuid_row, inn_vm_get_uuid (vm));
  inn_facts_take (self->vcpus_row, g_strdup_printf ("%u", inn_vm_get_vcpus (vm)));
  inn_facts_take (self->memory_row, inn_vm_get_memory_kib (vm) == inn_vm_get_max_memory_kib (vm)
                                        ? g_strdup (most)
                                        /* Translators: memory now, the most it can have */
                                        : g_strdup_printf (_ ("%s of at most %s"), now, most));
  inn_facts_take (self->start_row, describe_start (vm));
  gtk_label_set_text (self->notes, notes != NULL ? notes : "");
  gtk_widget_set_visible (self->notes_group, notes != NULL && *notes != '\0');
}

static void
on_notify (InnVmSummary *self, GParamSpec *pspec)
{
  if (!g_str_equal (pspec->name, "cpu-percent") && !g_str_equal (pspec->name, "memory-used-kib") &&
      !g_str_equal (pspec->name, "disk-bps") && !g_str_equal (pspec->name, "net-bps"))
    update (self);
}

static double
sum (float a, float b)
{
  return a < 0 && b < 0 ? -1 : MAX (a, 0) + MAX (b, 0);
}

static void
push_rate (InnStatCard *chart, float in, float out)
{
  g_autofree char *in_text = inn_format_rate (in);
  g_autofree char *out_text = inn_format_rate (out);
  double both = sum (in, out);
  g_autofree char *both_text = inn_format_rate (both);
  /* Translators: what comes in and what goes out a second */
  g_autofree char *hint = both < 0 ? NULL : g_strdup_printf (_ ("↓ %s  ↑ %s"), in_text, out_text);

  inn_stat_card_push (chart, both, both_text, hint);
}

static gboolean
on_tick (gpointer data)
{
  InnVmSummary *self = data;
  gboolean live = inn_vm_is_active (self->vm) && !inn_vm_get_stale (self->vm);
  InnVmSample sample = live ? *inn_vm_get_sample (self->vm) : INN_VM_SAMPLE_UNKNOWN;
  double most = inn_vm_get_max_memory_kib (self->vm);
  double memory = sample.memory_used_kib > 0 && most > 0 ? sample.memory_used_kib / most * 100 : -1;
  guint vcpus = inn_vm_get_vcpus (self->vm);
  g_autofree char *cpu_text = inn_format_percent (sample.cpu_percent);
  g_autofree char *cpu_hint =
      g_strdup_printf (g_dngettext (NULL, "of %u virtual CPU", "of %u virtual CPUs", vcpus), vcpus);
  g_autofree char *memory_text = inn_format_percent (memory);
  g_autofree char *used = inn_format_kib (sample.memory_used_kib);
  g_autofree char *all = inn_format_kib (inn_vm_get_max_memory_kib (self->vm));
  g_autofree char *memory_hint = sample.memory_used_kib > 0
                                     ? g_strdup_printf (_ ("%s of %s"), used, all)
                                     : g_strdup_printf (_ ("of %s"), all);

  inn_stat_card_push (self->cpu, sample.cpu_percent, cpu_text, cpu_hint);
  inn_stat_card_push (self->memory, memory, memory_text, memory_hint);
  push_rate (self->disk, sample.disk_read_bps, sample.disk_write_bps);
  push_rate (self->net, sample.net_rx_bps, sample.net_tx_bps);

  return G_SOURCE_CONTINUE;
}

static DexFuture *
ignore_cb (DexFuture *completed, gpointer data)
{
  /* Addresses are an extra: a guest without an agent has none, and that is no error to show. */
  return dex_future_new_true ();
}

static void
ask_addresses (InnVmSummary *self)
{
  InnSession *session =
      inn_session_manager_get_for_vm (inn_app_context_get_sessions (self->context), self->vm);
  InnHost *host = inn_vm_get_host (self->vm);

  if (session == NULL || host == NULL || !inn_host_is_online (host) || !inn_vm_is_active (self->vm))
    return;

  dex_future_disown (dex_future_finally (
      inn_session_fetch_addresses (session, inn_vm_get_uuid (self->vm)), ignore_cb, NULL, NULL));
}

static void
inn_vm_summary_map (GtkWidget *widget)
{
  InnVmSummary *self = INN_VM_SUMMARY (widget);

  GTK_WIDGET_CLASS (inn_vm_summary_parent_class)->map (widget);
  if (self->vm == NULL || self->tick_id != 0)
    return;

  on_tick (self);
  ask_addresses (self);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
}

static void
inn_vm_summary_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&INN_VM_SUMMARY (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (inn_vm_summary_parent_class)->unmap (widget);
}

static void
inn_vm_summary_dispose (GObject *object)
{
  InnVmSummary *self = INN_VM_SUMMARY (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_VM_SUMMARY);
  inn_widget_unparent_children (GTK_WIDGET (object));
  g_clear_object (&self->context);
  g_clear_object (&self->vm);

  G_OBJECT_CLASS (inn_vm_summary_parent_class)->dispose (object);
}

static void
inn_vm_summary_class_init (InnVmSummaryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_vm_summary_dispose;
  widget_class->map = inn_vm_summary_map;
  widget_class->unmap = inn_vm_summary_unmap;

  g_type_ensure (INN_TYPE_VM_THUMBNAIL);
  g_type_ensure (INN_TYPE_CARDS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/vm/inn-vm-summary.ui");
  gtk_widget_class_bind_template_child (widget_class, InnVmSummary, root);
  gtk_widget_class_bind_template_child (widget_class, InnVmSummary, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, InnVmSummary, charts);
  gtk_widget_class_bind_template_child (widget_class, InnVmSummary, guest_group);
  gtk_widget_class_bind_template_child (widget_class, InnVmSummary, place_group);
  gtk_widget_class_bind_template_child (widget_class, InnVmSummary, notes_group);
  gtk_widget_class_bind_template_child (widget_class, InnVmSummary, notes);
}

static void
inn_vm_summary_init (InnVmSummary *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->cpu = inn_stat_card_append (self->charts, _ ("CPU"), 100);
  self->memory = inn_stat_card_append (self->charts, _ ("Memory"), 100);
  self->disk = inn_stat_card_append (self->charts, _ ("Disk"), 0);
  self->net = inn_stat_card_append (self->charts, _ ("Network"), 0);
  self->state_row = inn_facts_add (self->guest_group, _ ("State"));
  self->title_row = inn_facts_add (self->guest_group, _ ("Title"));
  self->addresses_row = inn_facts_add (self->guest_group, _ ("Addresses"));
  self->uptime_row = inn_facts_add (self->guest_group, _ ("Uptime"));
  self->os_row = inn_facts_add (self->guest_group, _ ("System"));
  self->tags_row = inn_facts_add (self->guest_group, _ ("Tags"));
  self->host_row = inn_facts_add (self->place_group, _ ("Host"));
  self->uuid_row = inn_facts_add (self->place_group, _ ("UUID"));
  self->vcpus_row = inn_facts_add (self->place_group, _ ("Virtual CPUs"));
  self->memory_row = inn_facts_add (self->place_group, _ ("Memory"));
  self->start_row = inn_facts_add (self->place_group, _ ("Start"));
}

/**
 * inn_vm_summary_set_vm:
 * @self: a summary
 * @context: the services
 * @vm: what it is about; once
 */
void
inn_vm_summary_set_vm (InnVmSummary *self, InnAppContext *context, InnVm *vm)
{
  g_return_if_fail (INN_IS_VM_SUMMARY (self));
  g_return_if_fail (self->vm == NULL);

  self->context = g_object_ref (context);
  self->vm = g_object_ref (vm);
  inn_vm_thumbnail_set_vm (self->thumbnail, context, vm);
  g_signal_connect_object (vm, "notify", G_CALLBACK (on_notify), self, G_CONNECT_SWAPPED);
  update (self);
}

/* inn-overview-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/inventory/inn-overview-page.h"

#include "ui/inventory/inn-overview-data.h"
#include "ui/widgets/inn-format.h"
#include "ui/widgets/inn-stat-card.h"
#include "ui/widgets/inn-usage-bar.h"

#include <glib/gi18n.h>

/**
 * InnOverviewPage:
 *
 * The whole in figures, what needs attention first, and who is busiest. Counted anew at each tick
 * while it is looked at, and not at all else.
 */
struct _InnOverviewPage
{
  InnPage parent_instance;

  guint tick_source;
  char *shown_attention; /* what the list says now, to leave it alone while it stays the same */
  GPtrArray *attention_rows;
  GPtrArray *host_rows;
  GPtrArray *vm_rows;
  InnStatCard *hosts_card;
  InnStatCard *vms_card;
  InnStatCard *cpu_card;
  InnStatCard *memory_card;

  GtkStack *stack;
  InnCards *cards;
  AdwPreferencesGroup *attention_group;
  AdwPreferencesGroup *hosts_group;
  AdwPreferencesGroup *vms_group;
};

G_DEFINE_FINAL_TYPE (InnOverviewPage, inn_overview_page, INN_TYPE_PAGE)

#define TICK_SECONDS 3

static GtkWidget *
create_row (const char *icon_name)
{
  GtkWidget *row = adw_action_row_new ();

  /* Names are data. */
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (icon_name != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon_name));

  return row;
}

/* A row that leads somewhere looks like it. */
static void
set_arrow (GtkWidget *row, gboolean shown)
{
  GtkWidget *arrow = g_object_get_data (G_OBJECT (row), "arrow");

  if (arrow == NULL && shown)
    {
      arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
      gtk_accessible_update_state (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
      g_object_set_data (G_OBJECT (row), "arrow", arrow);
    }
  if (arrow != NULL)
    gtk_widget_set_visible (arrow, shown);
}

static void
set_target (GtkWidget *row, gpointer object)
{
  if (INN_IS_HOST (object))
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", inn_host_get_id (object));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-host");
    }
  else if (INN_IS_VM (object) && inn_vm_get_host (object) != NULL)
    {
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "(ss)",
                                        inn_host_get_id (inn_vm_get_host (object)),
                                        inn_vm_get_uuid (object));
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.show-vm");
    }
  else
    return;

  adw_action_row_set_subtitle_selectable (ADW_ACTION_ROW (row), FALSE);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  set_arrow (row, TRUE);
}

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, g_ptr_array_index (rows, i));
  g_ptr_array_set_size (rows, 0);
}

static void
add_row (AdwPreferencesGroup *group, GPtrArray *rows, GtkWidget *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);
}

static char *
describe_attention (InnOverviewData *data)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%u\n", data->n_attention);
  for (guint i = 0; i < data->attention->len; i++)
    {
      InnAttention *attention = g_ptr_array_index (data->attention, i);

      g_string_append_printf (text, "%s\n%s\n", attention->title, attention->text);
    }

  return g_string_free (text, FALSE);
}

static void
show_attention (InnOverviewPage *self, InnOverviewData *data)
{
  g_autofree char *described = describe_attention (data);
  g_autofree char *more = NULL;

  /* Nothing jumps: the list is only made anew when it says something else. */
  if (!g_set_str (&self->shown_attention, described))
    return;

  clear_rows (self->attention_group, self->attention_rows);
  for (guint i = 0; i < data->attention->len; i++)
    {
      InnAttention *attention = g_ptr_array_index (data->attention, i);
      GtkWidget *row = create_row (NULL);
      GtkWidget *icon = gtk_image_new_from_icon_name (inn_severity_get_icon (attention->severity));

      inn_widget_set_state_class (icon, inn_severity_get_class (attention->severity));
      gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      inn_severity_get_word (attention->severity), -1);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), attention->title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), attention->text);
      set_target (row, attention->object);
      add_row (self->attention_group, self->attention_rows, row);
    }

  if (data->n_attention == 0)
    {
      GtkWidget *row = create_row ("object-select-symbolic");

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Nothing needs attention"));
      add_row (self->attention_group, self->attention_rows, row);
    }
  if (data->n_attention > data->attention->len)
    more = g_strdup_printf (
        g_dngettext (NULL, "and %u more", "and %u more", data->n_attention - data->attention->len),
        data->n_attention - data->attention->len);
  adw_preferences_group_set_description (self->attention_group, more);
}

static void
fill_busy_row (GtkWidget *row, const char *name, const char *where, double percent)
{
  g_autofree char *share = inn_format_percent (percent);
  GtkLabel *label = g_object_get_data (G_OBJECT (row), "share");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), where);
  gtk_label_set_text (label, share);
}

/* The rows stay; what is in them changes. */
static void
ensure_busy_rows (AdwPreferencesGroup *group, GPtrArray *rows, guint n, gboolean known)
{
  while (rows->len > MAX (n, 1))
    {
      adw_preferences_group_remove (group, g_ptr_array_index (rows, rows->len - 1));
      g_ptr_array_set_size (rows, (int) rows->len - 1);
    }
  while (rows->len < MAX (n, 1))
    {
      GtkWidget *row = create_row (NULL);
      GtkWidget *label = gtk_label_new (NULL);

      gtk_widget_add_css_class (label, "numeric");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      g_object_set_data (G_OBJECT (row), "share", label);
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
      add_row (group, rows, row);
    }
  if (n == 0)
    {
      GtkWidget *row = g_ptr_array_index (rows, 0);

      fill_busy_row (row, known ? _ ("All quiet") : _ ("No figures yet"), "", -1);
      set_arrow (row, FALSE);
      gtk_label_set_text (g_object_get_data (G_OBJECT (row), "share"), "");
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
    }
}

static void
show_busiest (InnOverviewPage *self, InnOverviewData *data)
{
  ensure_busy_rows (self->hosts_group, self->host_rows, data->hosts->len, data->cpus > 0);
  for (guint i = 0; i < data->hosts->len; i++)
    {
      InnHost *host = g_ptr_array_index (data->hosts, i);
      g_autofree char *n =
          g_strdup_printf (g_dngettext (NULL, "%u guest running", "%u guests running",
                                        inn_host_get_n_running (host)),
                           inn_host_get_n_running (host));

      fill_busy_row (g_ptr_array_index (self->host_rows, i), inn_host_get_name (host), n,
                     inn_host_get_cpu_percent (host));
      set_target (g_ptr_array_index (self->host_rows, i), host);
    }

  ensure_busy_rows (self->vms_group, self->vm_rows, data->vms->len, data->cpus > 0);
  for (guint i = 0; i < data->vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (data->vms, i);
      InnHost *host = inn_vm_get_host (vm);

      fill_busy_row (g_ptr_array_index (self->vm_rows, i), inn_vm_get_name (vm),
                     host != NULL ? inn_host_get_name (host) : "",
                     inn_vm_get_sample (vm)->cpu_percent);
      set_target (g_ptr_array_index (self->vm_rows, i), vm);
    }
}

static void
show_card (InnStatCard *card, char *value, char *hint, double history, double maximum)
{
  inn_stat_card_set_value (card, value, hint);
  inn_sparkline_set_maximum (inn_stat_card_get_sparkline (card), maximum);
  inn_sparkline_push (inn_stat_card_get_sparkline (card), history);
  g_free (value);
  g_free (hint);
}

static void
show_cards (InnOverviewPage *self, InnOverviewData *data)
{
  double memory =
      data->memory_kib > 0 ? (double) data->memory_used_kib / (double) data->memory_kib * 100 : -1;

  show_card (self->hosts_card, g_strdup_printf ("%'u", data->n_online),
             g_strdup_printf (_ ("of %'u connected"), data->n_hosts), data->n_online,
             data->n_hosts);
  show_card (self->vms_card, g_strdup_printf ("%'u", data->n_running),
             g_strdup_printf (_ ("of %'u running"), data->n_vms), data->n_running, data->n_vms);
  show_card (self->cpu_card, inn_format_percent (data->cpu_percent),
             data->cpus > 0
                 ? g_strdup_printf (g_dngettext (NULL, "of %'u CPU", "of %'u CPUs", data->cpus),
                                    data->cpus)
                 : NULL,
             data->cpu_percent, 100);
  show_card (self->memory_card, inn_format_percent (memory), NULL, memory, 100);
  if (memory >= 0)
    {
      g_autofree char *used = inn_format_kib (data->memory_used_kib);
      g_autofree char *all = inn_format_kib (data->memory_kib);
      g_autofree char *share = inn_format_percent (memory);
      /* Translators: memory in use and memory there is: "12 GiB of 64 GiB" */
      g_autofree char *hint = g_strdup_printf (_ ("%s of %s"), used, all);

      inn_stat_card_set_value (self->memory_card, share, hint);
    }
}

static gboolean
on_tick (gpointer user_data)
{
  InnOverviewPage *self = user_data;
  InnAppContext *context = inn_page_get_context (INN_PAGE (self));
  g_autoptr (InnOverviewData) data = inn_overview_data_new (
      inn_app_context_get_inventory (context), inn_app_context_get_operations (context));

  gtk_stack_set_visible_child_name (self->stack, data->n_hosts > 0 ? "overview" : "empty");
  show_cards (self, data);
  show_attention (self, data);
  show_busiest (self, data);

  return G_SOURCE_CONTINUE;
}

static void
inn_overview_page_map (GtkWidget *widget)
{
  InnOverviewPage *self = INN_OVERVIEW_PAGE (widget);

  GTK_WIDGET_CLASS (inn_overview_page_parent_class)->map (widget);
  on_tick (self);
  self->tick_source = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
}

static void
inn_overview_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&INN_OVERVIEW_PAGE (widget)->tick_source, g_source_remove);
  GTK_WIDGET_CLASS (inn_overview_page_parent_class)->unmap (widget);
}

/* The first host should be seen at once and not at the next tick. */
static void
on_hosts_changed (InnOverviewPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    on_tick (self);
}

static void
inn_overview_page_constructed (GObject *object)
{
  InnOverviewPage *self = INN_OVERVIEW_PAGE (object);
  InnAppContext *context = inn_page_get_context (INN_PAGE (self));

  G_OBJECT_CLASS (inn_overview_page_parent_class)->constructed (object);

  inn_page_set_titles (INN_PAGE (self), _ ("Overview"), NULL);
  g_signal_connect_object (inn_inventory_get_hosts (inn_app_context_get_inventory (context)),
                           "items-changed", G_CALLBACK (on_hosts_changed), self, G_CONNECT_SWAPPED);
}

static void
inn_overview_page_dispose (GObject *object)
{
  InnOverviewPage *self = INN_OVERVIEW_PAGE (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_OVERVIEW_PAGE);
  g_clear_pointer (&self->attention_rows, g_ptr_array_unref);
  g_clear_pointer (&self->host_rows, g_ptr_array_unref);
  g_clear_pointer (&self->vm_rows, g_ptr_array_unref);
  g_clear_pointer (&self->shown_attention, g_free);

  G_OBJECT_CLASS (inn_overview_page_parent_class)->dispose (object);
}

static void
inn_overview_page_class_init (InnOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = inn_overview_page_constructed;
  object_class->dispose = inn_overview_page_dispose;
  widget_class->map = inn_overview_page_map;
  widget_class->unmap = inn_overview_page_unmap;

  g_type_ensure (INN_TYPE_CARDS);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/inventory/inn-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InnOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InnOverviewPage, cards);
  gtk_widget_class_bind_template_child (widget_class, InnOverviewPage, attention_group);
  gtk_widget_class_bind_template_child (widget_class, InnOverviewPage, hosts_group);
  gtk_widget_class_bind_template_child (widget_class, InnOverviewPage, vms_group);
}

static void
inn_overview_page_init (InnOverviewPage *self)
{
  self->attention_rows = g_ptr_array_new ();
  self->host_rows = g_ptr_array_new ();
  self->vm_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->hosts_card = inn_stat_card_append (self->cards, _ ("Hosts"), 0);
  self->vms_card = inn_stat_card_append (self->cards, _ ("Virtual Machines"), 0);
  self->cpu_card = inn_stat_card_append (self->cards, _ ("CPU"), 0);
  self->memory_card = inn_stat_card_append (self->cards, _ ("Memory"), 0);
}

/**
 * inn_overview_page_new:
 * @context: the services
 * @settings: the preferences
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
inn_overview_page_new (InnAppContext *context, InnSettings *settings)
{
  return g_object_new (INN_TYPE_OVERVIEW_PAGE, "context", context, "settings", settings, NULL);
}

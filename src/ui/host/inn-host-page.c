/* inn-host-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/host/inn-host-page.h"

#include "ui/events/inn-event-view.h"
#include "ui/host/inn-host-advice.h"
#include "ui/host/inn-host-summary.h"
#include "ui/inventory/inn-inventory-menu.h"
#include "ui/vm/inn-vm-view.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnHostPage:
 *
 * A host: summary, guests, events; a banner while it is not connected.
 */
struct _InnHostPage
{
  InnPage parent_instance;

  InnHost *host; /* the page's object */
  InnVmView *vms;
  AdwBanner *banner;
  GtkMenuButton *menu_button;
  guint tick_id;

  AdwViewStack *stack;
  InnHostSummary *summary;
  AdwBin *vms_bin;
  AdwBin *events_bin;
};

G_DEFINE_FINAL_TYPE (InnHostPage, inn_host_page, INN_TYPE_PAGE)

#define TICK_SECONDS 10

static gboolean
shows_vms (InnHostPage *self)
{
  return g_strcmp0 (adw_view_stack_get_visible_child_name (self->stack), "vms") == 0;
}

static void
on_visible_child (AdwViewStack *stack, GParamSpec *pspec, InnHostPage *self)
{
  if (self->stack == NULL)
    return;

  inn_page_set_search_active (INN_PAGE (self), FALSE);
  inn_page_set_searchable (INN_PAGE (self), shows_vms (self));
}

static void
on_search_notify (InnHostPage *self)
{
  inn_page_set_search_active (INN_PAGE (self), inn_vm_view_get_search (self->vms));
}

static void
inn_host_page_search (InnPage *page, gboolean active)
{
  InnHostPage *self = INN_HOST_PAGE (page);

  if (self->vms != NULL)
    inn_vm_view_set_search (self->vms, active);
}

static char *
get_place (InnHostPage *self)
{
  InnInventory *inventory = inn_app_context_get_inventory (inn_page_get_context (INN_PAGE (self)));
  InnCluster *cluster = inn_inventory_get_cluster_of (inventory, self->host);
  InnDataCenter *data_center =
      cluster != NULL ? inn_inventory_get_data_center_of (inventory, cluster) : NULL;

  if (data_center == NULL)
    return NULL;

  /* Translators: where a host is: data center, cluster */
  return g_strdup_printf (_ ("%s / %s"), inn_data_center_get_name (data_center),
                          inn_cluster_get_name (cluster));
}

static char *
describe_state (InnHost *host)
{
  const char *name = inn_host_get_name (host);
  g_autofree char *ago = inn_format_ago (inn_host_get_last_seen (host));

  switch (inn_host_get_state (host))
    {
    case INN_HOST_CONNECTING:
      return g_strdup_printf (_ ("Connecting to %s…"), name);
    case INN_HOST_LOST:
      return g_strdup_printf (_ ("%s is lost; last seen %s"), name, ago);
    case INN_HOST_AUTH_REQUIRED:
      return g_strdup_printf (_ ("%s needs you to log in"), name);
    case INN_HOST_FAILED:
      return g_strdup_printf (_ ("%s could not be connected"), name);
    case INN_HOST_OFFLINE:
      return g_strdup_printf (_ ("%s is not connected; last seen %s"), name, ago);
    case INN_HOST_ONLINE:
    default:
      return NULL;
    }
}

static void
update (InnHostPage *self)
{
  g_autofree char *place = get_place (self);
  g_autofree char *text = describe_state (self->host);
  const char *verb = inn_host_advice_get_button (self->host);
  g_autoptr (GMenuModel) menu = inn_inventory_menu_new (
      inn_app_context_get_inventory (inn_page_get_context (INN_PAGE (self))), self->host);

  inn_page_set_titles (INN_PAGE (self), inn_host_get_name (self->host), place);
  gtk_menu_button_set_menu_model (self->menu_button, menu);
  adw_banner_set_revealed (self->banner, text != NULL);
  adw_banner_set_button_label (self->banner, verb);
  if (text != NULL)
    adw_banner_set_title (self->banner, text);
}

static void
on_notify (InnHostPage *self, GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "state") || g_str_equal (pspec->name, "name") ||
      g_str_equal (pspec->name, "cluster-id") || g_str_equal (pspec->name, "read-only"))
    update (self);
}

/* The age in the banner grows. */
static gboolean
on_tick (gpointer data)
{
  InnHostPage *self = data;
  g_autofree char *text = describe_state (self->host);

  if (text != NULL)
    adw_banner_set_title (self->banner, text);
  return G_SOURCE_CONTINUE;
}

static void
on_banner_button (InnHostPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.host-connect", "s",
                              inn_host_get_id (self->host));
}

static void
add_header (InnHostPage *self)
{
  self->menu_button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  gtk_menu_button_set_icon_name (self->menu_button, "view-more-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->menu_button), _ ("Host Actions"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Host Actions"), -1);
  inn_page_add_end (INN_PAGE (self), GTK_WIDGET (self->menu_button));

  self->banner = ADW_BANNER (adw_banner_new (""));
  adw_banner_set_use_markup (self->banner, FALSE);
  g_signal_connect_object (self->banner, "button-clicked", G_CALLBACK (on_banner_button), self,
                           G_CONNECT_SWAPPED);
  inn_page_add_banner (INN_PAGE (self), GTK_WIDGET (self->banner));
}

static void
inn_host_page_constructed (GObject *object)
{
  InnHostPage *self = INN_HOST_PAGE (object);
  InnPage *page = INN_PAGE (self);
  InnAppContext *context = inn_page_get_context (page);

  G_OBJECT_CLASS (inn_host_page_parent_class)->constructed (object);

  self->host = INN_HOST (inn_page_get_object (page));
  inn_page_set_stack (page, self->stack);
  inn_host_summary_set_host (self->summary, self->host);
  adw_bin_set_child (self->events_bin, inn_event_view_new (inn_app_context_get_inventory (context),
                                                           inn_host_get_id (self->host), NULL));
  self->vms = INN_VM_VIEW (
      inn_vm_view_new (context, inn_page_get_settings (page), inn_host_get_vms (self->host)));
  adw_bin_set_child (self->vms_bin, GTK_WIDGET (self->vms));
  g_signal_connect_object (self->vms, "notify::search", G_CALLBACK (on_search_notify), self,
                           G_CONNECT_SWAPPED);
  add_header (self);
  g_signal_connect_object (self->host, "notify", G_CALLBACK (on_notify), self, G_CONNECT_SWAPPED);
  update (self);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
}

static void
inn_host_page_dispose (GObject *object)
{
  g_clear_handle_id (&INN_HOST_PAGE (object)->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_HOST_PAGE);

  G_OBJECT_CLASS (inn_host_page_parent_class)->dispose (object);
}

static void
inn_host_page_class_init (InnHostPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = inn_host_page_constructed;
  object_class->dispose = inn_host_page_dispose;
  INN_PAGE_CLASS (klass)->search = inn_host_page_search;

  g_type_ensure (INN_TYPE_HOST_SUMMARY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/host/inn-host-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, summary);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, vms_bin);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, events_bin);
  gtk_widget_class_bind_template_callback (widget_class, on_visible_child);
}

static void
inn_host_page_init (InnHostPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_host_page_new:
 * @context: the services
 * @settings: the preferences
 * @host: what the page is about
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
inn_host_page_new (InnAppContext *context, InnSettings *settings, InnHost *host)
{
  return g_object_new (INN_TYPE_HOST_PAGE, "context", context, "settings", settings, "object", host,
                       NULL);
}

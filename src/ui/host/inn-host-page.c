/* inn-host-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/host/inn-host-page.h"

#include "app/inn-app-text.h"
#include "ui/console/inn-terminal.h"
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
 * A host: summary, guests, events, a shell; a banner while it is not connected.
 */
struct _InnHostPage
{
  InnPage parent_instance;

  InnHost *host; /* the page's object */
  guint tick_id;

  AdwViewStack *stack;
  InnHostSummary *summary;
  AdwBin *vms_bin;
  AdwBin *events_bin;
  AdwViewStackPage *terminal_page;
  AdwBin *terminal_bin;
};

G_DEFINE_FINAL_TYPE (InnHostPage, inn_host_page, INN_TYPE_PAGE)

#define TICK_SECONDS 10

static void update_terminal (InnHostPage *self);

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
      return inn_host_is_key_changed (host)
                 ? g_strdup_printf (_ ("%s shows another key than before"), name)
                 : g_strdup_printf (_ ("%s needs you to log in"), name);
    case INN_HOST_FAILED:
      return g_strdup_printf (_ ("%s could not be connected"), name);
    case INN_HOST_OFFLINE:
      return inn_host_get_last_seen (host) == 0
                 ? g_strdup_printf (_ ("%s was never connected"), name)
                 : g_strdup_printf (_ ("%s is not connected; last seen %s"), name, ago);
    case INN_HOST_ONLINE:
    default:
      return NULL;
    }
}

static void
update_banner (InnHostPage *self)
{
  g_autofree char *text = describe_state (self->host);

  inn_page_set_banner (INN_PAGE (self), text, inn_host_advice_get_button (self->host),
                       "win.host-connect", inn_host_get_id (self->host));
}

static void
update (InnHostPage *self)
{
  g_autofree char *place = get_place (self);
  g_autoptr (GMenuModel) menu = inn_inventory_menu_new (
      inn_app_context_get_inventory (inn_page_get_context (INN_PAGE (self))), self->host);

  inn_page_set_titles (INN_PAGE (self), inn_host_get_name (self->host), place);
  inn_page_set_menu (INN_PAGE (self), menu);
  update_banner (self);
}

static void
on_notify (InnHostPage *self, GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "state") || g_str_equal (pspec->name, "name") ||
      g_str_equal (pspec->name, "cluster-id") || g_str_equal (pspec->name, "read-only"))
    update (self);
  if (g_str_equal (pspec->name, "uri"))
    update_terminal (self);
}

/* The age in the banner grows. */
static gboolean
on_tick (gpointer data)
{
  update_banner (data);
  return G_SOURCE_CONTINUE;
}

static DexFuture *
open_shell (GObject *host, gboolean force, GCancellable *cancellable, gpointer context)
{
  return inn_app_context_open_shell (context, INN_HOST (host), cancellable);
}

static void
set_release_keys (InnTerminal *terminal, const char *key, InnSettings *settings)
{
  g_autofree char *keys = inn_settings_dup_console_release_keys (settings);

  inn_terminal_set_release_keys (terminal, keys);
}

/* There is one where the host is reached over SSH; another address may change that. */
static void
update_terminal (InnHostPage *self)
{
  InnAppContext *context = inn_page_get_context (INN_PAGE (self));
  InnSettings *settings = inn_page_get_settings (INN_PAGE (self));
  gboolean shown = inn_app_context_has_shell (context, self->host);
  GtkWidget *terminal = NULL;

  if (shown == (adw_bin_get_child (self->terminal_bin) != NULL))
    return;

  if (shown)
    {
      terminal = inn_terminal_new (G_OBJECT (self->host), inn_host_get_name (self->host),
                                   open_shell, g_object_ref (context), g_object_unref);
      set_release_keys (INN_TERMINAL (terminal), NULL, settings);
      g_signal_connect_object (settings, "changed::console-release-keys",
                               G_CALLBACK (set_release_keys), terminal, G_CONNECT_SWAPPED);
    }
  adw_bin_set_child (self->terminal_bin, terminal);
  adw_view_stack_page_set_visible (self->terminal_page, shown);
}

static void
inn_host_page_constructed (GObject *object)
{
  InnHostPage *self = INN_HOST_PAGE (object);
  InnPage *page = INN_PAGE (self);
  InnAppContext *context = inn_page_get_context (page);
  GtkWidget *events;
  GtkWidget *vms;

  G_OBJECT_CLASS (inn_host_page_parent_class)->constructed (object);

  self->host = INN_HOST (inn_page_get_object (page));
  inn_page_set_stack (page, self->stack);
  inn_host_summary_set_host (self->summary, self->host);
  events = inn_event_view_new (inn_app_context_get_inventory (context),
                               inn_host_get_id (self->host), NULL);
  adw_bin_set_child (self->events_bin, events);
  inn_page_add_filter (page, events);
  vms = inn_vm_view_new (context, inn_page_get_settings (page), inn_host_get_vms (self->host));
  adw_bin_set_child (self->vms_bin, vms);
  inn_page_add_filter (page, vms);
  g_signal_connect_object (self->host, "notify", G_CALLBACK (on_notify), self, G_CONNECT_SWAPPED);
  update_terminal (self);
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

  g_type_ensure (INN_TYPE_HOST_SUMMARY);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/host/inn-host-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, summary);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, vms_bin);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, events_bin);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, terminal_page);
  gtk_widget_class_bind_template_child (widget_class, InnHostPage, terminal_bin);
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

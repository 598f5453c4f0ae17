/* inn-vm-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-page.h"

#include "ui/events/inn-event-view.h"
#include "ui/host/inn-host-advice.h"
#include "ui/vm/inn-vm-actions.h"
#include "ui/vm/inn-vm-console.h"
#include "ui/vm/inn-vm-power-button.h"
#include "ui/vm/inn-vm-summary.h"
#include "ui/vm/inn-vm-text.h"
#include "ui/vm/inn-vm-xml-view.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnVmPage:
 *
 * A guest: summary, console, events, XML, and what can be done to it.
 */
struct _InnVmPage
{
  InnPage parent_instance;

  InnVm *vm; /* the page's object */
  AdwSplitButton *power_button;
  GSignalGroup *host_signals;

  AdwViewStack *stack;
  InnVmSummary *summary;
  InnConsolePage *console;
  InnVmText *text;
  GtkDropDown *text_chooser;
  AdwBin *events_bin;
  InnVmXmlView *xml;
};

G_DEFINE_FINAL_TYPE (InnVmPage, inn_vm_page, INN_TYPE_PAGE)

static char *
get_place (InnVmPage *self)
{
  InnInventory *inventory = inn_app_context_get_inventory (inn_page_get_context (INN_PAGE (self)));
  InnHost *host = inn_vm_get_host (self->vm);
  InnCluster *cluster = host != NULL ? inn_inventory_get_cluster_of (inventory, host) : NULL;
  InnDataCenter *data_center =
      cluster != NULL ? inn_inventory_get_data_center_of (inventory, cluster) : NULL;

  if (data_center == NULL)
    return NULL;

  /* Translators: where a guest is: data center, cluster, host */
  return g_strdup_printf (_ ("%s / %s / %s"), inn_data_center_get_name (data_center),
                          inn_cluster_get_name (cluster), inn_host_get_name (host));
}

static void
update_banner (InnVmPage *self)
{
  InnHost *host = inn_vm_get_host (self->vm);
  g_autofree char *ago = NULL;
  g_autofree char *text = NULL;

  if (host == NULL)
    text = g_strdup (_ ("This virtual machine is gone from its host"));
  else if (!inn_host_is_online (host))
    {
      ago = inn_format_ago (inn_host_get_last_seen (host));
      /* Translators: name of a host, its state, "3 min ago" */
      text = g_strdup_printf (_ ("%s: %s; last seen %s"), inn_host_get_name (host),
                              inn_host_get_word (host), ago);
    }

  inn_page_set_banner (INN_PAGE (self), text,
                       host != NULL ? inn_host_advice_get_button (host) : NULL, "win.host-connect",
                       host != NULL ? inn_host_get_id (host) : NULL);
}

static void
update (InnVmPage *self)
{
  g_autofree char *place = get_place (self);

  inn_page_set_titles (INN_PAGE (self), inn_vm_get_name (self->vm), place);
  update_banner (self);
  inn_vm_power_button_update (self->power_button, GTK_WIDGET (self),
                              inn_app_context_get_vm_ops (inn_page_get_context (INN_PAGE (self))),
                              self->vm);
}

static void
on_notify (InnVmPage *self, GParamSpec *pspec)
{
  static const char *const seen[] = { "name",       "state",        "stale", "autostart",
                                      "persistent", "managed-save", "host",  NULL };

  if (g_str_equal (pspec->name, "host"))
    g_signal_group_set_target (self->host_signals, inn_vm_get_host (self->vm));
  if (g_strv_contains (seen, pspec->name))
    update (self);
}

/* Also what its host is and can do; its figures change all the time. */
static void
on_host_notify (InnVmPage *self, GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "state") || g_str_equal (pspec->name, "name") ||
      g_str_equal (pspec->name, "read-only") || g_str_equal (pspec->name, "facts"))
    update (self);
}

static void
on_vm_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  InnVmPage *self = INN_VM_PAGE (widget);
  g_autoptr (GPtrArray) vms = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (vms, g_object_ref (self->vm));
  inn_vm_actions_run (inn_page_get_context (INN_PAGE (self)), widget, vms, name);
}

static void
on_console (GtkWidget *widget, const char *name, GVariant *parameter)
{
  inn_vm_page_show_console (INN_VM_PAGE (widget));
}

static void
add_header (InnVmPage *self)
{
  self->power_button = inn_vm_power_button_new ();
  inn_page_add_end (INN_PAGE (self), GTK_WIDGET (self->power_button));
}

static void
inn_vm_page_constructed (GObject *object)
{
  InnVmPage *self = INN_VM_PAGE (object);
  InnPage *page = INN_PAGE (self);
  InnAppContext *context = inn_page_get_context (page);
  GtkWidget *events;

  G_OBJECT_CLASS (inn_vm_page_parent_class)->constructed (object);

  self->vm = INN_VM (inn_page_get_object (page));
  inn_page_set_stack (page, self->stack);
  inn_vm_summary_set_vm (self->summary, context, self->vm);
  events = inn_event_view_new (inn_app_context_get_inventory (context), NULL,
                               inn_vm_get_uuid (self->vm));
  adw_bin_set_child (self->events_bin, events);
  inn_page_add_filter (page, events);
  inn_vm_xml_view_set_vm (self->xml, context, self->vm);
  inn_vm_console_setup (self->console, context, inn_page_get_settings (page), self->vm);
  inn_vm_text_set_vm (self->text, context, inn_page_get_settings (page), self->vm,
                      self->text_chooser);
  add_header (self);

  self->host_signals = g_signal_group_new (INN_TYPE_HOST);
  g_signal_group_connect_object (self->host_signals, "notify", G_CALLBACK (on_host_notify), self,
                                 G_CONNECT_SWAPPED);
  g_signal_group_set_target (self->host_signals, inn_vm_get_host (self->vm));
  g_signal_connect_object (self->vm, "notify", G_CALLBACK (on_notify), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
inn_vm_page_dispose (GObject *object)
{
  InnVmPage *self = INN_VM_PAGE (object);

  /* The guest goes after its page when its host is removed, and whoever leaves the page holds it
   * for a while. */
  if (self->host_signals != NULL)
    g_signal_handlers_disconnect_by_func (self->vm, on_notify, self);
  g_clear_object (&self->host_signals);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_VM_PAGE);

  G_OBJECT_CLASS (inn_vm_page_parent_class)->dispose (object);
}

static void
inn_vm_page_class_init (InnVmPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = inn_vm_page_constructed;
  object_class->dispose = inn_vm_page_dispose;

  g_type_ensure (INN_TYPE_VM_SUMMARY);
  g_type_ensure (INN_TYPE_CONSOLE_PAGE);
  g_type_ensure (INN_TYPE_VM_TEXT);
  g_type_ensure (INN_TYPE_VM_XML_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/innkeeper/Innkeeper/vm/inn-vm-page.ui");
  gtk_widget_class_bind_template_child (widget_class, InnVmPage, stack);
  gtk_widget_class_bind_template_child (widget_class, InnVmPage, summary);
  gtk_widget_class_bind_template_child (widget_class, InnVmPage, console);
  gtk_widget_class_bind_template_child (widget_class, InnVmPage, text);
  gtk_widget_class_bind_template_child (widget_class, InnVmPage, text_chooser);
  gtk_widget_class_bind_template_child (widget_class, InnVmPage, events_bin);
  gtk_widget_class_bind_template_child (widget_class, InnVmPage, xml);
  inn_vm_actions_install (widget_class, on_vm_action);
  gtk_widget_class_install_action (widget_class, "vm-page.console", NULL, on_console);
}

static void
inn_vm_page_init (InnVmPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_vm_page_new:
 * @context: the services
 * @settings: the preferences
 * @vm: what the page is about
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
inn_vm_page_new (InnAppContext *context, InnSettings *settings, InnVm *vm)
{
  return g_object_new (INN_TYPE_VM_PAGE, "context", context, "settings", settings, "object", vm,
                       NULL);
}

/**
 * inn_vm_page_show_console:
 * @self: a page
 */
void
inn_vm_page_show_console (InnVmPage *self)
{
  g_return_if_fail (INN_IS_VM_PAGE (self));

  adw_view_stack_set_visible_child_name (self->stack, "console");
}

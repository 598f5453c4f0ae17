/* inn-vms-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vms-page.h"

#include "ui/vm/inn-vm-model.h"
#include "ui/vm/inn-vm-view.h"

#include <glib/gi18n.h>

/**
 * InnVmsPage:
 *
 * All guests of all hosts. It has no template: it is a page around [class@VmView].
 */
struct _InnVmsPage
{
  InnPage parent_instance;

  InnVmView *view;
};

G_DEFINE_FINAL_TYPE (InnVmsPage, inn_vms_page, INN_TYPE_PAGE)

static void
update_titles (InnVmsPage *self)
{
  InnInventory *inventory = inn_app_context_get_inventory (inn_page_get_context (INN_PAGE (self)));
  guint n_listed = g_list_model_get_n_items (inn_inventory_get_vms (inventory));
  guint n = inn_inventory_get_n_vms (inventory);
  GListModel *list = inn_vm_view_get_shown (self->view);
  guint shown = g_list_model_get_n_items (list);
  g_autofree char *subtitle = NULL;

  if (n == 0)
    subtitle = NULL;
  /* Those that came and are not looked at yet are not filtered out. */
  else if (shown < n_listed && !inn_vm_model_is_filling (INN_VM_MODEL (list)))
    /* Translators: how many guests a filter shows of how many: "12 of 300" */
    subtitle = g_strdup_printf (_ ("%'u of %'u"), shown, n);
  else
    subtitle = g_strdup_printf (g_dngettext (NULL, "%'u on all hosts", "%'u on all hosts", n), n);

  inn_page_set_titles (INN_PAGE (self), _ ("Virtual Machines"), subtitle);
}

static void
inn_vms_page_constructed (GObject *object)
{
  InnVmsPage *self = INN_VMS_PAGE (object);
  InnAppContext *context = inn_page_get_context (INN_PAGE (self));
  GListModel *vms = inn_inventory_get_vms (inn_app_context_get_inventory (context));

  G_OBJECT_CLASS (inn_vms_page_parent_class)->constructed (object);

  self->view =
      INN_VM_VIEW (inn_vm_view_new (context, inn_page_get_settings (INN_PAGE (self)), vms));
  g_object_set (self, "content", self->view, NULL);
  inn_page_add_filter (INN_PAGE (self), GTK_WIDGET (self->view));
  g_signal_connect_object (inn_vm_view_get_shown (self->view), "items-changed",
                           G_CALLBACK (update_titles), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (inn_vm_view_get_shown (self->view), "notify::filling",
                           G_CALLBACK (update_titles), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (vms, "items-changed", G_CALLBACK (update_titles), self,
                           G_CONNECT_SWAPPED);
  update_titles (self);
}

static void
inn_vms_page_class_init (InnVmsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = inn_vms_page_constructed;
}

static void
inn_vms_page_init (InnVmsPage *self)
{
}

/**
 * inn_vms_page_new:
 * @context: the services
 * @settings: the preferences
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
inn_vms_page_new (InnAppContext *context, InnSettings *settings)
{
  return g_object_new (INN_TYPE_VMS_PAGE, "context", context, "settings", settings, NULL);
}

/* inn-page-factory.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-page-factory.h"

#include "model/inn-inventory.h"
#include "ui/cluster/inn-group-page.h"
#include "ui/events/inn-events-page.h"
#include "ui/host/inn-host-page.h"
#include "ui/inventory/inn-overview-page.h"
#include "ui/vm/inn-vm-page.h"
#include "ui/vm/inn-vms-page.h"

/**
 * inn_page_factory_create_kind:
 * @context: the services
 * @settings: the preferences
 * @kind: which of the pages about everything
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
inn_page_factory_create_kind (InnAppContext *context, InnSettings *settings, InnNavKind kind)
{
  switch (kind)
    {
    case INN_NAV_OVERVIEW:
      return inn_overview_page_new (context, settings);
    case INN_NAV_EVENTS:
      return inn_events_page_new (context, settings);
    case INN_NAV_VMS:
    default:
      return inn_vms_page_new (context, settings);
    }
}

/**
 * inn_page_factory_create:
 * @context: the services
 * @settings: the preferences
 * @object: a data center, cluster, host or guest
 *
 * Returns: (transfer floating) (nullable): the page about it
 */
GtkWidget *
inn_page_factory_create (InnAppContext *context, InnSettings *settings, gpointer object)
{
  if (INN_IS_HOST (object))
    return inn_host_page_new (context, settings, object);
  if (INN_IS_VM (object))
    return inn_vm_page_new (context, settings, object);
  if (INN_IS_CLUSTER (object) || INN_IS_DATA_CENTER (object))
    return inn_group_page_new (context, settings, object);

  return NULL;
}

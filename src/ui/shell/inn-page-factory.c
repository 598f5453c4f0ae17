/* inn-page-factory.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-page-factory.h"

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
  return inn_vms_page_new (context, settings);
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
  return NULL;
}

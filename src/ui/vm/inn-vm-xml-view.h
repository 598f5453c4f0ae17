/* inn-vm-xml-view.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INN_TYPE_VM_XML_VIEW (inn_vm_xml_view_get_type ())

G_DECLARE_FINAL_TYPE (InnVmXmlView, inn_vm_xml_view, INN, VM_XML_VIEW, GtkWidget)

void inn_vm_xml_view_set_vm (InnVmXmlView *self, InnAppContext *context, InnVm *vm);

G_END_DECLS

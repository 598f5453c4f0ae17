/* inn-page.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"
#include "ui/shell/inn-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_PAGE (inn_page_get_type ())

G_DECLARE_DERIVABLE_TYPE (InnPage, inn_page, INN, PAGE, AdwNavigationPage)

/**
 * InnPageClass:
 * @search: Ctrl+F was pressed: shows the page's filter
 */
struct _InnPageClass
{
  AdwNavigationPageClass parent_class;

  void (*search) (InnPage *self, gboolean active);
};

InnAppContext *inn_page_get_context (InnPage *self);
InnSettings *inn_page_get_settings (InnPage *self);
GObject *inn_page_get_object (InnPage *self);
void inn_page_set_titles (InnPage *self, const char *title, const char *subtitle);
void inn_page_set_stack (InnPage *self, AdwViewStack *stack);
void inn_page_set_searchable (InnPage *self, gboolean searchable);
void inn_page_set_search_active (InnPage *self, gboolean active);
void inn_page_add_end (InnPage *self, GtkWidget *widget);
void inn_page_add_banner (InnPage *self, GtkWidget *widget);

G_END_DECLS

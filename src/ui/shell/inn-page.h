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

struct _InnPageClass
{
  AdwNavigationPageClass parent_class;
};

InnAppContext *inn_page_get_context (InnPage *self);
InnSettings *inn_page_get_settings (InnPage *self);
GObject *inn_page_get_object (InnPage *self);
void inn_page_set_titles (InnPage *self, const char *title, const char *subtitle);
void inn_page_set_stack (InnPage *self, AdwViewStack *stack);
void inn_page_add_filter (InnPage *self, GtkWidget *filter);
void inn_page_open_filter (InnPage *self);
void inn_page_focus (InnPage *self);
void inn_page_set_menu (InnPage *self, GMenuModel *menu);
void inn_page_add_end (InnPage *self, GtkWidget *widget);
void inn_page_set_banner (
    InnPage *self, const char *text, const char *button, const char *action, const char *target);

G_END_DECLS

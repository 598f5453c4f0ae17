/* inn-events-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/events/inn-events-page.h"

#include "ui/events/inn-event-view.h"

#include <glib/gi18n.h>

/**
 * InnEventsPage:
 *
 * What happened anywhere. It has no template: it is a page around [class@EventView].
 */
struct _InnEventsPage
{
  InnPage parent_instance;
};

G_DEFINE_FINAL_TYPE (InnEventsPage, inn_events_page, INN_TYPE_PAGE)

static void
inn_events_page_constructed (GObject *object)
{
  InnPage *page = INN_PAGE (object);
  InnInventory *inventory = inn_app_context_get_inventory (inn_page_get_context (page));
  GtkWidget *view = inn_event_view_new (inventory, NULL, NULL);

  G_OBJECT_CLASS (inn_events_page_parent_class)->constructed (object);

  g_object_set (page, "content", view, NULL);
  inn_page_set_titles (page, _ ("Events"), NULL);
  inn_page_add_filter (page, view);
}

static void
inn_events_page_class_init (InnEventsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = inn_events_page_constructed;
}

static void
inn_events_page_init (InnEventsPage *self)
{
}

/**
 * inn_events_page_new:
 * @context: the services
 * @settings: the preferences
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
inn_events_page_new (InnAppContext *context, InnSettings *settings)
{
  return g_object_new (INN_TYPE_EVENTS_PAGE, "context", context, "settings", settings, NULL);
}

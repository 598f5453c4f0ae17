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

  InnEventView *view;
};

G_DEFINE_FINAL_TYPE (InnEventsPage, inn_events_page, INN_TYPE_PAGE)

static void
inn_events_page_search (InnPage *page, gboolean active)
{
  inn_event_view_set_search (INN_EVENTS_PAGE (page)->view, active);
}

static void
inn_events_page_constructed (GObject *object)
{
  InnEventsPage *self = INN_EVENTS_PAGE (object);
  InnAppContext *context = inn_page_get_context (INN_PAGE (self));

  G_OBJECT_CLASS (inn_events_page_parent_class)->constructed (object);

  self->view =
      INN_EVENT_VIEW (inn_event_view_new (inn_app_context_get_inventory (context), NULL, NULL));
  g_object_set (self, "content", self->view, NULL);
  inn_page_set_titles (INN_PAGE (self), _ ("Events"), NULL);
  inn_page_set_searchable (INN_PAGE (self), TRUE);
}

static void
inn_events_page_class_init (InnEventsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = inn_events_page_constructed;
  INN_PAGE_CLASS (klass)->search = inn_events_page_search;
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

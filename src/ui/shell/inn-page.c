/* inn-page.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-page.h"

#include "base/inn-error.h"
#include "ui/shell/inn-error-dialog.h"
#include "ui/shell/inn-operations-button.h"
#include "ui/widgets/inn-button-menu.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnPage:
 *
 * What all pages of the window share: the header with its title and subtitle, the filter toggle,
 * the operations and the menu, a banner, and a place for the page's own contents. A page gets one
 * model object and the services it needs.
 */
typedef struct
{
  InnAppContext *context;
  InnSettings *settings;
  GObject *object;

  AdwToolbarView *toolbar_view;
  AdwHeaderBar *header;
  AdwWindowTitle *window_title;
  AdwToggleGroup *switcher;
  GtkMenuButton *object_button;
  GtkToggleButton *search_button;
  InnOperationsButton *operations_button;
  GtkBox *end;
  GtkCenterBox *actions;
  AdwBanner *notice;
  AdwBanner *banner;

  AdwViewStack *stack;
  GPtrArray *filters; /* widgets with a property "search" */
  GtkWidget *filter;  /* the one of them that is shown */
  GBinding *binding;  /* of the filter to the search button */
} InnPagePrivate;

enum
{
  PROP_0,
  PROP_CONTEXT,
  PROP_SETTINGS,
  PROP_OBJECT,
  PROP_CONTENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_TYPE_WITH_PRIVATE (InnPage, inn_page, ADW_TYPE_NAVIGATION_PAGE)

static InnPagePrivate *
get_private (InnPage *self)
{
  return inn_page_get_instance_private (self);
}

static GtkWidget *
find_shown_filter (InnPagePrivate *priv)
{
  GtkWidget *shown = priv->stack != NULL ? adw_view_stack_get_visible_child (priv->stack) : NULL;

  for (guint i = 0; i < priv->filters->len; i++)
    {
      GtkWidget *filter = g_ptr_array_index (priv->filters, i);

      if (priv->stack == NULL ||
          (shown != NULL && (filter == shown || gtk_widget_is_ancestor (filter, shown))))
        return filter;
    }

  return NULL;
}

/* A filter that is no longer shown is closed: what it hides would be missed elsewhere. */
static void
update_filter (InnPage *self)
{
  InnPagePrivate *priv = get_private (self);
  GtkWidget *filter = priv->filters != NULL ? find_shown_filter (priv) : NULL;

  if (filter == priv->filter)
    return;

  if (priv->binding != NULL)
    g_binding_unbind (priv->binding);
  g_clear_object (&priv->binding);
  if (priv->filter != NULL)
    g_object_set (priv->filter, "search", FALSE, NULL);
  priv->filter = filter;
  gtk_toggle_button_set_active (priv->search_button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (priv->search_button), filter != NULL);
  if (filter != NULL)
    priv->binding =
        g_object_ref (g_object_bind_property (filter, "search", priv->search_button, "active",
                                              G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE));
}

static gboolean
has_actions (InnPagePrivate *priv)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (priv->end)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child))
      return TRUE;

  return FALSE;
}

/* Where a menu opens that is longer than what is there on the other side. */
static void
set_direction (GtkBox *box, GtkArrowType direction)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (ADW_IS_SPLIT_BUTTON (child))
      adw_split_button_set_direction (ADW_SPLIT_BUTTON (child), direction);
    else if (GTK_IS_MENU_BUTTON (child))
      gtk_menu_button_set_direction (GTK_MENU_BUTTON (child), direction);
}

/* A narrow header has no room for a title beside what can be done with the page. Pages without
 * actions of their own have names that are short and ours. */
static void
on_narrow (AdwBreakpoint *breakpoint, InnPage *self)
{
  InnPagePrivate *priv = get_private (self);
  g_autoptr (GtkWidget) end = g_object_ref (GTK_WIDGET (priv->end));
  g_autoptr (GtkWidget) operations = g_object_ref (GTK_WIDGET (priv->operations_button));
  g_autofree char *layout = inn_widget_dup_narrow_layout (GTK_WIDGET (self));

  adw_header_bar_set_decoration_layout (priv->header, layout);
  gtk_widget_add_css_class (GTK_WIDGET (priv->switcher), "narrow-switcher");
  if (!has_actions (priv) || gtk_widget_get_visible (GTK_WIDGET (priv->actions)))
    return;

  adw_header_bar_remove (priv->header, end);
  adw_header_bar_remove (priv->header, operations);
  gtk_center_box_set_start_widget (priv->actions, operations);
  gtk_center_box_set_end_widget (priv->actions, end);
  gtk_widget_set_visible (GTK_WIDGET (priv->actions), TRUE);
  set_direction (priv->end, GTK_ARROW_UP);
}

static void
on_wide (AdwBreakpoint *breakpoint, InnPage *self)
{
  InnPagePrivate *priv = get_private (self);
  g_autoptr (GtkWidget) end = g_object_ref (GTK_WIDGET (priv->end));
  g_autoptr (GtkWidget) operations = g_object_ref (GTK_WIDGET (priv->operations_button));

  adw_header_bar_set_decoration_layout (priv->header, NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (priv->switcher), "narrow-switcher");
  if (!gtk_widget_get_visible (GTK_WIDGET (priv->actions)))
    return;

  gtk_widget_set_visible (GTK_WIDGET (priv->actions), FALSE);
  set_direction (priv->end, GTK_ARROW_DOWN);
  gtk_center_box_set_start_widget (priv->actions, NULL);
  gtk_center_box_set_end_widget (priv->actions, NULL);
  adw_header_bar_pack_end (priv->header, operations);
  adw_header_bar_pack_end (priv->header, end);
}

/* What is wrong with the store: it was damaged, is of a newer version, cannot be written now. */
static void
show_notice (InnPage *self)
{
  InnPagePrivate *priv = get_private (self);
  g_autofree char *text = inn_store_dup_short_notice (inn_app_context_get_store (priv->context));

  adw_banner_set_revealed (priv->notice, text != NULL);
  /* A screen reader finds the text of a banner that is folded up. */
  adw_banner_set_title (priv->notice, text != NULL ? text : "");
}

/* Paths and sentences that have no room in the banner of a narrow window. */
static void
on_notice_details (InnPage *self)
{
  InnStore *store = inn_app_context_get_store (get_private (self)->context);
  g_autofree char *text = inn_store_dup_short_notice (store);
  g_autoptr (GError) notice = NULL;

  if (text == NULL)
    return;

  notice = inn_error_new (INN_ERROR_STORE, inn_store_get_directory (store), "%s", text);
  inn_error_dialog_present (notice, GTK_WIDGET (self));
}

static void
inn_page_constructed (GObject *object)
{
  InnPagePrivate *priv = get_private (INN_PAGE (object));

  G_OBJECT_CLASS (inn_page_parent_class)->constructed (object);

  if (priv->context == NULL)
    return;

  inn_operations_button_set_manager (priv->operations_button,
                                     inn_app_context_get_operations (priv->context));
  g_signal_connect_object (inn_app_context_get_store (priv->context), "notice-changed",
                           G_CALLBACK (show_notice), object, G_CONNECT_SWAPPED);
  show_notice (INN_PAGE (object));
}

static void
inn_page_dispose (GObject *object)
{
  InnPagePrivate *priv = get_private (INN_PAGE (object));

  priv->filter = NULL;
  g_clear_object (&priv->binding);
  g_clear_pointer (&priv->filters, g_ptr_array_unref);
  g_clear_object (&priv->stack);
  /* The parent class lets go of its child itself, and must not find it gone. */
  adw_navigation_page_set_child (ADW_NAVIGATION_PAGE (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_PAGE);
  g_clear_object (&priv->context);
  g_clear_object (&priv->settings);
  g_clear_object (&priv->object);

  G_OBJECT_CLASS (inn_page_parent_class)->dispose (object);
}

static void
inn_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnPagePrivate *priv = get_private (INN_PAGE (object));

  switch (prop_id)
    {
    case PROP_CONTEXT:
      g_value_set_object (value, priv->context);
      break;
    case PROP_SETTINGS:
      g_value_set_object (value, priv->settings);
      break;
    case PROP_OBJECT:
      g_value_set_object (value, priv->object);
      break;
    case PROP_CONTENT:
      g_value_set_object (value, adw_toolbar_view_get_content (priv->toolbar_view));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  InnPagePrivate *priv = get_private (INN_PAGE (object));

  switch (prop_id)
    {
    case PROP_CONTEXT:
      priv->context = g_value_dup_object (value);
      break;
    case PROP_SETTINGS:
      priv->settings = g_value_dup_object (value);
      break;
    case PROP_OBJECT:
      g_set_object (&priv->object, g_value_get_object (value));
      break;
    case PROP_CONTENT:
      adw_toolbar_view_set_content (priv->toolbar_view, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_page_class_init (InnPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags once = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = inn_page_constructed;
  object_class->dispose = inn_page_dispose;
  object_class->get_property = inn_page_get_property;
  object_class->set_property = inn_page_set_property;

  properties[PROP_CONTEXT] =
      g_param_spec_object ("context", NULL, NULL, INN_TYPE_APP_CONTEXT, once);
  properties[PROP_SETTINGS] = g_param_spec_object ("settings", NULL, NULL, INN_TYPE_SETTINGS, once);
  properties[PROP_OBJECT] = g_param_spec_object ("object", NULL, NULL, G_TYPE_OBJECT, once);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (INN_TYPE_OPERATIONS_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/innkeeper/Innkeeper/shell/inn-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, toolbar_view);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, header);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, window_title);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, switcher);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, object_button);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, search_button);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, operations_button);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, end);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, actions);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, notice);
  gtk_widget_class_bind_template_child_private (widget_class, InnPage, banner);
  gtk_widget_class_bind_template_callback (widget_class, on_narrow);
  gtk_widget_class_bind_template_callback (widget_class, on_wide);
  gtk_widget_class_bind_template_callback (widget_class, on_notice_details);
}

static void
inn_page_init (InnPage *self)
{
  get_private (self)->filters = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_page_get_context:
 * @self: a page
 *
 * Returns: (transfer none): the services
 */
InnAppContext *
inn_page_get_context (InnPage *self)
{
  return get_private (self)->context;
}

/**
 * inn_page_get_settings:
 * @self: a page
 *
 * Returns: (transfer none): the preferences
 */
InnSettings *
inn_page_get_settings (InnPage *self)
{
  return get_private (self)->settings;
}

/**
 * inn_page_get_object:
 * @self: a page
 *
 * Returns: (transfer none) (nullable): what the page is about; %NULL for pages about everything
 */
GObject *
inn_page_get_object (InnPage *self)
{
  return get_private (self)->object;
}

/**
 * inn_page_set_titles:
 * @self: a page
 * @title: name of what it shows, no markup
 * @subtitle: (nullable): where that is
 */
void
inn_page_set_titles (InnPage *self, const char *title, const char *subtitle)
{
  InnPagePrivate *priv = get_private (self);

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), title);
  adw_window_title_set_title (priv->window_title, title);
  adw_window_title_set_subtitle (priv->window_title, subtitle != NULL ? subtitle : "");
}

/* A toggle for each view that is there; one that comes later is the last. */
static void
offer_view (InnPage *self, GParamSpec *pspec, AdwViewStackPage *page)
{
  AdwToggleGroup *switcher = get_private (self)->switcher;
  const char *name = adw_view_stack_page_get_name (page);
  AdwToggle *toggle = adw_toggle_group_get_toggle_by_name (switcher, name);

  if (adw_view_stack_page_get_visible (page) == (toggle != NULL))
    return;

  if (toggle != NULL)
    {
      adw_toggle_group_remove (switcher, toggle);
      return;
    }

  toggle = adw_toggle_new ();
  adw_toggle_set_name (toggle, name);
  adw_toggle_set_label (toggle, adw_view_stack_page_get_title (page));
  adw_toggle_group_add (switcher, toggle);
}

/**
 * inn_page_set_stack:
 * @self: a page
 * @stack: its views, all of them; the page gets a switcher for them
 */
void
inn_page_set_stack (InnPage *self, AdwViewStack *stack)
{
  InnPagePrivate *priv = get_private (self);
  g_autoptr (GtkSelectionModel) pages = adw_view_stack_get_pages (stack);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (pages));

  /* Not an AdwInlineViewSwitcher: libadwaita 1.7 never frees its labels. */
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AdwViewStackPage) page = g_list_model_get_item (G_LIST_MODEL (pages), i);

      offer_view (self, NULL, page);
      g_signal_connect_object (page, "notify::visible", G_CALLBACK (offer_view), self,
                               G_CONNECT_SWAPPED);
    }
  g_object_bind_property (stack, "visible-child-name", priv->switcher, "active-name",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  gtk_widget_set_visible (GTK_WIDGET (priv->switcher), TRUE);
  g_set_object (&priv->stack, stack);
  g_signal_connect_object (stack, "notify::visible-child", G_CALLBACK (update_filter), self,
                           G_CONNECT_SWAPPED);
  update_filter (self);
}

/**
 * inn_page_add_filter:
 * @self: a page
 * @filter: a widget in it with a boolean property "search": whether its filter is open
 *
 * The search button and its key are for @filter while the stack of the page, if it has one, shows
 * it.
 */
void
inn_page_add_filter (InnPage *self, GtkWidget *filter)
{
  g_ptr_array_add (get_private (self)->filters, g_object_ref (filter));
  update_filter (self);
}

/**
 * inn_page_open_filter:
 * @self: a page
 *
 * Opens the filter of what is shown, and goes there when it is open; does nothing without one.
 */
void
inn_page_open_filter (InnPage *self)
{
  InnPagePrivate *priv = get_private (self);

  if (priv->filter != NULL)
    g_object_set (priv->filter, "search", TRUE, NULL);
}

/**
 * inn_page_focus:
 * @self: a page
 *
 * Puts the keyboard into what the page shows.
 */
void
inn_page_focus (InnPage *self)
{
  InnPagePrivate *priv = get_private (self);

  if (!gtk_widget_child_focus (adw_toolbar_view_get_content (priv->toolbar_view),
                               GTK_DIR_TAB_FORWARD))
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

/**
 * inn_page_set_menu:
 * @self: a page
 * @menu: what can be done to the page's object
 */
void
inn_page_set_menu (InnPage *self, GMenuModel *menu)
{
  InnPagePrivate *priv = get_private (self);

  inn_button_menu_set (GTK_WIDGET (priv->object_button), menu);
  gtk_widget_set_visible (GTK_WIDGET (priv->object_button), TRUE);
}

/**
 * inn_page_add_end:
 * @self: a page
 * @widget: (transfer floating): goes to the end of the header: its primary action
 */
void
inn_page_add_end (InnPage *self, GtkWidget *widget)
{
  gtk_box_prepend (get_private (self)->end, widget);
}

/**
 * inn_page_set_banner:
 * @self: a page
 * @text: (nullable): what is the matter with what the page shows; %NULL for nothing
 * @button: (nullable): what can be done about it
 * @action: the action of the button
 * @target: (nullable): its parameter
 */
void
inn_page_set_banner (
    InnPage *self, const char *text, const char *button, const char *action, const char *target)
{
  InnPagePrivate *priv = get_private (self);

  adw_banner_set_revealed (priv->banner, text != NULL);
  adw_banner_set_button_label (priv->banner, button);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (priv->banner), "s",
                                    target != NULL ? target : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (priv->banner), action);
  if (text != NULL)
    adw_banner_set_title (priv->banner, text);
}

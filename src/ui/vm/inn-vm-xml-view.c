/* inn-vm-xml-view.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-xml-view.h"

#include "ui/shell/inn-feedback.h"
#include "ui/widgets/inn-format.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

/**
 * InnVmXmlView:
 *
 * A guest's definition as libvirt has it, to read and to copy: of the running guest, or of its next
 * start. Fetched when somebody looks.
 */
struct _InnVmXmlView
{
  GtkWidget parent_instance;

  InnAppContext *context;
  InnVm *vm;
  guint serial; /* of the newest fetch; the answers of others are dropped */
  gboolean loaded;

  GtkWidget *inactive_label;
  GtkSwitch *inactive;
  GtkWidget *copy;
  GtkStack *stack;
  GtkSourceView *text;
  AdwStatusPage *error_page;
  GtkWidget *root;
};

G_DEFINE_FINAL_TYPE (InnVmXmlView, inn_vm_xml_view, GTK_TYPE_WIDGET)

typedef struct
{
  GWeakRef view;
  guint serial;
} Fetch;

static void
fetch_free (gpointer data)
{
  g_weak_ref_clear (&((Fetch *) data)->view);
  g_free (data);
}

static DexFuture *
show_cb (DexFuture *completed, gpointer data)
{
  Fetch *fetch = data;
  g_autoptr (InnVmXmlView) self = g_weak_ref_get (&fetch->view);
  g_autoptr (GError) error = NULL;
  const GValue *value;

  if (self == NULL || self->stack == NULL || self->serial != fetch->serial)
    return dex_future_new_true ();

  value = dex_future_get_value (completed, &error);
  gtk_widget_set_sensitive (self->copy, value != NULL);
  if (value != NULL)
    {
      g_autofree char *xml = g_utf8_make_valid (g_value_get_string (value), -1);

      gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)), xml, -1);
      gtk_stack_set_visible_child_name (self->stack, "xml");
    }
  else
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->error_page, escaped);
      gtk_stack_set_visible_child_name (self->stack, "error");
    }

  return dex_future_new_true ();
}

static void
load (InnVmXmlView *self)
{
  InnSession *session =
      inn_session_manager_get_for_vm (inn_app_context_get_sessions (self->context), self->vm);
  gboolean active = inn_vm_is_active (self->vm);
  Fetch *fetch;

  self->loaded = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->inactive), active && inn_vm_get_persistent (self->vm));
  gtk_widget_set_visible (self->inactive_label,
                          gtk_widget_get_visible (GTK_WIDGET (self->inactive)));
  if (session == NULL)
    return;

  fetch = g_new0 (Fetch, 1);
  g_weak_ref_init (&fetch->view, self);
  fetch->serial = ++self->serial;
  gtk_stack_set_visible_child_name (self->stack, "loading");
  dex_future_disown (dex_future_finally (
      inn_session_fetch_vm_xml (session, inn_vm_get_uuid (self->vm),
                                !active || gtk_switch_get_active (self->inactive)),
      show_cb, fetch, fetch_free));
}

static void
on_inactive (GtkSwitch *inactive, GParamSpec *pspec, InnVmXmlView *self)
{
  if (self->loaded)
    load (self);
}

static void
on_refresh (GtkButton *button, InnVmXmlView *self)
{
  load (self);
}

static void
on_state (InnVmXmlView *self)
{
  self->loaded = FALSE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    load (self);
}

static void
on_copy (GtkButton *button, InnVmXmlView *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text));
  GtkTextIter start;
  GtkTextIter end;
  g_autofree char *xml = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  xml = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), xml);
  inn_feedback_toast (GTK_WIDGET (self), _ ("Definition copied"));
}

static void
update_scheme (InnVmXmlView *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (
      GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text))),
      gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
}

static void
inn_vm_xml_view_map (GtkWidget *widget)
{
  InnVmXmlView *self = INN_VM_XML_VIEW (widget);

  GTK_WIDGET_CLASS (inn_vm_xml_view_parent_class)->map (widget);
  if (!self->loaded && self->vm != NULL)
    load (self);
}

/* Until 5.21 GtkSourceView's gutter keeps the lines that it drew last, and these the whole view,
 * for ever. It forgets them when it draws again, and makes no new ones when there is nothing in it.
 */
static void
forget_lines (GtkSourceView *view)
{
  GtkWidget *gutter = GTK_WIDGET (gtk_source_view_get_gutter (view, GTK_TEXT_WINDOW_LEFT));
  g_autoptr (GtkSnapshot) nothing = gtk_snapshot_new ();
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (gutter)) != NULL)
    gtk_source_gutter_remove (GTK_SOURCE_GUTTER (gutter), GTK_SOURCE_GUTTER_RENDERER (child));
  GTK_WIDGET_GET_CLASS (gutter)->snapshot (gutter, nothing);
}

static void
inn_vm_xml_view_dispose (GObject *object)
{
  InnVmXmlView *self = INN_VM_XML_VIEW (object);

  if (self->text != NULL)
    forget_lines (self->text);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_VM_XML_VIEW);
  inn_widget_unparent_children (GTK_WIDGET (object));
  g_clear_object (&self->context);
  g_clear_object (&self->vm);

  G_OBJECT_CLASS (inn_vm_xml_view_parent_class)->dispose (object);
}

static void
inn_vm_xml_view_class_init (InnVmXmlViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_vm_xml_view_dispose;
  widget_class->map = inn_vm_xml_view_map;

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/vm/inn-vm-xml-view.ui");
  gtk_widget_class_bind_template_child (widget_class, InnVmXmlView, root);
  gtk_widget_class_bind_template_child (widget_class, InnVmXmlView, inactive_label);
  gtk_widget_class_bind_template_child (widget_class, InnVmXmlView, inactive);
  gtk_widget_class_bind_template_child (widget_class, InnVmXmlView, copy);
  gtk_widget_class_bind_template_child (widget_class, InnVmXmlView, stack);
  gtk_widget_class_bind_template_child (widget_class, InnVmXmlView, text);
  gtk_widget_class_bind_template_child (widget_class, InnVmXmlView, error_page);
  gtk_widget_class_bind_template_callback (widget_class, on_inactive);
  gtk_widget_class_bind_template_callback (widget_class, on_refresh);
  gtk_widget_class_bind_template_callback (widget_class, on_copy);
}

static void
inn_vm_xml_view_init (InnVmXmlView *self)
{
  GtkSourceBuffer *buffer;

  gtk_widget_init_template (GTK_WIDGET (self));
  buffer = GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)));
  gtk_source_buffer_set_language (buffer, gtk_source_language_manager_get_language (
                                              gtk_source_language_manager_get_default (), "xml"));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_scheme), self, G_CONNECT_SWAPPED);
  update_scheme (self);
}

/**
 * inn_vm_xml_view_set_vm:
 * @self: a view
 * @context: the services
 * @vm: whose definition; once
 */
void
inn_vm_xml_view_set_vm (InnVmXmlView *self, InnAppContext *context, InnVm *vm)
{
  g_return_if_fail (INN_IS_VM_XML_VIEW (self));
  g_return_if_fail (self->vm == NULL);

  self->context = g_object_ref (context);
  self->vm = g_object_ref (vm);
  g_signal_connect_object (vm, "notify::state", G_CALLBACK (on_state), self, G_CONNECT_SWAPPED);
}

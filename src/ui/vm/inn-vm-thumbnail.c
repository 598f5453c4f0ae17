/* inn-vm-thumbnail.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-thumbnail.h"

#include "base/inn-dex.h"
#include "base/inn-weak.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/**
 * InnVmThumbnail:
 *
 * A small picture of a guest's screen, taken again and again while somebody looks; never a second
 * time before the first has come. Opens the console.
 */
struct _InnVmThumbnail
{
  GtkWidget parent_instance;

  InnAppContext *context;
  InnVm *vm;
  guint tick_id;
  gboolean asked;

  GtkWidget *button;
  GtkPicture *picture;
  GtkLabel *word;
};

G_DEFINE_FINAL_TYPE (InnVmThumbnail, inn_vm_thumbnail, GTK_TYPE_WIDGET)

#define TICK_SECONDS 4

static void
on_clicked (GtkButton *button, InnVmThumbnail *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "vm-page.console", NULL);
}

static void
show_word (InnVmThumbnail *self, const char *word)
{
  gtk_label_set_text (self->word, word != NULL ? word : "");
  gtk_widget_set_visible (GTK_WIDGET (self->word), word != NULL);
}

static gboolean
decode_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  GdkTexture *texture = gdk_texture_new_from_bytes (data, error);

  if (texture == NULL)
    return FALSE;

  g_value_init (result, GDK_TYPE_TEXTURE);
  g_value_take_object (result, texture);
  return TRUE;
}

/* The picture of a large screen takes longer to decode than the window may stand still. */
static DexFuture *
decode_cb (DexFuture *completed, gpointer data)
{
  const GValue *value = dex_future_get_value (completed, NULL);

  if (value == NULL || !G_VALUE_HOLDS (value, G_TYPE_BYTES))
    return NULL;

  return inn_thread_run ("inn-thumbnail", decode_thread, g_value_dup_boxed (value),
                         (GDestroyNotify) g_bytes_unref, NULL);
}

static DexFuture *
show_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnVmThumbnail) self = inn_weak_get (data);
  const GValue *value = dex_future_get_value (completed, NULL);
  GdkTexture *texture = NULL;

  if (self == NULL || self->picture == NULL)
    return dex_future_new_true ();

  self->asked = FALSE;
  if (value != NULL && G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    texture = g_value_get_object (value);
  if (texture == NULL || !inn_vm_is_active (self->vm))
    {
      if (gtk_picture_get_paintable (self->picture) == NULL)
        show_word (self, inn_vm_is_active (self->vm)
                             ? _ ("No Picture")
                             : inn_vm_state_get_label (inn_vm_get_state (self->vm)));
      return dex_future_new_true ();
    }

  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  show_word (self, NULL);
  return dex_future_new_true ();
}

static gboolean
on_tick (gpointer data)
{
  InnVmThumbnail *self = data;
  InnSession *session =
      inn_session_manager_get_for_vm (inn_app_context_get_sessions (self->context), self->vm);
  InnHost *host = inn_vm_get_host (self->vm);

  if (self->asked || session == NULL || host == NULL || !inn_host_is_online (host) ||
      !inn_vm_is_active (self->vm))
    return G_SOURCE_CONTINUE;

  self->asked = TRUE;
  dex_future_disown (dex_future_finally (
      dex_future_then (inn_session_fetch_screenshot (session, inn_vm_get_uuid (self->vm), 0),
                       decode_cb, NULL, NULL),
      show_cb, inn_weak_new (self), inn_weak_unref));

  return G_SOURCE_CONTINUE;
}

static void
on_state (InnVmThumbnail *self)
{
  if (inn_vm_is_active (self->vm))
    {
      if (gtk_widget_get_mapped (GTK_WIDGET (self)))
        on_tick (self);
      return;
    }

  gtk_picture_set_paintable (self->picture, NULL);
  show_word (self, inn_vm_state_get_label (inn_vm_get_state (self->vm)));
}

static void
inn_vm_thumbnail_map (GtkWidget *widget)
{
  InnVmThumbnail *self = INN_VM_THUMBNAIL (widget);

  GTK_WIDGET_CLASS (inn_vm_thumbnail_parent_class)->map (widget);
  if (self->vm == NULL || self->tick_id != 0)
    return;

  on_tick (self);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, on_tick, self);
}

static void
inn_vm_thumbnail_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&INN_VM_THUMBNAIL (widget)->tick_id, g_source_remove);
  GTK_WIDGET_CLASS (inn_vm_thumbnail_parent_class)->unmap (widget);
}

static void
inn_vm_thumbnail_dispose (GObject *object)
{
  InnVmThumbnail *self = INN_VM_THUMBNAIL (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), INN_TYPE_VM_THUMBNAIL);
  inn_widget_unparent_children (GTK_WIDGET (object));
  g_clear_object (&self->context);
  g_clear_object (&self->vm);

  G_OBJECT_CLASS (inn_vm_thumbnail_parent_class)->dispose (object);
}

static void
inn_vm_thumbnail_class_init (InnVmThumbnailClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_vm_thumbnail_dispose;
  widget_class->map = inn_vm_thumbnail_map;
  widget_class->unmap = inn_vm_thumbnail_unmap;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/innkeeper/Innkeeper/vm/inn-vm-thumbnail.ui");
  gtk_widget_class_bind_template_child (widget_class, InnVmThumbnail, button);
  gtk_widget_class_bind_template_child (widget_class, InnVmThumbnail, picture);
  gtk_widget_class_bind_template_child (widget_class, InnVmThumbnail, word);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
}

static void
inn_vm_thumbnail_init (InnVmThumbnail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * inn_vm_thumbnail_set_vm:
 * @self: a thumbnail
 * @context: the services
 * @vm: whose screen; once
 */
void
inn_vm_thumbnail_set_vm (InnVmThumbnail *self, InnAppContext *context, InnVm *vm)
{
  g_return_if_fail (INN_IS_VM_THUMBNAIL (self));
  g_return_if_fail (self->vm == NULL);

  self->context = g_object_ref (context);
  self->vm = g_object_ref (vm);
  g_signal_connect_object (vm, "notify::state", G_CALLBACK (on_state), self, G_CONNECT_SWAPPED);
  show_word (self, inn_vm_is_active (vm) ? "" : inn_vm_state_get_label (inn_vm_get_state (vm)));
}

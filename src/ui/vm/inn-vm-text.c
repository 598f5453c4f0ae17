/* inn-vm-text.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-text.h"

#include "app/inn-app-text.h"
#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-weak.h"
#include "ui/console/inn-terminal.h"

#include <glib/gi18n.h>

/**
 * InnVmText:
 *
 * The text devices of a guest: one is chosen and shown, and each that was seen stays connected.
 */
struct _InnVmText
{
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *status;
  GtkWidget *start_button;
  GtkWidget *retry_button;

  InnAppContext *context;
  InnSettings *settings;
  InnVm *vm;
  GtkDropDown *chooser; /* of the page */
  GPtrArray *devices;
  GPtrArray *terminals; /* in the order of the devices; borrowed */
  gboolean asking;
};

G_DEFINE_FINAL_TYPE (InnVmText, inn_vm_text, ADW_TYPE_BIN)

typedef struct
{
  InnAppContext *context;
  InnTextDevice *device;
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_object_unref (place->context);
  inn_text_device_free (place->device);
  g_free (place);
}

static DexFuture *
open_cb (GObject *vm, gboolean force, GCancellable *cancellable, gpointer data)
{
  Place *place = data;

  return inn_app_context_open_text (place->context, INN_VM (vm), place->device, force, cancellable);
}

static void
set_release_keys (InnTerminal *terminal, const char *key, InnSettings *settings)
{
  g_autofree char *keys = inn_settings_dup_console_release_keys (settings);

  inn_terminal_set_release_keys (terminal, keys);
}

static void
add_terminal (InnVmText *self, const InnTextDevice *device)
{
  Place *place = g_new0 (Place, 1);
  g_autofree char *label = inn_text_device_dup_label (device);
  g_autofree char *name = g_strdup_printf ("%s · %s", inn_vm_get_name (self->vm), label);
  GtkWidget *terminal;

  place->context = g_object_ref (self->context);
  place->device = inn_text_device_copy (device);
  terminal = inn_terminal_new (G_OBJECT (self->vm), name, open_cb, place, place_free);
  set_release_keys (INN_TERMINAL (terminal), NULL, self->settings);
  g_signal_connect_object (self->settings, "changed::console-release-keys",
                           G_CALLBACK (set_release_keys), terminal, G_CONNECT_SWAPPED);
  gtk_stack_add_child (self->stack, terminal);
  g_ptr_array_add (self->terminals, terminal);
}

static void
show_status (InnVmText *self, const char *icon, const char *title, const char *text, gboolean retry)
{
  /* The description of a status page is markup. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_icon_name (self->status, icon);
  adw_status_page_set_title (self->status, title);
  adw_status_page_set_description (self->status, escaped);
  gtk_widget_set_visible (self->start_button, !inn_vm_is_active (self->vm));
  gtk_widget_set_visible (self->retry_button, retry);
  gtk_stack_set_visible_child_name (self->stack, "status");
}

/* Only what can be seen is chosen from. */
static void
update_chooser (InnVmText *self)
{
  if (self->chooser != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->chooser),
                            self->terminals->len > 1 && gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
chosen_cb (InnVmText *self)
{
  guint index = gtk_drop_down_get_selected (self->chooser);

  if (index < self->terminals->len)
    gtk_stack_set_visible_child (self->stack, g_ptr_array_index (self->terminals, index));
}

static gboolean
same_devices (GPtrArray *left, GPtrArray *right)
{
  if (left == NULL || left->len != right->len)
    return FALSE;

  for (guint i = 0; i < left->len; i++)
    {
      const InnTextDevice *a = g_ptr_array_index (left, i);
      const InnTextDevice *b = g_ptr_array_index (right, i);

      if (g_strcmp0 (a->alias, b->alias) != 0 || g_strcmp0 (a->target, b->target) != 0)
        return FALSE;
    }
  return TRUE;
}

static void
drop_terminals (InnVmText *self)
{
  for (guint i = 0; i < self->terminals->len; i++)
    gtk_stack_remove (self->stack, g_ptr_array_index (self->terminals, i));
  g_ptr_array_set_size (self->terminals, 0);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  gtk_drop_down_set_model (self->chooser, NULL);
  update_chooser (self);
}

static void
show_off (InnVmText *self)
{
  if (self->terminals->len == 0)
    show_status (self, "system-shutdown-symbolic", _ ("Not Running"),
                 _ ("The console appears here once the guest runs."), FALSE);
}

/* A guest that started again has most often the same ones: what was read stays. */
static void
show_devices (InnVmText *self, GPtrArray *devices)
{
  g_autoptr (GtkStringList) labels = NULL;

  if (devices->len == 0)
    {
      drop_terminals (self);
      show_status (self, "utilities-terminal-symbolic", _ ("No Text Console"),
                   _ ("This guest has no serial port, console or channel."), FALSE);
      return;
    }
  if (same_devices (self->devices, devices))
    {
      chosen_cb (self);
      return;
    }

  drop_terminals (self);
  self->devices = g_ptr_array_ref (devices);
  labels = gtk_string_list_new (NULL);
  for (guint i = 0; i < devices->len; i++)
    {
      const InnTextDevice *device = g_ptr_array_index (devices, i);
      g_autofree char *label = inn_text_device_dup_label (device);
      /* Translators: a device as a person calls it, as libvirt does, and where it ends ("pty") */
      g_autofree char *line =
          g_strdup_printf (_ ("%s — %s, %s"), label, device->alias, device->type);

      add_terminal (self, device);
      gtk_string_list_append (labels, line);
    }
  gtk_drop_down_set_model (self->chooser, G_LIST_MODEL (labels));
  update_chooser (self);
  chosen_cb (self);
}

static DexFuture *
listed_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (InnVmText) self = inn_weak_get (data);
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);

  if (self == NULL || self->vm == NULL)
    return dex_future_new_true ();

  self->asking = FALSE;
  /* What it had when it stopped in the meantime says nothing. */
  if (!inn_vm_is_active (self->vm))
    show_off (self);
  else if (value != NULL)
    show_devices (self, g_value_get_boxed (value));
  else
    show_status (self, "dialog-error-symbolic", _ ("No Console"), error->message, TRUE);
  return dex_future_new_true ();
}

static void
ask (InnVmText *self)
{
  if (self->vm == NULL || self->asking || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  if (!inn_vm_is_active (self->vm))
    {
      show_off (self);
      return;
    }

  self->asking = TRUE;
  if (self->terminals->len == 0)
    gtk_stack_set_visible_child_name (self->stack, "asking");
  inn_future_forget (dex_future_finally (inn_app_context_list_text (self->context, self->vm),
                                         listed_cb, inn_weak_new (self), inn_weak_unref),
                     "listing text devices");
}

static void
inn_vm_text_dispose (GObject *object)
{
  InnVmText *self = INN_VM_TEXT (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), INN_TYPE_VM_TEXT);
  g_clear_object (&self->context);
  g_clear_object (&self->settings);
  g_clear_object (&self->vm);
  g_clear_object (&self->chooser);

  G_OBJECT_CLASS (inn_vm_text_parent_class)->dispose (object);
}

static void
inn_vm_text_finalize (GObject *object)
{
  InnVmText *self = INN_VM_TEXT (object);

  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_ptr_array_unref (self->terminals);

  G_OBJECT_CLASS (inn_vm_text_parent_class)->finalize (object);
}

static void
inn_vm_text_class_init (InnVmTextClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = inn_vm_text_dispose;
  object_class->finalize = inn_vm_text_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/innkeeper/Innkeeper/vm/inn-vm-text.ui");
  gtk_widget_class_bind_template_child (widget_class, InnVmText, stack);
  gtk_widget_class_bind_template_child (widget_class, InnVmText, status);
  gtk_widget_class_bind_template_child (widget_class, InnVmText, start_button);
  gtk_widget_class_bind_template_child (widget_class, InnVmText, retry_button);
}

static void
inn_vm_text_init (InnVmText *self)
{
  self->terminals = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self, "map", G_CALLBACK (ask), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self, "map", G_CALLBACK (update_chooser), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self, "unmap", G_CALLBACK (update_chooser), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->retry_button, "clicked", G_CALLBACK (ask), self,
                           G_CONNECT_SWAPPED);
}

/**
 * inn_vm_text_set_vm:
 * @self: a page without a guest
 * @context: the services
 * @settings: the preferences
 * @vm: whose text devices to show
 * @chooser: where one of several devices is chosen; hidden while there is nothing to choose
 */
void
inn_vm_text_set_vm (
    InnVmText *self, InnAppContext *context, InnSettings *settings, InnVm *vm, GtkDropDown *chooser)
{
  g_return_if_fail (INN_IS_VM_TEXT (self));
  g_return_if_fail (self->vm == NULL);

  self->context = g_object_ref (context);
  self->settings = g_object_ref (settings);
  self->vm = g_object_ref (vm);
  self->chooser = g_object_ref (chooser);
  g_signal_connect_object (chooser, "notify::selected", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vm, "notify::state", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  ask (self);
}

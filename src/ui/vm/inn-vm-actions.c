/* inn-vm-actions.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-actions.h"

#include "ui/shell/inn-feedback.h"
#include "ui/vm/inn-vm-delete-dialog.h"
#include "ui/vm/inn-vm-rename.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* What can be done to guests, as actions "vm.NICK" of a widget; used by the list, for many, and by
 * the page, for one. */

static const char *
get_action_name (InnVmAction action)
{
  g_autofree char *name = g_strconcat ("vm.", inn_vm_action_to_nick (action), NULL);

  return g_intern_string (name);
}

/**
 * inn_vm_actions_install:
 * @widget_class: a widget that shows guests
 * @func: calls inn_vm_actions_run() with the guests it is about
 */
void
inn_vm_actions_install (GtkWidgetClass *widget_class, GtkWidgetActionActivateFunc func)
{
  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    gtk_widget_class_install_action (widget_class, get_action_name (i), NULL, func);
  gtk_widget_class_install_action (widget_class, "vm.console", NULL, func);
  gtk_widget_class_install_action (widget_class, "vm.rename", NULL, func);
  gtk_widget_class_install_action (widget_class, "vm.delete", NULL, func);
}

static gboolean
is_any_available (InnVmAction action, GPtrArray *vms)
{
  for (guint i = 0; i < vms->len; i++)
    if (inn_vm_action_is_available (action, g_ptr_array_index (vms, i), NULL))
      return TRUE;

  return FALSE;
}

static gboolean
is_online (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);

  return host != NULL && inn_host_is_online (host) && !inn_host_get_read_only (host);
}

/**
 * inn_vm_actions_update:
 * @widget: one whose class has the actions
 * @vms: (element-type InnVm): what they would be about
 *
 * Enables what makes sense for at least one of @vms now.
 */
void
inn_vm_actions_update (GtkWidget *widget, GPtrArray *vms)
{
  gboolean one = vms->len == 1 && is_online (g_ptr_array_index (vms, 0));

  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    gtk_widget_action_set_enabled (widget, get_action_name (i), is_any_available (i, vms));
  gtk_widget_action_set_enabled (widget, "vm.console", vms->len > 0);
  gtk_widget_action_set_enabled (widget, "vm.rename",
                                 one && !inn_vm_is_active (g_ptr_array_index (vms, 0)));
  gtk_widget_action_set_enabled (widget, "vm.delete", one);
}

static void
append_available (GMenu *menu, GPtrArray *vms, const InnVmAction *actions, guint n)
{
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; i < n; i++)
    if (is_any_available (actions[i], vms))
      g_menu_append (section, inn_vm_action_get_label (actions[i]), get_action_name (actions[i]));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/**
 * inn_vm_actions_create_menu:
 * @vms: (element-type InnVm): guests
 *
 * Returns: (transfer full): what can be done with them now, and nothing else
 */
GMenuModel *
inn_vm_actions_create_menu (GPtrArray *vms)
{
  static const InnVmAction power[] = { INN_VM_ACTION_START, INN_VM_ACTION_SHUTDOWN,
                                       INN_VM_ACTION_REBOOT };
  static const InnVmAction pause[] = { INN_VM_ACTION_PAUSE, INN_VM_ACTION_RESUME,
                                       INN_VM_ACTION_SAVE, INN_VM_ACTION_DROP_SAVED };
  static const InnVmAction force[] = { INN_VM_ACTION_RESET, INN_VM_ACTION_POWER_OFF,
                                       INN_VM_ACTION_NMI };
  static const InnVmAction other[] = { INN_VM_ACTION_AUTOSTART_ON, INN_VM_ACTION_AUTOSTART_OFF };
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) open = g_menu_new ();

  g_menu_append (open, _ ("Open _Console"), "vm.console");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (open));
  append_available (menu, vms, power, G_N_ELEMENTS (power));
  append_available (menu, vms, pause, G_N_ELEMENTS (pause));
  append_available (menu, vms, force, G_N_ELEMENTS (force));
  append_available (menu, vms, other, G_N_ELEMENTS (other));
  if (vms->len == 1 && is_online (g_ptr_array_index (vms, 0)))
    {
      g_autoptr (GMenu) section = g_menu_new ();

      if (!inn_vm_is_active (g_ptr_array_index (vms, 0)))
        g_menu_append (section, _ ("Re_name…"), "vm.rename");
      g_menu_append (section, _ ("_Delete…"), "vm.delete");
      g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
    }

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

typedef struct
{
  InnAppContext *context;
  GWeakRef parent;
  GPtrArray *vms;
  InnVmAction action;
} Request;

static void
request_free (Request *request)
{
  g_clear_object (&request->context);
  g_weak_ref_clear (&request->parent);
  g_ptr_array_unref (request->vms);
  g_free (request);
}

static void
act (InnAppContext *context, GtkWidget *parent, GPtrArray *vms, InnVmAction action)
{
  for (guint i = 0; i < vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (vms, i);
      g_autoptr (InnOperation) operation = NULL;

      if (!inn_vm_action_is_available (action, vm, NULL))
        continue;
      operation = inn_vm_ops_act (inn_app_context_get_vm_ops (context), vm, action);
      inn_feedback_follow (parent, operation);
    }
}

static void
on_answer (AdwAlertDialog *dialog, const char *response, Request *request)
{
  g_autoptr (GtkWidget) parent = g_weak_ref_get (&request->parent);

  if (g_str_equal (response, "act") && parent != NULL)
    act (request->context, parent, request->vms, request->action);
}

static GPtrArray *
filter_available (GPtrArray *vms, InnVmAction action)
{
  GPtrArray *available = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < vms->len; i++)
    if (inn_vm_action_is_available (action, g_ptr_array_index (vms, i), NULL))
      g_ptr_array_add (available, g_object_ref (g_ptr_array_index (vms, i)));

  return available;
}

static char *
get_question (InnVmAction action, GPtrArray *vms)
{
  g_autofree char *verb = g_strdup (inn_vm_action_get_label (action));
  char *to = verb;

  for (const char *from = verb; *from != '\0'; from++)
    if (*from != '_')
      *to++ = *from;
  *to = '\0';

  if (vms->len == 1)
    /* Translators: a verb as on a button, and the name of a guest: "Power Off “web1”?" */
    return g_strdup_printf (_ ("%s “%s”?"), verb, inn_vm_get_name (g_ptr_array_index (vms, 0)));

  return g_strdup_printf (
      g_dngettext (NULL, "%s %u Virtual Machine?", "%s %u Virtual Machines?", vms->len), verb,
      vms->len);
}

static void
confirm (InnAppContext *context, GtkWidget *parent, GPtrArray *vms, InnVmAction action)
{
  g_autofree char *question = get_question (action, vms);
  AdwDialog *dialog = adw_alert_dialog_new (
      question, action == INN_VM_ACTION_DROP_SAVED
                    ? _ ("Its next start is a fresh boot; what was in its memory is lost.")
                    : _ ("The guest is not asked to shut down. What it has not written to its "
                         "disks is lost."));
  Request *request = g_new0 (Request, 1);

  request->context = g_object_ref (context);
  g_weak_ref_init (&request->parent, parent);
  request->vms = g_ptr_array_ref (vms);
  request->action = action;

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "act",
                                  inn_vm_action_get_label (action), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "act",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answer), request,
                         (GClosureNotify) (void (*) (void)) request_free, 0);
  inn_feedback_present (dialog, parent);
}

/* Each is a connection, and a tab that somebody has to find again. */
#define MAX_CONSOLES 12

static void
open_consoles (GtkWidget *parent, GPtrArray *vms)
{
  if (vms->len > MAX_CONSOLES)
    {
      g_autofree char *text = g_strdup_printf (
          g_dngettext (NULL, "At most %d console is opened at once: select fewer",
                       "At most %d consoles are opened at once: select fewer", MAX_CONSOLES),
          MAX_CONSOLES);

      inn_feedback_toast (parent, text);
      return;
    }

  for (guint i = 0; i < vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (vms, i);
      InnHost *host = inn_vm_get_host (vm);

      if (host != NULL)
        gtk_widget_activate_action (parent, "app.open-console", "(ss)", inn_host_get_id (host),
                                    inn_vm_get_uuid (vm));
    }
}

/**
 * inn_vm_actions_run:
 * @context: the services
 * @parent: where questions are asked and outcomes told
 * @vms: (element-type InnVm): guests; those it makes no sense for are left out
 * @action_name: "vm.NICK"
 *
 * Does it to all of them, after a question where something could be lost.
 */
void
inn_vm_actions_run (InnAppContext *context,
                    GtkWidget *parent,
                    GPtrArray *vms,
                    const char *action_name)
{
  const char *nick = action_name + strlen ("vm.");
  g_autoptr (GPtrArray) available = NULL;
  InnVmAction action;

  if (vms->len == 0)
    return;
  if (g_str_equal (nick, "console"))
    open_consoles (parent, vms);
  else if (g_str_equal (nick, "rename"))
    inn_vm_rename_present (context, g_ptr_array_index (vms, 0), parent);
  else if (g_str_equal (nick, "delete"))
    inn_feedback_present (inn_vm_delete_dialog_new (context, g_ptr_array_index (vms, 0)), parent);

  if (!inn_vm_action_from_nick (nick, &action))
    return;

  available = filter_available (vms, action);
  if (available->len == 0)
    return;
  if (inn_vm_action_is_destructive (action))
    confirm (context, parent, available, action);
  else
    act (context, parent, available, action);
}

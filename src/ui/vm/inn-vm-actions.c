/* inn-vm-actions.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-actions.h"

#include "base/inn-error.h"
#include "ui/shell/inn-feedback.h"
#include "ui/vm/inn-vm-delete-dialog.h"
#include "ui/vm/inn-vm-rename.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* What can be done to guests, as actions "vm.NICK" of a widget; used by the list, for many, and by
 * the page, for one. */

#define PREFIX "vm."

static const char *
get_action_name (InnVmAction action)
{
  g_autofree char *name = g_strconcat (PREFIX, inn_vm_action_to_nick (action), NULL);

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

/* Whether the action NAME, "vm.NICK", makes sense for one guest. */
static gboolean
check (InnVmOps *ops, InnVm *vm, const char *name, GError **error)
{
  const char *nick = name + strlen (PREFIX);
  InnVmAction action;

  if (g_str_equal (nick, "rename"))
    return inn_vm_ops_check_rename (ops, vm, error);
  if (g_str_equal (nick, "delete"))
    return inn_vm_ops_check_delete (ops, vm, error);

  return inn_vm_action_from_nick (nick, &action) && inn_vm_ops_check_act (ops, vm, action, error);
}

static gboolean
is_available (InnVmOps *ops, GPtrArray *vms, const char *name)
{
  /* These two ask something about one guest. */
  if (vms->len != 1 && (g_str_equal (name, "vm.rename") || g_str_equal (name, "vm.delete")))
    return FALSE;
  for (guint i = 0; i < vms->len; i++)
    if (check (ops, g_ptr_array_index (vms, i), name, NULL))
      return TRUE;

  return FALSE;
}

/**
 * inn_vm_actions_update:
 * @widget: one whose class has the actions
 * @ops: the verbs
 * @vms: (element-type InnVm): what they would be about
 *
 * Enables what makes sense for at least one of @vms now.
 */
void
inn_vm_actions_update (GtkWidget *widget, InnVmOps *ops, GPtrArray *vms)
{
  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    gtk_widget_action_set_enabled (widget, get_action_name (i),
                                   is_available (ops, vms, get_action_name (i)));
  gtk_widget_action_set_enabled (widget, "vm.console", vms->len > 0);
  gtk_widget_action_set_enabled (widget, "vm.rename", is_available (ops, vms, "vm.rename"));
  gtk_widget_action_set_enabled (widget, "vm.delete", is_available (ops, vms, "vm.delete"));
}

static char *
dup_reason (InnVmOps *ops, GPtrArray *vms, const char *name)
{
  g_autoptr (GError) error = NULL;

  if (vms->len == 0 || is_available (ops, vms, name) ||
      check (ops, g_ptr_array_index (vms, 0), name, &error) || error == NULL)
    return NULL;
  if (vms->len == 1)
    return g_strdup (error->message);

  /* Translators: why a button does nothing for those that are selected: what holds for the first */
  return g_strdup_printf (_ ("Not one of those selected can: %s …"), error->message);
}

static const char *const definition_actions[] = { "vm.rename", "vm.delete" };
static const char *const definition_labels[] = { N_ ("Re_name…"), N_ ("_Delete…") };

/* An item of a menu tells nobody its action, but has the label that it was made with. */
static const char *
find_item_action (GtkWidget *widget)
{
  g_autofree char *text = NULL;

  if (!g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkModelButton"))
    return NULL;

  g_object_get (widget, "text", &text, NULL);
  for (guint i = 0; i < INN_VM_N_ACTIONS; i++)
    if (g_strcmp0 (text, inn_vm_action_get_label (i)) == 0)
      return get_action_name (i);
  for (guint i = 0; i < G_N_ELEMENTS (definition_labels); i++)
    {
      g_auto (GStrv) parts = g_strsplit (_ (definition_labels[i]), "_", -1);
      g_autofree char *label = g_strjoinv (NULL, parts);

      if (g_strcmp0 (text, label) == 0)
        return definition_actions[i];
    }

  return NULL;
}

/* The button inside a split one has the action as well; beside it is one that opens the menu. */
static const char *
find_action (GtkWidget *widget)
{
  if (!GTK_IS_ACTIONABLE (widget) || ADW_IS_SPLIT_BUTTON (widget))
    return NULL;

  return gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)) != NULL
             ? gtk_actionable_get_action_name (GTK_ACTIONABLE (widget))
             : find_item_action (widget);
}

/**
 * inn_vm_actions_explain:
 * @widget: a control of such an action, or anything with some in it
 * @ops: the verbs
 * @vms: (element-type InnVm): what they would be about
 *
 * Each control that does nothing now says why, in its tooltip and to screen readers.
 */
void
inn_vm_actions_explain (GtkWidget *widget, InnVmOps *ops, GPtrArray *vms)
{
  const char *name = find_action (widget);

  if (name != NULL && g_str_has_prefix (name, PREFIX))
    {
      g_autofree char *reason = dup_reason (ops, vms, name);

      gtk_widget_set_tooltip_text (widget, reason);
      if (reason != NULL)
        gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                        GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, reason, -1);
      else
        gtk_accessible_reset_property (GTK_ACCESSIBLE (widget),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    inn_vm_actions_explain (child, ops, vms);
}

/* Whether anything can be done to it at all: its host is connected, and not read-only. */
static gboolean
can_change (InnVmOps *ops, InnVm *vm)
{
  g_autoptr (GError) error = NULL;

  return inn_vm_ops_check_delete (ops, vm, &error) ||
         g_error_matches (error, INN_ERROR, INN_ERROR_INVALID);
}

/* As they come in a menu, with the lines between. */
static const InnVmAction sections[][4] = {
  { INN_VM_ACTION_START, INN_VM_ACTION_SHUTDOWN, INN_VM_ACTION_REBOOT, INN_VM_N_ACTIONS },
  { INN_VM_ACTION_PAUSE, INN_VM_ACTION_RESUME, INN_VM_ACTION_SAVE, INN_VM_ACTION_DROP_SAVED },
  { INN_VM_ACTION_RESET, INN_VM_ACTION_POWER_OFF, INN_VM_ACTION_NMI, INN_VM_N_ACTIONS },
  { INN_VM_ACTION_AUTOSTART_ON, INN_VM_ACTION_AUTOSTART_OFF, INN_VM_N_ACTIONS, INN_VM_N_ACTIONS },
};

/* @lacking: also what the host of a guest lacks: it is there, does nothing, and says why. */
static void
append_actions (GMenu *menu, InnVmOps *ops, GPtrArray *vms, gboolean lacking)
{
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autoptr (GMenu) section = g_menu_new ();

      for (guint j = 0; j < G_N_ELEMENTS (sections[i]) && sections[i][j] < INN_VM_N_ACTIONS; j++)
        {
          InnVmAction action = sections[i][j];
          g_autoptr (GError) error = NULL;
          gboolean shown = is_available (ops, vms, get_action_name (action));

          if (!shown && lacking)
            shown = !inn_vm_ops_check_act (ops, g_ptr_array_index (vms, 0), action, &error) &&
                    g_error_matches (error, INN_ERROR, INN_ERROR_UNSUPPORTED);
          if (shown)
            g_menu_append (section, inn_vm_action_get_label (action), get_action_name (action));
        }
      if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
        g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
    }
}

/* @lacking: as above */
static void
append_definition (GMenu *menu, InnVmOps *ops, GPtrArray *vms, gboolean lacking)
{
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (definition_actions); i++)
    if (lacking || is_available (ops, vms, definition_actions[i]))
      g_menu_append (section, _ (definition_labels[i]), definition_actions[i]);
  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/**
 * inn_vm_actions_create_menu:
 * @ops: the verbs
 * @vm: a guest
 *
 * Returns: (transfer full): for what shows @vm alone: what makes sense in its state, with what its
 *   host lacks; [func@vm_actions_explain] says so there
 */
GMenuModel *
inn_vm_actions_create_menu (InnVmOps *ops, InnVm *vm)
{
  g_autoptr (GPtrArray) vms = g_ptr_array_new ();
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) open = g_menu_new ();

  g_ptr_array_add (vms, vm);
  g_menu_append (open, _ ("Open _Console"), "vm.console");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (open));
  if (!can_change (ops, vm))
    return G_MENU_MODEL (g_steal_pointer (&menu));

  append_actions (menu, ops, vms, TRUE);
  append_definition (menu, ops, vms, TRUE);

  return G_MENU_MODEL (g_steal_pointer (&menu));
}

static void
append_ways (GMenu *menu, GPtrArray *vms)
{
  g_autoptr (GMenu) section = g_menu_new ();
  InnVm *vm = g_ptr_array_index (vms, 0);

  if (vms->len == 1 && inn_vm_get_host (vm) != NULL)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (_ ("_Open"), NULL);

      g_menu_item_set_action_and_target (item, "win.show-vm", "(ss)",
                                         inn_host_get_id (inn_vm_get_host (vm)),
                                         inn_vm_get_uuid (vm));
      g_menu_append_item (section, item);
    }
  g_menu_append (section, _ ("Open _Console"), "vm.console");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

/**
 * inn_vm_actions_create_context_menu:
 * @ops: the verbs
 * @vms: (element-type InnVm): guests, at least one
 *
 * Returns: (transfer full): what can be done with them now, and nothing else
 */
GMenuModel *
inn_vm_actions_create_context_menu (InnVmOps *ops, GPtrArray *vms)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  append_ways (menu, vms);
  append_actions (menu, ops, vms, FALSE);
  append_definition (menu, ops, vms, FALSE);

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
  InnVmOps *ops = inn_app_context_get_vm_ops (context);

  for (guint i = 0; i < vms->len; i++)
    {
      InnVm *vm = g_ptr_array_index (vms, i);
      g_autoptr (InnOperation) operation = NULL;

      if (!inn_vm_ops_check_act (ops, vm, action, NULL))
        continue;
      operation = inn_vm_ops_act (ops, vm, action);
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
filter_available (InnVmOps *ops, GPtrArray *vms, InnVmAction action)
{
  GPtrArray *available = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < vms->len; i++)
    if (inn_vm_ops_check_act (ops, g_ptr_array_index (vms, i), action, NULL))
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
  const char *nick = action_name + strlen (PREFIX);
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

  available = filter_available (inn_app_context_get_vm_ops (context), vms, action);
  if (available->len == 0)
    return;
  if (inn_vm_action_is_destructive (action))
    confirm (context, parent, available, action);
  else
    act (context, parent, available, action);
}

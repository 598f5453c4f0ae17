/* inn-vm-power-button.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-power-button.h"

#include "ui/vm/inn-vm-actions.h"
#include "ui/widgets/inn-button-menu.h"

#include <glib/gi18n.h>

/* The button with what is done most to one guest, and the menu with the rest. */

/**
 * inn_vm_power_button_new:
 *
 * Returns: (transfer floating): the button; empty until it is updated
 */
AdwSplitButton *
inn_vm_power_button_new (void)
{
  AdwSplitButton *button = ADW_SPLIT_BUTTON (adw_split_button_new ());

  adw_split_button_set_can_shrink (button, TRUE);
  adw_split_button_set_dropdown_tooltip (button, _ ("More Actions"));

  return button;
}

/**
 * inn_vm_power_button_update:
 * @button: the button
 * @widget: whose class has the actions of guests
 * @ops: the verbs
 * @vm: a guest
 *
 * The primary action follows the state: a stopped guest starts, a paused one resumes, another shuts
 * down; the menu has the rest. What its host lacks is there with the reason.
 */
void
inn_vm_power_button_update (AdwSplitButton *button, GtkWidget *widget, InnVmOps *ops, InnVm *vm)
{
  g_autoptr (GPtrArray) vms = g_ptr_array_new ();
  g_autoptr (GMenuModel) menu = NULL;
  const char *action = "vm.shutdown";
  const char *label = C_ ("verb", "Shut Down");

  g_ptr_array_add (vms, vm);
  if (!inn_vm_is_active (vm))
    {
      action = "vm.start";
      label = inn_vm_get_managed_save (vm) ? C_ ("verb", "Restore") : C_ ("verb", "Start");
    }
  else if (inn_vm_get_state (vm) == INN_VM_PAUSED)
    {
      action = "vm.resume";
      label = C_ ("verb", "Resume");
    }

  menu = inn_vm_actions_create_menu (ops, vm);
  adw_split_button_set_label (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  inn_button_menu_set (GTK_WIDGET (button), menu);
  inn_vm_actions_update (widget, ops, vms);
  inn_vm_actions_explain (GTK_WIDGET (button), ops, vms);
  if (!inn_vm_is_active (vm))
    gtk_widget_add_css_class (GTK_WIDGET (button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (button), "suggested-action");
}

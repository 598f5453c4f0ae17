/* inn-console-tab.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/viewer/inn-console-tab.h"

#include "model/inn-host.h"
#include "ui/widgets/inn-format.h"

#include <glib/gi18n.h>

/* A tab with a console: its title, its icon and what is said about it follow the guest and the
 * connection, in whatever window the tab is. */

/**
 * inn_console_tab_get_console:
 * @tab: a tab
 *
 * Returns: (transfer none): what it shows
 */
InnConsolePage *
inn_console_tab_get_console (AdwTabPage *tab)
{
  return INN_CONSOLE_PAGE (adw_tab_page_get_child (tab));
}

/**
 * inn_console_tab_get_vm:
 * @tab: a tab
 *
 * Returns: (transfer none) (nullable): whose console it is
 */
InnVm *
inn_console_tab_get_vm (AdwTabPage *tab)
{
  return inn_console_page_get_vm (inn_console_tab_get_console (tab));
}

/**
 * inn_console_tab_dup_place:
 * @vm: a guest
 *
 * Returns: (transfer full): its host and its state, as one line
 */
char *
inn_console_tab_dup_place (InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  g_autofree char *state = inn_vm_dup_state_text (vm);
  const char *word = state;

  if (host == NULL)
    return g_strdup ("");
  if (!inn_host_is_online (host))
    word = inn_host_get_word (host);

  /* Translators: a host, and the state of a guest on it: "host1 · Running" */
  return g_strdup_printf (_ ("%s · %s"), inn_host_get_name (host), word);
}

static const char *
get_icon (InnLinkState state, InnVm *vm)
{
  if (state == INN_LINK_FAILED)
    return "dialog-error-symbolic";

  return inn_vm_state_get_icon (inn_vm_get_state (vm));
}

static const char *
get_word (InnLinkState state)
{
  switch (state)
    {
    case INN_LINK_CONNECTING:
      return _ ("Connecting…");
    case INN_LINK_RECONNECTING:
      return _ ("Reconnecting…");
    case INN_LINK_FAILED:
      return _ ("No screen");
    case INN_LINK_IDLE:
    case INN_LINK_OFF:
    case INN_LINK_READY:
    default:
      return NULL;
    }
}

static void
update (AdwTabPage *tab)
{
  InnConsolePage *console = inn_console_tab_get_console (tab);
  InnVm *vm = inn_console_page_get_vm (console);
  InnLinkState state = inn_console_page_get_state (console);
  const char *word = get_word (state);
  g_autoptr (GIcon) icon = NULL;
  g_autofree char *place = NULL;
  g_autofree char *text = NULL;
  g_autofree char *tooltip = NULL;

  if (vm == NULL)
    return;

  place = inn_console_tab_dup_place (vm);
  text = g_strdup_printf ("%s\n%s%s%s", inn_vm_get_name (vm), place,
                          word != NULL && *place != '\0' ? " · " : "", word != NULL ? word : "");
  /* What is shown there is markup. */
  tooltip = g_markup_escape_text (text, -1);
  icon = g_themed_icon_new (get_icon (state, vm));
  adw_tab_page_set_title (tab, inn_vm_get_name (vm));
  adw_tab_page_set_tooltip (tab, tooltip);
  adw_tab_page_set_icon (tab, icon);
  adw_tab_page_set_loading (tab, state == INN_LINK_CONNECTING || state == INN_LINK_RECONNECTING);
}

/**
 * inn_console_tab_follow:
 * @tab: a tab whose child is a console with a guest
 *
 * Keeps what the tab says up to date for as long as it lives.
 */
void
inn_console_tab_follow (AdwTabPage *tab)
{
  InnConsolePage *console;
  InnVm *vm;

  g_return_if_fail (ADW_IS_TAB_PAGE (tab));

  console = inn_console_tab_get_console (tab);
  vm = inn_console_page_get_vm (console);
  g_signal_connect_object (console, "state-changed", G_CALLBACK (update), tab, G_CONNECT_SWAPPED);
  g_signal_connect_object (vm, "notify::name", G_CALLBACK (update), tab, G_CONNECT_SWAPPED);
  g_signal_connect_object (vm, "notify::state", G_CALLBACK (update), tab, G_CONNECT_SWAPPED);
  g_signal_connect_object (vm, "notify::stale", G_CALLBACK (update), tab, G_CONNECT_SWAPPED);
  g_signal_connect_object (vm, "notify::host", G_CALLBACK (update), tab, G_CONNECT_SWAPPED);
  update (tab);
}

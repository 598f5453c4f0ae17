/* inn-vm-console.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/vm/inn-vm-console.h"

/* What a console page needs to show a guest of the view: the same in the guest's page and in a
 * window of consoles. */

static DexFuture *
find_screen (InnVm *vm, GCancellable *cancellable, gpointer context)
{
  return inn_app_context_find_screen (context, vm, cancellable);
}

static void
set_release_keys (InnConsolePage *page, const char *key, InnSettings *settings)
{
  g_autofree char *keys = inn_settings_dup_console_release_keys (settings);

  if (!inn_display_set_release_keys (inn_console_page_get_display (page), keys))
    g_message ("“%s” cannot give the keyboard back", keys);
}

static void
set_scaling (InnConsolePage *page, const char *key, InnSettings *settings)
{
  gboolean exact = inn_settings_get_console_exact (settings);

  inn_display_set_scaling (inn_console_page_get_display (page),
                           exact ? INN_DISPLAY_SCALING_EXACT : INN_DISPLAY_SCALING_FIT);
}

static void
set_share_clipboard (InnConsolePage *page, const char *key, InnSettings *settings)
{
  g_object_set (page, "share-clipboard", inn_settings_get_console_share_clipboard (settings), NULL);
}

/* Chosen in the menu of the console. */
static void
keep_share_clipboard (InnConsolePage *page, GParamSpec *pspec, InnSettings *settings)
{
  gboolean share;

  g_object_get (page, "share-clipboard", &share, NULL);
  if (share != inn_settings_get_console_share_clipboard (settings))
    inn_settings_set_console_share_clipboard (settings, share);
}

/**
 * inn_vm_console_follow_settings:
 * @page: a console
 * @settings: the preferences
 *
 * A preference applies at once, to the screen that is open as well.
 */
void
inn_vm_console_follow_settings (InnConsolePage *page, InnSettings *settings)
{
  g_return_if_fail (INN_IS_CONSOLE_PAGE (page));
  g_return_if_fail (INN_IS_SETTINGS (settings));

  set_release_keys (page, NULL, settings);
  set_scaling (page, NULL, settings);
  set_share_clipboard (page, NULL, settings);
  g_signal_connect_object (settings, "changed::console-release-keys", G_CALLBACK (set_release_keys),
                           page, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::console-scaling", G_CALLBACK (set_scaling), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::console-share-clipboard",
                           G_CALLBACK (set_share_clipboard), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page, "notify::share-clipboard", G_CALLBACK (keep_share_clipboard),
                           settings, 0);
}

/**
 * inn_vm_console_setup:
 * @page: a console without a guest
 * @context: the services
 * @settings: the preferences
 * @vm: whose screen to show
 */
void
inn_vm_console_setup (InnConsolePage *page,
                      InnAppContext *context,
                      InnSettings *settings,
                      InnVm *vm)
{
  g_return_if_fail (INN_IS_CONSOLE_PAGE (page));

  inn_vm_console_follow_settings (page, settings);
  inn_console_page_set_secrets (page, inn_app_context_get_secrets (context));
  inn_console_page_set_finder (page, find_screen, g_object_ref (context), g_object_unref);
  inn_console_page_set_vm (page, vm);
}

/* main.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-thread.h"
#include "ui/shell/inn-application.h"
#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>

int
main (int argc, char **argv)
{
  g_autoptr (InnApplication) application = NULL;
  int exit_code;

  inn_init ();
  inn_virt_init ();
  g_set_application_name (_ ("Innkeeper"));
  application = inn_application_new ();

  exit_code = g_application_run (G_APPLICATION (application), argc, argv);
  /* Its workers end with it. */
  g_clear_object (&application);

  return inn_leave (exit_code);
}

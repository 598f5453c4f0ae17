/* inn-terminal-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-text-log.h"
#include "ui/console/inn-release-keys.h"
#include "ui/console/inn-terminal.h"

#include <vte/vte.h>

G_BEGIN_DECLS

struct _InnTerminal
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkScrolledWindow *scroller;
  VteTerminal *vte;
  AdwStatusPage *off_status;
  GtkWidget *start_button;
  AdwStatusPage *failed_status;
  GtkLabel *details_label;
  GtkWidget *take_button;
  GtkButton *retry_button;
  GtkWidget *reconnecting_box;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkWidget *strip;
  GtkLabel *note_label;
  GtkMenuButton *menu_button;
  GMenuModel *menu;
  GtkPopover *context_menu;

  guint strip_id;

  char *name;
  InnTextLink *link;
  InnTextLog *log;
  char *message;
  guint message_id;
  GSimpleActionGroup *actions;

  GtkWidget *root;
  GtkEventController *root_keys;
  InnReleaseKeys release_keys;
  char *release_label;
  gboolean wants_focus; /* the terminal does, once it is seen */
  gboolean armed; /* the keys that give the keyboard back are held, and nothing else was typed */
};

/* inn-terminal.c */
void inn_terminal_show_message (InnTerminal *self, const char *message);
void inn_terminal_update_note (InnTerminal *self);

/* inn-terminal-actions.c */
void inn_terminal_init_actions (InnTerminal *self);
void inn_terminal_update_actions (InnTerminal *self);
void inn_terminal_update_strip (InnTerminal *self);

/* inn-terminal-paste.c */
void inn_terminal_paste (InnTerminal *self);

/* inn-terminal-keys.c */
void inn_terminal_root_keys (InnTerminal *self);
void inn_terminal_unroot_keys (InnTerminal *self);

/* inn-terminal-save.c */
void inn_terminal_save (InnTerminal *self);
void inn_terminal_start_log (InnTerminal *self);
void inn_terminal_stop_log (InnTerminal *self);

G_END_DECLS

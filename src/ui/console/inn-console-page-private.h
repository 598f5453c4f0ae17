/* inn-console-page-private.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-recorder.h"
#include "ui/console/inn-clipboard-bridge.h"
#include "ui/console/inn-console-page.h"
#include "ui/console/inn-inline-prompter.h"
#include "ui/console/inn-key-typer.h"

G_BEGIN_DECLS

struct _InnConsolePage
{
  AdwBin parent_instance;

  AdwBin *home;
  GtkWidget *content;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  InnDisplay *display;
  AdwStatusPage *off_status;
  GtkWidget *start_button;
  AdwStatusPage *failed_status;
  GtkLabel *details_label;
  AdwStatusPage *question_status;
  GtkStack *answer_stack;
  GtkEditable *text_entry;
  GtkEditable *secret_entry;
  GtkWidget *answer_button;
  GtkCheckButton *remember_check;
  GtkWidget *reconnecting_box;
  GtkWidget *strip;
  GtkLabel *note_label;
  GtkMenuButton *menu_button;
  GtkWidget *record_button;
  GtkLabel *record_label;
  GMenu *keys_section;
  GtkPopover *context_menu;

  InnVm *vm;
  InnConsoleFinder finder;
  gpointer finder_data;
  GDestroyNotify finder_destroy;
  InnConsoleLink *link;
  InnInlinePrompter *prompter;
  InnPrompter *broker; /* asks the keyring before @prompter */
  guint unwant_id;
  char *message;
  guint message_id;

  InnKeyTyper *typer; /* while it types */
  InnClipboardBridge *clipboard;

  InnRecorder *recorder; /* while it records */
  guint record_id;

  gboolean wants_focus; /* the screen had it, and a page stands in front of it */
  gboolean focus_asked; /* for the screen, once it is seen */
  GSimpleActionGroup *actions;
  GtkWindow *window; /* the full-screen one */
  GtkWidget *reveal_bar;
  gboolean over_bar; /* the pointer is */
  guint reveal_id;
};

/* inn-console-actions.c */
void inn_console_page_init_actions (InnConsolePage *self);
void inn_console_page_update_actions (InnConsolePage *self);
void inn_console_page_follow_source (InnConsolePage *self, InnDisplaySource *source);

char *inn_console_page_make_file_name (InnConsolePage *self, const char *suffix);

/* inn-console-record.c */
void inn_console_page_record (InnConsolePage *self, GFile *file);
void inn_console_page_toggle_recording (InnConsolePage *self);
void inn_console_page_stop_recording (InnConsolePage *self);

/* inn-console-paste.c */
void inn_console_page_paste (InnConsolePage *self);

/* inn-console-fullscreen.c */
void inn_console_page_leave_fullscreen (InnConsolePage *self);
void inn_console_page_show_bar (InnConsolePage *self);

/* inn-console-states.c */
void inn_console_page_show_child (InnConsolePage *self);
void inn_console_page_answer (InnConsolePage *self);

/* inn-console-page.c */
void inn_console_page_show_message (InnConsolePage *self, const char *message);
void inn_console_page_update_note (InnConsolePage *self);

G_END_DECLS

/* window-fixture.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inn-test.h"
#include "ui/shell/inn-window.h"

G_BEGIN_DECLS

/* The window over a made-up view; nothing of it is left in the end. */
typedef struct
{
  InnTestDir *store;
  InnAppContext *context;
  InnSettings *settings;
  InnInventory *inventory;
  InnWindow *window;
} WindowFixture;

void window_fixture_set_up (WindowFixture *fixture, gconstpointer application);
void window_fixture_tear_down (WindowFixture *fixture, gconstpointer application);
AdwApplication *window_fixture_init (int *argc, char ***argv);

GtkWidget *window_fixture_find (GtkWidget *widget, GType type, const char *text);
void window_fixture_wait_for_text (WindowFixture *fixture, const char *text);
void window_fixture_wait_for_frames (WindowFixture *fixture);
gboolean window_fixture_is_mapped (gpointer widget);

#define WINDOW_TEST(path, func)                                                                    \
  g_test_add (path, WindowFixture, application, window_fixture_set_up, func,                       \
              window_fixture_tear_down)

G_END_DECLS

/* inn-test.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-dex.h"

G_BEGIN_DECLS

/* A test body, and a condition to wait for. */
typedef void (*InnTestFunc) (void);
typedef gboolean (*InnTestCondition) (gpointer data);

/* A private folder under the temporary one; it goes with everything in it. */
typedef char InnTestDir;

InnTestDir *inn_test_dir_new (void) G_GNUC_WARN_UNUSED_RESULT;
void inn_test_dir_free (InnTestDir *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnTestDir, inn_test_dir_free)

void inn_test_init (int *argc, char ***argv);
void inn_test_add_fiber (const char *path, InnTestFunc func);

/* Outside fibers: both turn the main context until the time has come. */
void inn_test_spin (InnTestCondition condition, gpointer data);
gboolean inn_test_settle (DexFuture *future, GError **error);

/* Inside fibers only. */
void inn_test_wait (InnTestCondition condition, gpointer data);
GError *inn_test_await_error (DexFuture *future) G_GNUC_WARN_UNUSED_RESULT;

void inn_test_remove_tree (const char *path);

/* In a fiber: awaits (and consumes) the future, which must resolve. */
#define inn_test_await_ok(future)                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) _error = NULL;                                                              \
    dex_await (future, &_error);                                                                   \
    g_assert_no_error (_error);                                                                    \
  }                                                                                                \
  G_STMT_END

G_END_DECLS

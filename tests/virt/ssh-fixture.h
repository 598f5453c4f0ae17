/* ssh-fixture.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "ssh/inn-ssh-login.h"

#include "inn-test.h"

G_BEGIN_DECLS

/* A private libvirtd that ends with us. */
typedef struct
{
  InnTestDir *dir;
  GSubprocess *process;
  GStrv options;
  char *facts;
  char *path; /* what private-sshd takes as --host */
  char *uri;  /* works from anywhere */
} Daemon;

Daemon *daemon_start (const char *const *options);
void daemon_crash (Daemon *self);
void daemon_start_again (Daemon *self);
void daemon_free (Daemon *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Daemon, daemon_free)

/* A private sshd that ends with us. */
typedef struct
{
  InnTestDir *dir;
  GSubprocess *process;
  GStrv options;
  char *facts; /* its line of JSON */
  char *address;
  guint16 port;
  char *user;
  char *identity;
  char *known_hosts;
  char *fingerprint;
} Sshd;

Sshd *sshd_start (const char *const *options);
void sshd_start_again (Sshd *self);
void sshd_stop (Sshd *self);
void sshd_free (Sshd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sshd, sshd_free)
char *sshd_dup_fact (Sshd *self, const char *name);
InnSshLogin *sshd_login (Sshd *self, const char *known_hosts, InnPrompter *prompter);

/* In fibers: they assert that it works. */
InnSshLogin *await_login (Sshd *sshd);
void await_close (InnSshLogin *login);
char *await_output (InnSshLogin *login, const char *const *argv, GBytes *input);
/* Folders that logins have left in $XDG_RUNTIME_DIR, or use. */
guint count_runtime_entries (void);

/* Answers from a list: a text, or NULL for a question that is closed. */
#define TEST_TYPE_PROMPTER (test_prompter_get_type ())
G_DECLARE_FINAL_TYPE (TestPrompter, test_prompter, TEST, PROMPTER, GObject)

TestPrompter *test_prompter_new (const char *const *answers, guint n_answers);
GPtrArray *test_prompter_get_asked (TestPrompter *self);

G_END_DECLS

/* virt-host.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "../core/virt-fixture.h"
#include "ssh-fixture.h"

G_BEGIN_DECLS

/* What the tests of the virt room do with a private libvirtd and its guests. */

char *virt_host_dup_fact (Daemon *self, const char *name);
void virt_host_signal (Daemon *self, int number);
void virt_host_control (Daemon *self, const char *verb);

void virt_host_define (InnSession *session, const char *name, const char *devices);
void virt_host_start_guest (InnSession *session, const char *name);
void virt_host_do (InnSession *session, const char *name, int (*call) (virDomainPtr domain));
InnVm *virt_host_find (InnHost *host, const char *name);
InnVm *virt_host_wait_guest (InnHost *host, const char *name, InnVmState state);
void virt_host_signal_guest (const char *name, int number);

/* Somebody who answers with these words, whatever is asked. */
InnPrompter *virt_host_prompter_new (const char *user, const char *password);
void virt_host_prompter_set_password (InnPrompter *self, const char *password);
guint virt_host_prompter_get_asked (InnPrompter *self);

G_END_DECLS

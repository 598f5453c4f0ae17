/* spice-fixture.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-spice-session.h"
#include "vnc-fixture.h"

G_BEGIN_DECLS

/* First thing in main, after inn_test_init(). */
void spice_test_init (void);

/* A QEMU with its screen on @path; @options begin with a comma, @extra may be NULL. NULL when there
 * is no QEMU, or none with SPICE. */
GSubprocess *spice_qemu_start (const char *path, const char *options, const char *const *extra);

/* One that listens on ports of this machine; @port is any of them. */
GSubprocess *spice_qemu_start_on (const char *options, guint16 port, const char *const *extra);
guint16 spice_find_port (void);

/* All its connections go to @path, or to ports of this machine. */
InnScreen *spice_screen_new (const char *path);
InnScreen *spice_screen_new_on (guint16 port, guint16 tls_port);

InnSpiceSession *
spice_session_new_for (InnPrompter *prompter, const char *server_name, const char *pki_path);
InnDisplaySource *spice_head (InnSpiceSession *session, guint position);

gboolean spice_is_ready (gpointer session);
gboolean spice_is_closed (gpointer session);
gboolean spice_is_settled (gpointer session);
gboolean spice_is_lit (gpointer session);

G_END_DECLS

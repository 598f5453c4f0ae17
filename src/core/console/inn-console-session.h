/* inn-console-session.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-display-source.h"
#include "console/inn-screen.h"

G_BEGIN_DECLS

/**
 * InnConsolePlace:
 * @guest_name: the guest's name, for errors and questions
 * @guest_id: (nullable): its UUID; with it and a host, answers may be remembered
 * @host_id: (nullable): record id of its host
 * @host_name: (nullable): the host's name
 * @server_name: (nullable): the host name that a certificate must be for; %NULL is "localhost"
 * @pki_path: (nullable): a folder with a cacert.pem that is trusted
 * @fast_link: whether bytes cost less than compressing them, as on this machine
 *
 * Whose screen it is and on which machine, for what is asked, said and verified.
 */
typedef struct
{
  char *guest_name;
  char *guest_id;
  char *host_id;
  char *host_name;
  char *server_name;
  char *pki_path;
  gboolean fast_link;
} InnConsolePlace;

InnConsolePlace *inn_console_place_copy (const InnConsolePlace *self);
void inn_console_place_free (InnConsolePlace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnConsolePlace, inn_console_place_free)

#define INN_TYPE_CONSOLE_SESSION (inn_console_session_get_type ())

G_DECLARE_INTERFACE (InnConsoleSession, inn_console_session, INN, CONSOLE_SESSION, GObject)

/* The connection to a guest's screens, whatever is spoken. Main thread only.
 *
 * Signals:
 *   "state-changed" (): state or error changed
 */
struct _InnConsoleSessionInterface
{
  GTypeInterface parent_iface;

  void (*set_place) (InnConsoleSession *self, const InnConsolePlace *place);
  void (*start) (InnConsoleSession *self, InnScreen *screen);
  void (*close) (InnConsoleSession *self);
  InnDisplayState (*get_state) (InnConsoleSession *self);
  const GError *(*get_error) (InnConsoleSession *self);
  GListModel *(*get_heads) (InnConsoleSession *self);
};

void inn_console_session_set_place (InnConsoleSession *self, const InnConsolePlace *place);
void inn_console_session_start (InnConsoleSession *self, InnScreen *screen);
void inn_console_session_close (InnConsoleSession *self);
InnDisplayState inn_console_session_get_state (InnConsoleSession *self);
const GError *inn_console_session_get_error (InnConsoleSession *self);
GListModel *inn_console_session_get_heads (InnConsoleSession *self);

/* For sessions. */
void inn_console_session_emit_state_changed (InnConsoleSession *self);

G_END_DECLS

/* inn-vnc-source.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "console/inn-display-source.h"

G_BEGIN_DECLS

/* Wrong answers before the source gives up. */
#define INN_VNC_MAX_ATTEMPTS 3

#define INN_TYPE_VNC_SOURCE (inn_vnc_source_get_type ())

G_DECLARE_FINAL_TYPE (InnVncSource, inn_vnc_source, INN, VNC_SOURCE, GObject)

InnVncSource *inn_vnc_source_new (InnPrompter *prompter, const char *guest_name);

void inn_vnc_source_set_host (InnVncSource *self, const char *host_id, const char *host_name);
void inn_vnc_source_set_guest_id (InnVncSource *self, const char *guest_id);
void inn_vnc_source_set_server_name (InnVncSource *self, const char *server_name);
void inn_vnc_source_set_pki_path (InnVncSource *self, const char *pki_path);
void inn_vnc_source_set_fast_link (InnVncSource *self, gboolean fast_link);
void inn_vnc_source_set_only_encoding (InnVncSource *self, int encoding);
void inn_vnc_source_set_deadline (InnVncSource *self, guint seconds);

G_END_DECLS

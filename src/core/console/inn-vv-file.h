/* inn-vv-file.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define INN_TYPE_VV_FILE (inn_vv_file_get_type ())

/**
 * InnVvFile:
 * @type: "spice" or "vnc"
 * @host: (nullable): name or address
 * @port: 0 for none
 * @tls_port: 0 for none
 * @unix_path: (nullable): absolute path of a socket; then there is no host
 * @username: (nullable): who logs in
 * @password: (nullable): wiped when freed
 * @ca: (nullable): certificates of authorities, PEM
 * @host_subject: (nullable): subject that the certificate of the host must have
 * @title: (nullable): what to call the guest, data and no markup
 * @delete_this_file: whether the file is for one use
 * @fullscreen: whether it shall fill the monitor
 *
 * A connection file of virt-viewer (`*.vv`, application/x-virt-viewer), as web interfaces hand it
 * out. Boxed.
 */
typedef struct
{
  char *type;
  char *host;
  guint16 port;
  guint16 tls_port;
  char *unix_path;
  char *username;
  char *password;
  char *ca;
  char *host_subject;
  char *title;
  gboolean delete_this_file;
  gboolean fullscreen;
} InnVvFile;

GType inn_vv_file_get_type (void);
InnVvFile *inn_vv_file_copy (const InnVvFile *self);
void inn_vv_file_free (InnVvFile *self);

InnVvFile *inn_vv_file_parse (const char *data, gsize length, GError **error);
DexFuture *inn_vv_file_load (GFile *file) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnVvFile, inn_vv_file_free)

G_END_DECLS

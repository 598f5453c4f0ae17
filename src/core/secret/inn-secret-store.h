/* inn-secret-store.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"

G_BEGIN_DECLS

#define INN_TYPE_SECRET_STORE (inn_secret_store_get_type ())

G_DECLARE_INTERFACE (InnSecretStore, inn_secret_store, INN, SECRET_STORE, GObject)

/* Passwords at rest. A secret is named by the record id of its host (or "" for none), its purpose
 * ("ssh", "libvirt", "vnc:UUID") and a user name ("" for none). lookup resolves with an
 * InnPromptReply (boxed; its text is wiped when freed) or rejects with INN_ERROR_NOT_FOUND. */
struct _InnSecretStoreInterface
{
  GTypeInterface parent_iface;

  DexFuture *(*lookup) (InnSecretStore *self,
                        const char *host_id,
                        const char *purpose,
                        const char *user);
  DexFuture *(*save) (InnSecretStore *self,
                      const char *host_id,
                      const char *purpose,
                      const char *user,
                      const char *label,
                      const char *secret);
  DexFuture *(*forget) (InnSecretStore *self,
                        const char *host_id,
                        const char *purpose,
                        const char *user);
};

DexFuture *inn_secret_store_lookup (InnSecretStore *self,
                                    const char *host_id,
                                    const char *purpose,
                                    const char *user) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_secret_store_save (InnSecretStore *self,
                                  const char *host_id,
                                  const char *purpose,
                                  const char *user,
                                  const char *label,
                                  const char *secret) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_secret_store_forget (InnSecretStore *self,
                                    const char *host_id,
                                    const char *purpose,
                                    const char *user) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

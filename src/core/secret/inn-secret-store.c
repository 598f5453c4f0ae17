/* inn-secret-store.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "secret/inn-secret-store.h"

/**
 * InnSecretStore:
 *
 * Where passwords are kept between two connections.
 */
G_DEFINE_INTERFACE (InnSecretStore, inn_secret_store, G_TYPE_OBJECT)

static void
inn_secret_store_default_init (InnSecretStoreInterface *iface)
{
}

/**
 * inn_secret_store_lookup:
 * @self: a store of secrets
 * @host_id: record id of the host, or ""
 * @purpose: "ssh", "libvirt", "vnc"
 * @user: user name, or ""
 *
 * Returns: (transfer full): resolves with an #InnPromptReply (boxed), rejects with
 *   %INN_ERROR_NOT_FOUND
 */
DexFuture *
inn_secret_store_lookup (InnSecretStore *self,
                         const char *host_id,
                         const char *purpose,
                         const char *user)
{
  g_return_val_if_fail (INN_IS_SECRET_STORE (self), NULL);

  return INN_SECRET_STORE_GET_IFACE (self)->lookup (self, host_id, purpose, user);
}

/**
 * inn_secret_store_save:
 * @self: a store of secrets
 * @host_id: record id of the host, or ""
 * @purpose: "ssh", "libvirt", "vnc"
 * @user: user name, or ""
 * @label: what the keyring shows for it
 * @secret: the password
 *
 * Returns: (transfer full): resolves when it is kept
 */
DexFuture *
inn_secret_store_save (InnSecretStore *self,
                       const char *host_id,
                       const char *purpose,
                       const char *user,
                       const char *label,
                       const char *secret)
{
  g_return_val_if_fail (INN_IS_SECRET_STORE (self), NULL);

  return INN_SECRET_STORE_GET_IFACE (self)->save (self, host_id, purpose, user, label, secret);
}

/**
 * inn_secret_store_forget:
 * @self: a store of secrets
 * @host_id: record id of the host, or ""
 * @purpose: "ssh", "libvirt", "vnc"
 * @user: user name, or ""
 *
 * Returns: (transfer full): resolves when it is gone, also when it never was there
 */
DexFuture *
inn_secret_store_forget (InnSecretStore *self,
                         const char *host_id,
                         const char *purpose,
                         const char *user)
{
  g_return_val_if_fail (INN_IS_SECRET_STORE (self), NULL);

  return INN_SECRET_STORE_GET_IFACE (self)->forget (self, host_id, purpose, user);
}

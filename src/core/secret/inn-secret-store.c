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
 * Where passwords are kept between two starts of the program, or for one.
 */
G_DEFINE_INTERFACE (InnSecretStore, inn_secret_store, G_TYPE_OBJECT)

static void
inn_secret_store_default_init (InnSecretStoreInterface *iface)
{
}

/**
 * inn_secret_store_lookup:
 * @self: a keyring
 * @host_id: (nullable): record id of the host
 * @purpose: "ssh", "libvirt", "vnc"
 * @user: (nullable): user name
 *
 * Returns: (transfer full): resolves with an [struct@PromptReply] (boxed) whose text is the secret;
 *   rejects with %INN_ERROR_NOT_FOUND, also when there is no keyring
 */
DexFuture *
inn_secret_store_lookup (InnSecretStore *self,
                         const char *host_id,
                         const char *purpose,
                         const char *user)
{
  g_return_val_if_fail (INN_IS_SECRET_STORE (self), NULL);
  g_return_val_if_fail (purpose != NULL, NULL);

  return INN_SECRET_STORE_GET_IFACE (self)->lookup (self, host_id != NULL ? host_id : "", purpose,
                                                    user != NULL ? user : "");
}

/**
 * inn_secret_store_save:
 * @self: a keyring
 * @host_id: (nullable): record id of the host
 * @purpose: what it is for
 * @user: (nullable): user name
 * @label: what the keyring's own window shows
 * @secret: the password; copied, and the copy wiped
 *
 * Returns: (transfer full): resolves when it is kept; rejects with %INN_ERROR_DENIED when the
 *   keyring stays locked, %INN_ERROR_UNSUPPORTED when there is none
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
  g_return_val_if_fail (purpose != NULL, NULL);
  g_return_val_if_fail (secret != NULL, NULL);

  return INN_SECRET_STORE_GET_IFACE (self)->save (self, host_id != NULL ? host_id : "", purpose,
                                                  user != NULL ? user : "",
                                                  label != NULL ? label : purpose, secret);
}

/**
 * inn_secret_store_forget:
 * @self: a keyring
 * @host_id: (nullable): record id of the host
 * @purpose: what it is for
 * @user: (nullable): user name
 *
 * Returns: (transfer full): resolves when it is not kept any more, or never was
 */
DexFuture *
inn_secret_store_forget (InnSecretStore *self,
                         const char *host_id,
                         const char *purpose,
                         const char *user)
{
  g_return_val_if_fail (INN_IS_SECRET_STORE (self), NULL);
  g_return_val_if_fail (purpose != NULL, NULL);

  return INN_SECRET_STORE_GET_IFACE (self)->forget (self, host_id != NULL ? host_id : "", purpose,
                                                    user != NULL ? user : "");
}

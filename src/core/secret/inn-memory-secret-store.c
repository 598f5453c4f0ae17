/* inn-memory-secret-store.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "secret/inn-memory-secret-store.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

/**
 * InnMemorySecretStore:
 *
 * A keyring for one run of the program; wiped when it goes.
 */
struct _InnMemorySecretStore
{
  GObject parent_instance;

  GHashTable *secrets; /* name -> InnPromptReply, which wipes itself */
};

static char *
make_name (const char *host_id, const char *purpose, const char *user)
{
  return g_strdup_printf ("%s\n%s\n%s", host_id, purpose, user);
}

static DexFuture *
inn_memory_secret_store_lookup (InnSecretStore *store,
                                const char *host_id,
                                const char *purpose,
                                const char *user)
{
  InnMemorySecretStore *self = INN_MEMORY_SECRET_STORE (store);
  g_autofree char *name = make_name (host_id, purpose, user);
  InnPromptReply *reply = g_hash_table_lookup (self->secrets, name);

  if (reply == NULL)
    return inn_reject (
        inn_error_new (INN_ERROR_NOT_FOUND, NULL, _ ("No password is kept for this.")));

  return dex_future_new_take_boxed (INN_TYPE_PROMPT_REPLY, inn_prompt_reply_ref (reply));
}

static DexFuture *
inn_memory_secret_store_save (InnSecretStore *store,
                              const char *host_id,
                              const char *purpose,
                              const char *user,
                              const char *label,
                              const char *secret)
{
  InnMemorySecretStore *self = INN_MEMORY_SECRET_STORE (store);

  g_hash_table_insert (self->secrets, make_name (host_id, purpose, user),
                       inn_prompt_reply_new (secret, TRUE));
  return dex_future_new_true ();
}

static DexFuture *
inn_memory_secret_store_forget (InnSecretStore *store,
                                const char *host_id,
                                const char *purpose,
                                const char *user)
{
  g_autofree char *name = make_name (host_id, purpose, user);

  g_hash_table_remove (INN_MEMORY_SECRET_STORE (store)->secrets, name);
  return dex_future_new_true ();
}

static void
secret_store_iface_init (InnSecretStoreInterface *iface)
{
  iface->lookup = inn_memory_secret_store_lookup;
  iface->save = inn_memory_secret_store_save;
  iface->forget = inn_memory_secret_store_forget;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnMemorySecretStore,
                               inn_memory_secret_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_SECRET_STORE,
                                                      secret_store_iface_init))

static void
inn_memory_secret_store_finalize (GObject *object)
{
  InnMemorySecretStore *self = INN_MEMORY_SECRET_STORE (object);

  g_clear_pointer (&self->secrets, g_hash_table_unref);

  G_OBJECT_CLASS (inn_memory_secret_store_parent_class)->finalize (object);
}

static void
inn_memory_secret_store_class_init (InnMemorySecretStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_memory_secret_store_finalize;
}

static void
inn_memory_secret_store_init (InnMemorySecretStore *self)
{
  self->secrets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) inn_prompt_reply_unref);
}

/**
 * inn_memory_secret_store_new:
 *
 * Returns: (transfer full): an empty keyring
 */
InnSecretStore *
inn_memory_secret_store_new (void)
{
  return g_object_new (INN_TYPE_MEMORY_SECRET_STORE, NULL);
}

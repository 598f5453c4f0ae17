/* inn-libsecret-store.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "secret/inn-libsecret-store.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

/**
 * InnLibsecretStore:
 *
 * The desktop's keyring; in a Flatpak libsecret's own file. Only the secret_password functions are
 * used, since the others do not work in there.
 */
struct _InnLibsecretStore
{
  GObject parent_instance;
};

static const SecretSchema schema = {
  .name = "io.github.innkeeper.Innkeeper",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
      { "host", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "purpose", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "user", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
};

static GError *
make_not_found (const GError *cause)
{
  return inn_error_new (INN_ERROR_NOT_FOUND, cause != NULL ? cause->message : NULL,
                        _ ("No password is kept for this."));
}

static GError *
make_refused (const GError *cause)
{
  if (g_error_matches (cause, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) ||
      inn_error_is_cancelled (cause) ||
      g_error_matches (cause, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED))
    return inn_error_new (INN_ERROR_DENIED, cause->message,
                          _ ("The password was not kept because the keyring is locked. Unlock it "
                             "and try again."));

  return inn_error_new (INN_ERROR_UNSUPPORTED, cause->message,
                        _ ("The password was not kept because this desktop has no keyring that "
                           "answers. Install one, such as GNOME Keyring, or go on typing it."));
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  g_autoptr (GError) error = NULL;
  char *secret = secret_password_lookup_finish (result, &error);

  if (secret == NULL)
    {
      dex_promise_reject (promise, make_not_found (error));
      return;
    }

  dex_promise_resolve_boxed (promise, INN_TYPE_PROMPT_REPLY, inn_prompt_reply_new (secret, TRUE));
  secret_password_free (secret);
}

static DexFuture *
inn_libsecret_store_lookup (InnSecretStore *store,
                            const char *host_id,
                            const char *purpose,
                            const char *user)
{
  DexPromise *promise = dex_promise_new ();

  secret_password_lookup (&schema, NULL, on_looked_up, dex_ref (promise), "host", host_id,
                          "purpose", purpose, "user", user, NULL);
  return DEX_FUTURE (promise);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  g_autoptr (GError) error = NULL;

  if (secret_password_store_finish (result, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, make_refused (error));
}

static DexFuture *
inn_libsecret_store_save (InnSecretStore *store,
                          const char *host_id,
                          const char *purpose,
                          const char *user,
                          const char *label,
                          const char *secret)
{
  DexPromise *promise = dex_promise_new ();

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, secret, NULL, on_saved,
                         dex_ref (promise), "host", host_id, "purpose", purpose, "user", user,
                         NULL);
  return DEX_FUTURE (promise);
}

static void
on_forgotten (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  g_autoptr (GError) error = NULL;

  /* FALSE without an error: there was none. */
  if (secret_password_clear_finish (result, &error) || error == NULL)
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, make_refused (error));
}

static DexFuture *
inn_libsecret_store_forget (InnSecretStore *store,
                            const char *host_id,
                            const char *purpose,
                            const char *user)
{
  DexPromise *promise = dex_promise_new ();

  secret_password_clear (&schema, NULL, on_forgotten, dex_ref (promise), "host", host_id, "purpose",
                         purpose, "user", user, NULL);
  return DEX_FUTURE (promise);
}

static void
secret_store_iface_init (InnSecretStoreInterface *iface)
{
  iface->lookup = inn_libsecret_store_lookup;
  iface->save = inn_libsecret_store_save;
  iface->forget = inn_libsecret_store_forget;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnLibsecretStore,
                               inn_libsecret_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_SECRET_STORE,
                                                      secret_store_iface_init))

static void
inn_libsecret_store_class_init (InnLibsecretStoreClass *klass)
{
}

static void
inn_libsecret_store_init (InnLibsecretStore *self)
{
}

/**
 * inn_libsecret_store_new:
 *
 * Returns: (transfer full): the desktop's keyring
 */
InnSecretStore *
inn_libsecret_store_new (void)
{
  return g_object_new (INN_TYPE_LIBSECRET_STORE, NULL);
}

/* inn-credential-broker.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-credential-broker.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "secret/inn-memory-secret-store.h"

#include <glib/gi18n.h>

/**
 * InnCredentialBroker:
 *
 * Answers a question for a password from the keyring when it can, and asks a person when it cannot.
 * Whether an answer was right shows only when it is asked for again: so a password that shall be
 * remembered is kept at once, and a second attempt forgets what was kept. What the keyring does not
 * take, because there is none, is kept while the program runs.
 */
struct _InnCredentialBroker
{
  GObject parent_instance;

  InnSecretStore *secrets;
  InnSecretStore *fallback;
  InnPrompter *outer;
};

typedef struct
{
  InnCredentialBroker *self;
  InnPrompt *prompt;
  GCancellable *cancellable;
} AskClosure;

static void
ask_closure_free (AskClosure *closure)
{
  g_object_unref (closure->self);
  inn_prompt_free (closure->prompt);
  g_clear_object (&closure->cancellable);
  g_free (closure);
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static char *
make_label (const InnPrompt *prompt)
{
  const char *host = prompt->host_name != NULL ? prompt->host_name : prompt->host_id;

  /* A host has many screens, and the question says whose it is. */
  if (g_str_has_prefix (or_empty (prompt->purpose), "vnc:"))
    return g_strdup_printf (_ ("Innkeeper: %s (%s)"), or_empty (host), prompt->message);

  /* Translators: the name of a password in the keyring: %s is a host, %s is "ssh", "libvirt" … */
  return g_strdup_printf (_ ("Innkeeper: %s (%s)"), or_empty (host), or_empty (prompt->purpose));
}

/* The keyring is a help and never in the way: what it fails at goes to the log. */
static InnPromptReply *
look_up_in (InnSecretStore *store, const InnPrompt *prompt)
{
  g_autoptr (GError) error = NULL;
  InnPromptReply *reply = dex_await_boxed (
      inn_secret_store_lookup (store, or_empty (prompt->host_id), or_empty (prompt->purpose),
                               or_empty (prompt->user)),
      &error);

  if (error != NULL && !g_error_matches (error, INN_ERROR, INN_ERROR_NOT_FOUND))
    g_debug ("The keyring did not answer: %s", error->message);

  return reply;
}

static InnPromptReply *
look_up (AskClosure *closure)
{
  InnPromptReply *reply = look_up_in (closure->self->fallback, closure->prompt);

  return reply != NULL ? reply : look_up_in (closure->self->secrets, closure->prompt);
}

static void
forget_in (InnSecretStore *store, const InnPrompt *prompt)
{
  g_autoptr (GError) error = NULL;

  dex_await (inn_secret_store_forget (store, or_empty (prompt->host_id), or_empty (prompt->purpose),
                                      or_empty (prompt->user)),
             &error);
  if (error != NULL)
    g_debug ("The keyring did not forget: %s", error->message);
}

static void
forget (AskClosure *closure)
{
  forget_in (closure->self->fallback, closure->prompt);
  forget_in (closure->self->secrets, closure->prompt);
}

static gboolean
save_in (InnSecretStore *store, const InnPrompt *prompt, const InnPromptReply *reply)
{
  g_autofree char *label = make_label (prompt);
  g_autoptr (GError) error = NULL;

  if (dex_await (inn_secret_store_save (store, or_empty (prompt->host_id),
                                        or_empty (prompt->purpose), or_empty (prompt->user), label,
                                        inn_prompt_reply_get_text (reply)),
                 &error))
    return TRUE;

  g_message ("A password is kept until the program ends only: %s", error->message);
  return FALSE;
}

static void
save (AskClosure *closure, const InnPromptReply *reply)
{
  if (!save_in (closure->self->secrets, closure->prompt, reply))
    save_in (closure->self->fallback, closure->prompt, reply);
}

static DexFuture *
reply_future (InnPromptReply *reply)
{
  return dex_future_new_take_boxed (INN_TYPE_PROMPT_REPLY, reply);
}

static DexFuture *
ask_fiber (gpointer user_data)
{
  AskClosure *closure = user_data;
  const InnPrompt *prompt = closure->prompt;
  g_autoptr (InnPromptReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  if (prompt->kind == INN_PROMPT_SECRET && prompt->attempt == 0)
    {
      reply = look_up (closure);
      if (reply != NULL)
        return reply_future (g_steal_pointer (&reply));
    }
  else if (prompt->kind == INN_PROMPT_SECRET)
    forget (closure);

  if (closure->self->outer == NULL)
    return inn_reject (
        inn_error_new (INN_ERROR_AUTH_FAILED, prompt->message,
                       _ ("%s asks a question, and there is nobody to answer it"),
                       prompt->host_name != NULL ? prompt->host_name : _ ("A host")));

  reply = dex_await_boxed (inn_prompter_ask (closure->self->outer, prompt, closure->cancellable),
                           &error);
  if (reply == NULL)
    return inn_reject (g_steal_pointer (&error));

  if (prompt->kind == INN_PROMPT_SECRET && prompt->may_remember &&
      inn_prompt_reply_get_remember (reply))
    save (closure, reply);

  return reply_future (g_steal_pointer (&reply));
}

static DexFuture *
inn_credential_broker_ask (InnPrompter *prompter,
                           const InnPrompt *prompt,
                           GCancellable *cancellable)
{
  AskClosure *closure = g_new0 (AskClosure, 1);

  closure->self = g_object_ref (INN_CREDENTIAL_BROKER (prompter));
  closure->prompt = inn_prompt_copy (prompt);
  closure->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;

  return inn_spawn ("ask_fiber", ask_fiber, closure, (GDestroyNotify) ask_closure_free);
}

static void
prompter_iface_init (InnPrompterInterface *iface)
{
  iface->ask = inn_credential_broker_ask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnCredentialBroker,
                               inn_credential_broker,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER, prompter_iface_init))

static void
inn_credential_broker_dispose (GObject *object)
{
  InnCredentialBroker *self = INN_CREDENTIAL_BROKER (object);

  g_clear_object (&self->secrets);
  g_clear_object (&self->fallback);
  g_clear_object (&self->outer);

  G_OBJECT_CLASS (inn_credential_broker_parent_class)->dispose (object);
}

static void
inn_credential_broker_class_init (InnCredentialBrokerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_credential_broker_dispose;
}

static void
inn_credential_broker_init (InnCredentialBroker *self)
{
  self->fallback = inn_memory_secret_store_new ();
}

/**
 * inn_credential_broker_new:
 * @secrets: where passwords are kept
 * @outer: (nullable): who asks a person; %NULL when nobody can be asked
 *
 * Returns: (transfer full): a broker
 */
InnCredentialBroker *
inn_credential_broker_new (InnSecretStore *secrets, InnPrompter *outer)
{
  InnCredentialBroker *self;

  g_return_val_if_fail (INN_IS_SECRET_STORE (secrets), NULL);

  self = g_object_new (INN_TYPE_CREDENTIAL_BROKER, NULL);
  self->secrets = g_object_ref (secrets);
  self->outer = outer != NULL ? g_object_ref (outer) : NULL;

  return self;
}

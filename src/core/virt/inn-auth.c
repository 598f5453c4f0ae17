/* inn-auth.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-auth.h"

#include "base/inn-dex.h"

#include <glib/gi18n.h>
#include <string.h>

struct _InnAuth
{
  gatomicrefcount ref_count;
  GWeakRef prompter; /* resolved on the main thread only */
  GCancellable *cancellable;
  char *host_id;
  char *host_name;
  char *user;
  guint attempt;

  GMutex mutex;
  GCond answered;
  InnPrompt *prompt; /* the question of the moment; libvirt asks one at a time */
  char *reply;
  gboolean done;
  gboolean stopped;
  gboolean cancelled;
  gint asking;
};

/* @user: (nullable): the user name of the URI. To be made on the main thread. */
InnAuth *
inn_auth_new (InnPrompter *prompter,
              const char *host_id,
              const char *host_name,
              const char *user,
              guint attempt)
{
  InnAuth *self = g_new0 (InnAuth, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_weak_ref_init (&self->prompter, prompter);
  self->cancellable = g_cancellable_new ();
  self->host_id = g_strdup (host_id);
  self->host_name = g_strdup (host_name);
  self->user = g_strdup (user);
  self->attempt = attempt;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->answered);

  return self;
}

InnAuth *
inn_auth_ref (InnAuth *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
wipe (char **text)
{
  if (*text == NULL)
    return;

  explicit_bzero (*text, strlen (*text));
  g_clear_pointer (text, g_free);
}

void
inn_auth_unref (InnAuth *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_weak_ref_clear (&self->prompter);
  g_object_unref (self->cancellable);
  g_free (self->host_id);
  g_free (self->host_name);
  g_free (self->user);
  g_clear_pointer (&self->prompt, inn_prompt_free);
  wipe (&self->reply);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->answered);
  g_free (self);
}

/* @reply: (nullable): NULL when there is no answer */
static void
settle (InnAuth *self, const char *reply)
{
  g_mutex_lock (&self->mutex);
  if (!self->done)
    {
      self->done = TRUE;
      self->reply = g_strdup (reply);
      g_cond_broadcast (&self->answered);
    }
  g_mutex_unlock (&self->mutex);
}

static DexFuture *
on_reply_cb (DexFuture *completed, gpointer data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  const InnPromptReply *reply = value != NULL && G_VALUE_HOLDS (value, INN_TYPE_PROMPT_REPLY)
                                    ? g_value_get_boxed (value)
                                    : NULL;

  settle (data, reply != NULL ? inn_prompt_reply_get_text (reply) : NULL);
  return dex_future_new_true ();
}

static gboolean
ask_on_main (gpointer data)
{
  InnAuth *self = data;
  g_autoptr (InnPrompter) prompter = g_weak_ref_get (&self->prompter);
  g_autoptr (InnPrompt) prompt = NULL;

  g_mutex_lock (&self->mutex);
  prompt = self->prompt != NULL && !self->stopped ? inn_prompt_copy (self->prompt) : NULL;
  g_mutex_unlock (&self->mutex);

  if (prompter == NULL || prompt == NULL)
    settle (self, NULL);
  else
    dex_future_disown (dex_future_finally (inn_prompter_ask (prompter, prompt, self->cancellable),
                                           on_reply_cb, inn_auth_ref (self),
                                           (GDestroyNotify) inn_auth_unref));

  return G_SOURCE_REMOVE;
}

/* Waits, on a worker, for the answer of a person. */
static char *
ask (InnAuth *self, InnPrompt *prompt)
{
  char *reply;

  g_atomic_int_inc (&self->asking);
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->prompt, inn_prompt_free);
  self->prompt = prompt;
  self->done = self->stopped;
  g_mutex_unlock (&self->mutex);

  g_idle_add_full (G_PRIORITY_DEFAULT, ask_on_main, inn_auth_ref (self),
                   (GDestroyNotify) inn_auth_unref);

  g_mutex_lock (&self->mutex);
  while (!self->done)
    g_cond_wait (&self->answered, &self->mutex);
  reply = g_steal_pointer (&self->reply);
  self->cancelled |= reply == NULL;
  g_mutex_unlock (&self->mutex);
  g_atomic_int_add (&self->asking, -1);

  return reply;
}

static InnPrompt *
prompt_for (InnAuth *self, const virConnectCredential *credential)
{
  gboolean secret =
      credential->type == VIR_CRED_NOECHOPROMPT || credential->type == VIR_CRED_PASSPHRASE;
  g_autofree char *fallback = NULL;
  g_autofree char *words = NULL;
  InnPrompt *prompt;

  if (secret)
    fallback = g_strdup_printf (_ ("Password for “%s”"), self->host_name);
  else
    fallback = g_strdup_printf (_ ("User name for “%s”"), self->host_name);
  if (credential->type == VIR_CRED_ECHOPROMPT && credential->prompt != NULL)
    words = g_utf8_make_valid (credential->prompt, -1);

  prompt = inn_prompt_new (secret ? INN_PROMPT_SECRET : INN_PROMPT_TEXT, "libvirt",
                           words != NULL && words[0] != '\0' ? words : fallback);
  prompt->host_id = g_strdup (self->host_id);
  prompt->host_name = g_strdup (self->host_name);
  prompt->user = g_strdup (self->user);
  prompt->may_remember = TRUE;
  prompt->attempt = self->attempt;

  return prompt;
}

static gboolean
is_user_name (const virConnectCredential *credential)
{
  return credential->type == VIR_CRED_USERNAME || credential->type == VIR_CRED_AUTHNAME;
}

static gboolean
answer_one (InnAuth *self, virConnectCredentialPtr credential)
{
  g_autofree char *known = NULL;
  char *reply;

  if (is_user_name (credential) && self->user != NULL)
    known = g_strdup (self->user);
  reply = known != NULL ? g_steal_pointer (&known) : ask (self, prompt_for (self, credential));
  if (reply == NULL)
    return FALSE;

  if (is_user_name (credential))
    g_set_str (&self->user, reply);
  /* libvirt frees it. */
  credential->result = strdup (reply);
  credential->resultlen = (unsigned int) strlen (reply);
  wipe (&reply);
  return TRUE;
}

static int
on_credentials (virConnectCredentialPtr credentials, unsigned int n, void *data)
{
  InnAuth *self = data;

  for (unsigned int i = 0; i < n; i++)
    if (!answer_one (self, &credentials[i]))
      return -1;

  return 0;
}

/* Makes @auth ask here; it borrows a reference that its user must hold. */
void
inn_auth_fill (InnAuth *self, virConnectAuth *auth)
{
  static int types[] = {
    VIR_CRED_USERNAME,   VIR_CRED_AUTHNAME,     VIR_CRED_ECHOPROMPT,
    VIR_CRED_PASSPHRASE, VIR_CRED_NOECHOPROMPT,
  };

  auth->credtype = types;
  auth->ncredtype = G_N_ELEMENTS (types);
  auth->cb = on_credentials;
  auth->cbdata = self;
}

/* Whether a person is being asked at this moment. */
gboolean
inn_auth_is_asking (InnAuth *self)
{
  return g_atomic_int_get (&self->asking) > 0;
}

/* Whether a question was closed without an answer. */
gboolean
inn_auth_was_cancelled (InnAuth *self)
{
  gboolean cancelled;

  g_mutex_lock (&self->mutex);
  cancelled = self->cancelled;
  g_mutex_unlock (&self->mutex);

  return cancelled;
}

/* Takes the question back and lets the worker go. On the main thread. */
void
inn_auth_stop (InnAuth *self)
{
  g_mutex_lock (&self->mutex);
  self->stopped = TRUE;
  g_mutex_unlock (&self->mutex);

  settle (self, NULL);
  g_cancellable_cancel (self->cancellable);
}

/* inn-prompter.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-prompter.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * InnPrompter:
 *
 * Whoever can ask a person: a dialog, or the terminal of `innctl`.
 */
G_DEFINE_INTERFACE (InnPrompter, inn_prompter, G_TYPE_OBJECT)

G_DEFINE_BOXED_TYPE (InnPrompt, inn_prompt, inn_prompt_copy, inn_prompt_free)
G_DEFINE_BOXED_TYPE (InnPromptReply, inn_prompt_reply, inn_prompt_reply_ref, inn_prompt_reply_unref)

struct _InnPromptReply
{
  gatomicrefcount ref_count;
  gboolean remember;
  gsize size;
  char text[];
};

/**
 * inn_prompt_new:
 * @kind: what is asked
 * @purpose: what the answer is for
 * @message: what to show
 *
 * Returns: (transfer full): a question
 */
InnPrompt *
inn_prompt_new (InnPromptKind kind, const char *purpose, const char *message)
{
  InnPrompt *self = g_new0 (InnPrompt, 1);

  self->kind = kind;
  self->purpose = g_strdup (purpose);
  self->message = g_utf8_make_valid (message, -1);

  return self;
}

/**
 * inn_prompt_copy:
 * @self: a question
 *
 * Returns: (transfer full): a deep copy
 */
InnPrompt *
inn_prompt_copy (const InnPrompt *self)
{
  InnPrompt *copy = g_memdup2 (self, sizeof *self);

  copy->host_id = g_strdup (self->host_id);
  copy->host_name = g_strdup (self->host_name);
  copy->purpose = g_strdup (self->purpose);
  copy->user = g_strdup (self->user);
  copy->message = g_strdup (self->message);

  return copy;
}

/**
 * inn_prompt_free:
 * @self: (transfer full): a question
 */
void
inn_prompt_free (InnPrompt *self)
{
  g_free (self->host_id);
  g_free (self->host_name);
  g_free (self->purpose);
  g_free (self->user);
  g_free (self->message);
  g_free (self);
}

/**
 * inn_prompt_reply_new:
 * @text: the answer; "yes" for a confirmed question
 * @remember: whether to keep it in the keyring
 *
 * Returns: (transfer full): an answer whose memory is wiped with its last reference
 */
InnPromptReply *
inn_prompt_reply_new (const char *text, gboolean remember)
{
  gsize size = strlen (text) + 1;
  InnPromptReply *self = g_malloc0 (sizeof *self + size);

  g_atomic_ref_count_init (&self->ref_count);
  self->remember = remember;
  self->size = size;
  memcpy (self->text, text, size);

  return self;
}

InnPromptReply *
inn_prompt_reply_ref (InnPromptReply *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
inn_prompt_reply_unref (InnPromptReply *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  explicit_bzero (self->text, self->size);
  g_free (self);
}

/**
 * inn_prompt_reply_get_text:
 * @self: an answer
 *
 * Returns: what was typed; wiped with the reply, so whoever copies it wipes the copy
 */
const char *
inn_prompt_reply_get_text (const InnPromptReply *self)
{
  return self->text;
}

/**
 * inn_prompt_reply_get_remember:
 * @self: an answer
 *
 * Returns: whether to keep it in the keyring
 */
gboolean
inn_prompt_reply_get_remember (const InnPromptReply *self)
{
  return self->remember;
}

/**
 * inn_prompter_ask:
 * @self: (nullable): who can ask; with %NULL nobody can
 * @prompt: the question
 * @cancellable: (nullable): withdraws the question
 *
 * Returns: (transfer full): resolves with an [struct@PromptReply] (boxed); rejects with
 *   %INN_ERROR_AUTH_CANCELLED when the person closes the question or nobody can ask
 */
DexFuture *
inn_prompter_ask (InnPrompter *self, const InnPrompt *prompt, GCancellable *cancellable)
{
  g_return_val_if_fail (self == NULL || INN_IS_PROMPTER (self), NULL);
  g_return_val_if_fail (prompt != NULL, NULL);

  if (self == NULL)
    return inn_reject (inn_error_new (INN_ERROR_AUTH_CANCELLED, prompt->message,
                                      _ ("A question had to be asked and nobody was there")));

  return INN_PROMPTER_GET_IFACE (self)->ask (self, prompt, cancellable);
}

static void
inn_prompter_default_init (InnPrompterInterface *iface)
{
}

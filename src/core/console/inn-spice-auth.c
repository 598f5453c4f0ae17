/* inn-spice-auth.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-spice-session-private.h"

#include <glib/gi18n.h>

/* A server says that it wants a password by refusing the first try, which has none. */

typedef struct
{
  InnSpiceSession *self;
  GCancellable *cancellable;
  gboolean want_user;
  gboolean want_password;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->self);
  g_object_unref (question->cancellable);
  g_free (question);
}

static InnPrompt *
make_prompt (InnSpiceSession *self, InnPromptKind kind)
{
  const InnConsolePlace *place = self->place;
  g_autofree char *message = NULL;
  g_autofree char *purpose = NULL;
  InnPrompt *prompt;

  if (kind == INN_PROMPT_TEXT)
    message = g_strdup_printf (_ ("User name for the screen of “%s”"), place->guest_name);
  else
    message = g_strdup_printf (_ ("Password for the screen of “%s”"), place->guest_name);

  /* Each guest has a password of its own. */
  purpose =
      place->guest_id != NULL ? g_strdup_printf ("spice:%s", place->guest_id) : g_strdup ("spice");
  prompt = inn_prompt_new (kind, purpose, message);
  prompt->host_id = g_strdup (place->host_id);
  prompt->host_name = g_strdup (place->host_name);
  prompt->attempt = self->attempt;
  prompt->may_remember = place->host_id != NULL && place->guest_id != NULL;
  if (kind == INN_PROMPT_SECRET && self->user != NULL)
    prompt->user = g_strdup (inn_prompt_reply_get_text (self->user));

  return prompt;
}

static gboolean
ask (Question *question, InnPromptKind kind, InnPromptReply **reply, GError **error)
{
  InnSpiceSession *self = question->self;
  g_autoptr (InnPrompt) prompt = make_prompt (self, kind);
  InnPromptReply *answer =
      dex_await_boxed (inn_prompter_ask (self->prompter, prompt, question->cancellable), error);

  if (answer == NULL)
    return FALSE;

  g_clear_pointer (reply, inn_prompt_reply_unref);
  *reply = answer;
  return TRUE;
}

static DexFuture *
question_fiber (gpointer data)
{
  Question *question = data;
  InnSpiceSession *self = question->self;
  g_autoptr (GError) error = NULL;
  gboolean ok =
      (!question->want_user || ask (question, INN_PROMPT_TEXT, &self->user, &error)) &&
      (!question->want_password || ask (question, INN_PROMPT_SECRET, &self->password, &error));

  if (self->cancellable != question->cancellable)
    return dex_future_new_true ();

  if (ok)
    inn_spice_session_begin (self);
  else
    inn_spice_session_fail (self, inn_error_new (INN_ERROR_AUTH_CANCELLED, error->message,
                                                 _ ("The screen of “%s” needs a password"),
                                                 self->place->guest_name));
  return dex_future_new_true ();
}

/* @why: (nullable): what the server wants to know */
void
inn_spice_session_ask_credentials (InnSpiceSession *self, const GError *why)
{
  gboolean user =
      g_error_matches (why, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_AUTH_NEEDS_USERNAME) ||
      g_error_matches (why, SPICE_CLIENT_ERROR,
                       SPICE_CLIENT_ERROR_AUTH_NEEDS_PASSWORD_AND_USERNAME);
  gboolean password =
      !g_error_matches (why, SPICE_CLIENT_ERROR, SPICE_CLIENT_ERROR_AUTH_NEEDS_USERNAME);
  Question *question;

  if (self->password != NULL || self->user != NULL)
    self->attempt++;
  inn_spice_session_forget_credentials (self);
  if (self->attempt >= INN_SPICE_MAX_ATTEMPTS)
    {
      inn_spice_session_fail (self, inn_spice_error_new (self, SPICE_CHANNEL_ERROR_AUTH, why));
      return;
    }

  inn_spice_session_stop_deadline (self);
  self->asking = TRUE;
  question = g_new0 (Question, 1);
  question->self = g_object_ref (self);
  question->cancellable = g_object_ref (self->cancellable);
  question->want_user = user;
  question->want_password = password;
  inn_future_forget (inn_spawn ("question_fiber", question_fiber, question, question_free),
                     "asking for the password of a screen");
}

void
inn_spice_session_forget_credentials (InnSpiceSession *self)
{
  g_clear_pointer (&self->user, inn_prompt_reply_unref);
  g_clear_pointer (&self->password, inn_prompt_reply_unref);
}

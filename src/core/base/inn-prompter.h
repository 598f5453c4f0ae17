/* inn-prompter.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * InnPromptKind:
 * @INN_PROMPT_TEXT: a line that may be seen (a user name)
 * @INN_PROMPT_SECRET: a password or passphrase
 * @INN_PROMPT_CONFIRM: yes or no (an unknown host key: the message holds the fingerprint)
 * @INN_PROMPT_NOTICE: nothing to answer ("touch your security key"); may be closed
 */
typedef enum
{
  INN_PROMPT_TEXT,
  INN_PROMPT_SECRET,
  INN_PROMPT_CONFIRM,
  INN_PROMPT_NOTICE,
} InnPromptKind;

#define INN_TYPE_PROMPT (inn_prompt_get_type ())

/**
 * InnPrompt:
 * @kind: what is asked
 * @host_id: (nullable): record id of the host that asks
 * @host_name: (nullable): its name
 * @purpose: stable name of what the answer is for ("ssh", "libvirt", "vnc:UUID"), a key for
 * remembering
 * @user: (nullable): the user name that goes with it, when known
 * @message: what to show, text and no markup
 * @may_remember: whether "remember" makes sense
 * @attempt: 0 at first, more when the last answer was wrong
 *
 * A question to a person. Boxed; copied between rooms.
 */
typedef struct
{
  InnPromptKind kind;
  char *host_id;
  char *host_name;
  char *purpose;
  char *user;
  char *message;
  gboolean may_remember;
  guint attempt;
} InnPrompt;

GType inn_prompt_get_type (void);
InnPrompt *inn_prompt_new (InnPromptKind kind, const char *purpose, const char *message);
InnPrompt *inn_prompt_copy (const InnPrompt *self);
void inn_prompt_free (InnPrompt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnPrompt, inn_prompt_free)

#define INN_TYPE_PROMPT_REPLY (inn_prompt_reply_get_type ())

typedef struct _InnPromptReply InnPromptReply;

GType inn_prompt_reply_get_type (void);
InnPromptReply *inn_prompt_reply_new (const char *text, gboolean remember);
InnPromptReply *inn_prompt_reply_ref (InnPromptReply *self);
void inn_prompt_reply_unref (InnPromptReply *self);
const char *inn_prompt_reply_get_text (const InnPromptReply *self);
gboolean inn_prompt_reply_get_remember (const InnPromptReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnPromptReply, inn_prompt_reply_unref)

#define INN_TYPE_PROMPTER (inn_prompter_get_type ())

G_DECLARE_INTERFACE (InnPrompter, inn_prompter, INN, PROMPTER, GObject)

struct _InnPrompterInterface
{
  GTypeInterface parent_iface;

  DexFuture *(*ask) (InnPrompter *self, const InnPrompt *prompt, GCancellable *cancellable);
};

DexFuture *inn_prompter_ask (InnPrompter *self,
                             const InnPrompt *prompt,
                             GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

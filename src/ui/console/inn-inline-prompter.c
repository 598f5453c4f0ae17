/* inn-inline-prompter.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-inline-prompter.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void inn_inline_prompter_iface_init (InnPrompterInterface *iface);

/**
 * InnInlinePrompter:
 *
 * Holds one question for a widget that asks it in its own place. "changed" says that there is one,
 * or that there is none any more.
 */
struct _InnInlinePrompter
{
  GObject parent_instance;

  InnPrompt *prompt;
  DexPromise *promise;
  GCancellable *cancellable;
  gulong cancelled_id;
};

G_DEFINE_FINAL_TYPE_WITH_CODE (InnInlinePrompter,
                               inn_inline_prompter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER,
                                                      inn_inline_prompter_iface_init))

/* Forgets the question; the promise is the caller's to settle. */
static DexPromise *
take_promise (InnInlinePrompter *self)
{
  DexPromise *promise = g_steal_pointer (&self->promise);

  g_clear_signal_handler (&self->cancelled_id, self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->prompt, inn_prompt_free);
  return promise;
}

/**
 * inn_inline_prompter_cancel:
 * @self: a prompter
 *
 * Closes the question without an answer.
 */
void
inn_inline_prompter_cancel (InnInlinePrompter *self)
{
  g_autoptr (DexPromise) promise = NULL;

  g_return_if_fail (INN_IS_INLINE_PROMPTER (self));

  promise = take_promise (self);
  if (promise == NULL)
    return;

  dex_promise_reject (
      promise, inn_error_new (INN_ERROR_AUTH_CANCELLED, NULL, _ ("The question was closed")));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* From inside g_cancellable_cancel(), where its handlers cannot be disconnected. */
static gboolean
cancelled_idle (gpointer user_data)
{
  InnInlinePrompter *self = user_data;

  if (self->cancellable != NULL && g_cancellable_is_cancelled (self->cancellable))
    inn_inline_prompter_cancel (self);
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable, InnInlinePrompter *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, cancelled_idle, g_object_ref (self), g_object_unref);
}

static DexFuture *
inn_inline_prompter_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable)
{
  InnInlinePrompter *self = INN_INLINE_PROMPTER (prompter);

  inn_inline_prompter_cancel (self);
  self->prompt = inn_prompt_copy (prompt);
  self->promise = dex_promise_new ();
  if (cancellable != NULL)
    {
      self->cancellable = g_object_ref (cancellable);
      self->cancelled_id =
          g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), self, 0);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);

  return dex_ref (DEX_FUTURE (self->promise));
}

static void
inn_inline_prompter_iface_init (InnPrompterInterface *iface)
{
  iface->ask = inn_inline_prompter_ask;
}

static void
inn_inline_prompter_dispose (GObject *object)
{
  inn_inline_prompter_cancel (INN_INLINE_PROMPTER (object));

  G_OBJECT_CLASS (inn_inline_prompter_parent_class)->dispose (object);
}

static void
inn_inline_prompter_class_init (InnInlinePrompterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_inline_prompter_dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", INN_TYPE_INLINE_PROMPTER, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
inn_inline_prompter_init (InnInlinePrompter *self)
{
}

/**
 * inn_inline_prompter_new:
 *
 * Returns: (transfer full): a prompter without a question
 */
InnInlinePrompter *
inn_inline_prompter_new (void)
{
  return g_object_new (INN_TYPE_INLINE_PROMPTER, NULL);
}

/**
 * inn_inline_prompter_get_prompt:
 * @self: a prompter
 *
 * Returns: (nullable) (transfer none): the open question
 */
const InnPrompt *
inn_inline_prompter_get_prompt (InnInlinePrompter *self)
{
  g_return_val_if_fail (INN_IS_INLINE_PROMPTER (self), NULL);

  return self->prompt;
}

/**
 * inn_inline_prompter_answer:
 * @self: a prompter with a question
 * @text: what was typed
 * @remember: whether it may be kept
 */
void
inn_inline_prompter_answer (InnInlinePrompter *self, const char *text, gboolean remember)
{
  g_autoptr (DexPromise) promise = NULL;

  g_return_if_fail (INN_IS_INLINE_PROMPTER (self));
  g_return_if_fail (text != NULL);

  promise = take_promise (self);
  if (promise == NULL)
    return;

  dex_promise_resolve_boxed (promise, INN_TYPE_PROMPT_REPLY, inn_prompt_reply_new (text, remember));
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

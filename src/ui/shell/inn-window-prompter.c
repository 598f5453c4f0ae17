/* inn-window-prompter.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-window-prompter.h"

#include "base/inn-error.h"
#include "ui/shell/inn-feedback.h"
#include "ui/shell/inn-prompt-dialog.h"

#include <glib/gi18n.h>

/**
 * InnWindowPrompter:
 *
 * Asks the person in front of the window: one question after the other, in dialogs of the
 * application's active window.
 */
struct _InnWindowPrompter
{
  GObject parent_instance;

  GtkApplication *application; /* weak */
  GQueue waiting;              /* of Question */
  struct _Question *current;
};

typedef struct _Question
{
  InnWindowPrompter *prompter; /* weak */
  InnPrompt *prompt;
  DexPromise *promise;
  GCancellable *cancellable;
  gulong cancelled_id;
  InnPromptDialog *dialog;
  guint gone_id;
} Question;

static DexFuture *
inn_window_prompter_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable);

static void
prompter_iface_init (InnPrompterInterface *iface)
{
  iface->ask = inn_window_prompter_ask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnWindowPrompter,
                               inn_window_prompter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER, prompter_iface_init))

static void
question_free (Question *question)
{
  g_clear_handle_id (&question->gone_id, g_source_remove);
  g_clear_signal_handler (&question->cancelled_id, question->cancellable);
  if (question->dialog != NULL)
    g_signal_handlers_disconnect_by_data (question->dialog, question);
  g_clear_weak_pointer (&question->prompter);
  g_clear_object (&question->cancellable);
  g_clear_object (&question->dialog);
  inn_prompt_free (question->prompt);
  dex_unref (question->promise);
  g_free (question);
}

static void
question_refuse (Question *question)
{
  dex_promise_reject (question->promise,
                      inn_error_new (INN_ERROR_AUTH_CANCELLED, question->prompt->message,
                                     _ ("The question was closed without an answer")));
}

static void ask_next (InnWindowPrompter *self);

/* Frees the question that is on the screen; another one may come up. */
static void
end_current (Question *question)
{
  InnWindowPrompter *self = question->prompter;

  if (self != NULL && self->current == question)
    self->current = NULL;
  question_free (question);
  if (self != NULL)
    ask_next (self);
}

static void
on_response (AdwAlertDialog *dialog, const char *response, Question *question)
{
  if (g_str_equal (response, "accept"))
    dex_promise_resolve_boxed (question->promise, INN_TYPE_PROMPT_REPLY,
                               inn_prompt_dialog_dup_reply (question->dialog));
  else
    question_refuse (question);

  end_current (question);
}

static gboolean
on_gone (gpointer data)
{
  Question *question = data;

  question->gone_id = 0;
  if (gtk_widget_get_root (GTK_WIDGET (question->dialog)) == NULL)
    {
      question_refuse (question);
      end_current (question);
    }

  return G_SOURCE_REMOVE;
}

/* A dialog whose window is destroyed gives no response. One that is answered may leave its window
 * before it says so: hence not now. */
static void
on_root (GtkWidget *dialog, GParamSpec *pspec, Question *question)
{
  if (gtk_widget_get_root (dialog) == NULL && question->gone_id == 0)
    question->gone_id = g_idle_add (on_gone, question);
}

static void
ask_next (InnWindowPrompter *self)
{
  while (self->current == NULL && !g_queue_is_empty (&self->waiting))
    {
      Question *question = g_queue_pop_head (&self->waiting);
      GtkWindow *window =
          self->application != NULL ? gtk_application_get_active_window (self->application) : NULL;

      if (window == NULL || g_cancellable_is_cancelled (question->cancellable))
        {
          question_refuse (question);
          question_free (question);
          continue;
        }

      self->current = question;
      question->dialog = g_object_ref_sink (inn_prompt_dialog_new (question->prompt));
      /* The dialog is closed before its question is freed. */
      g_signal_connect (question->dialog, "response", G_CALLBACK (on_response), question);
      g_signal_connect (question->dialog, "notify::root", G_CALLBACK (on_root), question);
      inn_feedback_present_now (ADW_DIALOG (question->dialog), GTK_WIDGET (window));
    }
}

static GList *
find_waiting (InnWindowPrompter *self, GCancellable *cancellable)
{
  GList *l = self->waiting.head;

  while (l != NULL && ((Question *) l->data)->cancellable != cancellable)
    l = l->next;

  return l;
}

static void
on_cancelled (GCancellable *cancellable, InnWindowPrompter *self)
{
  GList *link;

  /* Looked for anew each time: whoever is refused may ask again at once. */
  while ((link = find_waiting (self, cancellable)) != NULL)
    {
      Question *question = link->data;

      g_queue_delete_link (&self->waiting, link);
      question_refuse (question);
      question_free (question);
    }
  if (self->current != NULL && self->current->cancellable == cancellable)
    adw_dialog_force_close (ADW_DIALOG (self->current->dialog));
}

static DexFuture *
inn_window_prompter_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable)
{
  InnWindowPrompter *self = INN_WINDOW_PROMPTER (prompter);
  Question *question = g_new0 (Question, 1);
  DexPromise *promise = dex_promise_new ();

  g_set_weak_pointer (&question->prompter, self);
  question->prompt = inn_prompt_copy (prompt);
  question->promise = dex_ref (promise);
  if (cancellable != NULL)
    {
      question->cancellable = g_object_ref (cancellable);
      question->cancelled_id = g_signal_connect_object (
          cancellable, "cancelled", G_CALLBACK (on_cancelled), self, G_CONNECT_DEFAULT);
    }
  g_queue_push_tail (&self->waiting, question);
  ask_next (self);

  return DEX_FUTURE (promise);
}

static void
inn_window_prompter_dispose (GObject *object)
{
  InnWindowPrompter *self = INN_WINDOW_PROMPTER (object);
  Question *question;

  while ((question = g_queue_pop_head (&self->waiting)) != NULL)
    {
      question_refuse (question);
      question_free (question);
    }
  if (self->current != NULL)
    adw_dialog_force_close (ADW_DIALOG (self->current->dialog));
  /* Its window went just now: then it has not been told. */
  if (self->current != NULL)
    {
      question_refuse (self->current);
      end_current (self->current);
    }
  g_clear_weak_pointer (&self->application);

  G_OBJECT_CLASS (inn_window_prompter_parent_class)->dispose (object);
}

static void
inn_window_prompter_class_init (InnWindowPrompterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_window_prompter_dispose;
}

static void
inn_window_prompter_init (InnWindowPrompter *self)
{
  g_queue_init (&self->waiting);
}

/**
 * inn_window_prompter_new:
 * @application: whose active window shows the questions
 *
 * Returns: (transfer full): a prompter; main thread only
 */
InnWindowPrompter *
inn_window_prompter_new (GtkApplication *application)
{
  InnWindowPrompter *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);

  self = g_object_new (INN_TYPE_WINDOW_PROMPTER, NULL);
  g_set_weak_pointer (&self->application, application);

  return self;
}

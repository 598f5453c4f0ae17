/* inn-cli-run.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-run.h"

#include "base/inn-error.h"
#include "inn-cli-output.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <unistd.h>

/**
 * InnCliRun:
 *
 * What one command line asked for, and the means to do it.
 */
struct _InnCliRun
{
  GObject parent_instance;

  InnAppContext *context;
  GStrv arguments;
  GHashTable *options;
  GCancellable *cancellable;
  gboolean ends_when_cancelled;
  gint64 timeout;
  guint json : 1;
  guint yes : 1;
};

G_DEFINE_FINAL_TYPE (InnCliRun, inn_cli_run, G_TYPE_OBJECT)

static void
inn_cli_run_dispose (GObject *object)
{
  InnCliRun *self = INN_CLI_RUN (object);

  g_clear_object (&self->context);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (inn_cli_run_parent_class)->dispose (object);
}

static void
inn_cli_run_finalize (GObject *object)
{
  InnCliRun *self = INN_CLI_RUN (object);

  g_strfreev (self->arguments);
  g_hash_table_unref (self->options);

  G_OBJECT_CLASS (inn_cli_run_parent_class)->finalize (object);
}

static void
inn_cli_run_class_init (InnCliRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_cli_run_dispose;
  object_class->finalize = inn_cli_run_finalize;
}

static void
inn_cli_run_init (InnCliRun *self)
{
  self->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->cancellable = g_cancellable_new ();
}

/**
 * inn_cli_run_new:
 *
 * Returns: (transfer full): a run that knows nothing yet
 */
InnCliRun *
inn_cli_run_new (void)
{
  return g_object_new (INN_TYPE_CLI_RUN, NULL);
}

void
inn_cli_run_set_context (InnCliRun *self, InnAppContext *context)
{
  g_set_object (&self->context, context);
}

InnAppContext *
inn_cli_run_get_context (InnCliRun *self)
{
  return self->context;
}

InnInventory *
inn_cli_run_get_inventory (InnCliRun *self)
{
  return inn_app_context_get_inventory (self->context);
}

InnStore *
inn_cli_run_get_store (InnCliRun *self)
{
  return inn_app_context_get_store (self->context);
}

void
inn_cli_run_set_json (InnCliRun *self, gboolean json)
{
  self->json = json;
}

gboolean
inn_cli_run_get_json (InnCliRun *self)
{
  return self->json;
}

void
inn_cli_run_set_yes (InnCliRun *self, gboolean yes)
{
  self->yes = yes;
}

void
inn_cli_run_set_timeout (InnCliRun *self, gint64 usec)
{
  self->timeout = usec;
}

gint64
inn_cli_run_get_timeout (InnCliRun *self)
{
  return self->timeout;
}

void
inn_cli_run_take_arguments (InnCliRun *self, GStrv arguments)
{
  g_strfreev (self->arguments);
  self->arguments = arguments;
}

const char *const *
inn_cli_run_get_arguments (InnCliRun *self)
{
  return (const char *const *) self->arguments;
}

/* Returns: (nullable): the argument, when there are so many */
const char *
inn_cli_run_get_argument (InnCliRun *self, guint index)
{
  return index < g_strv_length (self->arguments) ? self->arguments[index] : NULL;
}

void
inn_cli_run_set_option (InnCliRun *self, const char *name, const char *value)
{
  g_hash_table_insert (self->options, g_strdup (name), g_strdup (value));
}

/* Returns: (nullable): its value; "" for a flag that was given */
const char *
inn_cli_run_get_option (InnCliRun *self, const char *name)
{
  return g_hash_table_lookup (self->options, name);
}

gboolean
inn_cli_run_has_option (InnCliRun *self, const char *name)
{
  return g_hash_table_contains (self->options, name);
}

GCancellable *
inn_cli_run_get_cancellable (InnCliRun *self)
{
  return self->cancellable;
}

/**
 * inn_cli_usage_error:
 * @error: return location
 * @format: what is wrong with the command line, and what would be right
 *
 * An error that ends innctl with exit code 2.
 */
void
inn_cli_usage_error (GError **error, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  *error = g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, format, args);
  va_end (args);
}

/**
 * inn_cli_run_report:
 * @self: a run
 * @error: what went wrong
 *
 * Tells it on stderr, in the form that was asked for.
 */
void
inn_cli_run_report (InnCliRun *self, const GError *error)
{
  inn_cli_print_error (error, self->json);
}

static InnPrompt *
make_question (const char *question)
{
  return inn_prompt_new (INN_PROMPT_CONFIRM, "confirm", question);
}

/**
 * inn_cli_run_confirm:
 * @self: a run
 * @question: yes or no
 * @error: return location
 *
 * Awaits an answer on the terminal; with -y it is yes. Without a terminal that is wrong usage.
 *
 * Returns: whether it was yes
 */
gboolean
inn_cli_run_confirm (InnCliRun *self, const char *question, GError **error)
{
  g_autoptr (InnPrompt) prompt = NULL;
  g_autoptr (InnPromptReply) reply = NULL;
  g_autoptr (GError) asked = NULL;

  if (self->yes)
    return TRUE;

  prompt = make_question (question);
  reply = dex_await_boxed (
      inn_prompter_ask (inn_app_context_get_prompter (self->context), prompt, self->cancellable),
      &asked);
  if (reply != NULL)
    return TRUE;

  if (g_error_matches (asked, INN_ERROR, INN_ERROR_HOST_KEY_UNKNOWN))
    inn_cli_usage_error (error, _ ("%s Give -y to say yes: there is no terminal to ask on"),
                         question);
  else
    inn_error_set (error, INN_ERROR_CANCELLED, NULL, _ ("Nothing was done"));
  return FALSE;
}

/**
 * inn_cli_run_end_when_cancelled:
 * @self: a run
 *
 * For a command that goes on until it is interrupted, and then still has something to put away: it
 * promises to end soon after its cancellable fires.
 */
void
inn_cli_run_end_when_cancelled (InnCliRun *self)
{
  self->ends_when_cancelled = TRUE;
}

/**
 * inn_cli_run_was_interrupted:
 * @self: a run
 *
 * Returns: whether the command ends because it was interrupted, as it promised
 */
gboolean
inn_cli_run_was_interrupted (InnCliRun *self)
{
  return self->ends_when_cancelled && g_cancellable_is_cancelled (self->cancellable);
}

/**
 * inn_cli_run_interrupt:
 * @self: a run
 *
 * Cancels what goes on. Operations that cannot be cancelled are named with the reason.
 *
 * Returns: whether there is something that still has to end
 */
gboolean
inn_cli_run_interrupt (InnCliRun *self)
{
  GListModel *operations;
  gboolean running = self->ends_when_cancelled;
  guint n;

  g_cancellable_cancel (self->cancellable);
  if (self->context == NULL)
    return FALSE;

  operations = G_LIST_MODEL (inn_app_context_get_operations (self->context));
  n = g_list_model_get_n_items (operations);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) operation = g_list_model_get_item (operations, i);
      const char *reason = inn_operation_get_no_cancel_reason (operation);

      if (inn_operation_is_foreign (operation) || inn_operation_is_ended (operation))
        continue;
      running = TRUE;
      if (reason != NULL)
        inn_cli_note (_ ("%s cannot be cancelled: %s. Ctrl+C again leaves it alone."),
                      inn_operation_get_title (operation), reason);
      else
        inn_operation_cancel (operation);
    }

  return running;
}

static void
show_progress_cb (InnOperation *operation, GParamSpec *pspec, gpointer user_data)
{
  double progress = inn_operation_get_progress (operation);
  g_autofree char *title = inn_cli_escape (inn_operation_get_title (operation));

  if (progress >= 0)
    fprintf (stderr, "\r%s: %d %% ", title, (int) (progress * 100));
}

/**
 * inn_cli_run_follow:
 * @self: a run
 * @operation: an operation
 * @error: return location
 *
 * Awaits its end. On a terminal it shows how far it is.
 *
 * Returns: whether it succeeded
 */
gboolean
inn_cli_run_follow (InnCliRun *self, InnOperation *operation, GError **error)
{
  gboolean shown = !self->json && isatty (STDERR_FILENO);
  gulong handler = 0;
  gboolean ok;

  if (shown)
    handler = g_signal_connect_object (operation, "notify::progress", G_CALLBACK (show_progress_cb),
                                       self, 0);
  ok = dex_await (inn_operation_await (operation), error);
  if (shown)
    {
      g_signal_handler_disconnect (operation, handler);
      if (inn_operation_get_progress (operation) >= 0)
        fprintf (stderr, "\r\033[K");
    }

  return ok;
}

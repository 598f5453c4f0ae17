/* inn-cli-prompter.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-prompter.h"

#include "base/inn-error.h"
#include "base/inn-worker.h"
#include "inn-cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MAX_ANSWER 1024

/* How the terminal was before a hidden answer. Shared with the thread, which an interrupt leaves
 * behind in the middle of a question. */
typedef struct
{
  GMutex mutex;
  struct termios before;
  gboolean hidden;
} Echo;

static void
echo_clear (gpointer data)
{
  g_mutex_clear (&((Echo *) data)->mutex);
}

static void
echo_release (Echo *echo)
{
  g_atomic_rc_box_release_full (echo, echo_clear);
}

static void
echo_hide (Echo *echo, int fd)
{
  struct termios silent;

  g_mutex_lock (&echo->mutex);
  if (tcgetattr (fd, &echo->before) == 0)
    {
      silent = echo->before;
      silent.c_lflag &= ~(tcflag_t) ECHO;
      echo->hidden = tcsetattr (fd, TCSAFLUSH, &silent) == 0;
    }
  g_mutex_unlock (&echo->mutex);
}

static void
echo_restore (Echo *echo, int fd)
{
  g_mutex_lock (&echo->mutex);
  if (echo->hidden)
    {
      tcsetattr (fd, TCSAFLUSH, &echo->before);
      if (write (fd, "\n", 1) < 0)
        g_debug ("The terminal is gone");
    }
  echo->hidden = FALSE;
  g_mutex_unlock (&echo->mutex);
}

typedef struct
{
  InnPrompt *prompt;
  Echo *echo;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  inn_prompt_free (question->prompt);
  echo_release (question->echo);
  g_free (question);
}

/**
 * InnCliPrompter:
 *
 * Asks on the terminal that innctl was started from, one question after the other, whatever stdin
 * and stdout are. Secrets are not shown. Where there is no terminal a question fails.
 */
struct _InnCliPrompter
{
  GObject parent_instance;

  InnWorker *worker; /* one thread: one question at a time */
  Echo *echo;
};

static gboolean
fail_without_terminal (const InnPrompt *prompt, GError **error)
{
  const char *host = prompt->host_name != NULL ? prompt->host_name : _ ("A host");

  if (prompt->kind == INN_PROMPT_CONFIRM)
    inn_error_set (error, INN_ERROR_HOST_KEY_UNKNOWN, prompt->message,
                   _ ("%s asks for a yes, and there is no terminal to ask on: connect once from a "
                      "terminal"),
                   host);
  else
    inn_error_set (error, INN_ERROR_AUTH_FAILED, prompt->message,
                   _ ("%s asks for a login, and there is no terminal to ask on: use a key or an "
                      "agent, keep the password in the keyring, or run innctl from a terminal"),
                   host);
  return FALSE;
}

/* Reads a line; polls, so that a question that nobody wants answered any more is given up. */
static gssize
read_line (int fd, char *line, gsize size, GCancellable *cancellable)
{
  gsize n = 0;

  while (n + 1 < size)
    {
      struct pollfd poll_fd = { fd, POLLIN, 0 };
      int ready = poll (&poll_fd, 1, 200);
      gssize got;

      if (g_cancellable_is_cancelled (cancellable))
        return -1;
      if (ready == 0 || (ready < 0 && errno == EINTR))
        continue;

      got = read (fd, line + n, 1);
      if (got <= 0)
        return n > 0 ? (gssize) n : -1;
      if (line[n] == '\n')
        break;
      n++;
    }

  line[n] = 0;
  return (gssize) n;
}

static gboolean
show (int fd, const InnPrompt *prompt)
{
  g_autofree char *host =
      prompt->host_name != NULL ? inn_cli_escape (prompt->host_name) : g_strdup ("");
  g_autofree char *message = inn_cli_escape (prompt->message);
  const char *again = prompt->attempt > 0 ? _ ("That was not right. ") : "";
  const char *hint = prompt->kind == INN_PROMPT_CONFIRM ? _ (" [yes/no]") : "";
  g_autofree char *text =
      g_strdup_printf ("%s%s%s%s%s%s", again, host, *host != 0 ? ": " : "", message, hint,
                       prompt->kind == INN_PROMPT_NOTICE ? "\n" : " ");

  return write (fd, text, strlen (text)) == (gssize) strlen (text);
}

static gboolean
ask_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Question *question = data;
  const InnPrompt *prompt = question->prompt;
  g_autofd int fd = g_open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0);
  char line[MAX_ANSWER] = "";
  gssize n = 0;

  if (fd < 0)
    return fail_without_terminal (prompt, error);

  if (!show (fd, prompt))
    return fail_without_terminal (prompt, error);
  if (prompt->kind == INN_PROMPT_SECRET)
    echo_hide (question->echo, fd);
  if (prompt->kind != INN_PROMPT_NOTICE)
    n = read_line (fd, line, sizeof line, cancellable);
  echo_restore (question->echo, fd);

  if (n < 0 || (prompt->kind == INN_PROMPT_CONFIRM && g_ascii_strcasecmp (line, "yes") != 0 &&
                g_ascii_strcasecmp (line, "y") != 0))
    {
      inn_error_set (error, INN_ERROR_AUTH_CANCELLED, NULL, _ ("The question was not answered"));
      explicit_bzero (line, sizeof line);
      return FALSE;
    }

  g_value_init (result, INN_TYPE_PROMPT_REPLY);
  g_value_take_boxed (
      result, inn_prompt_reply_new (prompt->kind == INN_PROMPT_CONFIRM ? "yes" : line, FALSE));
  explicit_bzero (line, sizeof line);
  return TRUE;
}

static DexFuture *
inn_cli_prompter_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable)
{
  InnCliPrompter *self = INN_CLI_PROMPTER (prompter);
  Question *question = g_new0 (Question, 1);

  question->prompt = inn_prompt_copy (prompt);
  question->echo = g_atomic_rc_box_acquire (self->echo);
  return inn_worker_run (self->worker, ask_thread, question, question_free, cancellable);
}

static void
prompter_iface_init (InnPrompterInterface *iface)
{
  iface->ask = inn_cli_prompter_ask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (InnCliPrompter,
                               inn_cli_prompter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER, prompter_iface_init))

static void
inn_cli_prompter_dispose (GObject *object)
{
  InnCliPrompter *self = INN_CLI_PROMPTER (object);

  if (self->worker != NULL)
    inn_worker_close (self->worker);
  g_clear_object (&self->worker);

  G_OBJECT_CLASS (inn_cli_prompter_parent_class)->dispose (object);
}

static void
inn_cli_prompter_finalize (GObject *object)
{
  echo_release (INN_CLI_PROMPTER (object)->echo);

  G_OBJECT_CLASS (inn_cli_prompter_parent_class)->finalize (object);
}

static void
inn_cli_prompter_class_init (InnCliPrompterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inn_cli_prompter_dispose;
  G_OBJECT_CLASS (klass)->finalize = inn_cli_prompter_finalize;
}

static void
inn_cli_prompter_init (InnCliPrompter *self)
{
  self->worker = inn_worker_new ("prompt", 1);
  self->echo = g_atomic_rc_box_new0 (Echo);
  g_mutex_init (&self->echo->mutex);
}

/**
 * inn_cli_prompter_new:
 *
 * Returns: (transfer full): who asks on the terminal
 */
InnCliPrompter *
inn_cli_prompter_new (void)
{
  return g_object_new (INN_TYPE_CLI_PROMPTER, NULL);
}

/**
 * inn_cli_prompter_restore:
 * @self: a prompter
 *
 * Lets the terminal show again what is typed, before the program ends in the middle of a question
 * for a password.
 */
void
inn_cli_prompter_restore (InnCliPrompter *self)
{
  g_autofd int fd = -1;

  g_return_if_fail (INN_IS_CLI_PROMPTER (self));

  fd = g_open ("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0);
  if (fd >= 0)
    echo_restore (self->echo, fd);
}

/* inn-ssh-askpass.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-askpass.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-prompt.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/**
 * InnSshAskpass:
 *
 * The near end of `innkeeper-askpass`: takes ssh's questions from a private socket, has a person
 * answer them, and hands the answers back. Whoever connects must be the same user and know a random
 * token; the answer is in no argument, no environment and no log.
 *
 * A question that is closed or a host key that is declined is a verdict: the login is over.
 */
struct _InnSshAskpass
{
  GObject parent_instance;

  char *host_id;
  char *host_name;
  InnPrompter *prompter;
  char *path;
  char *token;
  GSocketService *service;
  GCancellable *cancellable;
  GHashTable *attempts; /* text of a question -> how often it was asked */
  DexPromise *verdict;
};

G_DEFINE_FINAL_TYPE (InnSshAskpass, inn_ssh_askpass, G_TYPE_OBJECT)

#define QUESTION_BYTES_MAX (64 * 1024)
#define N_FIELDS 3

static void
inn_ssh_askpass_dispose (GObject *object)
{
  InnSshAskpass *self = INN_SSH_ASKPASS (object);

  inn_ssh_askpass_close (self);
  g_clear_object (&self->prompter);
  g_clear_object (&self->cancellable);
  dex_clear (&self->verdict);

  G_OBJECT_CLASS (inn_ssh_askpass_parent_class)->dispose (object);
}

static void
inn_ssh_askpass_finalize (GObject *object)
{
  InnSshAskpass *self = INN_SSH_ASKPASS (object);

  g_free (self->host_id);
  g_free (self->host_name);
  g_free (self->path);
  g_free (self->token);
  g_clear_pointer (&self->attempts, g_hash_table_unref);

  G_OBJECT_CLASS (inn_ssh_askpass_parent_class)->finalize (object);
}

static void
inn_ssh_askpass_class_init (InnSshAskpassClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_ssh_askpass_dispose;
  object_class->finalize = inn_ssh_askpass_finalize;
}

static void
inn_ssh_askpass_init (InnSshAskpass *self)
{
  self->cancellable = g_cancellable_new ();
  self->attempts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->verdict = dex_promise_new ();
}

/**
 * inn_ssh_askpass_new:
 * @host_id: record id of the host
 * @host_name: its name
 * @prompter: (nullable): who can ask; with %NULL each question ends the login
 *
 * Returns: (transfer full): a broker that does not listen yet
 */
InnSshAskpass *
inn_ssh_askpass_new (const char *host_id, const char *host_name, InnPrompter *prompter)
{
  InnSshAskpass *self = g_object_new (INN_TYPE_SSH_ASKPASS, NULL);

  self->host_id = g_strdup (host_id);
  self->host_name = g_strdup (host_name);
  g_set_object (&self->prompter, prompter);

  return self;
}

static void
pass_verdict (InnSshAskpass *self, GError *error)
{
  dex_promise_reject (self->verdict, error);
}

typedef struct
{
  InnSshAskpass *self;
  GSocketConnection *connection;
  GCancellable *withdrawn;
} Conversation;

static void
conversation_free (Conversation *conversation)
{
  g_clear_object (&conversation->self);
  g_clear_object (&conversation->connection);
  g_clear_object (&conversation->withdrawn);
  g_free (conversation);
}

static gboolean
is_same_user (GSocketConnection *connection)
{
  g_autoptr (GCredentials) credentials =
      g_socket_get_credentials (g_socket_connection_get_socket (connection), NULL);

  return credentials != NULL && g_credentials_get_unix_user (credentials, NULL) == geteuid ();
}

static guint
count_fields (const GByteArray *question)
{
  guint n = 0;

  for (guint i = 0; i < question->len; i++)
    if (question->data[i] == '\0')
      n++;

  return n;
}

static GByteArray *
read_question (GSocketConnection *connection)
{
  g_autoptr (GByteArray) question = g_byte_array_new ();
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));

  while (count_fields (question) < N_FIELDS)
    {
      g_autoptr (GBytes) bytes =
          dex_await_boxed (dex_input_stream_read_bytes (input, 4096, G_PRIORITY_DEFAULT), NULL);

      if (bytes == NULL || g_bytes_get_size (bytes) == 0 || question->len > QUESTION_BYTES_MAX)
        return NULL;
      g_byte_array_append (question, g_bytes_get_data (bytes, NULL),
                           (guint) g_bytes_get_size (bytes));
    }

  return g_steal_pointer (&question);
}

/* ssh ends its askpass when the answer is no longer wanted (the security key was touched). */
static DexFuture *
withdraw_fiber (gpointer data)
{
  Conversation *conversation = data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (conversation->connection));
  g_autoptr (GBytes) bytes =
      dex_await_boxed (dex_input_stream_read_bytes (input, 1, G_PRIORITY_DEFAULT), NULL);

  g_cancellable_cancel (conversation->withdrawn);
  return dex_future_new_true ();
}

static InnPrompt *
make_prompt (InnSshAskpass *self, const char *hint, const char *text, InnSshQuestion *question)
{
  InnPrompt *prompt = inn_ssh_prompt_parse (hint, text, question);
  guint attempt = GPOINTER_TO_UINT (g_hash_table_lookup (self->attempts, text));

  prompt->host_id = g_strdup (self->host_id);
  prompt->host_name = g_strdup (self->host_name);
  prompt->attempt = attempt;
  g_hash_table_insert (self->attempts, g_strdup (text), GUINT_TO_POINTER (attempt + 1));

  return prompt;
}

/* Another key of that host is on record: that is a changed key by another name. */
static gboolean
refuse_other_key (InnSshAskpass *self, InnSshQuestion question, const char *text)
{
  if (question != INN_SSH_QUESTION_OTHER_HOST_KEY)
    return FALSE;

  pass_verdict (self,
                inn_error_new (INN_ERROR_HOST_KEY_CHANGED, text,
                               _ ("“%s” shows an SSH key of another type than the one on record. "
                                  "Somebody may be listening in, or the host was installed anew. "
                                  "Compare its fingerprint by another way; if it is right, remove "
                                  "the old key with “ssh-keygen -R” and connect again."),
                               self->host_name));
  return TRUE;
}

static void
take_refusal (InnSshAskpass *self, InnSshQuestion question, const InnPrompt *prompt, GError *error)
{
  if (question == INN_SSH_QUESTION_HOST_KEY && (error == NULL || inn_error_is_cancelled (error)))
    {
      pass_verdict (self, inn_error_new (INN_ERROR_HOST_KEY_UNKNOWN, prompt->message,
                                         _ ("The SSH key of “%s” was never seen here and was not "
                                            "accepted. Compare its fingerprint with the one the "
                                            "host shows, then connect again and accept it."),
                                         self->host_name));
      g_clear_error (&error);
    }
  else if (error != NULL && inn_error_is_cancelled (error))
    {
      pass_verdict (self, inn_error_new (INN_ERROR_AUTH_CANCELLED,
                                         inn_error_get_details (error) != NULL
                                             ? inn_error_get_details (error)
                                             : prompt->message,
                                         _ ("The SSH login at “%s” was cancelled: “%s” was not "
                                            "answered"),
                                         self->host_name, prompt->message));
      g_clear_error (&error);
    }
  else if (error != NULL)
    pass_verdict (self, error);
}

/* The answer goes from the reply's own memory, which is wiped, straight into the socket. */
static void
send_answer (GSocketConnection *connection, const char *text)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  GOutputVector parts[] = { { "+", 1 }, { text, strlen (text) } };

  g_socket_send_message (socket, NULL, parts, G_N_ELEMENTS (parts), NULL, 0, 0, NULL, NULL);
}

static void
ask (Conversation *conversation, const char *hint, const char *text)
{
  InnSshAskpass *self = conversation->self;
  InnSshQuestion question;
  g_autoptr (InnPrompt) prompt = make_prompt (self, hint, text, &question);
  g_autoptr (InnPromptReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  gboolean confirms = prompt->kind == INN_PROMPT_CONFIRM;

  if (refuse_other_key (self, question, text))
    return;

  reply =
      dex_await_boxed (inn_prompter_ask (self->prompter, prompt, conversation->withdrawn), &error);
  if (reply != NULL && (!confirms || g_str_equal (inn_prompt_reply_get_text (reply), "yes")))
    send_answer (conversation->connection, inn_prompt_reply_get_text (reply));
  else if (prompt->kind != INN_PROMPT_NOTICE &&
           !g_cancellable_is_cancelled (conversation->withdrawn))
    take_refusal (self, question, prompt, g_steal_pointer (&error));
}

static gboolean
is_token (InnSshAskpass *self, const char *token)
{
  guint differences = strlen (token) == strlen (self->token) ? 0 : 1;

  for (gsize i = 0; differences == 0 && self->token[i] != '\0'; i++)
    differences |= (guint) (token[i] ^ self->token[i]);

  return differences == 0;
}

static DexFuture *
conversation_fiber (gpointer data)
{
  Conversation *conversation = data;
  InnSshAskpass *self = conversation->self;
  g_autoptr (GByteArray) question = NULL;
  g_autoptr (DexFuture) watch = NULL;
  Conversation *watched;
  const char *token;
  const char *hint;

  if (!is_same_user (conversation->connection))
    return dex_future_new_true ();

  question = read_question (conversation->connection);
  if (question == NULL)
    return dex_future_new_true ();
  token = (const char *) question->data;
  hint = token + strlen (token) + 1;
  if (!is_token (self, token))
    return dex_future_new_true ();

  watched = g_new0 (Conversation, 1);
  watched->self = g_object_ref (self);
  watched->connection = g_object_ref (conversation->connection);
  watched->withdrawn = g_object_ref (conversation->withdrawn);
  watch = inn_spawn ("withdraw_fiber", withdraw_fiber, watched, (GDestroyNotify) conversation_free);

  ask (conversation, hint, hint + strlen (hint) + 1);

  /* Both ways, so that the fiber that waits for the other end comes to its own end too. */
  g_socket_shutdown (g_socket_connection_get_socket (conversation->connection), TRUE, TRUE, NULL);
  return dex_future_new_true ();
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             InnSshAskpass *self)
{
  Conversation *conversation = g_new0 (Conversation, 1);

  conversation->self = g_object_ref (self);
  conversation->connection = g_object_ref (connection);
  conversation->withdrawn = g_cancellable_new ();
  g_signal_connect_object (self->cancellable, "cancelled", G_CALLBACK (g_cancellable_cancel),
                           conversation->withdrawn, G_CONNECT_SWAPPED);
  inn_future_forget (inn_spawn ("conversation_fiber", conversation_fiber, conversation,
                                (GDestroyNotify) conversation_free),
                     "asking for ssh");
  return TRUE;
}

static char *
make_token (void)
{
  guint32 words[4];

  /* As few bytes as these come whole. */
  if (getrandom (words, sizeof words, 0) != sizeof words)
    g_error ("The kernel gave no random numbers");

  return g_strdup_printf ("%08x%08x%08x%08x", words[0], words[1], words[2], words[3]);
}

/**
 * inn_ssh_askpass_listen:
 * @self: a broker
 * @path: where to make the socket, in a folder that is private
 * @error: return location for %INN_ERROR_FAILED
 *
 * Returns: whether ssh can ask now
 */
gboolean
inn_ssh_askpass_listen (InnSshAskpass *self, const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) local_error = NULL;

  self->path = g_strdup (path);
  self->token = make_token ();
  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL,
                                      &local_error))
    {
      inn_error_set (error, INN_ERROR_FAILED, local_error->message,
                     _ ("No private socket for the questions of SSH could be made"));
      return FALSE;
    }
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (on_incoming), self,
                           G_CONNECT_DEFAULT);
  g_socket_service_start (self->service);

  return TRUE;
}

/* In the build tree the program is not where it will be installed. */
static const char *
get_program (void)
{
  const char *override = g_getenv ("INNKEEPER_ASKPASS");

  return override != NULL ? override : PKGLIBEXECDIR "/innkeeper-askpass";
}

/**
 * inn_ssh_askpass_prepare:
 * @self: a broker that listens
 * @launcher: the ssh that is to be started
 *
 * Makes ssh ask here, whether or not it has a terminal.
 */
void
inn_ssh_askpass_prepare (InnSshAskpass *self, GSubprocessLauncher *launcher)
{
  g_subprocess_launcher_setenv (launcher, "SSH_ASKPASS", get_program (), TRUE);
  g_subprocess_launcher_setenv (launcher, "SSH_ASKPASS_REQUIRE", "force", TRUE);
  /* Before OpenSSH 8.4 a display was asked for, although none is needed. */
  g_subprocess_launcher_setenv (launcher, "DISPLAY", ":0", FALSE);
  g_subprocess_launcher_setenv (launcher, "INNKEEPER_ASKPASS_SOCKET", self->path, TRUE);
  g_subprocess_launcher_setenv (launcher, "INNKEEPER_ASKPASS_TOKEN", self->token, TRUE);
}

/**
 * inn_ssh_askpass_await_verdict:
 * @self: a broker
 *
 * Returns: (transfer full): pending as long as the login may go on; rejects with
 *   %INN_ERROR_AUTH_CANCELLED, %INN_ERROR_HOST_KEY_UNKNOWN, %INN_ERROR_HOST_KEY_CHANGED or what
 *   asking failed with
 */
DexFuture *
inn_ssh_askpass_await_verdict (InnSshAskpass *self)
{
  return dex_ref (self->verdict);
}

/**
 * inn_ssh_askpass_close:
 * @self: a broker
 *
 * Takes no more questions and withdraws those that are open.
 */
void
inn_ssh_askpass_close (InnSshAskpass *self)
{
  if (self->service == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  if (self->path != NULL)
    unlink (self->path);
}

/* ssh-fixture.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh-fixture.h"

#include "base/inn-error.h"

#include <signal.h>

/* The facts are one flat object; no value of it has an escape. */
static char *
dup_fact (const char *facts, const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("\"%s\": \"?([^\",}]*)", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (regex, facts, 0, &match))
    return NULL;

  return g_match_info_fetch (match, 1);
}

/* NULL when this machine cannot; the test is skipped then. */
static GSubprocess *
start (const char *program, const char *dir, const char *const *options, char **facts)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GDataInputStream) output = NULL;

  g_ptr_array_add (argv, g_test_build_filename (G_TEST_DIST, "common", program, NULL));
  g_ptr_array_add (argv, g_strdup ("run"));
  g_ptr_array_add (argv, g_strdup ("--dir"));
  g_ptr_array_add (argv, g_strdup (dir));
  for (guint i = 0; options != NULL && options[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (options[i]));
  g_ptr_array_add (argv, NULL);

  process =
      g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  *facts = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  if (*facts != NULL)
    return g_steal_pointer (&process);

  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 77);
  g_test_skip ("this machine cannot run a private daemon; it says above why");
  return NULL;
}

static void
stop (GSubprocess **process)
{
  if (*process == NULL)
    return;

  g_subprocess_send_signal (*process, SIGTERM);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

/**
 * daemon_start:
 * @options: more options of private-libvirtd
 *
 * Returns: (nullable): a libvirtd that answers; with %NULL the test was skipped
 */
Daemon *
daemon_start (const char *const *options)
{
  g_autoptr (Daemon) self = g_new0 (Daemon, 1);
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  g_strv_builder_add_many (all, "--name", "h1", NULL);
  if (options != NULL)
    g_strv_builder_addv (all, (const char **) options);
  self->options = g_strv_builder_end (all);

  self->dir = inn_test_dir_new ();
  self->process =
      start ("private-libvirtd", self->dir, (const char *const *) self->options, &self->facts);
  if (self->process == NULL)
    return NULL;

  self->path = g_build_filename (self->dir, "h1", NULL);
  self->uri = dup_fact (self->facts, "uri");
  return g_steal_pointer (&self);
}

/* As when the power fails: every process of the host ends at once, its guests and each sshd that
 * leads into it included. */
void
daemon_crash (Daemon *self)
{
  g_autofree char *pid = dup_fact (self->facts, "init_pid");

  g_assert_cmpint (kill ((pid_t) g_ascii_strtoll (pid, NULL, 10), SIGKILL), ==, 0);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

/* The host with the guests that it had. */
void
daemon_start_again (Daemon *self)
{
  stop (&self->process);
  g_clear_pointer (&self->facts, g_free);
  self->process =
      start ("private-libvirtd", self->dir, (const char *const *) self->options, &self->facts);
  g_assert_nonnull (self->process);
}

void
daemon_free (Daemon *self)
{
  stop (&self->process);
  g_strfreev (self->options);
  g_clear_pointer (&self->dir, inn_test_dir_free);
  g_free (self->facts);
  g_free (self->path);
  g_free (self->uri);
  g_free (self);
}

/**
 * sshd_start:
 * @options: more options of private-sshd
 *
 * Returns: (nullable): an sshd that answers; with %NULL the test was skipped
 */
Sshd *
sshd_start (const char *const *options)
{
  g_autoptr (Sshd) self = g_new0 (Sshd, 1);
  g_autofree char *dir = NULL;
  g_autofree char *port = NULL;

  self->dir = inn_test_dir_new ();
  self->options = g_strdupv ((GStrv) options);
  dir = g_build_filename (self->dir, "sshd", NULL);
  self->process = start ("private-sshd", dir, options, &self->facts);
  if (self->process == NULL)
    return NULL;

  port = dup_fact (self->facts, "port");
  self->port = (guint16) g_ascii_strtoull (port, NULL, 10);
  self->address = dup_fact (self->facts, "address");
  self->user = dup_fact (self->facts, "user");
  self->identity = dup_fact (self->facts, "identity");
  self->known_hosts = dup_fact (self->facts, "known_hosts");
  self->fingerprint = dup_fact (self->facts, "fingerprint");

  return g_steal_pointer (&self);
}

/* With the keys and the port that it had. */
void
sshd_start_again (Sshd *self)
{
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;
  g_autofree char *dir = g_build_filename (self->dir, "sshd", NULL);

  sshd_stop (self);
  g_clear_pointer (&self->facts, g_free);
  if (self->options != NULL)
    g_strv_builder_addv (all, (const char **) self->options);
  g_strv_builder_add (all, "--port");
  g_strv_builder_take (all, g_strdup_printf ("%u", self->port));
  words = g_strv_builder_end (all);
  self->process = start ("private-sshd", dir, (const char *const *) words, &self->facts);
  g_assert_nonnull (self->process);
}

char *
sshd_dup_fact (Sshd *self, const char *name)
{
  return dup_fact (self->facts, name);
}

void
sshd_stop (Sshd *self)
{
  stop (&self->process);
}

void
sshd_free (Sshd *self)
{
  sshd_stop (self);
  g_strfreev (self->options);
  g_clear_pointer (&self->dir, inn_test_dir_free);
  g_free (self->facts);
  g_free (self->address);
  g_free (self->user);
  g_free (self->identity);
  g_free (self->known_hosts);
  g_free (self->fingerprint);
  g_free (self);
}

/**
 * sshd_login:
 * @known_hosts: (nullable): another file than the one that has the right key
 * @prompter: (nullable): who answers
 *
 * Returns: (transfer full): a login at it, not open
 */
InnSshLogin *
sshd_login (Sshd *self, const char *known_hosts, InnPrompter *prompter)
{
  InnSshTarget target = {
    .user = self->user,
    .host = self->address,
    .port = self->port,
    .identity = self->identity,
    .known_hosts = (char *) (known_hosts != NULL ? known_hosts : self->known_hosts),
  };

  return inn_ssh_login_new ("host-1", "Test host", &target, prompter);
}

char *
await_output (InnSshLogin *login, const char *const *argv, GBytes *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) output =
      dex_await_boxed (inn_ssh_login_run (login, argv, input, NULL, NULL), &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
}

guint
count_runtime_entries (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "innkeeper", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

InnSshLogin *
await_login (Sshd *sshd)
{
  InnSshLogin *login = sshd_login (sshd, NULL, NULL);

  inn_test_await_ok (inn_ssh_login_open (login, NULL));
  return login;
}

void
await_close (InnSshLogin *login)
{
  inn_test_await_ok (inn_ssh_login_close (login));
  g_assert_cmpuint (count_runtime_entries (), ==, 0);
}

struct _TestPrompter
{
  GObject parent_instance;
  GQueue answers;
  GPtrArray *asked;
};

static DexFuture *
test_prompter_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable)
{
  TestPrompter *self = TEST_PROMPTER (prompter);
  g_autofree char *answer = NULL;

  g_ptr_array_add (self->asked, inn_prompt_copy (prompt));
  g_assert_false (g_queue_is_empty (&self->answers));
  answer = g_queue_pop_head (&self->answers);
  if (answer == NULL)
    return inn_reject (inn_error_new (INN_ERROR_AUTH_CANCELLED, NULL, "closed"));

  return dex_future_new_take_boxed (INN_TYPE_PROMPT_REPLY, inn_prompt_reply_new (answer, FALSE));
}

static void
test_prompter_iface_init (InnPrompterInterface *iface)
{
  iface->ask = test_prompter_ask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestPrompter,
                               test_prompter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER, test_prompter_iface_init))

static void
test_prompter_finalize (GObject *object)
{
  TestPrompter *self = TEST_PROMPTER (object);

  g_queue_clear_full (&self->answers, g_free);
  g_ptr_array_unref (self->asked);
  G_OBJECT_CLASS (test_prompter_parent_class)->finalize (object);
}

static void
test_prompter_class_init (TestPrompterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_prompter_finalize;
}

static void
test_prompter_init (TestPrompter *self)
{
  self->asked = g_ptr_array_new_with_free_func ((GDestroyNotify) inn_prompt_free);
}

TestPrompter *
test_prompter_new (const char *const *answers, guint n_answers)
{
  TestPrompter *self = g_object_new (TEST_TYPE_PROMPTER, NULL);

  for (guint i = 0; i < n_answers; i++)
    g_queue_push_tail (&self->answers, g_strdup (answers[i]));
  return self;
}

GPtrArray *
test_prompter_get_asked (TestPrompter *self)
{
  return self->asked;
}

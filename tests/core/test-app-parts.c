/* test-app-parts.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-context.h"
#include "app/inn-credential-broker.h"
#include "app/inn-masker.h"
#include "base/inn-error.h"
#include "inn-test.h"
#include "secret/inn-memory-secret-store.h"

/* A person who always gives the same answer and is counted. */

#define TEST_TYPE_PERSON (test_person_get_type ())
G_DECLARE_FINAL_TYPE (TestPerson, test_person, TEST, PERSON, GObject)

struct _TestPerson
{
  GObject parent_instance;

  guint n_asked;
};

static DexFuture *
test_person_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable)
{
  TEST_PERSON (prompter)->n_asked++;

  return dex_future_new_take_boxed (INN_TYPE_PROMPT_REPLY, inn_prompt_reply_new ("sesame", TRUE));
}

static void
prompter_iface_init (InnPrompterInterface *iface)
{
  iface->ask = test_person_ask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestPerson,
                               test_person,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER, prompter_iface_init))

static void
test_person_class_init (TestPersonClass *klass)
{
}

static void
test_person_init (TestPerson *self)
{
}

static InnPrompt *
make_prompt (guint attempt)
{
  InnPrompt *prompt = inn_prompt_new (INN_PROMPT_SECRET, "libvirt", "Password");

  prompt->host_id = g_strdup ("h1");
  prompt->may_remember = TRUE;
  prompt->attempt = attempt;
  return prompt;
}

static void
assert_answer (InnCredentialBroker *broker, guint attempt)
{
  g_autoptr (InnPrompt) prompt = make_prompt (attempt);
  g_autoptr (GError) error = NULL;
  g_autoptr (InnPromptReply) reply =
      dex_await_boxed (inn_prompter_ask (INN_PROMPTER (broker), prompt, NULL), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (inn_prompt_reply_get_text (reply), ==, "sesame");
}

/* Asked once, then remembered; a wrong one is forgotten and asked for again. */
static void
test_broker (void)
{
  g_autoptr (InnSecretStore) secrets = inn_memory_secret_store_new ();
  g_autoptr (TestPerson) person = g_object_new (TEST_TYPE_PERSON, NULL);
  g_autoptr (InnCredentialBroker) broker =
      inn_credential_broker_new (secrets, INN_PROMPTER (person));

  assert_answer (broker, 0);
  g_assert_cmpuint (person->n_asked, ==, 1);
  assert_answer (broker, 0);
  g_assert_cmpuint (person->n_asked, ==, 1);
  assert_answer (broker, 1);
  g_assert_cmpuint (person->n_asked, ==, 2);
  assert_answer (broker, 0);
  g_assert_cmpuint (person->n_asked, ==, 2);
}

/* A machine without a keyring. */

#define TEST_TYPE_NO_KEYRING (test_no_keyring_get_type ())
G_DECLARE_FINAL_TYPE (TestNoKeyring, test_no_keyring, TEST, NO_KEYRING, GObject)

struct _TestNoKeyring
{
  GObject parent_instance;
};

static DexFuture *
no_keyring (InnSecretStore *store, const char *host_id, const char *purpose, const char *user)
{
  return inn_reject (inn_error_new (INN_ERROR_FAILED, NULL, "There is no keyring"));
}

static DexFuture *
no_keyring_save (InnSecretStore *store,
                 const char *host_id,
                 const char *purpose,
                 const char *user,
                 const char *label,
                 const char *secret)
{
  return no_keyring (store, host_id, purpose, user);
}

static void
no_keyring_iface_init (InnSecretStoreInterface *iface)
{
  iface->lookup = no_keyring;
  iface->forget = no_keyring;
  iface->save = no_keyring_save;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestNoKeyring,
                               test_no_keyring,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_SECRET_STORE, no_keyring_iface_init))

static void
test_no_keyring_class_init (TestNoKeyringClass *klass)
{
}

static void
test_no_keyring_init (TestNoKeyring *self)
{
}

/* What should be remembered is, while the program runs. */
static void
test_broker_without_keyring (void)
{
  g_autoptr (InnSecretStore) secrets = g_object_new (TEST_TYPE_NO_KEYRING, NULL);
  g_autoptr (TestPerson) person = g_object_new (TEST_TYPE_PERSON, NULL);
  g_autoptr (InnCredentialBroker) broker =
      inn_credential_broker_new (secrets, INN_PROMPTER (person));

  assert_answer (broker, 0);
  assert_answer (broker, 0);
  g_assert_cmpuint (person->n_asked, ==, 1);
  assert_answer (broker, 1);
  g_assert_cmpuint (person->n_asked, ==, 2);
}

static void
test_broker_nobody (void)
{
  g_autoptr (InnSecretStore) secrets = inn_memory_secret_store_new ();
  g_autoptr (InnCredentialBroker) broker = inn_credential_broker_new (secrets, NULL);
  g_autoptr (InnPrompt) prompt = make_prompt (0);
  g_autoptr (GError) error =
      inn_test_await_error (inn_prompter_ask (INN_PROMPTER (broker), prompt, NULL));

  g_assert_error (error, INN_ERROR, INN_ERROR_AUTH_FAILED);
}

static void
test_uris (void)
{
  static const char *const good[] = {
    "qemu:///system",
    "qemu:///session",
    "qemu+ssh://root@host.example.org/system",
    "qemu+ssh://admin@[2001:db8::1]:2222/system?keyfile=/home/a/key&known_hosts=/x",
    "qemu+tls://host/system?pkipath=/a",
    "qemu+tcp://10.0.0.1:16509/session",
    "qemu+unix:///system?socket=/run/x.sock",
    "test:///default",
    "test:///home/x/host.xml",
    "xen+ssh://host/system",
    "lxc:///system",
    "esx://host.example.org/?no_verify=1",
  };
  static const char *const bad[] = {
    "",
    "host",
    "host.example.org",
    "http://host/system",
    "qemu",
    "qemu+carrier-pigeon://host/system",
    "qemu+ssh:///system",
    "qemu+ssh://host",
    "qemu+ssh://host/everything",
    "qemu+ssh://-oProxyCommand=x/system",
    "qemu+ssh://-l@host/system",
    "qemu+ssh://ho st/system",
    "qemu+ssh://host;reboot/system",
    "qemu+tcp://user:secret@host/system",
    "qemu+tcp://[::1/system",
    "qemu+tcp://host:99999/system",
    "qemu+ext:///system?command=/bin/id",
    "qemu+ext:///system?socket=x&%43ommand=/bin/id",
    "qemu+libssh2://host/system?known_hosts_verify=ignore",
    "qemu+libssh://host/system?known_hosts=/x&no_verify=1",
    "qemu+tls://host/system?no_verify=1",
    "\xff\xfe",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;

      inn_app_context_check_uri (good[i], &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (inn_app_context_check_uri (bad[i], &error));
      g_assert_error (error, INN_ERROR, INN_ERROR_INVALID);
    }
}

static void
test_password_is_not_repeated (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (inn_app_context_check_uri ("qemu+tcp://user:secret@host/system", &error));
  g_assert_null (strstr (error->message, "secret"));
  g_assert_null (inn_error_get_details (error));
}

static void
assert_masked (InnMasker *masker, const char *text, const char *expected)
{
  g_autofree char *masked = inn_masker_mask (masker, text);

  g_assert_cmpstr (masked, ==, expected);
}

static void
test_masker (void)
{
  g_autoptr (InnMasker) masker = inn_masker_new ();

  inn_masker_add (masker, "host", "atlas");
  inn_masker_add (masker, "vm", "db (old)");
  inn_masker_add (masker, "vm", "db");
  inn_masker_add (masker, "vm", "日本");
  inn_masker_add (masker, "vm", "ΟΔΟΣ");
  inn_masker_add (masker, "user", "hinz");
  inn_masker_add (masker, "vm", "");
  inn_masker_add (masker, "vm", NULL);

  assert_masked (masker, "“db” on Atlas: db (old) is on atlas, dbus is not",
                 "“vm-2” on host-1: vm-1 is on host-1, dbus is not");
  assert_masked (masker, "日本 runs", "vm-3 runs");
  assert_masked (masker, "οδος, οδοσ2, Οδοσ", "vm-4, οδοσ2, vm-4");
  assert_masked (masker, "hinz@atlas: hinz", "user-1@host-1: user-1");
  assert_masked (masker, "10.1.2.3 and 10.1.2.4, 10.1.2.3 again",
                 "192.0.2.1 and 192.0.2.2, 192.0.2.1 again");
  assert_masked (masker, "fe80::1%eth0 or 2001:db8:1::5", "2001:db8::1 or 2001:db8::2");
  assert_masked (masker, "6695eb01-f6a4-8304-79aa-97f2502e193f", "uuid-1");
  assert_masked (masker, "Failed to open '/var/lib/libvirt/x.img': no",
                 "Failed to open 'path-1': no");
  assert_masked (masker, "kunz@server.example.org:22", "user-2@name-1:22");
  assert_masked (masker, "52:54:00:aa:bb:cc", "00:00:5e:00:53:01");
  assert_masked (masker, "at 12:30:45", "at 12:30:45");
  assert_masked (masker, "100% of %s", "100% of %s");
  assert_masked (masker, NULL, "");
}

/* One regular expression could not hold them. */
static void
test_masker_many (void)
{
  g_autoptr (InnMasker) masker = inn_masker_new ();
  g_autofree char *masked = NULL;

  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("guest-with-a-rather-long-name-%05u", i);

      inn_masker_add (masker, "vm", name);
    }
  masked = inn_masker_mask (masker, "guest-with-a-rather-long-name-09999 failed");
  g_assert_cmpstr (masked, ==, "vm-10000 failed");
}

int
main (int argc, char **argv)
{
  inn_test_init (&argc, &argv);
  inn_test_add_fiber ("/app/broker", test_broker);
  inn_test_add_fiber ("/app/broker-without-keyring", test_broker_without_keyring);
  inn_test_add_fiber ("/app/broker-nobody", test_broker_nobody);
  inn_test_add_fiber ("/app/uris", test_uris);
  inn_test_add_fiber ("/app/password-is-not-repeated", test_password_is_not_repeated);
  inn_test_add_fiber ("/app/masker", test_masker);
  inn_test_add_fiber ("/app/masker-many", test_masker_many);

  return g_test_run ();
}

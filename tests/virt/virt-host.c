/* virt-host.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt-host.h"

#include "base/inn-error.h"
#include "virt/inn-virt-error.h"

#include <libvirt/virterror.h>
#include <signal.h>
#include <string.h>

/* The facts are one flat object; no value of it has an escape. */
char *
virt_host_dup_fact (Daemon *self, const char *name)
{
  g_autofree char *pattern = g_strdup_printf ("\"%s\": \"?([^\",}]*)", name);
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (regex, self->facts, 0, &match))
    return NULL;

  return g_match_info_fetch (match, 1);
}

/* Sends the daemon a signal. */
void
virt_host_signal (Daemon *self, int number)
{
  g_autofree char *pid = virt_host_dup_fact (self, "pid");

  g_assert_cmpint (kill ((pid_t) g_ascii_strtoll (pid, NULL, 10), number), ==, 0);
}

/* "daemon-stop" or "daemon-start"; its guests go on. */
void
virt_host_control (Daemon *self, const char *verb)
{
  g_autofree char *program =
      g_test_build_filename (G_TEST_DIST, "common", "private-libvirtd", NULL);
  const char *argv[] = { program, verb, "--dir", self->dir, "--name", "h1", NULL };
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                               NULL, NULL, &status, &error));
  g_assert_cmpint (status, ==, 0);
}

typedef struct
{
  char *name;
  char *xml;
  int (*call) (virDomainPtr domain);
} Deed;

static void
deed_free (gpointer data)
{
  Deed *deed = data;

  g_free (deed->name);
  g_free (deed->xml);
  g_free (deed);
}

static gboolean
deed_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  Deed *deed = data;
  virDomainPtr domain = deed->xml != NULL ? virDomainDefineXML (conn, deed->xml)
                                          : virDomainLookupByName (conn, deed->name);
  gboolean ok = domain != NULL && (deed->call == NULL || deed->call (domain) == 0);

  if (!ok)
    inn_virt_set_error (error, "%s", virGetLastErrorMessage ());
  if (domain != NULL)
    virDomainFree (domain);
  return ok;
}

/* Defines a guest that needs next to nothing: it looks for something to boot and finds nothing. */
void
virt_host_define (InnSession *session, const char *name, const char *devices)
{
  Deed *deed = g_new0 (Deed, 1);

  deed->xml = g_strdup_printf (
      "<domain type='qemu'><name>%s</name><title>Title of %s</title><memory unit='MiB'>32</memory>"
      "<vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os>"
      "<on_poweroff>destroy</on_poweroff><devices>%s</devices></domain>",
      name, name, devices != NULL ? devices : "<memballoon model='virtio'/>");
  inn_test_await_ok (inn_session_run (session, deed_thread, deed, deed_free, NULL));
}

/* In a fiber: makes one libvirt call for a guest. */
void
virt_host_do (InnSession *session, const char *name, int (*call) (virDomainPtr domain))
{
  Deed *deed = g_new0 (Deed, 1);

  deed->name = g_strdup (name);
  deed->call = call;
  inn_test_await_ok (inn_session_run (session, deed_thread, deed, deed_free, NULL));
}

void
virt_host_start_guest (InnSession *session, const char *name)
{
  virt_host_do (session, name, virDomainCreate);
}

InnVm *
virt_host_find (InnHost *host, const char *name)
{
  GListModel *vms = inn_host_get_vms (host);

  for (guint i = 0; i < g_list_model_get_n_items (vms); i++)
    {
      g_autoptr (InnVm) vm = g_list_model_get_item (vms, i);

      if (g_str_equal (inn_vm_get_name (vm), name))
        return vm;
    }

  return NULL;
}

typedef struct
{
  InnHost *host;
  const char *name;
  InnVmState state;
} GuestWait;

static gboolean
guest_has_state (gpointer data)
{
  GuestWait *wait = data;
  InnVm *vm = virt_host_find (wait->host, wait->name);

  return vm != NULL && inn_vm_get_state (vm) == wait->state;
}

/* In a fiber: waits until the model shows the guest in that state. */
InnVm *
virt_host_wait_guest (InnHost *host, const char *name, InnVmState state)
{
  GuestWait wait = { host, name, state };

  inn_test_wait (guest_has_state, &wait);
  return virt_host_find (host, name);
}

static gboolean
is_guest (const char *pid, const char *name)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "cmdline", NULL);
  g_autofree char *wanted = g_strdup_printf ("guest=%s,", name);
  g_autofree char *text = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &text, &size, NULL) || size == 0)
    return FALSE;

  return memmem (text, size, wanted, strlen (wanted)) != NULL;
}

/* Sends a guest's emulator a signal. Names of guests must be unique on this machine. */
void
virt_host_signal_guest (const char *name, int number)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *pid;
  guint found = 0;

  while ((pid = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (pid[0]) && is_guest (pid, name))
      found += kill ((pid_t) g_ascii_strtoll (pid, NULL, 10), number) == 0;
  g_assert_cmpuint (found, ==, 1);
}

#define FIXED_TYPE_PROMPTER (fixed_prompter_get_type ())
G_DECLARE_FINAL_TYPE (FixedPrompter, fixed_prompter, FIXED, PROMPTER, GObject)

struct _FixedPrompter
{
  GObject parent_instance;

  char *user;
  char *password;
  guint asked;
};

static DexFuture *
prompter_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable)
{
  FixedPrompter *self = FIXED_PROMPTER (prompter);
  const char *text = prompt->kind == INN_PROMPT_SECRET ? self->password : self->user;

  self->asked++;
  if (text == NULL)
    return inn_reject (inn_error_new (INN_ERROR_AUTH_CANCELLED, NULL, "closed"));

  return dex_future_new_take_boxed (INN_TYPE_PROMPT_REPLY, inn_prompt_reply_new (text, FALSE));
}

static void
prompter_iface_init (InnPrompterInterface *iface)
{
  iface->ask = prompter_ask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (FixedPrompter,
                               fixed_prompter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER, prompter_iface_init))

static void
fixed_prompter_finalize (GObject *object)
{
  g_free (FIXED_PROMPTER (object)->user);
  g_free (FIXED_PROMPTER (object)->password);
  G_OBJECT_CLASS (fixed_prompter_parent_class)->finalize (object);
}

static void
fixed_prompter_class_init (FixedPrompterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fixed_prompter_finalize;
}

static void
fixed_prompter_init (FixedPrompter *self)
{
}

InnPrompter *
virt_host_prompter_new (const char *user, const char *password)
{
  FixedPrompter *self = g_object_new (FIXED_TYPE_PROMPTER, NULL);

  self->user = g_strdup (user);
  self->password = g_strdup (password);
  return INN_PROMPTER (self);
}

void
virt_host_prompter_set_password (InnPrompter *self, const char *password)
{
  g_set_str (&FIXED_PROMPTER (self)->password, password);
}

guint
virt_host_prompter_get_asked (InnPrompter *self)
{
  return FIXED_PROMPTER (self)->asked;
}

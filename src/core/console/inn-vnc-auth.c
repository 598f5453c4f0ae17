/* inn-vnc-auth.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-vnc-source-private.h"

#include <glib/gi18n.h>

/* Client certificates are looked for in pki/libvirt, where libvirt's own tools keep them. */
#define CLIENT_NAME "libvirt"

G_GNUC_BEGIN_IGNORE_DEPRECATIONS /* GValueArray is how gvnc lists things */

    static gboolean
    array_has (GValueArray *array, int wanted)
{
  for (guint i = 0; i < array->n_values; i++)
    if (g_value_get_enum (&array->values[i]) == wanted)
      return TRUE;

  return FALSE;
}

/* The first of @order that the server offers; -1 when it offers none of them. */
static int
choose (GValueArray *offered, const int *order, gsize n_order)
{
  for (gsize i = 0; i < n_order; i++)
    if (array_has (offered, order[i]))
      return order[i];

  return -1;
}

G_GNUC_END_IGNORE_DEPRECATIONS

static void
fail_unsupported (InnVncSource *self)
{
  g_free (self->said);
  self->said = g_strdup ("No supported auth types");
  inn_vnc_source_fail (self, inn_vnc_error_new (self));
}

static void
choose_type_cb (VncConnection *connection, GValueArray *types, InnVncSource *self)
{
  static const int order[] = {
    VNC_CONNECTION_AUTH_VENCRYPT,  VNC_CONNECTION_AUTH_TLS,     VNC_CONNECTION_AUTH_SASL,
    VNC_CONNECTION_AUTH_NONE,      VNC_CONNECTION_AUTH_VNC,     VNC_CONNECTION_AUTH_ARD,
    VNC_CONNECTION_AUTH_MSLOGONII, VNC_CONNECTION_AUTH_MSLOGON,
  };
  int type = choose (types, order, G_N_ELEMENTS (order));

  inn_vnc_source_restart_deadline (self);
  if (type < 0)
    fail_unsupported (self);
  else
    vnc_connection_set_auth_type (connection, type);
}

static void
choose_subtype_cb (VncConnection *connection, guint type, GValueArray *subtypes, InnVncSource *self)
{
  static const int tls_order[] = { VNC_CONNECTION_AUTH_SASL, VNC_CONNECTION_AUTH_VNC,
                                   VNC_CONNECTION_AUTH_NONE };
  static const int vencrypt_order[] = {
    VNC_CONNECTION_AUTH_VENCRYPT_X509SASL, VNC_CONNECTION_AUTH_VENCRYPT_X509PLAIN,
    VNC_CONNECTION_AUTH_VENCRYPT_X509VNC,  VNC_CONNECTION_AUTH_VENCRYPT_X509NONE,
    VNC_CONNECTION_AUTH_VENCRYPT_TLSSASL,  VNC_CONNECTION_AUTH_VENCRYPT_TLSPLAIN,
    VNC_CONNECTION_AUTH_VENCRYPT_TLSVNC,   VNC_CONNECTION_AUTH_VENCRYPT_TLSNONE,
    VNC_CONNECTION_AUTH_VENCRYPT_PLAIN,
  };
  int subtype;

  if (type == VNC_CONNECTION_AUTH_VENCRYPT)
    subtype = choose (subtypes, vencrypt_order, G_N_ELEMENTS (vencrypt_order));
  else
    subtype = choose (subtypes, tls_order, G_N_ELEMENTS (tls_order));

  inn_vnc_source_restart_deadline (self);
  if (subtype < 0)
    fail_unsupported (self);
  else
    vnc_connection_set_auth_subtype (connection, subtype);
}

typedef struct
{
  InnVncSource *source;
  VncConnection *connection;
  GCancellable *cancellable;
  gboolean want_certificates;
  gboolean want_user;
  gboolean want_password;
} Credentials;

static void
credentials_free (gpointer data)
{
  Credentials *credentials = data;

  g_object_unref (credentials->source);
  g_object_unref (credentials->connection);
  g_object_unref (credentials->cancellable);
  g_free (credentials);
}

static InnPrompt *
make_prompt (InnVncSource *self, InnPromptKind kind)
{
  g_autofree char *message = NULL;
  g_autofree char *purpose = NULL;
  InnPrompt *prompt;

  if (kind == INN_PROMPT_TEXT)
    message = g_strdup_printf (_ ("User name for the screen of “%s”"), self->guest_name);
  else
    message = g_strdup_printf (_ ("Password for the screen of “%s”"), self->guest_name);

  /* Each guest has a password of its own. */
  purpose = self->guest_id != NULL ? g_strdup_printf ("vnc:%s", self->guest_id) : g_strdup ("vnc");
  prompt = inn_prompt_new (kind, purpose, message);
  prompt->host_id = g_strdup (self->host_id);
  prompt->host_name = g_strdup (self->host_name);
  prompt->attempt = self->attempt;
  prompt->may_remember = self->host_id != NULL && self->guest_id != NULL;
  if (kind == INN_PROMPT_SECRET && self->user != NULL)
    prompt->user = g_strdup (inn_prompt_reply_get_text (self->user));

  return prompt;
}

/* Fills @reply unless it is known from before. */
static gboolean
ask (Credentials *credentials, InnPromptKind kind, InnPromptReply **reply, GError **error)
{
  InnVncSource *self = credentials->source;
  g_autoptr (InnPrompt) prompt = NULL;

  if (*reply != NULL)
    return TRUE;

  self->asked_person = TRUE;
  prompt = make_prompt (self, kind);
  *reply =
      dex_await_boxed (inn_prompter_ask (self->prompter, prompt, credentials->cancellable), error);
  return *reply != NULL;
}

/* The library looks in /etc/pki and ~/.pki by itself; a host that was added with a folder of its
 * own keeps the authority of its screens there as well. */
static char *
read_authority (InnVncSource *self)
{
  g_autofree char *path = NULL;
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *text;

  if (self->pki_path == NULL)
    return NULL;

  path = g_build_filename (self->pki_path, "cacert.pem", NULL);
  file = g_file_new_for_path (path);
  bytes = dex_await_boxed (dex_file_load_contents_bytes (file), &error);
  if (bytes == NULL)
    {
      g_message ("No authority for screens: %s", error->message);
      return NULL;
    }

  text = g_bytes_get_data (bytes, &size);
  return g_strndup (text, size);
}

/* gvnc waits until it has all it wants, so all of it is handed over in one go. */
static void
hand_over (Credentials *credentials, const char *authority)
{
  InnVncSource *self = credentials->source;

  if (authority != NULL)
    vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_CA_CERT_DATA,
                                   authority);
  if (credentials->want_certificates)
    vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_CLIENTNAME,
                                   CLIENT_NAME);
  if (credentials->want_user)
    vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_USERNAME,
                                   inn_prompt_reply_get_text (self->user));
  if (credentials->want_password)
    vnc_connection_set_credential (self->connection, VNC_CONNECTION_CREDENTIAL_PASSWORD,
                                   inn_prompt_reply_get_text (self->password));
}

static DexFuture *
credentials_fiber (gpointer data)
{
  Credentials *credentials = data;
  InnVncSource *self = credentials->source;
  g_autoptr (GError) error = NULL;
  g_autofree char *authority = NULL;
  gboolean ok;

  if (credentials->want_certificates)
    authority = read_authority (self);
  ok = (!credentials->want_user || ask (credentials, INN_PROMPT_TEXT, &self->user, &error)) &&
       (!credentials->want_password ||
        ask (credentials, INN_PROMPT_SECRET, &self->password, &error));

  if (self->connection != credentials->connection)
    return dex_future_new_true ();

  if (ok)
    {
      hand_over (credentials, authority);
      inn_vnc_source_restart_deadline (self);
    }
  else
    {
      inn_vnc_source_fail (self, inn_error_new (INN_ERROR_AUTH_CANCELLED, error->message,
                                                _ ("The screen of “%s” needs a password"),
                                                self->guest_name));
    }
  return dex_future_new_true ();
}

static void
credential_cb (VncConnection *connection, GValueArray *wanted, InnVncSource *self)
{
  Credentials *credentials;

  inn_vnc_source_stop_deadline (self);
  credentials = g_new0 (Credentials, 1);
  credentials->source = g_object_ref (self);
  credentials->connection = g_object_ref (connection);
  credentials->cancellable = g_object_ref (self->cancellable);
  credentials->want_certificates = array_has (wanted, VNC_CONNECTION_CREDENTIAL_CLIENTNAME);
  credentials->want_user = array_has (wanted, VNC_CONNECTION_CREDENTIAL_USERNAME);
  credentials->want_password = array_has (wanted, VNC_CONNECTION_CREDENTIAL_PASSWORD);
  inn_future_forget (
      inn_spawn ("credentials_fiber", credentials_fiber, credentials, credentials_free),
      "asking for the password of a screen");
}

/* A remembered answer that went stale is no wrong attempt of a person. */
static void
auth_failure_cb (VncConnection *connection, const char *reason, InnVncSource *self)
{
  if (self->password == NULL)
    return;

  self->refused = TRUE;
  if (self->asked_person)
    self->attempt++;
  self->asked_person = FALSE;
  g_free (self->said);
  self->said = g_utf8_make_valid (reason != NULL ? reason : "", -1);
  inn_vnc_source_forget_credentials (self);
}

void
inn_vnc_source_forget_credentials (InnVncSource *self)
{
  g_clear_pointer (&self->user, inn_prompt_reply_unref);
  g_clear_pointer (&self->password, inn_prompt_reply_unref);
}

void
inn_vnc_source_connect_auth (InnVncSource *self)
{
  VncConnection *connection = self->connection;

  g_signal_connect (connection, "vnc-auth-choose-type", G_CALLBACK (choose_type_cb), self);
  g_signal_connect (connection, "vnc-auth-choose-subtype", G_CALLBACK (choose_subtype_cb), self);
  g_signal_connect (connection, "vnc-auth-credential", G_CALLBACK (credential_cb), self);
  g_signal_connect (connection, "vnc-auth-failure", G_CALLBACK (auth_failure_cb), self);
}

/**
 * inn_vnc_source_set_guest_id:
 * @self: a source
 * @guest_id: (nullable): the guest's UUID
 *
 * With it and a host the answer to a question for a password may be remembered.
 */
void
inn_vnc_source_set_guest_id (InnVncSource *self, const char *guest_id)
{
  g_return_if_fail (INN_IS_VNC_SOURCE (self));

  g_set_str (&self->guest_id, guest_id);
}

/**
 * inn_vnc_source_set_pki_path:
 * @self: a source
 * @pki_path: (nullable): a folder with a cacert.pem that is trusted beside those of the system
 */
void
inn_vnc_source_set_pki_path (InnVncSource *self, const char *pki_path)
{
  g_return_if_fail (INN_IS_VNC_SOURCE (self));

  g_set_str (&self->pki_path, pki_path);
}

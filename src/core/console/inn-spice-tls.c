/* inn-spice-tls.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-spice-tls.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BEGIN_CERTIFICATE "-----BEGIN CERTIFICATE-----"

/* The library speaks TLS on connections that it makes itself and on no others. So the handshake is
 * done here, and what is inside comes and goes over a pair of sockets. */

typedef struct
{
  InnScreen *screen;
  InnConsolePlace *place;
  GCancellable *cancellable;
  GSocketConnection *connection;
  GTlsCertificateFlags flags; /* what is wrong with the certificate */
} Wrapping;

static void
wrapping_free (gpointer data)
{
  Wrapping *wrapping = data;

  g_object_unref (wrapping->screen);
  inn_console_place_free (wrapping->place);
  g_object_unref (wrapping->cancellable);
  g_object_unref (wrapping->connection);
  g_free (wrapping);
}

/* The first that is there; %NULL for those that the system trusts. */
static char *
find_authority (const char *pki_path)
{
  g_autofree char *own = pki_path != NULL ? g_build_filename (pki_path, "cacert.pem", NULL) : NULL;
  g_autofree char *pki = g_build_filename (g_get_home_dir (), ".pki", "CA", "cacert.pem", NULL);
  g_autofree char *spice =
      g_build_filename (g_get_home_dir (), ".spicec", "spice_truststore.pem", NULL);
  const char *const paths[] = { own, pki, spice, "/etc/pki/CA/cacert.pem" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (paths[i] != NULL && g_file_test (paths[i], G_FILE_TEST_EXISTS))
      return g_strdup (paths[i]);

  return NULL;
}

static gboolean
load_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  const char *pki_path = data;
  g_autofree char *path = find_authority (pki_path);
  GTlsDatabase *database;

  if (path != NULL)
    database = g_tls_file_database_new (path, error);
  else
    database = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  if (database == NULL)
    return FALSE;

  g_value_init (result, G_TYPE_OBJECT);
  g_value_take_object (result, database);
  return TRUE;
}

static gboolean
certificate_cb (GTlsConnection *tls,
                GTlsCertificate *certificate,
                GTlsCertificateFlags flags,
                Wrapping *wrapping)
{
  /* What the screen says itself is looked at afterwards, in check_peer(). */
  if (inn_screen_get_authorities (wrapping->screen) != NULL)
    return TRUE;
  if (inn_screen_get_subject (wrapping->screen) != NULL)
    flags &= ~(GTlsCertificateFlags) G_TLS_CERTIFICATE_BAD_IDENTITY;

  wrapping->flags = flags;
  return flags == 0;
}

/* With the first of @authorities (PEM) that vouches for it. */
static GTlsCertificateFlags
verify (GTlsCertificate *certificate, GSocketConnectable *identity, const char *authorities)
{
  GTlsCertificateFlags flags = G_TLS_CERTIFICATE_UNKNOWN_CA;
  const char *begin = strstr (authorities, BEGIN_CERTIFICATE);

  while (begin != NULL && flags != 0)
    {
      const char *next = strstr (begin + 1, BEGIN_CERTIFICATE);
      gssize length = next != NULL ? next - begin : (gssize) strlen (begin);
      g_autoptr (GTlsCertificate) authority = g_tls_certificate_new_from_pem (begin, length, NULL);
      GTlsCertificateFlags found = authority != NULL
                                       ? g_tls_certificate_verify (certificate, identity, authority)
                                       : G_TLS_CERTIFICATE_UNKNOWN_CA;

      /* What is wrong with it beside who vouches for it says more. */
      if (!(found & G_TLS_CERTIFICATE_UNKNOWN_CA))
        flags = found;
      begin = next;
    }

  return flags;
}

static void
add_part (GPtrArray *parts, GString *part)
{
  char *equals;

  g_strstrip (part->str);
  if (*part->str == '\0')
    return;

  equals = strchr (part->str, '=');

  for (char *at = part->str; equals != NULL && at < equals; at++)
    *at = g_ascii_toupper (*at);
  g_ptr_array_add (parts, g_strdup (part->str));
}

static GPtrArray *
split_subject (const char *subject)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) part = g_string_new (NULL);

  for (const char *at = subject; *at != '\0'; at++)
    if (*at == '\\' && at[1] != '\0')
      g_string_append_c (part, *++at);
    else if (*at == ',')
      {
        add_part (parts, part);
        g_string_truncate (part, 0);
      }
    else
      g_string_append_c (part, *at);
  add_part (parts, part);
  g_ptr_array_sort_values (parts, (GCompareFunc) strcmp);

  return parts;
}

/**
 * inn_spice_tls_is_subject:
 * @subject: of a certificate, as text: KEY=VALUE, separated by commas; a backslash before a comma
 *   that is none of those
 * @wanted: another such text
 *
 * The one is written from the left to the right and the other from the right to the left, depending
 * on the library, so the order does not count.
 *
 * Returns: whether both have the same parts
 */
gboolean
inn_spice_tls_is_subject (const char *subject, const char *wanted)
{
  g_autoptr (GPtrArray) a = split_subject (subject);
  g_autoptr (GPtrArray) b = split_subject (wanted);

  if (a->len != b->len || a->len == 0)
    return FALSE;

  for (guint i = 0; i < a->len; i++)
    if (strcmp (a->pdata[i], b->pdata[i]) != 0)
      return FALSE;

  return TRUE;
}

/* What the connection file asks for, before a byte of the screen comes or goes. */
static gboolean
check_peer (Wrapping *wrapping, GTlsConnection *tls, GSocketConnectable *identity)
{
  const char *authorities = inn_screen_get_authorities (wrapping->screen);
  const char *subject = inn_screen_get_subject (wrapping->screen);
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (tls);
  g_autofree char *has = NULL;

  if (certificate == NULL)
    return FALSE;

  if (authorities != NULL)
    wrapping->flags = verify (certificate, subject != NULL ? NULL : identity, authorities);
  if (wrapping->flags != 0 || subject == NULL)
    return wrapping->flags == 0;

  has = g_tls_certificate_get_subject_name (certificate);
  if (has != NULL && inn_spice_tls_is_subject (has, subject))
    return TRUE;

  wrapping->flags = G_TLS_CERTIFICATE_BAD_IDENTITY;
  return FALSE;
}

static void
handshake_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, error);
}

static DexFuture *
shake_hands (GTlsConnection *tls, GCancellable *cancellable)
{
  DexPromise *promise = dex_promise_new ();

  g_tls_connection_handshake_async (tls, G_PRIORITY_DEFAULT, cancellable, handshake_cb,
                                    dex_ref (promise));
  return DEX_FUTURE (promise);
}

static const char *
server_of (const Wrapping *wrapping)
{
  const char *name = inn_screen_get_server_name (wrapping->screen);

  if (name == NULL)
    name = wrapping->place->server_name;
  return name != NULL ? name : "localhost";
}

/* Takes @error and says what it means. */
static GError *
explain (const Wrapping *wrapping, GError *error)
{
  g_autoptr (GError) said = error;
  const char *name = wrapping->place->guest_name;
  const char *subject = inn_screen_get_subject (wrapping->screen);
  /* Whom a connection file names */
  const char *named = subject != NULL ? subject : inn_screen_get_server_name (wrapping->screen);
  const char *words = said != NULL ? said->message : NULL;

  if (said != NULL && g_error_matches (said, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return inn_error_new (INN_ERROR_CANCELLED, NULL, "%s", said->message);

  if (wrapping->flags & (G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_INSECURE |
                         G_TLS_CERTIFICATE_REVOKED | G_TLS_CERTIFICATE_GENERIC_ERROR))
    return inn_error_new (INN_ERROR_HOST_KEY_UNKNOWN, words,
                          inn_screen_get_authorities (wrapping->screen) != NULL
                              ? _ ("The certificate of the screen of “%s” is not from the "
                                   "authority that the connection file names; get a new file")
                              : _ ("The certificate of the screen of “%s” is not trusted; put the "
                                   "certificate of its authority into ~/.pki/CA/cacert.pem"),
                          name);
  if (wrapping->flags & G_TLS_CERTIFICATE_BAD_IDENTITY && named != NULL)
    return inn_error_new (INN_ERROR_HOST_KEY_CHANGED, words,
                          _ ("The certificate of the screen of “%s” is not for “%s”, which the "
                             "connection file names; get a new file"),
                          name, named);
  if (wrapping->flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return inn_error_new (INN_ERROR_HOST_KEY_CHANGED, words,
                          _ ("The certificate of the screen of “%s” is not for “%s”; add the host "
                             "by the name that is in its certificate"),
                          name, server_of (wrapping));
  if (wrapping->flags != 0)
    return inn_error_new (INN_ERROR_HOST_KEY_CHANGED, words,
                          _ ("The certificate of the screen of “%s” is not valid today; renew it "
                             "on its host, and check the clocks"),
                          name);

  return inn_error_new (INN_ERROR_REMOTE, words,
                        _ ("No encrypted connection to the screen of “%s” could be made"), name);
}

static void
spliced_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!g_io_stream_splice_finish (result, &error))
    g_debug ("An encrypted connection of a screen ended: %s", error->message);
}

/* Gives the end of a pair of sockets that has what @tls has inside. */
static int
splice (GIOStream *tls, GError **error)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) inner = NULL;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      inn_error_set (error, INN_ERROR_FAILED, g_strerror (errno),
                     _ ("No sockets are left; close some programs"));
      return -1;
    }

  socket = g_socket_new_from_fd (fds[0], error);
  if (socket == NULL)
    {
      close (fds[0]);
      close (fds[1]);
      return -1;
    }

  inner = g_socket_connection_factory_create_connection (socket);
  g_io_stream_splice_async (tls, G_IO_STREAM (inner),
                            G_IO_STREAM_SPLICE_CLOSE_STREAM1 | G_IO_STREAM_SPLICE_CLOSE_STREAM2,
                            G_PRIORITY_DEFAULT, NULL, spliced_cb, NULL);
  return fds[1];
}

static DexFuture *
wrap_fiber (gpointer data)
{
  Wrapping *wrapping = data;
  g_autoptr (GSocketConnectable) identity = g_network_address_new (server_of (wrapping), 0);
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GIOStream) tls = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done;
  int fd;

  database = dex_await_object (inn_thread_run ("load_thread", load_thread,
                                               g_strdup (wrapping->place->pki_path), g_free,
                                               wrapping->cancellable),
                               &error);
  if (database == NULL)
    return inn_reject (explain (wrapping, g_steal_pointer (&error)));

  tls = g_tls_client_connection_new (G_IO_STREAM (wrapping->connection), identity, &error);
  if (tls == NULL)
    return inn_reject (explain (wrapping, g_steal_pointer (&error)));

  g_tls_connection_set_database (G_TLS_CONNECTION (tls), database);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (certificate_cb), wrapping);
  done = dex_await (shake_hands (G_TLS_CONNECTION (tls), wrapping->cancellable), &error);
  g_signal_handlers_disconnect_by_data (tls, wrapping);
  if (!done || !check_peer (wrapping, G_TLS_CONNECTION (tls), identity))
    return inn_reject (explain (wrapping, g_steal_pointer (&error)));

  fd = splice (tls, &error);
  if (fd < 0)
    return inn_reject (g_steal_pointer (&error));

  return dex_future_new_for_fd (fd);
}

/**
 * inn_spice_tls_wrap:
 * @fd: (transfer full): a connection on which nothing was said yet
 * @screen: where it leads, and who has to answer there
 * @place: whose it is; its server name is the one that the certificate must be for when the screen
 *   has none
 * @cancellable: gives up
 *
 * Makes an encrypted connection of it. The authority is that of the host's own folder, or of the
 * person, or one that the system trusts.
 *
 * Returns: (transfer full): resolves with a descriptor (dex_await_fd()) that carries what is
 * inside; closing it ends the connection. Rejects with %INN_ERROR_HOST_KEY_UNKNOWN for a
 * certificate that nobody vouches for, and %INN_ERROR_HOST_KEY_CHANGED for one of another host or
 * another time
 */
DexFuture *
inn_spice_tls_wrap (int fd,
                    InnScreen *screen,
                    const InnConsolePlace *place,
                    GCancellable *cancellable)
{
  g_autoptr (GSocket) socket = NULL;
  GError *error = NULL;
  Wrapping *wrapping;

  g_return_val_if_fail (place != NULL, NULL);

  socket = g_socket_new_from_fd (fd, &error);
  if (socket == NULL)
    {
      close (fd);
      return dex_future_new_for_error (error);
    }

  wrapping = g_new0 (Wrapping, 1);
  wrapping->screen = g_object_ref (screen);
  wrapping->place = inn_console_place_copy (place);
  wrapping->cancellable = g_object_ref (cancellable);
  wrapping->connection = g_socket_connection_factory_create_connection (socket);
  return inn_spawn ("wrap_fiber", wrap_fiber, wrapping, wrapping_free);
}

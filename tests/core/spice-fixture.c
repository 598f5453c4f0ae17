/* spice-fixture.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "spice-fixture.h"

#include "base/inn-error.h"

#include <string.h>
#include <unistd.h>

/* A warning of the library is about what the other side sent; one of ours ends the test. */
void
spice_test_init (void)
{
  static const char *const ours[] = { "inn-console",  "inn-base", "inn-test", "GLib",
                                      "GLib-GObject", "GLib-GIO", NULL };

  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  for (guint i = 0; ours[i] != NULL; i++)
    g_log_set_fatal_mask (ours[i], G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
}

static GSubprocess *
spawn (const char *spice, const char *const *extra)
{
  return vnc_qemu_spawn ((const char *[]) { "-device", "qxl-vga", "-spice", spice, NULL }, extra);
}

GSubprocess *
spice_qemu_start (const char *path, const char *options, const char *const *extra)
{
  g_autofree char *spice = g_strconcat ("unix=on,addr=", path, options, NULL);
  GSubprocess *qemu = spawn (spice, extra);

  if (qemu != NULL)
    inn_test_spin (vnc_can_connect, (gpointer) path);
  return qemu;
}

static int
connect_port (guint16 port)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new_from_string ("127.0.0.1", port);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, NULL);

  return g_socket_connect (socket, address, NULL, NULL) ? dup (g_socket_get_fd (socket)) : -1;
}

static gboolean
port_answers (gpointer port)
{
  int fd = connect_port (GPOINTER_TO_UINT (port));

  if (fd < 0)
    return FALSE;

  close (fd);
  return TRUE;
}

guint16
spice_find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

GSubprocess *
spice_qemu_start_on (const char *options, guint16 port, const char *const *extra)
{
  GSubprocess *qemu = spawn (options, extra);

  if (qemu != NULL)
    inn_test_spin (port_answers, GUINT_TO_POINTER ((guint) port));
  return qemu;
}

typedef struct
{
  char *path;
  guint16 port;
  guint16 tls_port;
} Way;

static void
way_free (gpointer data)
{
  Way *way = data;

  g_free (way->path);
  g_free (way);
}

static DexFuture *
open_cb (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  Way *way = data;
  int fd =
      way->path != NULL ? vnc_connect (way->path) : connect_port (tls ? way->tls_port : way->port);

  if (fd >= 0)
    return dex_future_new_for_fd (fd);

  return inn_reject (inn_error_new (INN_ERROR_NOT_CONNECTED, NULL, "nothing there"));
}

InnScreen *
spice_screen_new (const char *path)
{
  Way *way = g_new0 (Way, 1);

  way->path = g_strdup (path);
  return inn_screen_new (INN_SCREEN_SPICE, FALSE, open_cb, way, way_free);
}

InnScreen *
spice_screen_new_on (guint16 port, guint16 tls_port)
{
  Way *way = g_new0 (Way, 1);

  way->port = port;
  way->tls_port = tls_port;
  return inn_screen_new (INN_SCREEN_SPICE, port == 0, open_cb, way, way_free);
}

InnSpiceSession *
spice_session_new_for (InnPrompter *prompter, const char *server_name, const char *pki_path)
{
  return inn_spice_session_new (prompter, &(InnConsolePlace) { .guest_name = (char *) "bare",
                                                               .server_name = (char *) server_name,
                                                               .pki_path = (char *) pki_path });
}

InnDisplaySource *
spice_head (InnSpiceSession *session, guint position)
{
  GListModel *heads = inn_console_session_get_heads (INN_CONSOLE_SESSION (session));
  g_autoptr (InnDisplaySource) head = g_list_model_get_item (heads, position);

  return head;
}

gboolean
spice_is_ready (gpointer session)
{
  return inn_console_session_get_state (session) == INN_DISPLAY_READY;
}

gboolean
spice_is_closed (gpointer session)
{
  return inn_console_session_get_state (session) == INN_DISPLAY_CLOSED;
}

gboolean
spice_is_settled (gpointer session)
{
  return spice_is_ready (session) || spice_is_closed (session);
}

gboolean
spice_is_lit (gpointer session)
{
  return spice_is_ready (session) && vnc_count_lit (spice_head (session, 0)) > 100;
}

/* console-demo.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-vnc-source.h"
#include "ui/console/inn-display.h"

#include <adwaita.h>
#include <gio/gunixsocketaddress.h>
#include <unistd.h>

/* Shows a guest over a VNC socket, with our widget and nothing else:
 *
 *   qemu-system-x86_64 -accel tcg -display none -vnc unix:/tmp/screen &
 *   console-demo /tmp/screen
 */
typedef struct
{
  const char *path;
  int seconds;
  gboolean exact;
  gboolean fast;
  GMainLoop *loop;
} Demo;

static int
connect_socket (const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket = NULL;

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, error);
  if (socket == NULL || !g_socket_connect (socket, address, NULL, error))
    return -1;

  return dup (g_socket_get_fd (socket));
}

static void
state_cb (InnDisplaySource *source, Demo *demo)
{
  const GError *error = inn_display_source_get_error (source);

  if (inn_display_source_get_state (source) != INN_DISPLAY_CLOSED)
    return;

  if (error != NULL)
    g_printerr ("%s\n", error->message);
  g_main_loop_quit (demo->loop);
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
print_stats (InnDisplay *display)
{
  const InnTileStats *stats = inn_display_get_stats (display);

  g_print ("%" G_GUINT64_FORMAT " frames, %" G_GUINT64_FORMAT " tiles, %" G_GUINT64_FORMAT
           " bytes copied for %" G_GUINT64_FORMAT " damaged\n",
           stats->frames, stats->tiles, stats->bytes, stats->damage_bytes);
}

static void
run (Demo *demo, int fd)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *display = inn_display_new ();
  g_autoptr (InnVncSource) source = inn_vnc_source_new (NULL, "demo");

  inn_vnc_source_set_fast_link (source, demo->fast);
  inn_display_set_guest_name (INN_DISPLAY (display), "demo");
  inn_display_set_source (INN_DISPLAY (display), INN_DISPLAY_SOURCE (source));
  if (demo->exact)
    inn_display_set_scaling (INN_DISPLAY (display), INN_DISPLAY_SCALING_EXACT);
  g_signal_connect (source, "state-changed", G_CALLBACK (state_cb), demo);
  inn_display_source_start (INN_DISPLAY_SOURCE (source), fd);

  gtk_window_set_title (GTK_WINDOW (window), "Console");
  gtk_window_set_child (GTK_WINDOW (window), display);
  gtk_window_set_default_size (GTK_WINDOW (window), 960, 600);
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (g_main_loop_quit), demo->loop);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_grab_focus (display);
  if (demo->seconds > 0)
    g_timeout_add_seconds (demo->seconds, quit_cb, demo->loop);

  g_main_loop_run (demo->loop);

  print_stats (INN_DISPLAY (display));
  g_signal_handlers_disconnect_by_data (source, demo);
  inn_display_source_close (INN_DISPLAY_SOURCE (source));
}

int
main (int argc, char **argv)
{
  Demo demo = { 0 };
  const GOptionEntry entries[] = {
    { "seconds", 's', 0, G_OPTION_ARG_INT, &demo.seconds, "Quit after this time", "S" },
    { "exact", 'e', 0, G_OPTION_ARG_NONE, &demo.exact, "One pixel a pixel", NULL },
    { "fast", 'f', 0, G_OPTION_ARG_NONE, &demo.fast, "Ask for raw pixels", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("SOCKET");
  g_autoptr (GError) error = NULL;
  int fd;

  inn_init ();
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Give the path of a VNC socket");
      return 2;
    }

  fd = connect_socket (argv[1], &error);
  if (fd < 0)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  adw_init ();
  demo.loop = g_main_loop_new (NULL, FALSE);
  run (&demo, fd);
  g_main_loop_unref (demo.loop);
  return 0;
}

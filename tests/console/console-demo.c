/* console-demo.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ui/console/inn-console-page.h"

#include <adwaita.h>
#include <gio/gunixsocketaddress.h>
#include <unistd.h>

/* Shows a guest over a socket or ADDRESS:PORT, with the console page and nothing else:
 *
 *   qemu-system-x86_64 -accel tcg -display none -vnc unix:/tmp/screen &
 *   console-demo /tmp/screen
 *   qemu-system-x86_64 -accel tcg -spice unix=on,addr=/tmp/screen,disable-ticketing=on &
 *   console-demo --spice /tmp/screen
 */
typedef struct
{
  const char *place;
  char *name;
  int width;
  int height;
  int seconds;
  int stop;
  gboolean spice;
  gboolean exact;
  gboolean fullscreen;
  GMainLoop *loop;
} Demo;

/* A path, or an address with its port. */
static GSocketAddress *
parse_place (const char *place)
{
  const char *colon = strrchr (place, ':');
  g_autofree char *address = NULL;

  if (*place == '/' || colon == NULL)
    return g_unix_socket_address_new (place);

  address = g_strndup (place, (gsize) (colon - place));
  return g_inet_socket_address_new_from_string (address,
                                                (guint) g_ascii_strtoull (colon + 1, NULL, 10));
}

static int
connect_socket (const char *place, GError **error)
{
  g_autoptr (GSocketAddress) address = parse_place (place);
  g_autoptr (GSocket) socket = NULL;

  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is no address", place);
      return -1;
    }

  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM, 0, error);
  if (socket == NULL || !g_socket_connect (socket, address, NULL, error))
    return -1;

  return dup (g_socket_get_fd (socket));
}

static DexFuture *
open_cb (InnScreen *screen, gboolean tls, GCancellable *cancellable, gpointer data)
{
  Demo *demo = data;
  g_autoptr (GError) error = NULL;
  int fd = connect_socket (demo->place, &error);

  if (fd >= 0)
    return dex_future_new_for_fd (fd);

  return inn_reject (inn_error_new (INN_ERROR_NOT_CONNECTED, error->message,
                                    "The screen of “%s” cannot be reached", demo->name));
}

static DexFuture *
find_cb (InnVm *vm, GCancellable *cancellable, gpointer data)
{
  Demo *demo = data;
  InnScreenProtocol protocol = demo->spice ? INN_SCREEN_SPICE : INN_SCREEN_VNC;

  return dex_future_new_take_object (inn_screen_new (protocol, FALSE, open_cb, demo, NULL));
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static gboolean
stop_vm_cb (gpointer data)
{
  inn_vm_apply_state (data, INN_VM_SHUTOFF, 0, -1);
  return G_SOURCE_REMOVE;
}

static gboolean
fullscreen_cb (gpointer data)
{
  inn_console_page_set_fullscreened (data, TRUE);
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
run (Demo *demo)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *page = inn_console_page_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  InnDisplay *display = inn_console_page_get_display (INN_CONSOLE_PAGE (page));
  g_autoptr (InnVm) vm = NULL;

  vm = inn_vm_new (&(InnVmInfo) { .uuid = (char *) "6f3a4e6c-0001-4000-8000-000000000001",
                                  .name = demo->name,
                                  .state = INN_VM_RUNNING,
                                  .domain_id = 1 });
  inn_console_page_set_finder (INN_CONSOLE_PAGE (page), find_cb, demo, NULL);
  inn_console_page_set_vm (INN_CONSOLE_PAGE (page), vm);
  if (demo->exact)
    inn_display_set_scaling (display, INN_DISPLAY_SCALING_EXACT);

  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), page);
  gtk_window_set_title (GTK_WINDOW (window), demo->name);
  adw_window_set_content (ADW_WINDOW (window), view);
  gtk_window_set_default_size (GTK_WINDOW (window), demo->width, demo->height);
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (g_main_loop_quit), demo->loop);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_grab_focus (GTK_WIDGET (display));
  if (demo->seconds > 0)
    g_timeout_add_seconds (demo->seconds, quit_cb, demo->loop);
  if (demo->stop > 0)
    g_timeout_add_seconds (demo->stop, stop_vm_cb, vm);
  if (demo->fullscreen)
    g_timeout_add_seconds (2, fullscreen_cb, page);

  g_main_loop_run (demo->loop);

  print_stats (display);
}

int
main (int argc, char **argv)
{
  Demo demo = { .name = (char *) "demo", .width = 960, .height = 680 };
  gboolean dark = FALSE;
  const GOptionEntry entries[] = {
    { "seconds", 0, 0, G_OPTION_ARG_INT, &demo.seconds, "Quit after this time", "S" },
    { "stop", 0, 0, G_OPTION_ARG_INT, &demo.stop, "Say that the guest stopped after S", "S" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &demo.name, "The guest's name", "NAME" },
    { "width", 0, 0, G_OPTION_ARG_INT, &demo.width, "Of the window", "W" },
    { "height", 0, 0, G_OPTION_ARG_INT, &demo.height, "Of the window", "H" },
    { "spice", 0, 0, G_OPTION_ARG_NONE, &demo.spice, "The socket speaks SPICE", NULL },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &demo.exact, "One pixel a pixel", NULL },
    { "fullscreen", 0, 0, G_OPTION_ARG_NONE, &demo.fullscreen, "Go to full screen", NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &dark, "Dark style", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("SOCKET");
  g_autoptr (GError) error = NULL;

  inn_init ();
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Give the path of a socket");
      return 2;
    }

  demo.place = argv[1];
  adw_init ();
  if (dark)
    adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                        ADW_COLOR_SCHEME_FORCE_DARK);
  demo.loop = g_main_loop_new (NULL, FALSE);
  run (&demo);
  g_main_loop_unref (demo.loop);
  return 0;
}

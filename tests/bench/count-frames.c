/* count-frames.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/Xdamage.h>
#include <dlfcn.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>

/* Reads the numbers that guest-paint paints from the X server, whichever program put them there:
 *
 *   count-frames frames SECONDS       how many different frames were seen
 *   count-frames keys N KEYCODE       time from a key to the frame it makes, N times
 *
 * and prints a line of JSON. It looks when the X server says that the place of the number was
 * painted, so it costs the same whoever paints. */

/* Also in guest-paint.c. */
#define CODE_BITS 24
#define CODE_BLOCK 16

#define KEY_TIMEOUT_MSEC 3000

/* Of libXtst, which xdotool brings without its header. */
typedef int (*FakeKey) (Display *display, unsigned keycode, Bool down, unsigned long delay);

typedef struct
{
  Display *display;
  Window root;
  int damage_event;
  XShmSegmentInfo segment;
  XImage *image;
  int y;
} Watch;

static double
now_msec (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int
is_bright (unsigned long pixel)
{
  return (pixel & 0xff) > 0x80;
}

/* The number on the screen, -1 when there is none. */
static long
read_number (Watch *watch)
{
  long number = 0;
  unsigned long mark;

  if (!XShmGetImage (watch->display, watch->root, watch->image, 0, watch->y, AllPlanes))
    return -1;

  mark = XGetPixel (watch->image, CODE_BLOCK / 2, CODE_BLOCK / 2);
  if ((mark >> 16 & 0xff) < 0xc0 || (mark & 0xffff) > 0x4000)
    return -1;
  for (int bit = 0; bit < CODE_BITS; bit++)
    if (is_bright (
            XGetPixel (watch->image, (1 + bit) * CODE_BLOCK + CODE_BLOCK / 2, CODE_BLOCK / 2)))
      number |= 1L << bit;
  return number;
}

static int
open_watch (Watch *watch)
{
  int error;
  int width = (1 + CODE_BITS) * CODE_BLOCK;

  watch->display = XOpenDisplay (NULL);
  if (watch->display == NULL ||
      !XDamageQueryExtension (watch->display, &watch->damage_event, &error))
    return -1;

  watch->root = DefaultRootWindow (watch->display);
  watch->y = DisplayHeight (watch->display, 0) - 2 * CODE_BLOCK;
  watch->image = XShmCreateImage (watch->display, DefaultVisual (watch->display, 0),
                                  (unsigned) DefaultDepth (watch->display, 0), ZPixmap, NULL,
                                  &watch->segment, (unsigned) width, CODE_BLOCK);
  if (watch->image == NULL)
    return -1;
  watch->segment.shmid =
      shmget (IPC_PRIVATE, (size_t) (watch->image->bytes_per_line * CODE_BLOCK), IPC_CREAT | 0600);
  watch->segment.shmaddr = watch->image->data = shmat (watch->segment.shmid, NULL, 0);
  if (!XShmAttach (watch->display, &watch->segment))
    return -1;
  XSync (watch->display, False);
  shmctl (watch->segment.shmid, IPC_RMID, NULL);
  XDamageCreate (watch->display, watch->root, XDamageReportRawRectangles);
  return 0;
}

/* Waits until the place of the number was painted; 0 at the deadline. */
static int
wait_paint (Watch *watch, double deadline)
{
  for (;;)
    {
      struct pollfd fd = { .fd = ConnectionNumber (watch->display), .events = POLLIN };
      double left = deadline - now_msec ();
      int touched = 0;

      while (XPending (watch->display) > 0)
        {
          XEvent event;

          XNextEvent (watch->display, &event);
          if (event.type == watch->damage_event + XDamageNotify)
            {
              const XDamageNotifyEvent *damage = (const XDamageNotifyEvent *) &event;

              touched |= damage->area.y + damage->area.height > watch->y &&
                         damage->area.x < (1 + CODE_BITS) * CODE_BLOCK;
            }
        }
      if (touched)
        return 1;
      if (left <= 0)
        return 0;
      poll (&fd, 1, (int) left + 1);
    }
}

static int
count_frames (Watch *watch, double seconds)
{
  double start = now_msec ();
  double end = start + seconds * 1e3;
  long first = read_number (watch);
  long last = first;
  long shown = 0;

  while (wait_paint (watch, end))
    {
      long number = read_number (watch);

      if (number < 0 || number == last)
        continue;
      if (first < 0)
        first = number;
      shown++;
      last = number;
    }
  printf ("{\"seconds\": %.3f, \"shown\": %ld, \"painted\": %ld}\n", (now_msec () - start) / 1e3,
          shown, last - first);
  return 0;
}

static int
time_keys (Watch *watch, int n, unsigned keycode)
{
  void *library = dlopen ("libXtst.so.6", RTLD_NOW);
  FakeKey fake_key = NULL;

  if (library != NULL)
    *(void **) &fake_key = dlsym (library, "XTestFakeKeyEvent");
  if (fake_key == NULL)
    return 2;

  printf ("{\"msec\": [");
  for (int i = 0; i < n; i++)
    {
      /* Not in step with anybody's timer. */
      struct timespec pause = { .tv_nsec = 60000000 + (i * 7919 % 41) * 1000000 };
      double start;
      long before;
      long number;

      nanosleep (&pause, NULL);
      before = read_number (watch);
      start = now_msec ();
      fake_key (watch->display, keycode, True, CurrentTime);
      XFlush (watch->display);
      do
        {
          if (!wait_paint (watch, start + KEY_TIMEOUT_MSEC))
            break;
          number = read_number (watch);
        }
      while (number < 0 || number == before);
      printf ("%s%.2f", i > 0 ? ", " : "", now_msec () - start);
      fake_key (watch->display, keycode, False, CurrentTime);
      XFlush (watch->display);
    }
  printf ("]}\n");
  return 0;
}

int
main (int argc, char **argv)
{
  Watch watch = { 0 };

  if (argc >= 3 && open_watch (&watch) == 0)
    {
      if (strcmp (argv[1], "frames") == 0)
        return count_frames (&watch, atof (argv[2]));
      if (strcmp (argv[1], "keys") == 0 && argc == 4)
        return time_keys (&watch, atoi (argv[2]), (unsigned) atoi (argv[3]));
    }

  fprintf (stderr, "count-frames: no X server with XDamage and XShm, or wrong arguments\n");
  return 2;
}

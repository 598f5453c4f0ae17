/* guest-paint.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <dirent.h>
#include <drm/drm.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_mode.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

/* The moving screen of a benchmark's guest, in place of the small guest's own. Static, without a
 * library: it runs in an initramfs. The second serial port says what to paint:
 *
 *   full RATE | sprite RATE | text RATE | idle | key
 *
 * Each frame carries its number, as blocks of black and white at the lower left, which
 * count-frames reads from the X server. "key" paints a frame for each key that goes down. */

/* Also in count-frames.c. */
#define CODE_BITS 24
#define CODE_BLOCK 16

#define SPRITE 64
#define LINE 16
#define MAX_KEYBOARDS 16

typedef struct
{
  int card;
  uint32_t framebuffer;
  uint32_t *pixels;
  uint32_t width;
  uint32_t height;
  uint32_t stride; /* pixels */

  uint32_t frame;
  uint32_t sprite_x;
  uint32_t sprite_y;
  uint32_t random;
} Screen;

typedef enum
{
  PAINT_IDLE,
  PAINT_FULL,
  PAINT_SPRITE,
  PAINT_TEXT,
  PAINT_KEY,
} Pattern;

static int
fail (const char *what)
{
  fprintf (stderr, "guest-paint: %s: %s\n", what, strerror (errno));
  sleep (1);
  return 1;
}

static int
find_connector (int card, struct drm_mode_modeinfo *mode, uint32_t *connector, uint32_t *crtc)
{
  static struct drm_mode_modeinfo modes[64];
  uint32_t crtcs[8];
  uint32_t connectors[8];
  struct drm_mode_card_res resources = { .crtc_id_ptr = (uintptr_t) crtcs,
                                         .connector_id_ptr = (uintptr_t) connectors,
                                         .count_crtcs = 8,
                                         .count_connectors = 8 };
  struct drm_mode_get_connector found = { 0 };

  if (ioctl (card, DRM_IOCTL_MODE_GETRESOURCES, &resources) < 0 || resources.count_connectors == 0)
    return -1;

  found.connector_id = connectors[0];
  if (ioctl (card, DRM_IOCTL_MODE_GETCONNECTOR, &found) < 0 || found.count_modes == 0)
    return -1;
  if (found.count_modes > 64)
    found.count_modes = 64;
  found.modes_ptr = (uintptr_t) modes;
  found.count_props = found.count_encoders = 0;
  if (ioctl (card, DRM_IOCTL_MODE_GETCONNECTOR, &found) < 0)
    return -1;

  /* The first is the preferred one: what the command line asked for. */
  *mode = modes[0];
  *connector = connectors[0];
  *crtc = crtcs[0];
  return 0;
}

static int
open_screen (Screen *screen)
{
  struct drm_mode_modeinfo mode;
  uint32_t connector, crtc;
  struct drm_mode_create_dumb dumb = { .bpp = 32 };
  struct drm_mode_map_dumb map = { 0 };
  struct drm_mode_fb_cmd2 add = { .pixel_format = DRM_FORMAT_XRGB8888 };
  struct drm_mode_crtc set = { .count_connectors = 1, .mode_valid = 1 };

  screen->card = open ("/dev/dri/card0", O_RDWR);
  if (screen->card < 0)
    return fail ("/dev/dri/card0");
  if (find_connector (screen->card, &mode, &connector, &crtc) < 0)
    return fail ("no connector");

  dumb.width = screen->width = mode.hdisplay;
  dumb.height = screen->height = mode.vdisplay;
  if (ioctl (screen->card, DRM_IOCTL_MODE_CREATE_DUMB, &dumb) < 0)
    return fail ("dumb buffer");

  screen->stride = dumb.pitch / 4;
  add.width = dumb.width;
  add.height = dumb.height;
  add.handles[0] = dumb.handle;
  add.pitches[0] = dumb.pitch;
  if (ioctl (screen->card, DRM_IOCTL_MODE_ADDFB2, &add) < 0)
    return fail ("frame buffer");

  screen->framebuffer = add.fb_id;
  map.handle = dumb.handle;
  if (ioctl (screen->card, DRM_IOCTL_MODE_MAP_DUMB, &map) < 0)
    return fail ("map");
  screen->pixels =
      mmap (NULL, dumb.size, PROT_READ | PROT_WRITE, MAP_SHARED, screen->card, (off_t) map.offset);
  if (screen->pixels == MAP_FAILED)
    return fail ("mmap");

  set.set_connectors_ptr = (uintptr_t) &connector;
  set.crtc_id = crtc;
  set.fb_id = add.fb_id;
  set.mode = mode;
  if (ioctl (screen->card, DRM_IOCTL_MODE_SETCRTC, &set) < 0)
    return fail ("mode");

  return 0;
}

static void
fill (Screen *screen, uint32_t x, uint32_t y, uint32_t width, uint32_t height, uint32_t colour)
{
  for (uint32_t row = y; row < y + height && row < screen->height; row++)
    for (uint32_t column = x; column < x + width && column < screen->width; column++)
      screen->pixels[row * screen->stride + column] = colour;
}

static void
show (Screen *screen, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
  struct drm_clip_rect clip = { .x1 = (unsigned short) x,
                                .y1 = (unsigned short) y,
                                .x2 = (unsigned short) (x + width),
                                .y2 = (unsigned short) (y + height) };
  struct drm_mode_fb_dirty_cmd dirty = { .fb_id = screen->framebuffer,
                                         .num_clips = 1,
                                         .clips_ptr = (uintptr_t) &clip };

  /* A driver that shows memory as it is has no such call. */
  ioctl (screen->card, DRM_IOCTL_MODE_DIRTYFB, &dirty);
}

static void
paint_number (Screen *screen)
{
  uint32_t y = screen->height - 2 * CODE_BLOCK;

  screen->frame++;
  for (uint32_t bit = 0; bit < CODE_BITS; bit++)
    fill (screen, (1 + bit) * CODE_BLOCK, y, CODE_BLOCK, CODE_BLOCK,
          screen->frame >> bit & 1 ? 0xffffff : 0x000000);
  /* What begins it, so that a screen without a number is not taken for one. */
  fill (screen, 0, y, CODE_BLOCK, CODE_BLOCK, 0xff0000);
}

static void
show_number (Screen *screen)
{
  show (screen, 0, screen->height - 2 * CODE_BLOCK, (1 + CODE_BITS) * CODE_BLOCK, CODE_BLOCK);
}

static void
paint_full (Screen *screen)
{
  uint32_t shade = screen->frame * 5;

  for (uint32_t y = 0; y < screen->height; y++)
    {
      uint32_t *row = screen->pixels + y * screen->stride;
      uint32_t colour = ((y + shade) & 0xff) << 16 | ((y >> 3) & 0xff) << 8 | (shade & 0xff);

      for (uint32_t x = 0; x < screen->width; x++)
        row[x] = colour;
    }
  paint_number (screen);
  show (screen, 0, 0, screen->width, screen->height);
}

static void
paint_sprite (Screen *screen)
{
  uint32_t x = screen->sprite_x;
  uint32_t y = screen->sprite_y;

  fill (screen, x, y, SPRITE, SPRITE, 0x163a5f);
  show (screen, x, y, SPRITE, SPRITE);
  screen->sprite_x = (x + 7) % (screen->width - SPRITE);
  screen->sprite_y = (y + 3) % (screen->height - SPRITE - 4 * CODE_BLOCK);
  fill (screen, screen->sprite_x, screen->sprite_y, SPRITE, SPRITE, 0xf6d32d);
  show (screen, screen->sprite_x, screen->sprite_y, SPRITE, SPRITE);
  paint_number (screen);
  show_number (screen);
}

/* A terminal's worth of text in the left upper part moves up by a line. */
static void
paint_text (Screen *screen)
{
  uint32_t width = screen->width < 1024 ? screen->width : 1024;
  uint32_t height = (screen->height - 4 * CODE_BLOCK) / LINE * LINE;

  if (height > 640)
    height = 640;
  for (uint32_t y = 0; y < height - LINE; y++)
    memcpy (screen->pixels + y * screen->stride, screen->pixels + (y + LINE) * screen->stride,
            width * 4);
  for (uint32_t y = height - LINE; y < height; y++)
    for (uint32_t x = 0; x < width; x++)
      {
        if (x % 2 == 0)
          screen->random = screen->random * 1664525 + 1013904223;
        screen->pixels[y * screen->stride + x] =
            y % LINE < 12 && screen->random >> 30 == 0 ? 0xdddddd : 0x101010;
      }
  show (screen, 0, 0, width, height);
  paint_number (screen);
  show_number (screen);
}

static void
paint (Screen *screen, Pattern pattern)
{
  switch (pattern)
    {
    case PAINT_FULL:
      paint_full (screen);
      break;

    case PAINT_SPRITE:
      paint_sprite (screen);
      break;

    case PAINT_TEXT:
      paint_text (screen);
      break;

    case PAINT_KEY:
    case PAINT_IDLE:
      paint_number (screen);
      show_number (screen);
      break;
    }
}

static void
set_rate (int timer, int rate)
{
  struct itimerspec when = { 0 };

  if (rate > 0)
    {
      when.it_interval.tv_sec = rate == 1;
      when.it_interval.tv_nsec = rate == 1 ? 0 : 1000000000L / rate;
      when.it_value = when.it_interval;
    }
  timerfd_settime (timer, 0, &when, NULL);
}

static Pattern
read_command (int serial, int timer, Screen *screen, Pattern pattern)
{
  static char line[64];
  static size_t used;
  static const char *const words[] = { "idle", "full", "sprite", "text", "key" };
  char word[16];
  int rate = 0;
  char c;

  while (read (serial, &c, 1) == 1)
    {
      if (c != '\n' && used < sizeof line - 1)
        {
          line[used++] = c;
          continue;
        }
      line[used] = '\0';
      used = 0;
      if (sscanf (line, "%15s %d", word, &rate) < 1)
        continue;
      for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp (word, words[i]) == 0)
          pattern = (Pattern) i;
      set_rate (timer, rate);
      fill (screen, 0, 0, screen->width, screen->height, 0x163a5f);
      show (screen, 0, 0, screen->width, screen->height);
      paint (screen, PAINT_IDLE);
      dprintf (serial, "painting %s %d %ux%u\n", word, rate, screen->width, screen->height);
    }
  return pattern;
}

static int
open_serial (void)
{
  struct termios settings;
  int fd = open ("/dev/ttyS1", O_RDWR | O_NOCTTY | O_NONBLOCK);

  if (fd >= 0 && tcgetattr (fd, &settings) == 0)
    {
      cfmakeraw (&settings);
      tcsetattr (fd, TCSANOW, &settings);
    }
  return fd;
}

static int
has_key_down (int fd)
{
  struct input_event event;
  int down = 0;

  while (read (fd, &event, sizeof event) == sizeof event)
    down |= event.type == EV_KEY && event.value == 1;
  return down;
}

/* Their drivers come after the first picture: all are opened anew. */
static int
open_keyboards (struct pollfd *fds, int n)
{
  while (n > 0)
    close (fds[--n].fd);

  for (int i = 0; i < MAX_KEYBOARDS; i++)
    {
      char path[32];
      int fd;

      snprintf (path, sizeof path, "/dev/input/event%d", i);
      fd = open (path, O_RDONLY | O_NONBLOCK);
      if (fd >= 0)
        fds[n++] = (struct pollfd) { .fd = fd, .events = POLLIN };
    }
  return n;
}

int
main (void)
{
  Screen screen = { .random = 1 };
  struct pollfd fds[2 + MAX_KEYBOARDS];
  Pattern pattern = PAINT_IDLE;
  int n_keyboards = 0;

  if (open_screen (&screen) != 0)
    return 1;

  fds[0] = (struct pollfd) { .fd = open_serial (), .events = POLLIN };
  fds[1] =
      (struct pollfd) { .fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK), .events = POLLIN };
  if (fds[0].fd < 0 || fds[1].fd < 0)
    return fail ("serial port");
  dprintf (fds[0].fd, "ready %ux%u\n", screen.width, screen.height);

  for (;;)
    {
      uint64_t times;

      if (poll (fds, 2 + (nfds_t) n_keyboards, -1) < 0)
        return fail ("poll");

      if (fds[1].revents & POLLIN && read (fds[1].fd, &times, sizeof times) == sizeof times)
        paint (&screen, pattern);
      for (int i = 2; i < 2 + n_keyboards; i++)
        if (fds[i].revents & POLLIN && has_key_down (fds[i].fd) && pattern == PAINT_KEY)
          paint (&screen, pattern);
      if (fds[0].revents & POLLIN)
        {
          pattern = read_command (fds[0].fd, fds[1].fd, &screen, pattern);
          if (pattern == PAINT_KEY)
            n_keyboards = open_keyboards (fds + 2, n_keyboards);
        }
    }
}

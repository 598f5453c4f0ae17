/* inn-text-pump.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-text-pump.h"

#include "base/inn-thread.h"
#include "virt/inn-domain-xml.h"
#include "virt/inn-virt-error.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <libvirt/virterror.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* Carries bytes between a serial port, console or channel of a guest and a socket, on a thread of
 * its own. The event loop of libvirt only rings a bell.
 *
 * libvirt's protocol cannot tell a host to send less: what is not read piles up in this process. So
 * it is read at once and counted, and a reader that is too far behind has the device closed until
 * it has read what is there; a line tells that something is missing. */

#define CHUNK_OUT ((gsize) 64 * 1024)
/* How much a reader may be behind. */
#define MAX_BEHIND ((gsize) 4 * 1024 * 1024)
/* Typed text: libvirt's daemon reads nothing more from a connection once five packets wait for a
 * guest, so that few large ones are better than many small ones. */
#define CHUNK_IN (16 * 1024)
/* When a guest that took nothing of it is tried again. */
#define TYPED_MSEC 100
/* How long a guest that begins to run may have no terminals. */
#define STARTING_USEC (20 * G_USEC_PER_SEC)
#define STARTING_STEP_USEC (G_USEC_PER_SEC / 10)
/* A guest that is going off has lost its terminal before its host says that it is off. */
#define GOING_USEC (3 * G_USEC_PER_SEC)

/* What libvirt's callback on the main thread holds. */
typedef struct
{
  int fd;
} Bell;

typedef struct
{
  virConnectPtr conn;
  InnTextPlace place;
  virStreamPtr stream; /* NULL while the device is closed */
  Bell *bell;
  int fd; /* our end of the socket */
  GCancellable *ended;
  gboolean empty; /* there was nothing more to read, and the bell will ring */
  gboolean over;  /* the device is closed for good; what is left is handed over */
  GByteArray *out;
  gsize out_start; /* what is before it was handed on */
  char in[CHUNK_IN];
  gsize in_start;
  gsize in_end;
} Pump;

void
inn_text_place_clear (InnTextPlace *self)
{
  g_clear_pointer (&self->uuid, g_free);
  g_clear_pointer (&self->guest_name, g_free);
  g_clear_pointer (&self->device, g_free);
}

static void
pump_free (Pump *self)
{
  g_clear_fd (&self->fd, NULL);
  g_clear_object (&self->ended);
  inn_text_place_clear (&self->place);
  g_byte_array_unref (self->out);
  virConnectClose (self->conn);
  g_free (self);
}

static gboolean
bell_free_cb (gpointer data)
{
  Bell *bell = data;

  close (bell->fd);
  g_free (bell);
  return G_SOURCE_REMOVE;
}

/* Main thread. Said once: whoever hears it asks again when there is nothing left. */
static void
ring_cb (virStreamPtr stream, int events, void *data)
{
  Bell *bell = data;
  guint64 one = 1;

  virStreamEventUpdateCallback (stream, 0);
  if (write (bell->fd, &one, sizeof one) < 0)
    g_debug ("A bell is rung already");
}

static int
open_device (const InnTextPlace *place, virDomainPtr domain, virStreamPtr stream)
{
  unsigned int force = place->force ? VIR_DOMAIN_CONSOLE_FORCE : 0;
  int result;

  if (place->is_channel)
    return virDomainOpenChannel (domain, place->device, stream,
                                 place->force ? VIR_DOMAIN_CHANNEL_FORCE : 0);

  result = virDomainOpenConsole (domain, place->device, stream, VIR_DOMAIN_CONSOLE_SAFE | force);
  /* Not every driver knows who else has it. */
  if (result < 0 && (virGetLastErrorCode () == VIR_ERR_INVALID_ARG ||
                     virGetLastErrorCode () == VIR_ERR_ARGUMENT_UNSUPPORTED ||
                     virGetLastErrorCode () == VIR_ERR_OPERATION_UNSUPPORTED))
    result = virDomainOpenConsole (domain, place->device, stream, force);

  return result;
}

/* Whether the host has made the terminal of a device; others need none. */
static gboolean
has_terminal (const InnTextPlace *place, virDomainPtr domain)
{
  char *text = virDomainGetXMLDesc (domain, 0);
  g_autoptr (InnDomainXml) xml = text != NULL ? inn_domain_xml_parse (text, NULL) : NULL;
  gboolean has = FALSE;

  free (text);
  if (xml == NULL)
    return FALSE;

  for (guint i = 0; i < xml->consoles->len && !has; i++)
    {
      const InnConsoleInfo *info = g_ptr_array_index (xml->consoles, i);

      has = g_strcmp0 (info->alias, place->device) == 0 &&
            (g_strcmp0 (info->type, "pty") != 0 || info->path != NULL);
    }
  return has;
}

/* A host says of a device that somebody else has open, and of one whose terminal is not there yet,
 * no more than that it failed, and why in its own language. A guest that begins to run has its
 * terminals a moment later.
 *
 * @taken: whether it failed though the terminal was there before it was asked for */
static int
open_patiently (Pump *self, virDomainPtr domain, gboolean *taken)
{
  gint64 begun = g_get_monotonic_time ();
  gint64 until = begun + STARTING_USEC;
  gboolean ready = FALSE;

  *taken = FALSE;
  while (open_device (&self->place, domain, self->stream) < 0)
    {
      if (virGetLastErrorCode () == VIR_ERR_SYSTEM_ERROR &&
          !g_cancellable_is_cancelled (self->ended) && g_get_monotonic_time () < begun + GOING_USEC)
        {
          g_usleep (STARTING_STEP_USEC);
          continue;
        }
      if (virGetLastErrorCode () != VIR_ERR_OPERATION_FAILED)
        return -1;
      if (ready || g_cancellable_is_cancelled (self->ended) || g_get_monotonic_time () > until)
        {
          *taken = ready;
          return -1;
        }

      ready = has_terminal (&self->place, domain);
      if (!ready)
        g_usleep (STARTING_STEP_USEC);
    }

  return 0;
}

static void
set_open_error (GError **error, const InnTextPlace *place, gboolean taken)
{
  if (taken)
    inn_error_set (
        error, INN_ERROR_IN_USE, virGetLastErrorMessage (),
        _ ("Somebody else has “%s” of “%s” open: wait until it is free, or take it over"),
        place->device, place->guest_name);
  else
    inn_virt_set_error (error, _ ("“%s” of “%s” could not be opened"), place->device,
                        place->guest_name);
}

static gboolean
pump_open (Pump *self, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (self->conn, self->place.uuid);
  gboolean taken = FALSE;

  if (domain == NULL)
    {
      inn_virt_set_error (error, _ ("“%s” is no longer on its host"), self->place.guest_name);
      return FALSE;
    }

  self->stream = virStreamNew (self->conn, VIR_STREAM_NONBLOCK);
  if (self->stream == NULL || open_patiently (self, domain, &taken) < 0)
    {
      set_open_error (error, &self->place, taken);
      g_clear_pointer (&self->stream, virStreamFree);
      virDomainFree (domain);
      return FALSE;
    }
  virDomainFree (domain);

  self->bell = g_new0 (Bell, 1);
  self->bell->fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  virStreamEventAddCallback (self->stream, VIR_STREAM_EVENT_READABLE, ring_cb, self->bell, NULL);
  return TRUE;
}

/* @end: what libvirt wants to hear at the end; NULL when it knows. */
static void
pump_close (Pump *self, int (*end) (virStreamPtr stream))
{
  if (self->stream == NULL)
    return;

  virStreamEventRemoveCallback (self->stream);
  if (end != NULL && end (self->stream) < 0)
    g_debug ("A stream did not end well: %s", virGetLastErrorMessage ());
  g_clear_pointer (&self->stream, virStreamFree);
  /* The main thread may be in the callback right now. */
  g_idle_add (bell_free_cb, g_steal_pointer (&self->bell));
}

static gsize
get_pending (Pump *self)
{
  return self->out->len - self->out_start;
}

static gboolean
has_room (Pump *self)
{
  return get_pending (self) + CHUNK_OUT <= MAX_BEHIND;
}

/* Returns: as virStreamRecv() */
static int
append (Pump *self)
{
  guint size = self->out->len;
  int n;

  g_byte_array_set_size (self->out, size + CHUNK_OUT);
  n = virStreamRecv (self->stream, (char *) self->out->data + size, CHUNK_OUT);
  g_byte_array_set_size (self->out, size + (guint) MAX (n, 0));
  return n;
}

/* Takes what the guest wrote. */
static void
receive (Pump *self)
{
  guint64 rings;
  int n;

  if (self->stream == NULL || !has_room (self))
    return;

  if (read (self->bell->fd, &rings, sizeof rings) < 0 && errno != EAGAIN)
    g_debug ("A bell is broken: %s", g_strerror (errno));
  self->empty = FALSE;
  n = append (self);
  if (n == -2)
    {
      self->empty = TRUE;
      virStreamEventUpdateCallback (self->stream, VIR_STREAM_EVENT_READABLE);
    }
  else if (n <= 0)
    {
      pump_close (self, n == 0 ? virStreamFinish : NULL);
      self->over = TRUE;
    }
}

/* What was handed on makes room, and a flood that is over leaves none behind. */
static void
forget_handed_on (Pump *self)
{
  if (get_pending (self) > 0)
    {
      /* Not each time: it moves the rest. */
      if (self->out_start < MAX_BEHIND / 4)
        return;
      g_byte_array_remove_range (self->out, 0, (guint) self->out_start);
    }
  else if (self->out->len > CHUNK_OUT)
    {
      g_byte_array_unref (self->out);
      self->out = g_byte_array_new ();
    }
  else
    g_byte_array_set_size (self->out, 0);
  self->out_start = 0;
}

/* FALSE when nobody reads any more. */
static gboolean
hand_on (Pump *self)
{
  while (get_pending (self) > 0)
    {
      gssize n = send (self->fd, self->out->data + self->out_start, get_pending (self),
                       MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0 && errno != EAGAIN && errno != EINTR)
        return FALSE;
      if (n < 0)
        break;
      self->out_start += (gsize) n;
    }

  forget_handed_on (self);
  return TRUE;
}

/* FALSE when nobody types any more. */
static gboolean
take_typed (Pump *self)
{
  gssize n = recv (self->fd, self->in, sizeof self->in, MSG_DONTWAIT);

  if (n == 0)
    return FALSE;
  if (n < 0)
    return errno == EAGAIN || errno == EINTR;

  self->in_start = 0;
  self->in_end = (gsize) n;
  return TRUE;
}

static void
send_typed (Pump *self)
{
  while (self->stream != NULL && self->in_start < self->in_end)
    {
      int n =
          virStreamSend (self->stream, self->in + self->in_start, self->in_end - self->in_start);

      if (n == -2)
        return;
      if (n < 0)
        {
          pump_close (self, NULL);
          self->over = TRUE;
          return;
        }
      self->in_start += (gsize) n;
    }
}

/* What was typed before somebody left still counts. */
static void
finish_typed (Pump *self)
{
  do
    send_typed (self);
  while (self->in_start == self->in_end && take_typed (self) && self->in_start < self->in_end);
}

static void
leave_out (Pump *self)
{
  pump_close (self, virStreamAbort);
  g_debug ("Nobody reads “%s” of “%s” fast enough", self->place.device, self->place.guest_name);
}

/* After the reader has caught up. */
static void
go_on (Pump *self)
{
  g_autoptr (GError) error = NULL;
  /* Translators: shown in a terminal, where the output of a guest was too fast for the reader */
  g_autofree char *line = g_strdup_printf ("\r\n\033[0m[%s]\r\n", _ ("some output was left out"));

  self->place.force = FALSE;
  g_byte_array_append (self->out, (const guint8 *) line, (guint) strlen (line));
  if (!pump_open (self, &error))
    {
      g_message ("%s", error->message);
      self->over = TRUE;
    }
}

/* FALSE when it is over. */
static gboolean
wait_for_something (Pump *self, int cancel_fd)
{
  gboolean pending = get_pending (self) > 0;
  gboolean reading = self->stream != NULL && has_room (self);
  gboolean typed = self->in_start < self->in_end;
  short wanted = (short) ((pending ? POLLOUT : 0) | (typed || self->stream == NULL ? 0 : POLLIN));
  struct pollfd fds[] = {
    { self->fd, wanted, 0 },
    { cancel_fd, POLLIN, 0 },
    { reading ? self->bell->fd : -1, POLLIN, 0 },
  };
  int timeout = reading && !self->empty ? 0 : typed ? TYPED_MSEC : -1;

  if (poll (fds, G_N_ELEMENTS (fds), timeout) < 0 && errno != EINTR)
    return FALSE;
  if ((fds[1].revents & POLLIN) != 0)
    return FALSE;
  if ((fds[0].revents & POLLIN) != 0)
    return take_typed (self);

  return (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) == 0;
}

static gpointer
pump_thread (gpointer data)
{
  Pump *self = data;
  GPollFD cancel = { -1, 0, 0 };
  gboolean cancellable = g_cancellable_make_pollfd (self->ended, &cancel);

  do
    {
      receive (self);
      if (!hand_on (self))
        break;
      send_typed (self);
      if (self->over && get_pending (self) == 0)
        break;
      if (self->stream == NULL && !self->over && get_pending (self) == 0)
        go_on (self);
      else if (self->stream != NULL && !has_room (self))
        leave_out (self);
    }
  while (wait_for_something (self, cancel.fd));

  finish_typed (self);
  pump_close (self, virStreamAbort);
  if (cancellable)
    g_cancellable_release_fd (self->ended);
  pump_free (self);
  return NULL;
}

/**
 * inn_text_pump_start:
 * @conn: an open connection, which is kept while the device is
 * @place: what to open
 * @ended: closes the device when it fires
 * @error: return location; %INN_ERROR_IN_USE when somebody else has it
 *
 * Opens a device and starts to carry its bytes. Blocks for a call to the host; the main loop has to
 * run.
 *
 * Returns: a socket, or -1. Its end is that of the device; closing it closes the device.
 */
int
inn_text_pump_start (virConnectPtr conn,
                     const InnTextPlace *place,
                     GCancellable *ended,
                     GError **error)
{
  Pump *self;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    {
      inn_error_set (error, INN_ERROR_FAILED, g_strerror (errno),
                     _ ("No socket for “%s” could be made: close other programs or raise the limit "
                        "of open files, and try again"),
                     place->device);
      return -1;
    }

  self = g_new0 (Pump, 1);
  virConnectRef (conn);
  self->conn = conn;
  self->place = (InnTextPlace) { g_strdup (place->uuid), g_strdup (place->guest_name),
                                 g_strdup (place->device), place->is_channel, place->force };
  self->out = g_byte_array_new ();
  self->fd = ends[0];
  self->ended = g_object_ref (ended);
  if (!pump_open (self, error))
    {
      close (ends[1]);
      pump_free (self);
      return -1;
    }

  g_unix_set_fd_nonblocking (ends[1], TRUE, NULL);
  inn_thread_start ("inn-text", pump_thread, self);
  return ends[1];
}

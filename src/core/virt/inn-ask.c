/* inn-ask.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-ask.h"

#include "base/inn-error.h"
#include "virt/inn-virt-error.h"

#include <fcntl.h>
#include <glib/gi18n.h>
#include <libvirt/virterror.h>
#include <string.h>
#include <unistd.h>

/* The blocking halves of what is asked about one guest. */

/* A screen of 8K as PPM is 100 MB; a stream that is longer is no screenshot. */
#define MAX_SCREENSHOT (256 * 1024 * 1024)
/* Milliseconds of silence after which a guest is not asked: libvirt would wait half a minute for
 * its lock, and longer for its emulator. */
#define PATIENCE 2000

typedef virDomain Domain;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Domain, virDomainFree)
typedef virStream Stream;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stream, virStreamFree)

/* A question about the guest @uuid, called @name in errors. */
InnAsk *
inn_ask_new (const char *uuid, const char *name, guint number)
{
  InnAsk *self = g_new0 (InnAsk, 1);

  self->uuid = g_strdup (uuid);
  self->name = g_strdup (name != NULL ? name : uuid);
  self->number = number;

  return self;
}

void
inn_ask_free (gpointer data)
{
  InnAsk *self = data;

  /* A promise that is kept already takes no notice. */
  if (self->promise != NULL)
    dex_promise_reject (self->promise,
                        inn_error_new (INN_ERROR_CANCELLED, NULL, _ ("Cancelled before it began")));
  dex_clear (&self->promise);
  g_free (self->uuid);
  g_free (self->name);
  g_free (self);
}

static virDomainPtr
find_domain (InnAsk *self, virConnectPtr conn, GError **error)
{
  virDomainPtr domain = virDomainLookupByUUIDString (conn, self->uuid);

  if (domain == NULL)
    inn_virt_set_error (error, _ ("“%s” is no longer on its host"), self->name);

  return domain;
}

/* @number: virDomainXMLFlags. Gives a string. */
gboolean
inn_ask_xml_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnAsk *self = data;
  g_autoptr (Domain) domain = find_domain (self, conn, error);
  char *text;

  if (domain == NULL || !inn_virt_check_answers (domain, self->name, PATIENCE, error))
    return FALSE;

  text = virDomainGetXMLDesc (domain, self->number);
  if (text == NULL)
    {
      inn_virt_set_error (error, _ ("Could not read the definition of “%s”"), self->name);
      return FALSE;
    }

  g_value_init (result, G_TYPE_STRING);
  g_value_take_string (result, g_utf8_make_valid (text, -1));
  free (text);
  return TRUE;
}

/* Seconds that libvirt waits for a guest's agent. Without it an agent that hangs in the middle of
 * an answer holds the thread, here and on the host, for as long as it likes. */
#define AGENT_SECONDS 4

/* A setting of the guest, so it goes back to what libvirt has by itself. Hosts without it, and
 * those that are open read-only, refuse. */
static void
set_agent_seconds (virDomainPtr domain, int seconds)
{
  if (virDomainAgentSetResponseTimeout (domain, seconds, 0) < 0)
    virResetLastError ();
}

static gboolean
is_useful (const char *address)
{
  return address != NULL && !g_str_has_prefix (address, "127.") && !g_str_equal (address, "::1") &&
         g_ascii_strncasecmp (address, "fe80:", 5) != 0;
}

/* @number: virDomainInterfaceAddressesSource. Gives a GStrv, empty when there are none or that
 * source does not know. */
gboolean
inn_ask_addresses_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnAsk *self = data;
  g_autoptr (Domain) domain = find_domain (self, conn, error);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  virDomainInterfacePtr *interfaces = NULL;
  int n;

  if (domain == NULL)
    return FALSE;

  if (self->number == VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT)
    set_agent_seconds (domain, AGENT_SECONDS);
  n = virDomainInterfaceAddresses (domain, &interfaces, self->number, 0);
  if (self->number == VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT)
    set_agent_seconds (domain, VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK);
  for (int i = 0; i < n; i++)
    {
      for (guint j = 0; j < interfaces[i]->naddrs; j++)
        if (is_useful (interfaces[i]->addrs[j].addr))
          g_strv_builder_take (builder, g_utf8_make_valid (interfaces[i]->addrs[j].addr, -1));
      virDomainInterfaceFree (interfaces[i]);
    }
  free (interfaces);

  g_value_init (result, G_TYPE_STRV);
  g_value_take_boxed (result, g_strv_builder_end (builder));
  return TRUE;
}

static GBytes *
read_stream (virStreamPtr stream, GCancellable *cancellable)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autofree char *chunk = g_malloc (256 * 1024);

  while (all->len < MAX_SCREENSHOT && !g_cancellable_is_cancelled (cancellable))
    {
      int n = virStreamRecv (stream, chunk, 256 * 1024);

      if (n < 0)
        break;
      if (n == 0)
        {
          virStreamFinish (stream);
          return g_byte_array_free_to_bytes (g_steal_pointer (&all));
        }
      g_byte_array_append (all, (const guint8 *) chunk, (guint) n);
    }

  virStreamAbort (stream);
  return NULL;
}

/* @number: which screen. Gives a GBytes: an image as the host made it. */
gboolean
inn_ask_screenshot_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnAsk *self = data;
  g_autoptr (Domain) domain = find_domain (self, conn, error);
  g_autoptr (Stream) stream = NULL;
  char *type;
  GBytes *bytes = NULL;

  if (domain == NULL || !inn_virt_check_answers (domain, self->name, PATIENCE, error))
    return FALSE;

  stream = virStreamNew (conn, 0);
  type = stream != NULL ? virDomainScreenshot (domain, stream, self->number, 0) : NULL;
  if (type != NULL)
    bytes = read_stream (stream, cancellable);
  free (type);
  if (bytes == NULL)
    {
      inn_virt_set_error (error,
                          _ ("Could not take a picture of the screen of “%s”. It must be running "
                             "and have a graphical screen."),
                          self->name);
      return FALSE;
    }

  g_value_init (result, G_TYPE_BYTES);
  g_value_take_boxed (result, bytes);
  return TRUE;
}

/* @number: index of the console. Keeps the promise with a file descriptor, here, so that it has an
 * owner at every moment. */
gboolean
inn_ask_graphics_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnAsk *self = data;
  g_autoptr (GError) local = NULL;
  g_autoptr (Domain) domain = find_domain (self, conn, &local);
  int fd = -1;

  if (domain != NULL)
    {
      fd = virDomainOpenGraphicsFD (domain, self->number, VIR_DOMAIN_OPEN_GRAPHICS_SKIPAUTH);
      if (fd < 0)
        inn_virt_set_error (&local, _ ("Could not open the screen of “%s”"), self->name);
    }

  if (fd >= 0)
    {
      fcntl (fd, F_SETFD, FD_CLOEXEC);
      dex_promise_resolve_fd (self->promise, fd);
    }
  else
    dex_promise_reject (self->promise, g_steal_pointer (&local));

  return TRUE;
}

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

/* A setting of the guest, so it goes back to what libvirt has by itself. Returns whether it was
 * taken: hosts without it, and those that are open read-only, refuse. */
static gboolean
set_agent_seconds (virDomainPtr domain, int seconds)
{
  gboolean set = virDomainAgentSetResponseTimeout (domain, seconds, 0) == 0;

  if (!set)
    virResetLastError ();
  return set;
}

static gboolean
is_useful (const char *address)
{
  return address != NULL && !g_str_has_prefix (address, "127.") && !g_str_equal (address, "::1") &&
         g_ascii_strncasecmp (address, "fe80:", 5) != 0;
}

/* Gives an empty list when there are none, or that source does not know. */
static GStrv
read_addresses (virDomainPtr domain, guint source)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  virDomainInterfacePtr *interfaces = NULL;
  int n = virDomainInterfaceAddresses (domain, &interfaces, source, 0);

  for (int i = 0; i < n; i++)
    {
      for (guint j = 0; j < interfaces[i]->naddrs; j++)
        if (is_useful (interfaces[i]->addrs[j].addr))
          g_strv_builder_take (builder, g_utf8_make_valid (interfaces[i]->addrs[j].addr, -1));
      virDomainInterfaceFree (interfaces[i]);
    }
  free (interfaces);
  if (n < 0)
    virResetLastError ();

  return g_strv_builder_end (builder);
}

/* @number: virDomainInterfaceAddressesSource. Gives a GStrv. */
gboolean
inn_ask_addresses_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  InnAsk *self = data;
  g_autoptr (Domain) domain = find_domain (self, conn, error);
  gboolean agent = self->number == VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT;

  if (domain == NULL)
    return FALSE;

  if (agent)
    set_agent_seconds (domain, AGENT_SECONDS);
  g_value_init (result, G_TYPE_STRV);
  g_value_take_boxed (result, read_addresses (domain, self->number));
  if (agent)
    set_agent_seconds (domain, VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK);

  return TRUE;
}

/* What is to be found out about the guest @uuid. */
InnFound *
inn_found_new (const char *uuid, gboolean ask_agent)
{
  InnFound *self = g_new0 (InnFound, 1);

  self->uuid = g_strdup (uuid);
  self->ask_agent = ask_agent;
  return self;
}

void
inn_found_free (gpointer data)
{
  InnFound *self = data;

  g_free (self->uuid);
  g_strfreev (self->addresses);
  g_free (self);
}

/* Returns whether there are any. */
static gboolean
found_by (InnFound *self, virDomainPtr domain, guint source)
{
  g_clear_pointer (&self->addresses, g_strfreev);
  self->addresses = read_addresses (domain, source);
  return self->addresses[0] != NULL;
}

/* An agent that cannot be told to hurry is not asked unless a person waits for it. */
static gboolean
found_by_agent (InnFound *self, virDomainPtr domain)
{
  gint64 begun = g_get_monotonic_time ();
  gboolean found;

  if (!self->ask_agent || !set_agent_seconds (domain, AGENT_SECONDS))
    return FALSE;

  found = found_by (self, domain, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT);
  set_agent_seconds (domain, VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK);
  self->deaf = !found && g_get_monotonic_time () - begun >= AGENT_SECONDS * G_USEC_PER_SEC / 2;

  return found;
}

static void
find_addresses (InnFound *self, virConnectPtr conn)
{
  g_autoptr (Domain) domain = virDomainLookupByUUIDString (conn, self->uuid);

  if (domain == NULL || !inn_virt_check_answers (domain, self->uuid, PATIENCE, NULL))
    return;
  if (found_by (self, domain, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE) ||
      found_by_agent (self, domain))
    return;

  found_by (self, domain, VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP);
}

/* @data: a GPtrArray of InnFound; gives the same, filled in. */
gboolean
inn_ask_found_thread (
    virConnectPtr conn, gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  GPtrArray *all = data;

  for (guint i = 0; i < all->len; i++)
    find_addresses (g_ptr_array_index (all, i), conn);

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_set_boxed (result, all);
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

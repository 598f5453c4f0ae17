/* inn-session-ask.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "virt/inn-ask.h"

#include <glib/gi18n.h>
#include <string.h>

/* Questions to a host that is online. */

static DexFuture *
run (InnSession *self,
     InnLane lane,
     InnConnectionFunc func,
     gpointer data,
     GDestroyNotify destroy,
     GCancellable *cancellable)
{
  if (!self->online)
    {
      if (destroy != NULL)
        destroy (data);
      return inn_reject (_inn_session_not_connected (self));
    }

  return inn_connection_run (self->connection, lane, func, data, destroy, cancellable);
}

/**
 * inn_session_run:
 * @self: a session
 * @func: blocking libvirt calls that do something
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data, on the thread, before the future settles
 * @cancellable: (nullable): handed to @func
 *
 * Runs an action on one of the host's own threads; never blocks, never holds up the watching, and
 * waits for no question.
 *
 * Returns: (transfer full): resolves with what @func put into its result, else %TRUE; rejects with
 *   its error, or with %INN_ERROR_NOT_CONNECTED
 */
DexFuture *
inn_session_run (InnSession *self,
                 InnConnectionFunc func,
                 gpointer data,
                 GDestroyNotify destroy,
                 GCancellable *cancellable)
{
  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return run (self, INN_LANE_ACTION, func, data, destroy, cancellable);
}

/**
 * inn_session_ask:
 * @self: a session
 * @func: blocking libvirt calls that only read
 * @data: (transfer full): plain data for @func
 * @destroy: (nullable): frees @data, on the thread, before the future settles
 * @cancellable: (nullable): handed to @func; a question that has not begun when it fires never does
 *
 * As inn_session_run(), on threads that no action needs.
 *
 * Returns: (transfer full): resolves with what @func put into its result, else %TRUE; rejects with
 *   its error, or with %INN_ERROR_NOT_CONNECTED
 */
DexFuture *
inn_session_ask (InnSession *self,
                 InnConnectionFunc func,
                 gpointer data,
                 GDestroyNotify destroy,
                 GCancellable *cancellable)
{
  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);

  return run (self, INN_LANE_QUESTION, func, data, destroy, cancellable);
}

static const char *
name_of (InnSession *self, const char *uuid)
{
  InnVm *vm = inn_host_find_vm (self->host, uuid);

  return vm != NULL ? inn_vm_get_name (vm) : uuid;
}

/* How long a host has to answer a question about one guest, and a guest's screen to be drawn. */
#define ANSWER_TIMEOUT (30 * G_USEC_PER_SEC)
#define SCREEN_TIMEOUT (10 * G_USEC_PER_SEC)

typedef struct
{
  GCancellable *cancellable;
  char *name;
} Late;

static void
late_free (gpointer data)
{
  Late *late = data;

  g_object_unref (late->cancellable);
  g_free (late->name);
  g_free (late);
}

static DexFuture *
late_cb (DexFuture *completed, gpointer data)
{
  Late *late = data;
  g_autoptr (GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (!g_error_matches (error, INN_ERROR, INN_ERROR_TIMED_OUT) ||
      inn_error_get_details (error) != NULL)
    return NULL;

  /* What still waits behind others is not asked any more. */
  g_cancellable_cancel (late->cancellable);
  return inn_reject (inn_error_new (INN_ERROR_TIMED_OUT, NULL,
                                    _ ("There was no answer about “%s” in time. It may hang, or "
                                       "its host is very busy: wait, or power it off."),
                                    late->name));
}

/* Asks about one guest; whoever asks gets an answer in time. */
static DexFuture *
ask_in_time (
    InnSession *self, InnLane lane, InnConnectionFunc func, InnAsk *ask, gint64 timeout_usec)
{
  Late *late = g_new0 (Late, 1);
  DexFuture *future;

  late->cancellable = g_cancellable_new ();
  late->name = g_strdup (ask->name);
  future = run (self, lane, func, ask, inn_ask_free, late->cancellable);

  return dex_future_catch (inn_future_timeout (future, timeout_usec), late_cb, late, late_free);
}

/* For a callback that must not keep the session alive. */
typedef struct
{
  GWeakRef session;
  char *uuid;
} Tag;

static Tag *
tag_new (InnSession *self, const char *uuid)
{
  Tag *tag = g_new0 (Tag, 1);

  g_weak_ref_init (&tag->session, self);
  tag->uuid = g_strdup (uuid);
  return tag;
}

static void
tag_free (gpointer data)
{
  Tag *tag = data;

  g_weak_ref_clear (&tag->session);
  g_free (tag->uuid);
  g_free (tag);
}

static DexFuture *
xml_read_cb (DexFuture *completed, gpointer data)
{
  Tag *tag = data;
  g_autoptr (InnSession) self = g_weak_ref_get (&tag->session);
  const GValue *value = dex_future_get_value (completed, NULL);

  if (self != NULL && value != NULL)
    _inn_session_describe (self, tag->uuid, g_value_get_string (value));

  return NULL;
}

/**
 * inn_session_fetch_vm_xml:
 * @self: a session
 * @uuid: a guest
 * @inactive: the definition that the next start uses, not the running one
 *
 * Reads the definition, without passwords. What of it the model shows (title, description, OS) is
 * brought up to date.
 *
 * Returns: (transfer full): resolves with a string; rejects with %INN_ERROR, after 30 seconds with
 *   %INN_ERROR_TIMED_OUT
 */
DexFuture *
inn_session_fetch_vm_xml (InnSession *self, const char *uuid, gboolean inactive)
{
  InnAsk *ask;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  ask = inn_ask_new (uuid, name_of (self, uuid), inactive ? VIR_DOMAIN_XML_INACTIVE : 0);
  return dex_future_finally (
      ask_in_time (self, INN_LANE_QUESTION, inn_ask_xml_thread, ask, ANSWER_TIMEOUT), xml_read_cb,
      tag_new (self, uuid), tag_free);
}

/* How long a guest's agent has to answer. */
#define AGENT_TIMEOUT (5 * G_USEC_PER_SEC)

typedef struct
{
  InnSession *session;
  char *uuid;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_object_unref (lookup->session);
  g_free (lookup->uuid);
  g_free (lookup);
}

static GStrv
ask_source (Lookup *lookup, guint source, GError **error)
{
  InnAsk *ask = inn_ask_new (lookup->uuid, name_of (lookup->session, lookup->uuid), source);
  gboolean agent = source == VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT;

  return dex_await_boxed (ask_in_time (lookup->session, INN_LANE_QUESTION, inn_ask_addresses_thread,
                                       ask, agent ? AGENT_TIMEOUT : ANSWER_TIMEOUT),
                          error);
}

/* The network's leases cost the guest nothing; its agent may not answer; what the host saw on the
 * wire may be old. */
static DexFuture *
addresses_fiber (gpointer data)
{
  static const guint sources[] = {
    VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
    VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
    VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP,
  };
  Lookup *lookup = data;
  g_auto (GStrv) addresses = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autoptr (GError) error = NULL;

      g_clear_pointer (&addresses, g_strfreev);
      addresses = ask_source (lookup, sources[i], &error);
      if (addresses != NULL && addresses[0] != NULL)
        break;
      if (addresses == NULL && !g_error_matches (error, INN_ERROR, INN_ERROR_TIMED_OUT))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  if (addresses == NULL)
    addresses = g_new0 (char *, 1);
  _inn_session_show_addresses (lookup->session, lookup->uuid, (const char *const *) addresses);

  return dex_future_new_take_boxed (G_TYPE_STRV, g_steal_pointer (&addresses));
}

/**
 * inn_session_fetch_addresses:
 * @self: a session
 * @uuid: a running guest
 *
 * Asks for the guest's addresses and shows them in the model: first the leases of its networks,
 * then its agent, for at most 5 seconds, then what its host saw on the wire.
 *
 * Returns: (transfer full): resolves with a #GStrv (boxed), empty when nobody knows
 */
DexFuture *
inn_session_fetch_addresses (InnSession *self, const char *uuid)
{
  Lookup *lookup;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  if (!self->online)
    return inn_reject (_inn_session_not_connected (self));

  lookup = g_new0 (Lookup, 1);
  lookup->session = g_object_ref (self);
  lookup->uuid = g_strdup (uuid);
  return inn_spawn ("addresses_fiber", addresses_fiber, lookup, lookup_free);
}

/**
 * inn_session_fetch_screenshot:
 * @self: a session
 * @uuid: a running guest
 * @screen: which of its screens, from 0
 *
 * Returns: (transfer full): resolves with a #GBytes (boxed): a PNG or PPM image, as the host made
 *   it; rejects with %INN_ERROR_TIMED_OUT when the guest's emulator does not answer
 */
DexFuture *
inn_session_fetch_screenshot (InnSession *self, const char *uuid, guint screen)
{
  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  return ask_in_time (self, INN_LANE_SCREEN, inn_ask_screenshot_thread,
                      inn_ask_new (uuid, name_of (self, uuid), screen), SCREEN_TIMEOUT);
}

static DexFuture *
graphics_given_up_cb (DexFuture *completed, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL)
    dex_promise_reject (data, g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * inn_session_open_graphics:
 * @self: a session
 * @uuid: a running guest
 * @index: which of its graphical consoles, from 0
 * @cancellable: (nullable): ends the wait
 *
 * Opens a graphical console by file descriptor: needs no port, no password and no network. Only
 * for a host whose daemon is on this machine; on a forwarded socket the call would close the whole
 * connection and is never made.
 *
 * Returns: (transfer full): resolves with a file descriptor (dex_await_fd()); rejects with
 *   %INN_ERROR_UNSUPPORTED where the daemon is on another machine
 */
DexFuture *
inn_session_open_graphics (InnSession *self,
                           const char *uuid,
                           guint index,
                           GCancellable *cancellable)
{
  const char *hypervisor;
  DexPromise *promise;
  InnAsk *ask;

  g_return_val_if_fail (INN_IS_SESSION (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  if (!self->online)
    return inn_reject (_inn_session_not_connected (self));
  if (!inn_session_is_local (self))
    return inn_reject (inn_error_new (
        INN_ERROR_UNSUPPORTED, NULL,
        _ ("The screen of “%s” cannot be opened directly, because libvirt of “%s” is, or may be, "
           "on another machine. Let it listen on an address."),
        name_of (self, uuid), inn_host_get_name (self->host)));
  hypervisor = inn_host_get_facts (self->host)->hypervisor;
  if (hypervisor != NULL && !inn_session_supports (self, "open-graphics"))
    return inn_reject (inn_error_new (
        INN_ERROR_UNSUPPORTED, NULL,
        _ ("“%s” has no screen that can be opened: “%s” runs %s, which offers none."),
        name_of (self, uuid), inn_host_get_name (self->host), hypervisor));

  promise = dex_promise_new ();
  ask = inn_ask_new (uuid, name_of (self, uuid), index);
  ask->promise = dex_ref (promise);
  dex_future_disown (dex_future_finally (inn_connection_run (self->connection, INN_LANE_QUESTION,
                                                             inn_ask_graphics_thread, ask,
                                                             inn_ask_free, cancellable),
                                         graphics_given_up_cb, dex_ref (promise), dex_unref));

  return DEX_FUTURE (promise);
}

/* What a host can be asked for; the drivers are separated by spaces. */
static const struct
{
  const char *feature;
  const char *drivers;
  guint64 libvirt;
} features[] = {
  { "statistics", "QEMU TEST", 1002008 }, { "managed-save", "QEMU TEST Xen", 8000 },
  { "nmi", "QEMU TEST", 1001001 },        { "reset", "QEMU TEST", 9007 },
  { "rename", "QEMU TEST", 1002019 },     { "screenshot", "QEMU TEST", 9002 },
  { "agent", "QEMU", 1002014 },           { "migrate", "QEMU", 8000 },
};

/**
 * inn_session_supports:
 * @self: a session
 * @feature: "open-graphics", "screenshot", "nmi", "reset", "rename", "managed-save", "agent",
 *   "migrate", "statistics"
 *
 * Returns: whether the host that is connected can do that; %FALSE when none is
 */
gboolean
inn_session_supports (InnSession *self, const char *feature)
{
  const InnHostFacts *facts;

  g_return_val_if_fail (INN_IS_SESSION (self), FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);

  facts = inn_host_get_facts (self->host);
  if (!self->online || facts->hypervisor == NULL)
    return FALSE;
  if (g_str_equal (feature, "open-graphics"))
    return inn_session_is_local (self) && g_str_equal (facts->hypervisor, "QEMU");

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    if (g_str_equal (features[i].feature, feature))
      return facts->libvirt_version >= features[i].libvirt &&
             strstr (features[i].drivers, facts->hypervisor) != NULL;

  return FALSE;
}

/**
 * inn_session_is_forwarded:
 * @self: a session
 *
 * Returns: whether the connection only looks local, so that no file descriptor may be passed
 */
gboolean
inn_session_is_forwarded (InnSession *self)
{
  g_return_val_if_fail (INN_IS_SESSION (self), FALSE);

  return self->connection != NULL && inn_connection_is_forwarded (self->connection);
}

/**
 * inn_session_is_local:
 * @self: a session
 *
 * Returns: whether libvirt of the host proves to run on this machine; a socket that somebody
 *   forwards does not
 */
gboolean
inn_session_is_local (InnSession *self)
{
  g_return_val_if_fail (INN_IS_SESSION (self), FALSE);

  return self->connection != NULL && inn_connection_is_local (self->connection);
}

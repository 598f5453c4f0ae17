/* inn-session.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt/inn-session-private.h"

#include "virt/inn-virt-error.h"

#include <glib/gi18n.h>

/**
 * InnSession:
 *
 * One host: connects, watches, samples, reconnects. What it finds goes into the host object and its
 * guests. Lives on the main thread and never waits there.
 */
G_DEFINE_FINAL_TYPE (InnSession, inn_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_OPEN_TIMEOUT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

#define OPEN_TIMEOUT (30 * G_USEC_PER_SEC)
#define DEFAULT_INTERVAL (3 * G_USEC_PER_SEC)
#define APPLY_PRIORITY (G_PRIORITY_HIGH_IDLE + 30)
#define APPLY_LANES 60

static void
inn_session_dispose (GObject *object)
{
  InnSession *self = INN_SESSION (object);

  self->wanted = FALSE;
  self->attempt++;
  _inn_session_stop_ticking (self);
  _inn_session_drop_deltas (self);
  _inn_session_drop_arrivals (self);
  _inn_session_drop_descriptions (self);
  _inn_session_drop_addresses (self);
  g_clear_handle_id (&self->deadline_id, g_source_remove);
  dex_clear (&self->backoff);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->connecting != NULL)
    dex_promise_reject (self->connecting,
                        inn_error_new (INN_ERROR_CANCELLED, NULL, _ ("The connection was closed")));
  dex_clear (&self->connecting);
  g_clear_object (&self->connection);
  _inn_session_drop_sides (self);

  G_OBJECT_CLASS (inn_session_parent_class)->dispose (object);
}

static void
inn_session_finalize (GObject *object)
{
  InnSession *self = INN_SESSION (object);

  g_clear_pointer (&self->sampler, inn_sampler_unref);
  g_clear_pointer (&self->held, g_hash_table_unref);
  g_clear_pointer (&self->leaving, g_hash_table_unref);
  g_clear_pointer (&self->incoming, g_hash_table_unref);
  g_clear_pointer (&self->undescribed, g_hash_table_unref);
  g_clear_pointer (&self->searches, g_hash_table_unref);
  g_clear_pointer (&self->route, inn_route_free);
  inn_weak_unref (self->weak);
  g_clear_object (&self->host);
  g_clear_object (&self->inventory);
  g_clear_object (&self->transport);
  g_clear_object (&self->prompter);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (inn_session_parent_class)->finalize (object);
}

static void
inn_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnSession *self = INN_SESSION (object);

  if (prop_id == PROP_OPEN_TIMEOUT)
    g_value_set_int64 (value, self->open_timeout);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
inn_session_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  InnSession *self = INN_SESSION (object);

  if (prop_id == PROP_OPEN_TIMEOUT)
    self->open_timeout = g_value_get_int64 (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
inn_session_class_init (InnSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_session_dispose;
  object_class->finalize = inn_session_finalize;
  object_class->get_property = inn_session_get_property;
  object_class->set_property = inn_session_set_property;

  /**
   * InnSession:open-timeout:
   *
   * Microseconds that a host has to answer an attempt to connect; time in which a person is asked
   * does not count.
   */
  properties[PROP_OPEN_TIMEOUT] =
      g_param_spec_int64 ("open-timeout", NULL, NULL, 1000, G_MAXINT64, OPEN_TIMEOUT,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
inn_session_init (InnSession *self)
{
  self->open_timeout = OPEN_TIMEOUT;
  self->interval = DEFAULT_INTERVAL;
  self->apply_priority = APPLY_PRIORITY + g_random_int_range (0, APPLY_LANES);
  g_queue_init (&self->deltas);
  g_queue_init (&self->waiting);
  self->weak = inn_weak_new (self);
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, _inn_session_held_free);
  self->leaving = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->undescribed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->searches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->incoming = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * inn_session_new:
 * @host: the host
 * @inventory: the view it is in, for events and for guests that migrate
 * @transport: the way to it
 * @prompter: whom to ask
 * @clock: where delays come from
 *
 * Returns: (transfer full): a session that nobody has asked to connect
 */
InnSession *
inn_session_new (InnHost *host,
                 InnInventory *inventory,
                 InnTransport *transport,
                 InnPrompter *prompter,
                 InnClock *clock)
{
  InnSession *self;

  g_return_val_if_fail (INN_IS_HOST (host), NULL);
  g_return_val_if_fail (INN_IS_TRANSPORT (transport), NULL);

  inn_virt_init ();
  self = g_object_new (INN_TYPE_SESSION, NULL);
  self->host = g_object_ref (host);
  self->inventory = g_object_ref (inventory);
  self->transport = g_object_ref (transport);
  self->prompter = prompter != NULL ? g_object_ref (prompter) : NULL;
  self->clock = g_object_ref (clock);

  return self;
}

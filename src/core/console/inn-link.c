/* inn-link.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-link.h"

#include "base/inn-error.h"
#include "model/inn-host.h"
#include "model/inn-vm.h"

/* A guest that reboots is back within moments; a host takes longer. */
#define FIRST_DELAY_MSEC 250
#define LAST_DELAY_MSEC 15000

enum
{
  PROP_0,
  PROP_SUBJECT,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/**
 * InnLink:
 *
 * Keeps something of a guest or a host connected while somebody looks at it: through reboots and a
 * lost host. What that is, and how it is opened, is its subclass's. Main thread only.
 */
typedef struct
{
  GObject *subject; /* an InnVm or an InnHost */
  InnLinkState state;
  GError *error;
  gboolean wanted;
  gboolean was_ready;
  guint delay;
  guint retry_id;
} InnLinkPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (InnLink, inn_link, G_TYPE_OBJECT)

#define PRIVATE(self) ((InnLinkPrivate *) inn_link_get_instance_private (self))

static gboolean
is_on (InnLink *self)
{
  GObject *subject = PRIVATE (self)->subject;

  return INN_IS_VM (subject) ? inn_vm_is_active (INN_VM (subject))
                             : inn_host_is_online (INN_HOST (subject));
}

static void
set_state (InnLink *self, InnLinkState state, GError *error)
{
  InnLinkPrivate *priv = PRIVATE (self);

  g_clear_error (&priv->error);
  priv->error = error;
  if (priv->state == state && error == NULL)
    return;

  priv->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
stop (InnLink *self)
{
  g_clear_handle_id (&PRIVATE (self)->retry_id, g_source_remove);
  INN_LINK_GET_CLASS (self)->stop (self);
}

static void
open_it (InnLink *self)
{
  InnLinkPrivate *priv = PRIVATE (self);

  set_state (self, priv->was_ready ? INN_LINK_RECONNECTING : INN_LINK_CONNECTING, NULL);
  INN_LINK_GET_CLASS (self)->open (self);
}

static gboolean
retry_cb (gpointer user_data)
{
  InnLink *self = user_data;

  PRIVATE (self)->retry_id = 0;
  open_it (self);
  return G_SOURCE_REMOVE;
}

static void
retry_later (InnLink *self)
{
  InnLinkPrivate *priv = PRIVATE (self);

  set_state (self, INN_LINK_RECONNECTING, NULL);
  if (!priv->wanted || priv->retry_id != 0)
    return;

  priv->retry_id = g_timeout_add (priv->delay, retry_cb, self);
  priv->delay = MIN (priv->delay * 2, LAST_DELAY_MSEC);
}

/* Whether another try can end otherwise without a person doing something. */
static gboolean
may_pass (const GError *error)
{
  return !g_error_matches (error, INN_ERROR, INN_ERROR_AUTH_FAILED) &&
         !g_error_matches (error, INN_ERROR, INN_ERROR_AUTH_CANCELLED) &&
         !g_error_matches (error, INN_ERROR, INN_ERROR_UNSUPPORTED) &&
         !g_error_matches (error, INN_ERROR, INN_ERROR_HOST_KEY_UNKNOWN) &&
         !g_error_matches (error, INN_ERROR, INN_ERROR_HOST_KEY_CHANGED) &&
         !g_error_matches (error, INN_ERROR, INN_ERROR_IN_USE) &&
         !g_error_matches (error, INN_ERROR, INN_ERROR_DENIED);
}

/* Does what the subject's state and the wish ask for. */
static void
follow (InnLink *self)
{
  InnLinkPrivate *priv = PRIVATE (self);

  if (!priv->wanted)
    return;

  if (!is_on (self))
    {
      stop (self);
      priv->was_ready = FALSE;
      priv->delay = FIRST_DELAY_MSEC;
      set_state (self, INN_LINK_OFF, NULL);
    }
  else if (!INN_LINK_GET_CLASS (self)->is_open (self))
    {
      g_clear_handle_id (&priv->retry_id, g_source_remove);
      open_it (self);
    }
}

static void
state_cb (GObject *subject, GParamSpec *pspec, InnLink *self)
{
  gboolean off = PRIVATE (self)->state == INN_LINK_OFF;

  /* A pause or a resume is no reason to try what failed again. */
  if (is_on (self) == off || PRIVATE (self)->state == INN_LINK_RECONNECTING)
    follow (self);
}

static void
stale_cb (InnVm *vm, GParamSpec *pspec, InnLink *self)
{
  InnLinkPrivate *priv = PRIVATE (self);

  if (!inn_vm_get_stale (vm) && (priv->state == INN_LINK_RECONNECTING ||
                                 g_error_matches (priv->error, INN_ERROR, INN_ERROR_NOT_CONNECTED)))
    follow (self);
}

static void
inn_link_constructed (GObject *object)
{
  InnLink *self = INN_LINK (object);
  InnLinkPrivate *priv = PRIVATE (self);

  G_OBJECT_CLASS (inn_link_parent_class)->constructed (object);

  priv->state = is_on (self) ? INN_LINK_IDLE : INN_LINK_OFF;
  g_signal_connect_object (priv->subject, "notify::state", G_CALLBACK (state_cb), self, 0);
  if (INN_IS_VM (priv->subject))
    g_signal_connect_object (priv->subject, "notify::stale", G_CALLBACK (stale_cb), self, 0);
}

static void
inn_link_dispose (GObject *object)
{
  InnLink *self = INN_LINK (object);

  inn_link_close (self);
  g_clear_object (&PRIVATE (self)->subject);

  G_OBJECT_CLASS (inn_link_parent_class)->dispose (object);
}

static void
inn_link_finalize (GObject *object)
{
  g_clear_error (&PRIVATE (INN_LINK (object))->error);

  G_OBJECT_CLASS (inn_link_parent_class)->finalize (object);
}

static void
inn_link_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_SUBJECT)
    PRIVATE (INN_LINK (object))->subject = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
inn_link_class_init (InnLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = inn_link_constructed;
  object_class->dispose = inn_link_dispose;
  object_class->finalize = inn_link_finalize;
  object_class->set_property = inn_link_set_property;

  properties[PROP_SUBJECT] =
      g_param_spec_object ("subject", NULL, NULL, G_TYPE_OBJECT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * InnLink::changed:
   *
   * Its state or its error is another one.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
inn_link_init (InnLink *self)
{
  PRIVATE (self)->delay = FIRST_DELAY_MSEC;
}

/**
 * inn_link_set_wanted:
 * @self: a link
 * @wanted: whether somebody looks; else the connection ends
 */
void
inn_link_set_wanted (InnLink *self, gboolean wanted)
{
  g_return_if_fail (INN_IS_LINK (self));

  if (PRIVATE (self)->wanted == wanted)
    return;

  PRIVATE (self)->wanted = wanted;
  if (wanted)
    {
      follow (self);
      return;
    }

  stop (self);
  set_state (self, is_on (self) ? INN_LINK_IDLE : INN_LINK_OFF, NULL);
}

/**
 * inn_link_retry:
 * @self: a link that failed
 *
 * Tries again now.
 */
void
inn_link_retry (InnLink *self)
{
  g_return_if_fail (INN_IS_LINK (self));

  PRIVATE (self)->delay = FIRST_DELAY_MSEC;
  follow (self);
}

/**
 * inn_link_close:
 * @self: a link
 *
 * Ends it for good: a question that was asked is withdrawn, and it follows its guest or host no
 * more.
 */
void
inn_link_close (InnLink *self)
{
  InnLinkPrivate *priv = PRIVATE (self);

  g_return_if_fail (INN_IS_LINK (self));

  priv->wanted = FALSE;
  stop (self);
  if (priv->subject != NULL)
    g_signal_handlers_disconnect_by_data (priv->subject, self);
}

InnLinkState
inn_link_get_state (InnLink *self)
{
  g_return_val_if_fail (INN_IS_LINK (self), INN_LINK_IDLE);

  return PRIVATE (self)->state;
}

/**
 * inn_link_get_error:
 * @self: a link
 *
 * Returns: (nullable) (transfer none): why it failed
 */
const GError *
inn_link_get_error (InnLink *self)
{
  g_return_val_if_fail (INN_IS_LINK (self), NULL);

  return PRIVATE (self)->error;
}

/**
 * inn_link_get_subject:
 * @self: a link
 *
 * Returns: (transfer none): the guest or host
 */
GObject *
inn_link_get_subject (InnLink *self)
{
  g_return_val_if_fail (INN_IS_LINK (self), NULL);

  return PRIVATE (self)->subject;
}

/**
 * inn_link_set_ready:
 * @self: a link that is connected now
 */
void
inn_link_set_ready (InnLink *self)
{
  g_return_if_fail (INN_IS_LINK (self));

  PRIVATE (self)->was_ready = TRUE;
  PRIVATE (self)->delay = FIRST_DELAY_MSEC;
  set_state (self, INN_LINK_READY, NULL);
}

/**
 * inn_link_lost:
 * @self: a link whose connection ended, or was not made
 * @error: (nullable): why
 *
 * It is made again, unless it is clear that this would not help.
 */
void
inn_link_lost (InnLink *self, const GError *error)
{
  InnLinkPrivate *priv = PRIVATE (self);

  g_return_if_fail (INN_IS_LINK (self));

  if (!is_on (self))
    set_state (self, INN_LINK_OFF, NULL);
  else if (error != NULL && (!priv->was_ready || !may_pass (error)))
    set_state (self, INN_LINK_FAILED, g_error_copy (error));
  else
    retry_later (self);
}

/**
 * inn_link_end:
 * @self: a link whose connection ended as it should
 * @error: (transfer full): what to say
 *
 * It waits for somebody to ask for another one.
 */
void
inn_link_end (InnLink *self, GError *error)
{
  g_return_if_fail (INN_IS_LINK (self));

  PRIVATE (self)->was_ready = FALSE;
  set_state (self, INN_LINK_FAILED, error);
}

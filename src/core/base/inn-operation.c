/* inn-operation.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-operation-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "base/inn-log-line.h"

#include <glib/gi18n.h>

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_DETAIL,
  PROP_PROGRESS,
  PROP_STATE,
  PROP_NO_CANCEL_REASON,
  PROP_OFFERED,
  N_PROPS
};

enum
{
  SIGNAL_CANCEL_REQUESTED,
  SIGNAL_DISMISSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* A chatty command must not grow the log for ever; the oldest lines go first. */
#define MAX_LOG_LINES 10000

static const char *const state_nicks[] = { "running", "succeeded", "failed", "cancelled",
                                           "abandoned" };

GType
inn_operation_state_get_type (void)
{
  static gsize type_id;

  if (g_once_init_enter (&type_id))
    {
      static const GEnumValue values[] = {
        { INN_OPERATION_RUNNING, "INN_OPERATION_RUNNING", "running" },
        { INN_OPERATION_SUCCEEDED, "INN_OPERATION_SUCCEEDED", "succeeded" },
        { INN_OPERATION_FAILED, "INN_OPERATION_FAILED", "failed" },
        { INN_OPERATION_CANCELLED, "INN_OPERATION_CANCELLED", "cancelled" },
        { INN_OPERATION_ABANDONED, "INN_OPERATION_ABANDONED", "abandoned" },
        { 0, NULL, NULL },
      };

      g_once_init_leave (&type_id, g_enum_register_static ("InnOperationState", values));
    }

  return type_id;
}

/**
 * inn_operation_state_to_nick:
 * @state: a state
 *
 * Returns: its stable name, as the journal and `innctl --json` spell it
 */
const char *
inn_operation_state_to_nick (InnOperationState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (state_nicks), "failed");

  return state_nicks[state];
}

/**
 * inn_operation_state_from_nick:
 * @nick: (nullable): a name as the journal spells it
 *
 * Returns: the state; %INN_OPERATION_ABANDONED for a name nobody knows
 */
InnOperationState
inn_operation_state_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_nicks); i++)
    if (g_strcmp0 (nick, state_nicks[i]) == 0)
      return i;

  return INN_OPERATION_ABANDONED;
}

/**
 * InnOperation:
 *
 * Something that takes more than a blink: what it is called, what it works on, how far it is, what
 * it said, how it ended. Begins when it is made and ends exactly once, with
 * [method@Operation.succeed] or [method@Operation.fail]. Cancelling asks; whoever does the work
 * watches the cancellable and ends the operation.
 *
 * Main thread only. Times are UNIX microseconds.
 */
G_DEFINE_FINAL_TYPE (InnOperation, inn_operation, G_TYPE_OBJECT)

static void
inn_operation_finalize (GObject *object)
{
  InnOperation *self = INN_OPERATION (object);

  g_free (self->id);
  g_free (self->kind);
  g_free (self->object_id);
  g_free (self->object_name);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->no_cancel_reason);
  g_clear_error (&self->error);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->log);
  g_clear_object (&self->children);
  dex_clear (&self->ended);

  G_OBJECT_CLASS (inn_operation_parent_class)->finalize (object);
}

static void
inn_operation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  InnOperation *self = INN_OPERATION (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NO_CANCEL_REASON:
      g_value_set_string (value, self->no_cancel_reason);
      break;
    case PROP_OFFERED:
      g_value_set_boolean (value, self->offered);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
inn_operation_class_init (InnOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = inn_operation_finalize;
  object_class->get_property = inn_operation_get_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  /* 0 to 1; negative while nobody knows. */
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, INN_TYPE_OPERATION_STATE,
                                              INN_OPERATION_RUNNING, flags);
  properties[PROP_NO_CANCEL_REASON] =
      g_param_spec_string ("no-cancel-reason", NULL, NULL, NULL, flags);
  properties[PROP_OFFERED] = g_param_spec_boolean ("offered", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * InnOperation::cancel-requested:
   *
   * Somebody asked to cancel. For a foreign operation the store passes it on to its owner.
   */
  signals[SIGNAL_CANCEL_REQUESTED] =
      g_signal_new ("cancel-requested", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);

  /**
   * InnOperation::dismissed:
   *
   * Nobody has to care for what was left behind any more.
   */
  signals[SIGNAL_DISMISSED] = g_signal_new ("dismissed", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
inn_operation_init (InnOperation *self)
{
  self->progress = -1;
  self->cancellable = g_cancellable_new ();
  self->ended = dex_promise_new ();
  self->log = g_list_store_new (INN_TYPE_LOG_LINE);
  self->children = g_list_store_new (INN_TYPE_OPERATION);
}

/**
 * inn_operation_new:
 * @kind: what it does, as the action is called: "vm.start"
 * @object_id: (nullable): id of the object it works on
 * @object_name: (nullable): its name, for people
 * @title: a translated title: "Starting web1"
 *
 * Returns: (transfer full): an operation that runs
 */
InnOperation *
inn_operation_new (const char *kind,
                   const char *object_id,
                   const char *object_name,
                   const char *title)
{
  g_autofree char *id = g_uuid_string_random ();
  InnOperation *self;

  self = inn_operation_new_restored (id, kind, object_id, object_name, title, g_get_real_time ());
  self->foreign = FALSE;

  return self;
}

/**
 * inn_operation_new_restored:
 * @id: its id
 * @kind: what it does
 * @object_id: (nullable): id of the object it works on
 * @object_name: (nullable): its name
 * @title: its title
 * @started_at: when it began
 *
 * An operation of another process, or of an earlier run, as the journal knows it.
 *
 * Returns: (transfer full): an operation that runs elsewhere
 */
InnOperation *
inn_operation_new_restored (const char *id,
                            const char *kind,
                            const char *object_id,
                            const char *object_name,
                            const char *title,
                            gint64 started_at)
{
  InnOperation *self;

  g_return_val_if_fail (id != NULL, NULL);
  g_return_val_if_fail (kind != NULL, NULL);
  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (INN_TYPE_OPERATION, NULL);
  self->id = g_strdup (id);
  self->kind = g_strdup (kind);
  self->object_id = g_strdup (object_id);
  self->object_name = g_strdup (object_name);
  self->title = g_strdup (title);
  self->started_at = started_at;
  self->foreign = TRUE;

  return self;
}

/**
 * inn_operation_set_detail:
 * @self: an operation
 * @detail: (nullable): what it does right now, translated
 */
void
inn_operation_set_detail (InnOperation *self, const char *detail)
{
  g_return_if_fail (INN_IS_OPERATION (self));

  if (g_set_str (&self->detail, detail))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

/**
 * inn_operation_set_progress:
 * @self: an operation
 * @progress: 0 to 1, only when it is measured; negative for unknown
 */
void
inn_operation_set_progress (InnOperation *self, double progress)
{
  g_return_if_fail (INN_IS_OPERATION (self));

  progress = progress < 0 ? -1 : MIN (progress, 1);
  if (self->progress == progress)
    return;

  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

/**
 * inn_operation_set_no_cancel_reason:
 * @self: an operation
 * @reason: (nullable): why it cannot be cancelled now, translated
 */
void
inn_operation_set_no_cancel_reason (InnOperation *self, const char *reason)
{
  g_return_if_fail (INN_IS_OPERATION (self));

  if (g_set_str (&self->no_cancel_reason, reason))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NO_CANCEL_REASON]);
}

/**
 * inn_operation_cancel:
 * @self: an operation
 *
 * Asks to cancel it and its children. Nothing happens when it is over or has a reason not to.
 */
void
inn_operation_cancel (InnOperation *self)
{
  guint n;

  g_return_if_fail (INN_IS_OPERATION (self));

  if (inn_operation_is_ended (self) || self->no_cancel_reason != NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[SIGNAL_CANCEL_REQUESTED], 0);

  n = g_list_model_get_n_items (G_LIST_MODEL (self->children));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (InnOperation) child = g_list_model_get_item (G_LIST_MODEL (self->children), i);

      inn_operation_cancel (child);
    }
}

/**
 * inn_operation_is_offered:
 * @self: an operation
 *
 * Returns: whether it was left behind and this program, and no other, may take it up or dismiss it
 */
gboolean
inn_operation_is_offered (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), FALSE);

  return self->offered;
}

/**
 * inn_operation_set_offered:
 * @self: an operation of another process that ended before it was done
 * @offered: whether it is this program's to take up
 */
void
inn_operation_set_offered (InnOperation *self, gboolean offered)
{
  g_return_if_fail (INN_IS_OPERATION (self));

  offered = !!offered;
  if (self->offered == offered)
    return;

  self->offered = offered;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OFFERED]);
}

/**
 * inn_operation_dismiss:
 * @self: an operation
 *
 * It was taken up anew, or nobody wants it any more. Nothing happens when it is not offered here.
 */
void
inn_operation_dismiss (InnOperation *self)
{
  g_return_if_fail (INN_IS_OPERATION (self));

  if (!self->offered)
    return;

  inn_operation_set_offered (self, FALSE);
  g_signal_emit (self, signals[SIGNAL_DISMISSED], 0);
}

/**
 * inn_operation_log:
 * @self: an operation
 * @format: a line for the log, without a newline; never a secret
 *
 * Adds a line to the log. The last 10,000 lines are kept.
 */
void
inn_operation_log (InnOperation *self, const char *format, ...)
{
  g_autoptr (InnLogLine) line = NULL;
  g_autofree char *text = NULL;
  va_list args;

  g_return_if_fail (INN_IS_OPERATION (self));
  g_return_if_fail (format != NULL);

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  line = inn_log_line_new (text);
  g_list_store_append (self->log, line);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->log)) > MAX_LOG_LINES)
    g_list_store_remove (self->log, 0);
}

/**
 * inn_operation_add_child:
 * @self: an operation
 * @child: a part of it; cancelled with it
 */
void
inn_operation_add_child (InnOperation *self, InnOperation *child)
{
  g_return_if_fail (INN_IS_OPERATION (self));
  g_return_if_fail (INN_IS_OPERATION (child));

  g_list_store_append (self->children, child);
  if (inn_operation_is_cancelled (self))
    inn_operation_cancel (child);
}

static void
inn_operation_end (InnOperation *self, InnOperationState state, gint64 ended_at)
{
  if (inn_operation_is_ended (self))
    {
      g_warning ("Operation %s (%s) ended twice", self->kind, self->title);
      return;
    }

  self->state = state;
  self->ended_at = ended_at;

  if (self->error != NULL)
    dex_promise_reject (self->ended, g_error_copy (self->error));
  else
    dex_promise_resolve_boolean (self->ended, TRUE);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * inn_operation_succeed:
 * @self: an operation that runs
 *
 * Ends it well.
 */
void
inn_operation_succeed (InnOperation *self)
{
  g_return_if_fail (INN_IS_OPERATION (self));

  inn_operation_end (self, INN_OPERATION_SUCCEEDED, g_get_real_time ());
}

/**
 * inn_operation_fail:
 * @self: an operation that runs
 * @error: why; one that only says "cancelled" ends it as cancelled
 *
 * Ends it.
 */
void
inn_operation_fail (InnOperation *self, const GError *error)
{
  g_return_if_fail (INN_IS_OPERATION (self));
  g_return_if_fail (error != NULL);

  if (!inn_operation_is_ended (self))
    self->error = g_error_copy (error);
  inn_operation_end (
      self, inn_error_is_cancelled (error) ? INN_OPERATION_CANCELLED : INN_OPERATION_FAILED,
      g_get_real_time ());
}

/**
 * inn_operation_end_restored:
 * @self: a foreign operation
 * @state: how it ended
 * @ended_at: when, in UNIX microseconds
 * @error: (transfer full) (nullable): why it failed
 *
 * Ends an operation as the journal says it ended.
 */
void
inn_operation_end_restored (InnOperation *self,
                            InnOperationState state,
                            gint64 ended_at,
                            GError *error)
{
  g_return_if_fail (INN_IS_OPERATION (self));
  g_return_if_fail (state != INN_OPERATION_RUNNING);

  g_clear_error (&self->error);
  self->error = error;
  inn_operation_end (self, state, ended_at);
}

/**
 * inn_operation_await:
 * @self: an operation
 *
 * Returns: (transfer full): resolves with %TRUE when it succeeds, rejects with its error
 */
DexFuture *
inn_operation_await (InnOperation *self)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);

  return DEX_FUTURE (dex_ref (self->ended));
}

static DexFuture *
follow_cb (DexFuture *completed, gpointer user_data)
{
  InnOperation *self = user_data;
  g_autoptr (GError) error = NULL;

  if (inn_operation_is_ended (self))
    return NULL;

  if (dex_future_get_value (completed, &error) != NULL)
    inn_operation_succeed (self);
  else
    inn_operation_fail (self, error);

  return NULL;
}

/**
 * inn_operation_follow:
 * @self: an operation that runs
 * @future: (transfer full): the work
 *
 * Ends the operation as @future ends.
 *
 * Returns: (transfer full): resolves or rejects as @future
 */
DexFuture *
inn_operation_follow (InnOperation *self, DexFuture *future)
{
  g_return_val_if_fail (INN_IS_OPERATION (self), NULL);
  g_return_val_if_fail (future != NULL, NULL);

  return dex_future_finally (future, follow_cb, g_object_ref (self), g_object_unref);
}

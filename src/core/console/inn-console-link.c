/* inn-console-link.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-console-link.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-spice-session.h"
#include "console/inn-vnc-session.h"
#include "model/inn-host.h"

/* A guest that reboots has its screen back within moments; a host takes longer. */
#define FIRST_DELAY_MSEC 250
#define LAST_DELAY_MSEC 15000

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * InnConsoleLink:
 *
 * Keeps the screen of one guest connected while somebody looks at it: through reboots, a lost host
 * and wrong passwords. Main thread only.
 */
struct _InnConsoleLink
{
  GObject parent_instance;

  InnVm *vm;
  InnPrompter *prompter;
  InnConsoleFinder finder;
  gpointer data;
  GDestroyNotify destroy;

  InnConsoleSession *session; /* of what the guest spoke last */
  InnScreenProtocol protocol; /* of @session */
  GListStore *heads;          /* of @session */
  InnConsoleState state;
  GError *error;
  gboolean wanted;
  gboolean was_ready;
  guint delay;
  guint retry_id;
  GCancellable *finding;
};

G_DEFINE_FINAL_TYPE (InnConsoleLink, inn_console_link, G_TYPE_OBJECT)

static void open_screen (InnConsoleLink *self);
static void session_state_cb (InnConsoleSession *session, InnConsoleLink *self);

static void
set_state (InnConsoleLink *self, InnConsoleState state, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  if (self->state == state && error == NULL)
    return;

  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
stop (InnConsoleLink *self)
{
  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  if (self->session == NULL)
    return;

  g_signal_handlers_block_by_func (self->session, session_state_cb, self);
  inn_console_session_close (self->session);
  g_signal_handlers_unblock_by_func (self->session, session_state_cb, self);
}

static gboolean
retry_cb (gpointer user_data)
{
  InnConsoleLink *self = user_data;

  self->retry_id = 0;
  open_screen (self);
  return G_SOURCE_REMOVE;
}

static void
retry_later (InnConsoleLink *self)
{
  set_state (self, INN_CONSOLE_RECONNECTING, NULL);
  if (!self->wanted || self->retry_id != 0)
    return;

  self->retry_id = g_timeout_add (self->delay, retry_cb, self);
  self->delay = MIN (self->delay * 2, LAST_DELAY_MSEC);
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
         !g_error_matches (error, INN_ERROR, INN_ERROR_DENIED);
}

static void
lost (InnConsoleLink *self, const GError *error)
{
  g_autoptr (GError) copy = error != NULL ? g_error_copy (error) : NULL;

  if (!inn_vm_is_active (self->vm))
    set_state (self, INN_CONSOLE_OFF, NULL);
  else if (copy != NULL && (!self->was_ready || !may_pass (copy)))
    set_state (self, INN_CONSOLE_FAILED, g_steal_pointer (&copy));
  else
    retry_later (self);
}

/* On this machine bytes are cheaper than compressing them; on another its name is the one that a
 * certificate of the screen has to be for. */
static void
fill_host (InnConsolePlace *place, const char *uri)
{
  g_autoptr (GUri) parsed = uri != NULL ? g_uri_parse (uri, G_URI_FLAGS_PARSE_RELAXED, NULL) : NULL;
  const char *name = parsed != NULL ? g_uri_get_host (parsed) : NULL;
  gboolean named = name != NULL && *name != '\0';
  g_autoptr (GHashTable) options = NULL;

  if (parsed == NULL)
    return;

  if (g_uri_get_query (parsed) != NULL)
    options = g_uri_parse_params (g_uri_get_query (parsed), -1, "&", G_URI_PARAMS_NONE, NULL);
  if (options != NULL)
    place->pki_path = g_strdup (g_hash_table_lookup (options, "pkipath"));

  place->server_name = named ? g_strdup (name) : NULL;
  place->fast_link = !named && strstr (g_uri_get_scheme (parsed), "+ssh") == NULL;
}

static InnConsolePlace *
make_place (InnVm *vm)
{
  InnConsolePlace *place = g_new0 (InnConsolePlace, 1);
  InnHost *host = inn_vm_get_host (vm);

  place->guest_name = g_strdup (inn_vm_get_name (vm));
  place->guest_id = g_strdup (inn_vm_get_uuid (vm));
  if (host != NULL)
    {
      place->host_id = g_strdup (inn_host_get_id (host));
      place->host_name = g_strdup (inn_host_get_name (host));
      fill_host (place, inn_host_get_uri (host));
    }
  return place;
}

/* The heads are those of the session, whichever it is. */
static void
heads_cb (GListModel *model, guint position, guint removed, guint added, InnConsoleLink *self)
{
  g_autoptr (GPtrArray) heads = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (heads, g_list_model_get_item (model, position + i));
  g_list_store_splice (self->heads, position, removed, heads->pdata, heads->len);
}

static void
drop_session (InnConsoleLink *self)
{
  if (self->session == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (inn_console_session_get_heads (self->session), self);
  inn_console_session_close (self->session);
  g_clear_object (&self->session);
  g_list_store_remove_all (self->heads);
}

/* A guest that moved is on another host, whose name and certificates are others: the session is
 * told where it is now. One that speaks something else needs another session. */
static void
use_protocol (InnConsoleLink *self, InnScreenProtocol protocol)
{
  g_autoptr (InnConsolePlace) place = make_place (self->vm);
  GListModel *heads;

  if (self->session != NULL && self->protocol == protocol)
    {
      inn_console_session_set_place (self->session, place);
      return;
    }

  drop_session (self);
  self->protocol = protocol;
  if (protocol == INN_SCREEN_SPICE)
    self->session = INN_CONSOLE_SESSION (inn_spice_session_new (self->prompter, place));
  else
    self->session = INN_CONSOLE_SESSION (inn_vnc_session_new (self->prompter, place));

  heads = inn_console_session_get_heads (self->session);
  g_signal_connect_object (self->session, "state-changed", G_CALLBACK (session_state_cb), self, 0);
  g_signal_connect_object (heads, "items-changed", G_CALLBACK (heads_cb), self, 0);
  heads_cb (heads, 0, 0, g_list_model_get_n_items (heads), self);
}

typedef struct
{
  InnConsoleLink *link;
  GCancellable *cancellable;
} Finding;

static void
finding_free (gpointer data)
{
  Finding *finding = data;

  g_object_unref (finding->link);
  g_object_unref (finding->cancellable);
  g_free (finding);
}

static DexFuture *
find_fiber (gpointer user_data)
{
  Finding *finding = user_data;
  InnConsoleLink *self = finding->link;
  g_autoptr (GError) error = NULL;
  g_autoptr (InnScreen) screen =
      dex_await_object (self->finder (self->vm, finding->cancellable, self->data), &error);

  if (self->finding != finding->cancellable)
    return dex_future_new_true ();

  g_clear_object (&self->finding);
  if (screen == NULL)
    {
      lost (self, error);
      return dex_future_new_true ();
    }

  use_protocol (self, inn_screen_get_protocol (screen));
  inn_console_session_start (self->session, screen);
  return dex_future_new_true ();
}

static void
open_screen (InnConsoleLink *self)
{
  Finding *finding;

  if (self->finding != NULL)
    return;

  set_state (self, self->was_ready ? INN_CONSOLE_RECONNECTING : INN_CONSOLE_CONNECTING, NULL);
  self->finding = g_cancellable_new ();
  finding = g_new0 (Finding, 1);
  finding->link = g_object_ref (self);
  finding->cancellable = g_object_ref (self->finding);
  inn_future_forget (inn_spawn ("find_fiber", find_fiber, finding, finding_free),
                     "finding the screen of a guest");
}

static void
session_state_cb (InnConsoleSession *session, InnConsoleLink *self)
{
  switch (inn_console_session_get_state (session))
    {
    case INN_DISPLAY_READY:
      self->was_ready = TRUE;
      self->delay = FIRST_DELAY_MSEC;
      set_state (self, INN_CONSOLE_READY, NULL);
      break;

    case INN_DISPLAY_CLOSED:
      lost (self, inn_console_session_get_error (session));
      break;

    case INN_DISPLAY_IDLE:
    case INN_DISPLAY_CONNECTING:
    default:
      break;
    }
}

/* Does what the guest's state and the wish ask for. */
static void
follow (InnConsoleLink *self)
{
  InnDisplayState display;

  if (!self->wanted)
    return;

  display =
      self->session != NULL ? inn_console_session_get_state (self->session) : INN_DISPLAY_IDLE;

  if (!inn_vm_is_active (self->vm))
    {
      stop (self);
      self->was_ready = FALSE;
      self->delay = FIRST_DELAY_MSEC;
      set_state (self, INN_CONSOLE_OFF, NULL);
    }
  else if (display != INN_DISPLAY_READY && display != INN_DISPLAY_CONNECTING)
    {
      g_clear_handle_id (&self->retry_id, g_source_remove);
      open_screen (self);
    }
}

static void
vm_state_cb (InnVm *vm, GParamSpec *pspec, InnConsoleLink *self)
{
  gboolean off = self->state == INN_CONSOLE_OFF;

  /* A pause or a resume is no reason to try what failed again. */
  if (inn_vm_is_active (vm) == off || self->state == INN_CONSOLE_RECONNECTING)
    follow (self);
}

static void
vm_stale_cb (InnVm *vm, GParamSpec *pspec, InnConsoleLink *self)
{
  if (!inn_vm_get_stale (vm) && (self->state == INN_CONSOLE_RECONNECTING ||
                                 g_error_matches (self->error, INN_ERROR, INN_ERROR_NOT_CONNECTED)))
    follow (self);
}

static void
inn_console_link_dispose (GObject *object)
{
  InnConsoleLink *self = INN_CONSOLE_LINK (object);

  inn_console_link_close (self);
  drop_session (self);
  g_clear_object (&self->heads);
  g_clear_object (&self->prompter);
  g_clear_object (&self->vm);
  if (self->destroy != NULL)
    g_clear_pointer (&self->data, self->destroy);
  self->destroy = NULL;

  G_OBJECT_CLASS (inn_console_link_parent_class)->dispose (object);
}

static void
inn_console_link_finalize (GObject *object)
{
  InnConsoleLink *self = INN_CONSOLE_LINK (object);

  g_clear_error (&self->error);

  G_OBJECT_CLASS (inn_console_link_parent_class)->finalize (object);
}

static void
inn_console_link_class_init (InnConsoleLinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_console_link_dispose;
  object_class->finalize = inn_console_link_finalize;

  /* The state or the error is another one. */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", INN_TYPE_CONSOLE_LINK, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
inn_console_link_init (InnConsoleLink *self)
{
  self->delay = FIRST_DELAY_MSEC;
  self->heads = g_list_store_new (INN_TYPE_DISPLAY_SOURCE);
}

/**
 * inn_console_link_new:
 * @vm: whose screen
 * @prompter: (nullable): asked for its password
 * @finder: says where its screen is
 * @data: for @finder
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a link that waits until it is wanted
 */
InnConsoleLink *
inn_console_link_new (InnVm *vm,
                      InnPrompter *prompter,
                      InnConsoleFinder finder,
                      gpointer data,
                      GDestroyNotify destroy)
{
  InnConsoleLink *self;

  g_return_val_if_fail (INN_IS_VM (vm), NULL);
  g_return_val_if_fail (finder != NULL, NULL);

  self = g_object_new (INN_TYPE_CONSOLE_LINK, NULL);
  self->vm = g_object_ref (vm);
  g_set_object (&self->prompter, prompter);
  self->finder = finder;
  self->data = data;
  self->destroy = destroy;
  self->state = inn_vm_is_active (vm) ? INN_CONSOLE_IDLE : INN_CONSOLE_OFF;
  g_signal_connect_object (vm, "notify::state", G_CALLBACK (vm_state_cb), self, 0);
  g_signal_connect_object (vm, "notify::stale", G_CALLBACK (vm_stale_cb), self, 0);

  return self;
}

/**
 * inn_console_link_set_wanted:
 * @self: a link
 * @wanted: whether somebody looks; else the connection ends
 */
void
inn_console_link_set_wanted (InnConsoleLink *self, gboolean wanted)
{
  g_return_if_fail (INN_IS_CONSOLE_LINK (self));

  if (self->wanted == wanted)
    return;

  self->wanted = wanted;
  if (wanted)
    {
      follow (self);
      return;
    }

  stop (self);
  set_state (self, inn_vm_is_active (self->vm) ? INN_CONSOLE_IDLE : INN_CONSOLE_OFF, NULL);
}

/**
 * inn_console_link_retry:
 * @self: a link that failed
 *
 * Tries again now.
 */
void
inn_console_link_retry (InnConsoleLink *self)
{
  g_return_if_fail (INN_IS_CONSOLE_LINK (self));

  self->delay = FIRST_DELAY_MSEC;
  follow (self);
}

/**
 * inn_console_link_close:
 * @self: a link
 *
 * Ends it for good: a question that was asked is withdrawn, and it follows the guest no more.
 */
void
inn_console_link_close (InnConsoleLink *self)
{
  g_return_if_fail (INN_IS_CONSOLE_LINK (self));

  self->wanted = FALSE;
  stop (self);
  if (self->vm != NULL)
    g_signal_handlers_disconnect_by_data (self->vm, self);
}

InnConsoleState
inn_console_link_get_state (InnConsoleLink *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_LINK (self), INN_CONSOLE_IDLE);

  return self->state;
}

/**
 * inn_console_link_get_error:
 * @self: a link
 *
 * Returns: (nullable) (transfer none): why it failed
 */
const GError *
inn_console_link_get_error (InnConsoleLink *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_LINK (self), NULL);

  return self->error;
}

/**
 * inn_console_link_get_heads:
 * @self: a link
 *
 * Returns: (transfer none): a list of #InnDisplaySource, one for each monitor of the guest; empty
 *   until it is known what the guest speaks, then never again. The first one is another one when
 *   that changes.
 */
GListModel *
inn_console_link_get_heads (InnConsoleLink *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_LINK (self), NULL);

  return G_LIST_MODEL (self->heads);
}

/**
 * inn_console_link_get_source:
 * @self: a link
 *
 * Returns: (nullable) (transfer none): the first of its heads; %NULL before there is one
 */
InnDisplaySource *
inn_console_link_get_source (InnConsoleLink *self)
{
  g_autoptr (InnDisplaySource) first = NULL;

  g_return_val_if_fail (INN_IS_CONSOLE_LINK (self), NULL);

  /* The list holds it. */
  first = g_list_model_get_item (G_LIST_MODEL (self->heads), 0);
  return first;
}

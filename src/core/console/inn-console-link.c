/* inn-console-link.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-console-link.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "console/inn-vnc-source.h"
#include "model/inn-host.h"

#include <unistd.h>

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
  InnConsoleOpener opener;
  gpointer data;
  GDestroyNotify destroy;

  InnDisplaySource *source;
  InnConsoleState state;
  GError *error;
  gboolean wanted;
  gboolean was_ready;
  guint delay;
  guint retry_id;
  GCancellable *opening;
};

G_DEFINE_FINAL_TYPE (InnConsoleLink, inn_console_link, G_TYPE_OBJECT)

static void open_screen (InnConsoleLink *self);
static void source_state_cb (InnDisplaySource *source, InnConsoleLink *self);

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
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_signal_handlers_block_by_func (self->source, source_state_cb, self);
  inn_display_source_close (self->source);
  g_signal_handlers_unblock_by_func (self->source, source_state_cb, self);
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

typedef struct
{
  InnConsoleLink *link;
  GCancellable *cancellable;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_object_unref (opening->link);
  g_object_unref (opening->cancellable);
  g_free (opening);
}

static DexFuture *
open_fiber (gpointer user_data)
{
  Opening *opening = user_data;
  InnConsoleLink *self = opening->link;
  g_autoptr (GError) error = NULL;
  int fd;

  fd = dex_await_fd (self->opener (self->vm, opening->cancellable, self->data), &error);
  if (self->opening != opening->cancellable)
    {
      if (fd >= 0)
        close (fd);
      return dex_future_new_true ();
    }

  g_clear_object (&self->opening);
  if (fd >= 0)
    inn_display_source_start (self->source, fd);
  else
    lost (self, error);
  return dex_future_new_true ();
}

static void
open_screen (InnConsoleLink *self)
{
  Opening *opening;

  if (self->opening != NULL)
    return;

  set_state (self, self->was_ready ? INN_CONSOLE_RECONNECTING : INN_CONSOLE_CONNECTING, NULL);
  self->opening = g_cancellable_new ();
  opening = g_new0 (Opening, 1);
  opening->link = g_object_ref (self);
  opening->cancellable = g_object_ref (self->opening);
  inn_future_forget (inn_spawn ("open_fiber", open_fiber, opening, opening_free),
                     "opening the screen of a guest");
}

static void
source_state_cb (InnDisplaySource *source, InnConsoleLink *self)
{
  switch (inn_display_source_get_state (source))
    {
    case INN_DISPLAY_READY:
      self->was_ready = TRUE;
      self->delay = FIRST_DELAY_MSEC;
      set_state (self, INN_CONSOLE_READY, NULL);
      break;

    case INN_DISPLAY_CLOSED:
      if (self->wanted && inn_display_source_can_retry (source))
        open_screen (self);
      else
        lost (self, inn_display_source_get_error (source));
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
  InnDisplayState display = inn_display_source_get_state (self->source);

  if (!self->wanted)
    return;

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
  g_clear_object (&self->source);
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
}

/* On this machine bytes are cheaper than compressing them; on another its name is the one that a
 * certificate of the screen has to be for. */
static void
set_place (InnVncSource *source, const char *uri)
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
    inn_vnc_source_set_pki_path (source, g_hash_table_lookup (options, "pkipath"));

  inn_vnc_source_set_server_name (source, named ? name : NULL);
  inn_vnc_source_set_fast_link (source,
                                !named && strstr (g_uri_get_scheme (parsed), "+ssh") == NULL);
}

static InnDisplaySource *
make_source (InnVm *vm, InnPrompter *prompter)
{
  InnVncSource *source = inn_vnc_source_new (prompter, inn_vm_get_name (vm));
  InnHost *host = inn_vm_get_host (vm);

  inn_vnc_source_set_guest_id (source, inn_vm_get_uuid (vm));
  if (host != NULL)
    {
      inn_vnc_source_set_host (source, inn_host_get_id (host), inn_host_get_name (host));
      set_place (source, inn_host_get_uri (host));
    }
  return INN_DISPLAY_SOURCE (source);
}

/**
 * inn_console_link_new:
 * @vm: whose screen
 * @prompter: (nullable): asked for its password
 * @opener: makes the connection
 * @data: for @opener
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a link that waits until it is wanted
 */
InnConsoleLink *
inn_console_link_new (InnVm *vm,
                      InnPrompter *prompter,
                      InnConsoleOpener opener,
                      gpointer data,
                      GDestroyNotify destroy)
{
  InnConsoleLink *self;

  g_return_val_if_fail (INN_IS_VM (vm), NULL);
  g_return_val_if_fail (opener != NULL, NULL);

  self = g_object_new (INN_TYPE_CONSOLE_LINK, NULL);
  self->vm = g_object_ref (vm);
  self->opener = opener;
  self->data = data;
  self->destroy = destroy;
  self->source = make_source (vm, prompter);
  self->state = inn_vm_is_active (vm) ? INN_CONSOLE_IDLE : INN_CONSOLE_OFF;
  g_signal_connect_object (self->source, "state-changed", G_CALLBACK (source_state_cb), self, 0);
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
  if (self->source != NULL)
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
 * inn_console_link_get_source:
 * @self: a link
 *
 * Returns: (transfer none): its screen, the same one for all its life
 */
InnDisplaySource *
inn_console_link_get_source (InnConsoleLink *self)
{
  g_return_val_if_fail (INN_IS_CONSOLE_LINK (self), NULL);

  return self->source;
}

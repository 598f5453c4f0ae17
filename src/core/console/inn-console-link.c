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

/**
 * InnConsoleLink:
 *
 * Keeps the screen of one guest connected while somebody looks at it: through reboots, a lost host
 * and wrong passwords. Main thread only.
 */
struct _InnConsoleLink
{
  InnLink parent_instance;

  InnPrompter *prompter;
  InnConsoleFinder finder;
  gpointer data;
  GDestroyNotify destroy;

  InnConsoleSession *session; /* of what the guest spoke last */
  InnScreenProtocol protocol; /* of @session */
  GListStore *heads;          /* of @session */
  GCancellable *finding;
};

G_DEFINE_FINAL_TYPE (InnConsoleLink, inn_console_link, INN_TYPE_LINK)

static void session_state_cb (InnConsoleSession *session, InnConsoleLink *self);

static InnVm *
get_vm (InnConsoleLink *self)
{
  return INN_VM (inn_link_get_subject (INN_LINK (self)));
}

static void
inn_console_link_stop (InnLink *link)
{
  InnConsoleLink *self = INN_CONSOLE_LINK (link);

  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  if (self->session == NULL)
    return;

  g_signal_handlers_block_by_func (self->session, session_state_cb, self);
  inn_console_session_close (self->session);
  g_signal_handlers_unblock_by_func (self->session, session_state_cb, self);
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
  g_autoptr (InnConsolePlace) place = make_place (get_vm (self));
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
      dex_await_object (self->finder (get_vm (self), finding->cancellable, self->data), &error);

  if (self->finding != finding->cancellable)
    return dex_future_new_true ();

  g_clear_object (&self->finding);
  if (screen == NULL)
    {
      inn_link_lost (INN_LINK (self), error);
      return dex_future_new_true ();
    }

  use_protocol (self, inn_screen_get_protocol (screen));
  inn_console_session_start (self->session, screen);
  return dex_future_new_true ();
}

static void
inn_console_link_open (InnLink *link)
{
  InnConsoleLink *self = INN_CONSOLE_LINK (link);
  Finding *finding;

  if (self->finding != NULL)
    return;

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
      inn_link_set_ready (INN_LINK (self));
      break;

    case INN_DISPLAY_CLOSED:
      inn_link_lost (INN_LINK (self), inn_console_session_get_error (session));
      break;

    case INN_DISPLAY_IDLE:
    case INN_DISPLAY_CONNECTING:
    default:
      break;
    }
}

static gboolean
inn_console_link_is_open (InnLink *link)
{
  InnConsoleSession *session = INN_CONSOLE_LINK (link)->session;
  InnDisplayState state = INN_DISPLAY_IDLE;

  if (session != NULL)
    state = inn_console_session_get_state (session);
  return state == INN_DISPLAY_READY || state == INN_DISPLAY_CONNECTING;
}

static void
inn_console_link_dispose (GObject *object)
{
  InnConsoleLink *self = INN_CONSOLE_LINK (object);

  G_OBJECT_CLASS (inn_console_link_parent_class)->dispose (object);

  drop_session (self);
  g_clear_object (&self->heads);
  g_clear_object (&self->prompter);
  if (self->destroy != NULL)
    g_clear_pointer (&self->data, self->destroy);
  self->destroy = NULL;
}

static void
inn_console_link_class_init (InnConsoleLinkClass *klass)
{
  InnLinkClass *link_class = INN_LINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_console_link_dispose;
  link_class->open = inn_console_link_open;
  link_class->stop = inn_console_link_stop;
  link_class->is_open = inn_console_link_is_open;
}

static void
inn_console_link_init (InnConsoleLink *self)
{
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

  self = g_object_new (INN_TYPE_CONSOLE_LINK, "subject", vm, NULL);
  g_set_object (&self->prompter, prompter);
  self->finder = finder;
  self->data = data;
  self->destroy = destroy;
  return self;
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

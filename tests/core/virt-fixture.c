/* virt-fixture.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "virt-fixture.h"

#include "virt/inn-local-transport.h"

/* A view whose hosts have these URIs. Transport, prompter and clock may be replaced before
 * fixture_start(). */
Fixture *
fixture_new (const char *uri, ...)
{
  Fixture *self = g_new0 (Fixture, 1);
  va_list args;

  self->inventory = inn_inventory_new ();
  self->transport = INN_TRANSPORT (inn_local_transport_new ());
  self->clock = inn_clock_new ();
  self->uris = g_ptr_array_new_with_free_func (g_free);
  va_start (args, uri);
  for (; uri != NULL; uri = va_arg (args, const char *))
    g_ptr_array_add (self->uris, g_strdup (uri));
  va_end (args);

  return self;
}

/* Makes the hosts and their sessions; nothing connects yet. */
void
fixture_start (Fixture *self)
{
  g_autoptr (InnViewConfig) config = inn_view_config_new ();

  inn_view_config_add_data_center (config, "dc", "Data center", FALSE);
  inn_view_config_add_cluster (config, "cluster", "dc", "Cluster");
  for (guint i = 0; i < self->uris->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("h%u", i);
      InnHostConfig host = {
        .id = id,
        .name = id,
        .uri = g_ptr_array_index (self->uris, i),
        .cluster_id = (char *) "cluster",
        .autoconnect = TRUE,
      };

      inn_view_config_add_host (config, &host);
    }
  inn_inventory_apply_config (self->inventory, config);
  self->manager =
      inn_session_manager_new (self->inventory, self->transport, self->prompter, self->clock);
}

void
fixture_free (Fixture *self)
{
  if (self->manager != NULL)
    {
      g_autoptr (DexFuture) closed = inn_session_manager_close (self->manager);

      g_assert_finalize_object (g_steal_pointer (&self->manager));
      /* test:///default is one for the whole program as long as one connection is open: the next
       * test wants it as it is at first. */
      dex_await (g_steal_pointer (&closed), NULL);
    }
  g_clear_object (&self->inventory);
  g_clear_object (&self->transport);
  g_clear_object (&self->prompter);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->uris, g_ptr_array_unref);
  g_free (self);
}

InnHost *
fixture_host (Fixture *self, guint i)
{
  g_autofree char *id = g_strdup_printf ("h%u", i);

  return inn_inventory_find_host (self->inventory, id);
}

InnSession *
fixture_session (Fixture *self, guint i)
{
  return inn_session_manager_get (self->manager, fixture_host (self, i));
}

typedef struct
{
  InnHost *host;
  InnHostState state;
} StateWait;

static gboolean
has_state (gpointer data)
{
  StateWait *wait = data;

  return inn_host_get_state (wait->host) == wait->state;
}

/* In a fiber: waits until the host shows that state. */
void
fixture_wait_state (Fixture *self, guint i, InnHostState state)
{
  StateWait wait = { fixture_host (self, i), state };

  inn_test_wait (has_state, &wait);
}

guint
fixture_count_events (Fixture *self, const char *kind)
{
  GListModel *events = inn_inventory_get_events (self->inventory);
  guint found = 0;

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (InnEvent) event = g_list_model_get_item (events, i);

      found += g_str_equal (inn_event_get_kind (event), kind);
    }

  return found;
}

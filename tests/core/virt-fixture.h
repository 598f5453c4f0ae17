/* virt-fixture.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inn-test.h"
#include "virt/inn-session-manager.h"

G_BEGIN_DECLS

/* A view with one cluster and hosts "h0", "h1" …, and whoever keeps their sessions. */
typedef struct
{
  InnInventory *inventory;
  InnTransport *transport;
  InnPrompter *prompter;
  InnClock *clock;
  InnSessionManager *manager;
  GPtrArray *uris;
} Fixture;

Fixture *fixture_new (const char *uri, ...) G_GNUC_NULL_TERMINATED;
void fixture_start (Fixture *self);
void fixture_free (Fixture *self);
InnHost *fixture_host (Fixture *self, guint i);
InnSession *fixture_session (Fixture *self, guint i);
void fixture_wait_state (Fixture *self, guint i, InnHostState state);
guint fixture_count_events (Fixture *self, const char *kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

G_END_DECLS

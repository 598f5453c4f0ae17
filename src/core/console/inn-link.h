/* inn-link.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "console/inn-console-link.h"

G_BEGIN_DECLS

#define INN_TYPE_LINK (inn_link_get_type ())

G_DECLARE_DERIVABLE_TYPE (InnLink, inn_link, INN, LINK, GObject)

/**
 * InnLinkClass:
 * @open: begins to connect; ends with inn_link_set_ready() or inn_link_lost(), then or later
 * @stop: ends the connection, or the attempt, without a word
 * @is_open: whether it is connected or on its way
 */
struct _InnLinkClass
{
  GObjectClass parent_class;

  void (*open) (InnLink *self);
  void (*stop) (InnLink *self);
  gboolean (*is_open) (InnLink *self);
};

void inn_link_set_wanted (InnLink *self, gboolean wanted);
void inn_link_retry (InnLink *self);
void inn_link_close (InnLink *self);
InnConsoleState inn_link_get_state (InnLink *self);
const GError *inn_link_get_error (InnLink *self);
GObject *inn_link_get_subject (InnLink *self);

/* For subclasses. */
void inn_link_set_ready (InnLink *self);
void inn_link_lost (InnLink *self, const GError *error);
void inn_link_end (InnLink *self, GError *error);

G_END_DECLS

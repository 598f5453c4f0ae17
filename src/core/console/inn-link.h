/* inn-link.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * InnLinkState:
 * @INN_LINK_IDLE: nobody looks
 * @INN_LINK_OFF: the guest does not run, or the host is not connected
 * @INN_LINK_CONNECTING: the first pixels or bytes are awaited
 * @INN_LINK_READY: they are here
 * @INN_LINK_RECONNECTING: they were here and are awaited again; the last ones are still shown
 * @INN_LINK_FAILED: they are not coming; the error says why
 */
typedef enum
{
  INN_LINK_IDLE,
  INN_LINK_OFF,
  INN_LINK_CONNECTING,
  INN_LINK_READY,
  INN_LINK_RECONNECTING,
  INN_LINK_FAILED,
} InnLinkState;

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
InnLinkState inn_link_get_state (InnLink *self);
const GError *inn_link_get_error (InnLink *self);
GObject *inn_link_get_subject (InnLink *self);

/* For subclasses. */
void inn_link_set_ready (InnLink *self);
void inn_link_lost (InnLink *self, const GError *error);
void inn_link_end (InnLink *self, GError *error);

G_END_DECLS

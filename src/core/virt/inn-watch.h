/* inn-watch.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <libvirt/libvirt.h>

G_BEGIN_DECLS

typedef enum
{
  INN_HAPPENED_LIFECYCLE,
  INN_HAPPENED_REBOOT,
  INN_HAPPENED_DEVICE_ADDED,
  INN_HAPPENED_DEVICE_REMOVED,
  INN_HAPPENED_JOB_COMPLETED,
  INN_HAPPENED_AGENT,
  INN_HAPPENED_METADATA,
  INN_HAPPENED_BALLOON,
  INN_HAPPENED_IO_ERROR,
  INN_HAPPENED_CONTROL_ERROR,
} InnHappenedKind;

/* What libvirt said happened to a guest, as plain data. */
typedef struct
{
  InnHappenedKind kind;
  char uuid[VIR_UUID_STRING_BUFLEN];
  char *name; /* valid UTF-8 */
  int domain_id;
  int event;  /* of the kind: lifecycle event, agent state, IO error action */
  int detail; /* of that event; of an IO error whether there is no space left */
  guint64 number;
  char *text; /* (nullable): device alias, path of a disk */
} InnHappened;

void inn_happened_free (InnHappened *self);

typedef void (*InnHappenedFunc) (InnHappened *happened, gpointer data);

/* Callback ids of one connection. */
typedef struct
{
  GArray *ids;
} InnWatch;

void inn_watch_start (InnWatch *self,
                      virConnectPtr conn,
                      InnHappenedFunc func,
                      gpointer (*ref) (gpointer data),
                      gpointer data,
                      GDestroyNotify destroy);
void inn_watch_stop (InnWatch *self, virConnectPtr conn);

G_END_DECLS

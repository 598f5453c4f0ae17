/* inn-operation.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define INN_TYPE_OPERATION_STATE (inn_operation_state_get_type ())

/**
 * InnOperationState:
 * @INN_OPERATION_RUNNING: at work
 * @INN_OPERATION_SUCCEEDED: done
 * @INN_OPERATION_FAILED: ended with an error
 * @INN_OPERATION_CANCELLED: ended because somebody cancelled it
 * @INN_OPERATION_ABANDONED: its process died before it ended
 */
typedef enum
{
  INN_OPERATION_RUNNING,
  INN_OPERATION_SUCCEEDED,
  INN_OPERATION_FAILED,
  INN_OPERATION_CANCELLED,
  INN_OPERATION_ABANDONED,
} InnOperationState;

GType inn_operation_state_get_type (void);
const char *inn_operation_state_to_nick (InnOperationState state);
InnOperationState inn_operation_state_from_nick (const char *nick);

#define INN_TYPE_OPERATION (inn_operation_get_type ())

G_DECLARE_FINAL_TYPE (InnOperation, inn_operation, INN, OPERATION, GObject)

InnOperation *inn_operation_new (const char *kind,
                                 const char *object_id,
                                 const char *object_name,
                                 const char *title);
InnOperation *inn_operation_new_restored (const char *id,
                                          const char *kind,
                                          const char *object_id,
                                          const char *object_name,
                                          const char *title,
                                          gint64 started_at);

const char *inn_operation_get_id (InnOperation *self);
const char *inn_operation_get_kind (InnOperation *self);
const char *inn_operation_get_object_id (InnOperation *self);
const char *inn_operation_get_object_name (InnOperation *self);
const char *inn_operation_get_title (InnOperation *self);
const char *inn_operation_get_detail (InnOperation *self);
void inn_operation_set_detail (InnOperation *self, const char *detail);
double inn_operation_get_progress (InnOperation *self);
void inn_operation_set_progress (InnOperation *self, double progress);
InnOperationState inn_operation_get_state (InnOperation *self);
gboolean inn_operation_is_ended (InnOperation *self);
const GError *inn_operation_get_error (InnOperation *self);
gint64 inn_operation_get_started_at (InnOperation *self);
gint64 inn_operation_get_ended_at (InnOperation *self);
gboolean inn_operation_is_foreign (InnOperation *self);

const char *inn_operation_get_no_cancel_reason (InnOperation *self);
void inn_operation_set_no_cancel_reason (InnOperation *self, const char *reason);
gboolean inn_operation_is_cancelled (InnOperation *self);
void inn_operation_cancel (InnOperation *self);

gboolean inn_operation_is_offered (InnOperation *self);
void inn_operation_set_offered (InnOperation *self, gboolean offered);
void inn_operation_dismiss (InnOperation *self);

void inn_operation_log (InnOperation *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
GListModel *inn_operation_get_log (InnOperation *self);

void inn_operation_add_child (InnOperation *self, InnOperation *child);

void inn_operation_succeed (InnOperation *self);
void inn_operation_fail (InnOperation *self, const GError *error);
void inn_operation_end_restored (InnOperation *self,
                                 InnOperationState state,
                                 gint64 ended_at,
                                 GError *error);
DexFuture *inn_operation_await (InnOperation *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_operation_follow (InnOperation *self, DexFuture *future) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS

/* inn-sampler.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "virt/inn-look.h"

G_BEGIN_DECLS

/* What one host was last seen to be, shared by its workers and its session. Thread-safe. */
typedef struct _InnSampler InnSampler;

InnSampler *inn_sampler_new (void);
InnSampler *inn_sampler_ref (InnSampler *self);
void inn_sampler_unref (InnSampler *self);

guint64 inn_sampler_begin (InnSampler *self);
InnDelta *inn_sampler_poll (
    InnSampler *self, virConnectPtr conn, guint64 serial, InnPollFlags flags, GError **error);
void inn_sampler_end (InnSampler *self, guint64 serial, gboolean answered);

void inn_sampler_touch (InnSampler *self, const char *uuid);
gboolean inn_sampler_is_overtaken (InnSampler *self, const char *uuid, guint64 serial);
guint inn_sampler_get_outstanding (InnSampler *self);
gint64 inn_sampler_get_oldest (InnSampler *self);
gint64 inn_sampler_get_last_answer (InnSampler *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnSampler, inn_sampler_unref)

G_END_DECLS

/* inn-app-context.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-clock.h"
#include "base/inn-operation-manager.h"
#include "model/inn-inventory.h"
#include "ops/inn-vm-ops.h"
#include "secret/inn-secret-store.h"
#include "store/inn-store.h"
#include "virt/inn-session-manager.h"

G_BEGIN_DECLS

#define INN_TYPE_APP_CONTEXT (inn_app_context_get_type ())

G_DECLARE_FINAL_TYPE (InnAppContext, inn_app_context, INN, APP_CONTEXT, GObject)

/* The composition root: made once in `main` and handed down. @store_directory NULL is the default
 * one. @prompter may be NULL (nobody can be asked). */
InnAppContext *inn_app_context_new (const char *store_directory, InnPrompter *prompter);

/* Opens the store and fills the inventory with what was last seen; connects to no host. */
DexFuture *inn_app_context_open (InnAppContext *self) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a window: first what a screen shows of many guests, then, with the second call, all.
 */
DexFuture *inn_app_context_open_first (InnAppContext *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *inn_app_context_open_rest (InnAppContext *self) G_GNUC_WARN_UNUSED_RESULT;
/* Disconnects all, writes what is behind, closes the store. */
DexFuture *inn_app_context_close (InnAppContext *self) G_GNUC_WARN_UNUSED_RESULT;

InnInventory *inn_app_context_get_inventory (InnAppContext *self);
InnStore *inn_app_context_get_store (InnAppContext *self);
InnSessionManager *inn_app_context_get_sessions (InnAppContext *self);
InnOperationManager *inn_app_context_get_operations (InnAppContext *self);
InnVmOps *inn_app_context_get_vm_ops (InnAppContext *self);
InnPrompter *inn_app_context_get_prompter (InnAppContext *self);
InnSecretStore *inn_app_context_get_secrets (InnAppContext *self);

/* A guest's screen: resolves with a connected fd; local guests by virDomainOpenGraphicsFD, remote
 * ones through the host's SSH login, others directly. */
DexFuture *inn_app_context_find_screen (InnAppContext *self,
                                        InnVm *vm,
                                        GCancellable *cancellable) G_GNUC_WARN_UNUSED_RESULT;
/* Checks a URI without connecting: resolves nothing; returns FALSE with INN_ERROR_INVALID. */
gboolean inn_app_context_check_uri (const char *uri, GError **error);
/* virt-manager's connections (dconf/GSettings keyfile): resolves with an InnImportReport. */
DexFuture *inn_app_context_import_virt_manager (InnAppContext *self) G_GNUC_WARN_UNUSED_RESULT;
/* A text to send with a bug report; names, addresses and paths masked. Resolves with a string. */
DexFuture *inn_app_context_debug_report (InnAppContext *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
